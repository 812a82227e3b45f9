"""Ratings: what each game changes, whatever is voided later, and the reader that quick match asks."""

import sqlite3
from math import exp, log, sqrt
from pathlib import Path

import pytest
from book import Result, results, standing, written
from folding import Folded, cuts, fold, orders, played, playing
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from scenario import Scenario

from milena.readside.ratings import Ratings

START = 1500.0
BETA = 400 / log(10) / sqrt(2)
DEVIATION = 2 * BETA
TAU = DEVIATION / 100


class Rated(Struct):
    """A player, by the book: Weng and Lin, "A Bayesian Approximation Method for Online Ranking", JMLR 12
    (2011), algorithm 4 for two players."""

    rating: float = START
    deviation: float = DEVIATION
    games: int = 0


def by_the_book(first: Rated, second: Rated, score: float) -> tuple[Rated, Rated]:
    """How two are rated after a game in which ``first`` came to ``score``: 1, 0.5 or 0."""
    variances = [each.deviation**2 + TAU**2 for each in (first, second)]
    c = sqrt(sum(variances) + 2 * BETA**2)
    likely = 1 / (1 + exp((second.rating - first.rating) / c))
    new = []
    for player, variance, gain in (
        (first, variances[0], score - likely),
        (second, variances[1], likely - score),
    ):
        less = variance / c**2 * sqrt(variance) / c * likely * (1 - likely)
        new.append(
            Rated(
                player.rating + variance / c * gain, sqrt(variance * max(1 - less, 0.0001)), player.games + 1
            )
        )
    return new[0], new[1]


def duel(first: str, second: str, score: float, voided: int | None = None) -> Result:
    return Result("8", "dice", (first, second), (score, 1 - score), (), voided)


def current(folded: Folded) -> dict[str, float]:
    return {row["player"]: row["rating"] for row in folded.rows("SELECT player, rating FROM ratings")}


# ------------------------------------------------------------------------------------------- laws


@given(results, cuts)
def test_a_log_gives_the_same_ratings_to_the_last_bit_however_it_is_cut(
    results: list[Result], cuts: set[int]
) -> None:
    with (
        written(results).kept() as book,
        fold(book, "ratings", cuts) as one,
        fold(book, "ratings") as other,
    ):
        assert one.dump() == other.dump()


@given(results, cuts)
@example([duel("ann", "bob", 1, 0), duel("ann", "cid", 1)], {7})
@example([duel("ann", "bob", 1), duel("ann", "bob", 1, 0)], {16})  # the last game of both
def test_a_game_that_is_voided_has_never_been(results: list[Result], cuts: set[int]) -> None:
    voided, without = written(results), written(results, without_voided=True)
    with (
        voided.kept(),
        without.kept(),
        fold(voided, "ratings", cuts) as one,
        fold(without, "ratings") as other,
    ):
        assert one.dump() == other.dump()


def test_a_long_history_is_rated_again_when_its_first_game_is_voided() -> None:
    games = [duel("ann", "bob", n % 3 / 2) for n in range(900)]
    games[0] = games[0]._replace(voided=899)
    voided, without = written(games), written(games, without_voided=True)
    with voided.kept(), without.kept(), fold(voided, "ratings") as one, fold(without, "ratings") as other:
        assert one.dump() == other.dump()
        assert len(one.dump()["history"]) == 1798


duels = st.lists(
    st.builds(
        duel,
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(["cid", "mia"]),
        st.sampled_from([1, 0.5, 0]),
        st.one_of(st.none(), st.integers(0, 5)),
    ),
    max_size=25,
)


@given(duels, cuts)
def test_two_are_rated_by_the_book(duels: list[Result], cuts: set[int]) -> None:
    players: dict[str, Rated] = {}
    history = []
    for key, game in standing(duels):
        before = [players.get(player, Rated()) for player in game.players]
        after = by_the_book(before[0], before[1], game.scores[0])
        players |= zip(game.players, after, strict=True)
        history += [
            (key, player, old.rating, new.rating, new.deviation, new.games)
            for player, old, new in zip(game.players, before, after, strict=True)
        ]
    with written(duels).kept() as book, fold(book, "ratings", cuts) as folded:
        rows = folded.rows("SELECT * FROM history ORDER BY position, seat")
        ratings = folded.rows("SELECT * FROM ratings")
    found = [
        tuple(row[name] for name in ("game", "player", "before", "after", "deviation", "games"))
        for row in rows
    ]
    assert [row[:2] for row in found] == [row[:2] for row in history]
    assert [row[2:] for row in found] == [pytest.approx(row[2:], abs=1e-3) for row in history]
    assert {row["player"]: row["rating"] for row in ratings} == pytest.approx(
        {player: each.rating for player, each in players.items()}, abs=1e-3
    )
    assert {row["player"]: row["games"] for row in ratings} == {p: each.games for p, each in players.items()}


@given(results)
def test_the_ratings_are_the_end_of_the_history(results: list[Result]) -> None:
    with written(results).kept() as book, fold(book, "ratings") as folded:
        ratings = folded.rows("SELECT * FROM ratings ORDER BY guild, kind, player")
        last = folded.rows(
            "SELECT guild, kind, player, after AS rating, deviation, count(*) AS games, "
            "max(position) AS position, time FROM history GROUP BY guild, kind, player ORDER BY 1, 2, 3"
        )
        assert folded.rows("SELECT * FROM _stale") == []
    assert ratings == last


@settings(max_examples=30)
@given(played, orders, cuts)
def test_rated_are_whole_games_of_two_or_more_in_which_somebody_was_better(
    stories: list[tuple[str, int]], order: int, cuts: set[int]
) -> None:
    with playing(stories, order) as scenario, fold(scenario, "ratings", cuts) as folded:
        expected = {
            game.key
            for game in scenario.games.values()
            if len(game.scores) > 1 and game.voided is None and max(game.scores) > 0
            if all(whole for _, whole, _ in game.results)
        }
        assert {row["game"] for row in folded.rows("SELECT DISTINCT game FROM history")} == expected


# ------------------------------------------------------------------------------------------ rating


def test_who_wins_goes_up_and_who_loses_goes_down_as_much() -> None:
    with written([duel("ann", "bob", 1)]).kept() as book, fold(book, "ratings") as folded:
        ratings = current(folded)
    assert ratings["ann"] > START > ratings["bob"]
    assert ratings["ann"] + ratings["bob"] == pytest.approx(2 * START)


def test_a_draw_lifts_the_weaker_one() -> None:
    """The library evens out what equals gain: it must not do so here."""
    games = [duel("ann", "bob", 1)] * 5
    with written(games).kept() as book, fold(book, "ratings") as folded:
        before = current(folded)
    with written([*games, duel("ann", "bob", 0.5)]).kept() as book, fold(book, "ratings") as folded:
        after = current(folded)
    assert after["ann"] < before["ann"]
    assert after["bob"] > before["bob"]


def test_of_several_the_better_ones_gain_more() -> None:
    game = Result("8", "dice", ("ann", "bob", "cid", "dan"), (1, 0, 0, 0), (), None)
    with written([game]).kept() as book, fold(book, "ratings") as folded:
        ratings = current(folded)
    assert ratings["ann"] > START > ratings["bob"] == ratings["cid"] == ratings["dan"]


@pytest.mark.parametrize("scores", [(1.0, 1.0, 1.0), (0.0, 0.0)])
def test_who_wins_or_loses_together_is_not_rated(scores: tuple[float, ...]) -> None:
    game = Result("8", "dungeon", ("ann", "bob", "cid")[: len(scores)], scores, (), None)
    with written([game]).kept() as book, fold(book, "ratings") as folded:
        assert current(folded) == {}


def test_guilds_and_kinds_are_rated_apart() -> None:
    games = [
        duel("ann", "bob", 1),
        duel("ann", "bob", 1)._replace(guild="81"),
        duel("ann", "bob", 0)._replace(kind="x"),
    ]
    with written(games).kept() as book, fold(book, "ratings") as folded:
        rows = folded.rows("SELECT guild, kind, games FROM ratings WHERE player = 'ann' ORDER BY guild, kind")
        assert [tuple(row.values()) for row in rows] == [("8", "dice", 1), ("8", "x", 1), ("81", "dice", 1)]


def test_who_is_much_better_is_rated_so_in_the_end() -> None:
    """Ten wins for each loss are worth 400; it takes a while."""
    games = [duel("ann", "bob", 0 if n % 11 == 10 else 1) for n in range(1100)]
    with written(games).kept() as book, fold(book, "ratings") as folded:
        ratings = current(folded)
    assert 330 < ratings["ann"] - ratings["bob"] < 430


# --------------------------------------------------------------------------------------- questions


def test_who_has_played_little_stands_behind_who_has_confirmed_it() -> None:
    games = [*[duel("ann", "bob", 1), duel("ann", "cid", 1)] * 15, duel("new", "bob", 1)]
    with written(games).kept() as book, fold(book, "ratings") as folded:
        rows = folded.ask("current", "8", kind="dice")
    by_player = {row["player"]: row for row in rows}
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert rows[0]["player"] == "ann"
    assert by_player["new"]["deviation"] > by_player["ann"]["deviation"]
    assert all(abs(row["at_least"] - (row["rating"] - 2 * row["deviation"])) <= 2 for row in rows)


def test_the_history_begins_where_everybody_does_and_goes_on_from_there() -> None:
    games = [duel("ann", "bob", score) for score in (1, 0, 0.5)]
    with written(games).kept() as book, fold(book, "ratings") as folded:
        rows = folded.ask("history", "8", player="ann", kind="dice")
    assert [row["game"] for row in rows] == ["game2", "game1", "game0"]
    assert rows[-1]["before"] == START
    assert [row["after"] for row in rows[1:]] == [row["before"] for row in rows[:-1]]


def test_the_biggest_changes_come_first() -> None:
    games = [duel("ann", "bob", 1)] * 6 + [duel("ann", "bob", 0)]
    with written(games).kept() as book, fold(book, "ratings") as folded:
        changes = [abs(row["change"]) for row in folded.ask("changes", "8")]
    assert len(changes) == 14
    assert changes == sorted(changes, reverse=True)


# ------------------------------------------------------------------------------------------ reader


def _file(path: Path, rating: float) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE ratings (guild, kind, player, rating)")
        db.execute("INSERT INTO ratings VALUES ('8', 'dice', 'ann', ?)", (rating,))


def test_nobody_is_rated_where_there_is_no_file(tmp_path: Path) -> None:
    assert Ratings(tmp_path)("8", "dice", "ann") is None
    (tmp_path / "ratings.db").symlink_to("ratings.v1.db")  # whose file is gone
    assert Ratings(tmp_path)("8", "dice", "ann") is None


def test_nobody_is_rated_where_the_file_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "ratings.db").write_bytes(b"nonsense" * 1000)
    assert Ratings(tmp_path)("8", "dice", "ann") is None


def test_the_rating_is_that_of_the_live_generation(tmp_path: Path) -> None:
    _file(tmp_path / "ratings.v1.db", 1600.0)
    _file(tmp_path / "ratings.v2.db", 1700.0)
    link, new = tmp_path / "ratings.db", tmp_path / "new"
    link.symlink_to("ratings.v1.db")
    ratings = Ratings(tmp_path)
    assert ratings("8", "dice", "ann") == 1600.0
    assert ratings("8", "dice", "bob") is None
    assert ratings("81", "dice", "ann") is None
    new.symlink_to("ratings.v2.db")
    new.replace(link)
    assert ratings("8", "dice", "ann") == 1700.0
    link.unlink()
    assert ratings("8", "dice", "ann") is None


def test_a_reader_keeps_nobody_from_writing(tmp_path: Path) -> None:
    _file(tmp_path / "ratings.db", 1600.0)
    ratings = Ratings(tmp_path)
    assert ratings("8", "dice", "ann") == 1600.0
    with sqlite3.connect(tmp_path / "ratings.db", timeout=0) as db:
        db.execute("UPDATE ratings SET rating = 1650.0")
    assert ratings("8", "dice", "ann") == 1650.0


def test_what_follows_the_log_is_what_the_reader_reads(scenario: Scenario) -> None:
    scenario.play([("won", 0), ("lost", 3), ("agreed", 0)])
    readside = scenario.home.readside()
    readside.catch_up(["ratings"])
    with readside.asking("ratings", None) as asking:
        rows = asking.select("SELECT guild, kind, player, rating FROM ratings", ()).rows
    ratings = Ratings(readside.directory)
    assert len(rows) == 4
    assert all(ratings(guild, kind, player) == rating for guild, kind, player, rating in rows)
