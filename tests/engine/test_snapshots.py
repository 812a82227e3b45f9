"""Snapshots: written when the policy says so, used when sound, and never needed."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from milena import games
from milena.aggregates import GAMES, MEMBERS
from milena.domain.event import Aggregate
from milena.domain.game import Game, Games
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules
from milena.engine import Answer, Engine
from milena.home import Home
from milena.store import Unreplayable
from milena.store.snapshot import pack, policies, topic

Invoke = Callable[..., Answer]
INTERVAL = policies()["game"].interval
KEPT = 2


@pytest.fixture
def stored(home: Home) -> Callable[[str], list[int]]:
    """The versions of the snapshots of a stream."""

    def read(stream: str) -> list[int]:
        sql = "SELECT originator_version FROM snapshots WHERE originator_id = ? ORDER BY 1"
        with closing(sqlite3.connect(home.path / "events.db")) as connection:
            return [row[0] for row in connection.execute(sql, (stream,))]

    return read


@pytest.fixture
def long_game(invoke: Invoke, ann: PlayerId, engine: Engine) -> str:
    """A game of 2048 that has more than two intervals of events."""
    game: str = invoke("open", ann, game="2048", options={"size": 6, "target": 0}).result["game"]
    while engine.read("game", game).version <= INTERVAL * KEPT + 1:
        board = engine.read("game", game).state.board
        invoke("move", ann, game=game, move=games.load("2048").legal(board, 0)[0])
    return game


def test_a_snapshot_is_written_with_the_command_that_completes_an_interval(
    invoke: Invoke, ann: PlayerId, engine: Engine, stored: Callable[[str], list[int]]
) -> None:
    game = invoke("open", ann, game="2048", options={"size": 6, "target": 0}).result["game"]
    version = engine.read("game", game).version
    while version < INTERVAL:
        assert stored(f"game:{game}") == []
        board = engine.read("game", game).state.board
        invoke("move", ann, game=game, move=games.load("2048").legal(board, 0)[0])
        version = engine.read("game", game).version
    assert stored(f"game:{game}") == [version]


def test_a_stream_keeps_its_last_snapshots(
    long_game: str, invoke: Invoke, ann: PlayerId, engine: Engine, stored: Callable[[str], list[int]]
) -> None:
    first, second = stored(f"game:{long_game}")
    while len(found := stored(f"game:{long_game}")) == KEPT and found[0] == first:
        board = engine.read("game", long_game).state.board
        invoke("move", ann, game=long_game, move=games.load("2048").legal(board, 0)[0])
    assert found[0] == second
    assert second < found[1] == engine.read("game", long_game).version


def test_members_have_snapshots_too(
    invoke: Invoke, ann: PlayerId, home: Home, stored: Callable[[str], list[int]]
) -> None:
    for _ in range(policies()["member"].interval):
        invoke("dance", ann)
    assert stored(f"member:terminal:{ann}") == [policies()["member"].interval]
    assert home.store.fold(MEMBERS, f"terminal:{ann}").state.invocations == policies()["member"].interval


def test_a_fold_begins_at_the_last_snapshot(long_game: str, home: Home) -> None:
    true = home.store.fold(GAMES, long_game)
    planted = replace(true.state, host=PlayerId("planted"))
    with home.store.transaction() as transaction:
        transaction.snapshot("game", f"game:{long_game}", true.version, GAMES.encode(planted))

    assert home.store.fold(GAMES, long_game) == (true.version, planted)
    assert home.store.fold(GAMES, long_game, snapshots=False) == true
    assert home.store.fold(GAMES, long_game, upto=true.version - 1).state.host == true.state.host


def damaged(state: bytes) -> dict[str, bytes]:
    packed = pack(state)
    return {
        "empty": b"",
        "garbage": b"\xff\x00garbage",
        "cut": packed[:-10],
        "one letter changed": packed.replace(b'"playing"', b'"plaYing"'),
        "another shape": pack(b'{"status": "playing"}'),
        "not a state": pack(b"[]"),
    }


@pytest.mark.parametrize("damage", damaged(b"{}").keys())
def test_a_damaged_snapshot_is_passed_over(long_game: str, home: Home, damage: str) -> None:
    true = home.store.fold(GAMES, long_game, snapshots=False)
    data = damaged(GAMES.encode(true.state))[damage]
    with home.store.transaction() as transaction:
        transaction.rows("UPDATE snapshots SET state = ?", (data,))

    assert home.store.fold(GAMES, long_game) == true


@pytest.mark.parametrize("snapshots", [True, False])
def test_without_its_rules_a_game_is_unreplayable_with_a_snapshot_or_without(
    long_game: str, home: Home, snapshots: bool
) -> None:
    def load(name: str) -> AnyRules:
        raise Refused("unknown_game", f"There is no game {name!r}.")

    with pytest.raises(Unreplayable, match="There is no game '2048'"):
        home.store.fold(Games(load), long_game, snapshots=snapshots)


def test_a_snapshot_of_another_schema_number_is_passed_over(long_game: str, home: Home) -> None:
    true = home.store.fold(GAMES, long_game, snapshots=False)
    planted = pack(GAMES.encode(replace(true.state, host=PlayerId("planted"))))
    with home.store.transaction() as transaction:
        transaction.rows("UPDATE snapshots SET topic = ?, state = ?", (topic("game") + "0", planted))

    assert home.store.fold(GAMES, long_game) == true


def test_the_engine_goes_on_from_a_snapshot_after_a_restart(
    long_game: str, home: Home, ann: PlayerId, invoke: Invoke
) -> None:
    with Home(home.path) as again, again.engine() as engine:
        before = engine.read("game", long_game)
        assert before == again.store.fold(GAMES, long_game, snapshots=False)
    move = games.load("2048").legal(before.state.board, 0)[0]
    assert invoke("move", ann, game=long_game, move=move).result["ply"] == before.state.ply + 2


@pytest.fixture(scope="module")
def lasting_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("sessions"))


@settings(max_examples=settings().max_examples * 2 // 5)
@given(data=st.data())
@pytest.mark.parametrize("game", games.names())
def test_what_the_engine_reads_is_the_fold_of_all_events_after_any_session(
    lasting_home: Home, invocation: Callable[..., object], game: str, data: st.DataObject
) -> None:
    random = data.draw(st.randoms(use_true_random=True))
    seats = data.draw(st.integers(*games.load(game).seats))
    players = [lasting_home.vault.player("terminal", f"player {seat}") for seat in range(seats)]
    with lasting_home.engine() as engine:

        def call(command: str, player: PlayerId, **options: object) -> Answer:
            return engine.call(invocation(command, player, **options))  # type: ignore[arg-type]

        key = call("open", players[0], game=game, seats=seats).result["game"]
        for player in players[1:]:
            call("join", player, game=key)
        for _ in range(data.draw(st.integers(0, 80))):
            read: Game = engine.read("game", key).state
            possible = [
                (seat, move)
                for seat in GAMES.actors(read)
                for move in games.load(game).legal(read.board, seat)
            ]
            if not possible:
                break
            seat, move = random.choice(possible)
            assert call("move", players[seat], game=key, move=move).verdict == "accepted"
        streams = [("game", key), *(("member", f"terminal:{player}") for player in players)]
        for kind, each in streams:
            aggregate: Aggregate[Any] = GAMES if kind == "game" else MEMBERS
            folded = lasting_home.store.fold(aggregate, each, snapshots=False)
            assert engine.read(kind, each) == folded
            assert msgspec.json.encode(engine.read(kind, each).state) == msgspec.json.encode(folded.state)
