"""Profiles: the record of each player, whom they play with, and what they have achieved."""

import random
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import pytest
from book import GAMES, Book, Result, results, standing, written
from folding import Row, cuts, fold, orders, played, playing
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import Scenario

from milena.domain.event import Event
from milena.domain.game import Game, Open, Play, TakeSeat
from milena.domain.game.events import Ended, MovePlayed, Opened, SeatTaken, Started, Voided
from milena.domain.ids import PlayerId
from milena.games.dungeon import achieved

guilds = st.sampled_from([None, "8", "81"])


def result(
    *players: str, scores: tuple[float, ...], points: tuple[int, ...] = (), kind: str = "dice"
) -> Result:
    return Result("8", kind, players, scores, points, None)


def ask(results: Iterable[Result], question: str, **parameters: Any) -> list[Row]:
    with written(list(results)).kept() as book, fold(book, "profiles") as folded:
        return folded.ask(question, "8", **parameters)


def reached(results: Iterable[Result], player: str = "ann") -> dict[str, str]:
    """What a player has achieved, and in which game."""
    rows = ask(results, "achievements", player=player)
    return {row["achievement"]: row["game"] for row in rows if row["game"] is not None}


WIN, LOSS, DRAW = ((result("ann", "bob", scores=scores)) for scores in ((1, 0), (0, 1), (0.5, 0.5)))


# ------------------------------------------------------------------------------------------- laws


@given(results, cuts)
def test_a_log_gives_the_same_rows_however_it_is_cut(results: list[Result], cuts: set[int]) -> None:
    with (
        written(results).kept() as book,
        fold(book, "profiles", cuts) as one,
        fold(book, "profiles") as other,
    ):
        assert one.dump() == other.dump()


@given(results, cuts)
def test_a_game_that_is_voided_has_never_been(results: list[Result], cuts: set[int]) -> None:
    voided, without = written(results), written(results, without_voided=True)
    with (
        voided.kept(),
        without.kept(),
        fold(voided, "profiles", cuts) as one,
        fold(without, "profiles") as other,
    ):
        assert one.dump() == other.dump()
        for player in ("ann", "mia"):
            assert one.ask("achievements", player=player) == other.ask("achievements", player=player)


@settings(max_examples=30)
@given(played, orders, cuts)
def test_what_was_played_is_told_however_the_log_is_cut(
    stories: list[tuple[str, int]], order: int, cuts: set[int]
) -> None:
    with playing(stories, order) as scenario, fold(scenario, "profiles", cuts) as folded:
        expected = [
            (
                game.key,
                seat,
                player,
                game.opened,
                game.ended,
                game.plies,
                result,
                len(game.seats),
            )
            for game in scenario.games.values()
            if game.scores and game.voided is None
            for seat, (player, _, result) in enumerate(game.results)
        ]
        rows = folded.rows("SELECT game, seat, player, opened, time, plies, result, seats FROM results")
        assert sorted(tuple(row.values()) for row in rows) == sorted(expected)


@given(results, guilds, st.sampled_from(["ann", "mia"]))
def test_a_profile_is_what_one_counts_by_hand(results: list[Result], guild: str | None, who: str) -> None:
    own = [
        (key, game) for key, game in standing(results) if who in game.players and guild in (None, game.guild)
    ]
    with written(results).kept() as book, fold(book, "profiles") as folded:
        ended = {row["game"]: row["time"] for row in folded.rows("SELECT game, time FROM results")}
        rows = {row["kind"]: row for row in folded.ask("profile", guild, player=who)}
        favourites = folded.ask("favourites", guild, player=who)
        opponents = folded.ask("opponents", guild, player=who)

    assert set(rows) == {game.kind for _, game in own}
    for kind, row in rows.items():
        games = [(key, game) for key, game in own if game.kind == kind]
        scores = [game.scores[game.players.index(who)] for _, game in games]
        points = [(game.points[game.players.index(who)], key) for key, game in games if game.points]
        best = max(points, key=lambda each: each[0], default=(None, None))  # the first of several
        assert row == {
            "kind": kind, "played": len(games), "won": scores.count(1), "drawn": scores.count(0.5),
            "lost": scores.count(0),
            "best_streak": max(len(list(run)) if won else 0 for won, run in groupby(s == 1 for s in scores)),
            "best": best[0], "best_game": best[1],
            "first": ended[games[0][0]], "last": ended[games[-1][0]],
        }  # fmt: skip

    counted = Counter(game.kind for _, game in own)
    assert {row["kind"]: row["games"] for row in favourites} == counted
    assert all(row["share"] == pytest.approx(100 * row["games"] / len(own), abs=0.06) for row in favourites)

    met = Counter(other for _, game in own for other in game.players if other != who)
    assert {row["opponent"]: row["games"] for row in opponents} == met
    assert [row["games"] for row in opponents] == sorted(met.values(), reverse=True)
    assert all(row["better"] + row["level"] + row["worse"] == row["games"] for row in opponents)


def test_the_best_game_is_the_first_with_the_most_points() -> None:
    games = [result("ann", scores=(0,), points=(points,)) for points in (3, 9, 9, -1)]
    (row,) = ask(games, "profile", player="ann")
    assert (row["best"], row["best_game"]) == (9, "game1")


# ------------------------------------------------------------------------------------ achievements


def test_there_are_none_before_the_first_game() -> None:
    rows = ask([WIN], "achievements", player="cid")
    assert len(rows) == 19
    assert {row["have"] for row in rows} == {0}
    assert {row["game"] for row in rows} == {None}


def test_wins_are_counted_and_the_game_that_made_them_full_is_named() -> None:
    games = [LOSS, *[WIN, DRAW] * 10]
    assert reached(games).items() >= {"first win": "game1", "ten wins": "game19"}.items()
    have = {row["achievement"]: row["have"] for row in ask(games, "achievements", player="ann")}
    assert have["hundred wins"] == 10
    assert have["ten wins"] == 10
    assert have["regular"] == 21


def test_a_streak_is_broken_by_a_draw() -> None:
    assert "on fire" not in reached([WIN] * 4 + [DRAW] + [WIN] * 4)
    assert reached([LOSS, *[WIN] * 6])["on fire"] == "game5"


def test_a_streak_is_played_against_others() -> None:
    assert "on fire" not in reached([result("ann", scores=(1,))] * 5)


def test_what_was_achieved_in_a_game_goes_with_it() -> None:
    games = [WIN, WIN._replace(voided=3), WIN, WIN, WIN]
    assert "on fire" not in reached(games)
    assert reached([WIN._replace(voided=0), WIN])["first win"] == "game1"


def test_five_kinds_won_and_ten_played() -> None:
    kinds = [WIN._replace(kind=f"kind{n}") for n in range(5)] + [
        LOSS._replace(kind=f"k{n}") for n in range(5)
    ]
    assert reached([WIN._replace(kind="kind0"), *kinds]).items() >= {
        "versatile": "game5", "well-rounded": "game10",
    }.items()  # fmt: skip
    assert "versatile" not in reached([WIN] * 5)


def test_a_machine_is_beaten_where_it_did_not_win_too() -> None:
    assert "beat a machine" in reached([result("ann", "max", scores=(1, 0))])
    assert "beat a machine" not in reached([result("ann", "max", scores=(1, 1))])
    assert "beat a machine" not in reached([result("ann", "max", scores=(0, 1))])
    assert "beat a machine" not in reached([WIN])


def test_the_last_one_up_wins_alone_against_three() -> None:
    four = ("ann", "bob", "cid", "dan")
    assert "last one up" in reached([result(*four, scores=(1, 0, 0, 0))])
    assert "last one up" not in reached([result(*four, scores=(1, 1, 0, 0))])
    assert "last one up" not in reached([result(*four[:3], scores=(1, 0, 0))])


def test_machines_are_no_company() -> None:
    people = [result("ann", f"p{n}", scores=(0, 1)) for n in range(10)]
    machines = [result("ann", f"m{n}", scores=(0, 1)) for n in range(10)]
    assert "sociable" not in reached([*people[:9], *machines])
    assert reached(people)["sociable"] == "game9"


def test_rivals_have_played_25_games() -> None:
    assert "rivals" not in reached([WIN] * 12 + [result("ann", "cid", scores=(1, 0))] * 13)
    assert reached([WIN] * 25)["rivals"] == "game24"
    assert reached([WIN] * 25, "bob")["rivals"] == "game24"


def test_a_record_is_held_by_who_made_it_first_and_only_until_it_is_beaten() -> None:
    first, level, better = (
        result("ann", "bob", scores=(1, 0), points=points) for points in ((7, 3), (2, 7), (2, 8))
    )
    assert reached([first, level])["record holder"] == "game0"
    assert "record holder" not in reached([first, level], "bob")
    assert "record holder" not in reached([first, better])
    assert reached([first, better], "bob")["record holder"] == "game1"
    assert reached([first, better._replace(voided=0)])["record holder"] == "game0"


def test_the_records_are_those_of_people() -> None:
    games = [
        result("ann", "max", scores=(0, 1), points=(5, 90)),
        result("bob", scores=(0,), points=(6,)),
        result("cid", scores=(0,), points=(2,), kind="race"),
    ]
    rows = ask(games, "records")
    assert [(row["kind"], row["points"], row["player"], row["game"]) for row in rows] == [
        ("dice", 6, "bob", "game1"),
        ("race", 2, "cid", "game2"),
    ]


def test_a_marathon_takes_200_plies() -> None:
    def have(plies: int) -> tuple[int, str | None]:
        book = Book()
        ann = PlayerId("ann")
        began: list[Event] = [Opened("dice", 1, {}, 1, ann, ""), SeatTaken(0, ann, "s"), Started(1)]
        moves: list[Event] = [MovePlayed(ply, 0, "1") for ply in range(1, plies + 1)]
        for event in (*began, *moves, Ended("finished", "it is over", "", (0.0,))):
            book.write("game", event, "8/1")
        with book.kept(), fold(book, "profiles") as folded:
            rows = folded.ask("achievements", "8", player="ann")
        return next((row["have"], row["game"]) for row in rows if row["achievement"] == "marathon")

    assert have(199) == (199, None)
    assert have(200) == (200, "game")
    assert have(201) == (200, "game")


# ----------------------------------------------------------------------------------------- dungeon


def through_the_dungeon(number: int) -> tuple[Book, Game]:
    """Two heroes go the shortest way, and attack whatever is there; ``number`` is what chance makes of it."""
    seed, chance, book = bytes([number] * 32), random.Random(number), Book()
    game = GAMES.initial("deep")

    def ask(request: Any) -> None:
        nonlocal game
        changes = GAMES.decide(game, request)
        game = changes.state
        for event in changes.events:
            book.write("deep", event, "8/1")

    options = {"length": "short", "difficulty": "easy", "hero": "fighter"}
    ask(Open(PlayerId("ann"), "dungeon", options, 2, seed))
    for player in ("ann", "bob"):
        ask(TakeSeat(PlayerId(player), "salt", seed))
    while game.status == "playing":
        (seat,) = GAMES.actors(game)
        moves = GAMES.rules(game).legal(game.board, seat)
        good = [
            move for move in moves if move in ("attack", "go north", "go east") or move.startswith("take")
        ]
        move = chance.choice(good or moves) if chance.random() < 0.9 else chance.choice(moves)
        ask(Play(game.players[seat], move, seed))
    return book, game


@settings(max_examples=25)
@given(st.integers(0, 255), cuts)
def test_heroes_have_achieved_what_their_dungeon_says(number: int, cuts: set[int]) -> None:
    book, game = through_the_dungeon(number)
    expected = sorted((seat, feat) for seat in (0, 1) for feat in achieved(game.board)[seat])
    with book.kept(), fold(book, "profiles", cuts) as folded:
        rows = folded.rows("SELECT seat, feat FROM feats ORDER BY seat, feat")
        told = folded.ask("achievements", "8", player="ann")
    assert [tuple(row.values()) for row in rows] == expected
    dungeon = {row["achievement"] for row in told if row["about"].startswith("Dungeon") and row["game"]}
    assert dungeon == {feat for seat, feat in expected if seat == 0}


def test_a_real_log_tells_of_real_dungeons(scenario: Scenario) -> None:
    """Whatever chance makes of them."""
    (ann, *_), place = scenario.people, "811/1"
    expected = []
    for _ in range(2):
        options = {"length": "short", "difficulty": "easy", "hero": "fighter"}
        key = scenario.call("open", ann, place, game="dungeon", seats=1, options=options).result["game"]
        while (game := scenario.engine.read("game", key).state).status == "playing":
            moves = GAMES.rules(game).legal(game.board, 0)
            good = [move for move in moves if move in ("attack", "go north", "go east")]
            scenario.call("move", ann, place, about=key, move=random.choice(good or moves))
        expected += [(key, feat) for feat in achieved(game.board)[0]]
    with fold(scenario, "profiles", {40, 200}) as folded:
        rows = folded.rows("SELECT game, feat FROM feats")
    assert sorted(tuple(row.values()) for row in rows) == sorted(expected)


@pytest.mark.parametrize("cut", [set(), {"ended"}], ids=["in the same batch", "later"])
def test_a_dungeon_that_is_voided_leaves_nothing(cut: set[str]) -> None:
    book = next(
        book
        for number in range(256)
        for book, game in [through_the_dungeon(number)]
        if achieved(game.board)[0]
    )
    ended = len(book.rows)
    book.write("deep", Voided(PlayerId("mod"), "why not"), "8/1")
    with book.kept(), fold(book, "profiles", {ended} if cut else ()) as folded:
        assert folded.rows("SELECT * FROM feats") == []


def test_what_a_dungeon_can_give_is_in_the_list() -> None:
    names = {"treasure hunter", "veteran", "untouched", "no potion", "light to spare", "full clear"}
    assert names <= {row["achievement"] for row in ask([WIN], "achievements", player="ann")}
