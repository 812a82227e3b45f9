"""Leaderboard: wins, draws, losses, streaks and points, in any window of time."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import pytest
from book import MINUTE, START, Book, Result, results, standing, written
from folding import Row, cuts, fold, orders, played, playing
from hypothesis import given, settings
from hypothesis import strategies as st

from milena.domain.game.events import Ended, Opened, SeatHandedOver, SeatTaken, Started
from milena.domain.ids import PlayerId

guilds = st.sampled_from([None, "8", "81"])
kinds = st.sampled_from([None, "dice", "race"])
windows = st.tuples(*[st.one_of(st.none(), st.integers(0, 200).map(lambda n: START + n * MINUTE))] * 2)


def ranking(rows: Iterable[Row], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def result(
    *players: str, scores: tuple[float, ...], points: tuple[int, ...] = (), kind: str = "dice"
) -> Result:
    return Result("8", kind, players, scores, points, None)


# ------------------------------------------------------------------------------------------- laws


@settings(max_examples=30)
@given(played, orders, cuts)
def test_what_was_played_is_counted_however_the_log_is_cut(
    stories: list[tuple[str, int]], order: int, cuts: set[int]
) -> None:
    with playing(stories, order) as scenario, fold(scenario, "leaderboard", cuts) as folded:
        expected = [
            (
                game.key,
                game.guild,
                game.kind,
                game.ended,
                seat,
                player,
                game.scores[seat],
                int(whole),
                result,
            )
            for game in scenario.games.values()
            if game.scores and game.voided is None
            for seat, (player, whole, result) in enumerate(game.results)
        ]
        columns = ("game", "guild", "kind", "time", "seat", "player", "score", "whole", "result")
        rows = folded.rows("SELECT * FROM results ORDER BY game, seat")
        assert ranking(rows, *columns) == sorted(expected)


@given(results, cuts)
def test_a_log_gives_the_same_rows_however_it_is_cut(results: list[Result], cuts: set[int]) -> None:
    with (
        written(results).kept() as book,
        fold(book, "leaderboard", cuts) as one,
        fold(book, "leaderboard") as other,
    ):
        assert one.dump() == other.dump()


@given(results, cuts)
def test_a_game_that_is_voided_has_never_been(results: list[Result], cuts: set[int]) -> None:
    voided, without = written(results), written(results, without_voided=True)
    with (
        voided.kept(),
        without.kept(),
        fold(voided, "leaderboard", cuts) as one,
        fold(without, "leaderboard") as other,
    ):
        assert one.dump() == other.dump()


@given(results, guilds, kinds, windows)
def test_top_is_what_one_counts_by_hand(
    results: list[Result], guild: str | None, kind: str | None, window: tuple[int | None, int | None]
) -> None:
    book = written(results)
    since, until = window
    games = _in_window(book, results, guild, kind, since, until)
    with book.kept(), fold(book, "leaderboard") as folded:
        rows = folded.ask("top", guild, kind=kind, since=since, until=until)
    found = {row["player"]: row for row in rows}
    assert set(found) == {player for game in games for player in game.players if player[0] != "m"}
    for player, row in found.items():
        own = [game for game in games if player in game.players]
        scores = [game.scores[game.players.index(player)] for game in own]
        points = [game.points[game.players.index(player)] for game in own if game.points]
        runs = [len(list(run)) if won else 0 for won, run in groupby(scores, lambda score: score == 1)]
        assert row == {
            "rank": 1 + sum(_order(other) < _order(row) for other in rows), "player": player,
            "score": sum(scores), "games": len(own), "won": scores.count(1), "drawn": scores.count(0.5),
            "lost": scores.count(0), "streak": runs[-1], "best_streak": max(runs),
            "points": sum(points) if points else None, "best": max(points, default=None),
        }  # fmt: skip
    assert rows == sorted(rows, key=lambda row: (row["rank"], row["player"]))


def _order(row: Row) -> tuple[float, int]:
    return -row["score"], row["games"]


def _in_window(
    book: Book,
    results: list[Result],
    guild: str | None,
    kind: str | None,
    since: int | None,
    until: int | None,
) -> list[Result]:
    """The games of two or more that a question is about."""
    ended = {row[0]: row[4] for row in book.rows if row[2] == "game.ended"}
    return [
        game
        for key, game in standing(results)
        if len(game.players) > 1
        and guild in (None, game.guild)
        and kind in (None, game.kind)
        and (since is None or ended[f"game:{key}"] >= since)
        and (until is None or ended[f"game:{key}"] < until)
    ]


@given(results, guilds, st.sampled_from(["ann", "bob", "mia"]))
def test_who_asks_around_a_player_sees_a_part_of_top(
    results: list[Result], guild: str | None, who: str
) -> None:
    with written(results).kept() as book, fold(book, "leaderboard") as folded:
        top = folded.ask("top", guild)
        around = folded.ask("around_player", guild, player=who)
    here = [line for line, row in enumerate(top) if row["player"] == who]
    expected = [top[line] for line in range(len(top)) if here and abs(line - here[0]) <= 3]
    assert around == [{name: row[name] for name in around[0]} for row in expected]


@given(results, guilds)
def test_points_are_the_best_game_of_each(results: list[Result], guild: str | None) -> None:
    with written(results).kept() as book, fold(book, "leaderboard") as folded:
        rows = folded.ask("points", guild)
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for key, game in standing(results):
        for player, points in zip(game.players, game.points, strict=bool(game.points)):
            before = best.get((game.kind, player))
            if player[0] != "m" and guild in (None, game.guild) and (before is None or points > before[0]):
                best[game.kind, player] = points, key
    assert {(row["kind"], row["player"]): (row["points"], row["game"]) for row in rows} == best
    for row in rows:
        ahead = [other for other in rows if other["kind"] == row["kind"] and other["points"] > row["points"]]
        assert row["rank"] == 1 + len(ahead)


# --------------------------------------------------------------------------------------- questions


def test_those_who_are_level_share_a_place_and_the_next_one_is_free() -> None:
    games = [
        result("ann", "bob", scores=(1, 0)),
        result("bob", "cid", scores=(1, 0)),
        result("ann", "cid", scores=(0, 1)),
        result("dan", "cid", scores=(1, 0)),
    ]
    with written(games).kept() as book, fold(book, "leaderboard") as folded:
        rows = folded.ask("top")
    assert ranking(rows, "rank", "player", "score", "games") == [
        (1, "dan", 1, 1),
        (2, "ann", 1, 2),
        (2, "bob", 1, 2),
        (4, "cid", 1, 3),
    ]


def test_a_win_against_a_machine_counts_and_the_machine_is_not_ranked() -> None:
    games = [result("max", "ann", scores=(0, 1)), result("max", "bob", scores=(1, 0))]
    with written(games).kept() as book, fold(book, "leaderboard") as folded:
        assert ranking(folded.ask("top"), "rank", "player", "won", "lost") == [
            (1, "ann", 1, 0),
            (2, "bob", 0, 1),
        ]


def test_games_alone_count_for_points_only() -> None:
    games = [
        result("ann", scores=(1,), points=(2048,), kind="2048"),
        result("ann", scores=(0,), points=(64,)),
    ]
    with written(games).kept() as book, fold(book, "leaderboard") as folded:
        assert folded.ask("top") == []
        assert ranking(folded.ask("points"), "kind", "points") == [("2048", 2048), ("dice", 64)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [((1.0, 0.0), [("ann", 1, 0), ("bob", 0, 1)]), ((0.0, 1.0), [("ann", 0, 1)])],
    ids=["lost", "won"],
)
def test_a_seat_that_was_taken_over_counts_where_it_lost_for_who_began(
    scores: tuple[float, float], expected: list[tuple[str, int, int]]
) -> None:
    book = Book()
    ann, bob, cid = map(PlayerId, ("ann", "bob", "cid"))
    for event in (
        Opened("dice", 1, {}, 2, ann, ""),
        SeatTaken(0, ann, "s"),
        SeatTaken(1, bob, "s"),
        Started(2),
        SeatHandedOver(1, cid, bob),
        Ended("finished", "it is over", "", scores, (7, 9)),
    ):
        book.write("game", event, "8/1")
    with book.kept(), fold(book, "leaderboard") as folded:
        assert ranking(folded.ask("top"), "player", "won", "lost") == expected
        assert ranking(folded.ask("points"), "player", "points") == [("ann", 7)]


def test_a_streak_ends_with_a_draw_and_says_from_when_to_when_it_went() -> None:
    games = [
        result("ann", "bob", scores=scores) for scores in [(1, 0), (1, 0), (0.5, 0.5), (1, 0), (0, 1), (0, 1)]
    ]
    with written(games).kept() as book, fold(book, "leaderboard") as folded:
        rows = folded.ask("streaks")
        ended = [row["time"] for row in folded.rows("SELECT DISTINCT time FROM results ORDER BY time")]
    assert ranking(rows, "rank", "player", "length", "first", "last", "goes_on") == [
        (1, "ann", 2, ended[0], ended[1], 0),
        (1, "bob", 2, ended[4], ended[5], 1),
    ]
