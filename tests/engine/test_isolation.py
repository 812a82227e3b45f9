"""A command that fails takes nobody else's down: the others of its batch are accepted and stored."""

import logging
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace

from milena.aggregates import LOBBIES
from milena.domain.command import Command, Desk, Invocation, Result
from milena.domain.game import Open, Resign, TakeSeat
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Answer, Engine
from milena.home import Home

Rows = Callable[..., list[dict[str, Any]]]
MakeInvocation = Callable[..., Invocation]


class Nothing(Struct, frozen=True):
    """The options of the commands of this file."""


def raises_after_it_acted(desk: Desk, options: Nothing) -> Result:
    key = desk.new_id()
    desk.act("game", key, Open(desk.invocation.player, "tictactoe", {}, None, desk.seed(key)))
    raise RuntimeError("the secret of the bug")


def leaves_the_process(desk: Desk, options: Nothing) -> Result:
    sys.exit(7)


def answers_what_json_can_not_hold(desk: Desk, options: Nothing) -> Result:
    return {"answer": object()}


def answers_a_lone_surrogate(desk: Desk, options: Nothing) -> Result:
    return {"answer": "\ud800"}


def asks_an_aggregate_that_is_not_there(desk: Desk, options: Nothing) -> Result:
    desk.act("dragon", "1", options)
    return {}


def opens_and_closes(desk: Desk, options: Nothing) -> Result:
    key, player = desk.new_id(), desk.invocation.player
    seed = desk.seed(key)
    desk.act("game", key, Open(player, "tictactoe", {}, None, seed))
    desk.act("game", key, TakeSeat(player, "salt", seed))
    desk.act("game", key, TakeSeat(PlayerId("other"), "salt", seed))
    game = desk.act("game", key, Resign(player, seed))
    assert desk.game(key) == game
    return {"game": key, "status": game.status}


FAILING = [
    (raises_after_it_acted, "RuntimeError"),
    (leaves_the_process, "SystemExit"),
    (answers_what_json_can_not_hold, "TypeError"),
    (answers_a_lone_surrogate, "UnicodeEncodeError"),
    (asks_an_aggregate_that_is_not_there, "KeyError"),
]


def command(run: Callable[[Desk, Any], Result]) -> Command:
    return Command("try", "fun", "A test.", Nothing, run)


@pytest.mark.parametrize(("run", "error"), FAILING)
def test_a_failing_command_is_recorded_as_failed_and_the_others_are_accepted(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    invocation: MakeInvocation,
    rows: Rows,
    ann: PlayerId,
    bob: PlayerId,
    caplog: pytest.LogCaptureFixture,
    run: Callable[[Desk, Any], Result],
    error: str,
) -> None:
    asked = [
        invocation("open", ann, game="tictactoe"),
        invocation("try", ann),
        invocation("open", ann, game="connect4"),
        invocation("try", bob),
        invocation("open", bob, game="2048"),
    ]

    with caplog.at_level(logging.ERROR):
        answers = in_one_batch(make_engine(command(run)), asked)

    assert [answer.verdict for answer in answers] == ["accepted", "failed", "accepted", "failed", "accepted"]
    for failed in (answers[1], answers[3]):
        (row,) = rows(failed.invocation)
        assert row["payload"]["verdict"] == "failed"
        assert row["payload"]["code"] == failed.code == error
        assert failed.sentence.endswith(f"nothing was changed. Tell the operator: {failed.invocation[-8:]}.")
        assert row["position"] == failed.position
        assert f"invocation {failed.invocation} failed ({failed.invocation[-8:]})" in caplog.text
    assert [len(rows(answer.invocation)) for answer in answers] == [4, 1, 4, 1, 7]
    assert "the secret of the bug" not in str([msgspec.to_builtins(answer) for answer in answers])


@pytest.mark.parametrize(
    "options",
    [
        {"game": "\ud800"},
        {"\udfff": "tictactoe"},
        {"game": "tictactoe", "salt": "\ud800"},
        {"game": {"\ud800": ["\ud800"]}},
        {"game": b"bytes"},
        {"game": object()},
        {"game": float("nan")},
        {"game": 10**400},
        {5: "five"},
    ],
)
def test_options_that_nobody_foresaw_are_recorded_and_refused_and_the_others_are_accepted(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    invocation: MakeInvocation,
    rows: Rows,
    ann: PlayerId,
    options: dict[Any, Any],
) -> None:
    bad = replace(invocation("open", ann), options=options)
    good = [invocation("open", ann, game="tictactoe") for _ in range(2)]

    answers = in_one_batch(make_engine(), [good[0], bad, good[1]])

    assert [answer.verdict for answer in answers][::2] == ["accepted", "accepted"]
    assert answers[1].verdict in ("refused", "failed")
    assert answers[1].sentence
    (row,) = rows(bad.id)
    assert row["position"] == answers[1].position


@pytest.mark.parametrize(
    "change",
    [
        {"player": PlayerId("\ud800")},
        {"place": Place("terminal/\ud800")},
        {"id": InvocationId("\ud800")},
        {"time": 2**70},
        {"time": "yesterday"},
        {"options": None},
        {"command": None},
    ],
)
def test_an_invocation_that_can_not_be_stored_fails_alone(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    invocation: MakeInvocation,
    rows: Rows,
    ann: PlayerId,
    change: dict[str, Any],
) -> None:
    bad = replace(invocation("open", ann, game="tictactoe"), **change)
    good = [invocation("open", ann, game="tictactoe") for _ in range(4)]

    answers = in_one_batch(make_engine(), [*good[:2], bad, *good[2:]])

    assert answers[2].verdict in ("refused", "failed")
    assert answers[2].sentence
    assert [answer.verdict for answer in answers[:2] + answers[3:]] == ["accepted"] * 4
    assert [len(rows(each.id)) for each in good] == [4] * 4


def test_what_one_invocation_does_to_a_game_in_several_steps_is_kept_in_order(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, rows: Rows, ann: PlayerId
) -> None:
    with make_engine(command(opens_and_closes)) as engine:
        answer = engine.call(invocation("try", ann))

    tags = [row["tag"].partition(".")[2] for row in rows(answer.invocation)]
    assert tags == ["invoked", "opened", "seat_taken", "seat_taken", "started", "resigned", "ended"]
    assert answer.result["status"] == "ended"


def append(home: Home, stream: str, tag: str, payload: str) -> None:
    """Write an event past the engine, as a bug or a newer release would."""
    version = len(home.store.stream(stream)) + 1
    with home.store.transaction() as transaction:
        transaction.append([(stream, version, tag, payload, 0, "", "", "", None, None)])


@pytest.mark.parametrize(
    ("tag", "payload"),
    [
        ("game.exploded", "{}"),
        ("game.move_played", '{"ply":1}'),
        ("game.move_played", '{"ply":1,"seat":0,"move":"77"}'),
        ("game.choice_sealed", '{"seat":0,"move":"never sealed"}'),
    ],
)
def test_a_game_that_can_not_be_replayed_is_set_aside_and_the_others_go_on(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    invocation: MakeInvocation,
    home: Home,
    ann: PlayerId,
    bob: PlayerId,
    tag: str,
    payload: str,
) -> None:
    with make_engine() as engine:
        broken, sound = (
            engine.call(invocation("open", ann, game="tictactoe")).result["game"] for _ in range(2)
        )
        for game in (broken, sound):
            engine.call(invocation("join", bob, game=game))
    append(home, f"game:{broken}", tag, payload)
    head = len(home.store.stream(f"game:{broken}"))

    answers = in_one_batch(
        make_engine(),
        [
            invocation("move", ann, game=sound, move="1"),
            invocation("move", ann, game=broken, move="1"),
            invocation("move", bob, game=sound, move="2"),
            invocation("resign", bob, game=broken),
            invocation("move", ann, game=sound, move="3"),
        ],
    )

    assert [answer.verdict for answer in answers] == [
        "accepted",
        "refused",
        "accepted",
        "refused",
        "accepted",
    ]
    assert answers[1].code == answers[3].code == "set_aside"
    assert f"its event {head} ({tag}) can't be replayed" in answers[1].sentence
    lobby = home.store.fold(LOBBIES, "terminal").state
    assert set(lobby.games) == {sound}
    assert set(lobby.aside) == {broken}
    assert len(home.store.stream(f"game:{broken}")) == head


def test_a_member_that_can_not_be_replayed_fails_alone(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    invocation: MakeInvocation,
    home: Home,
    ann: PlayerId,
    bob: PlayerId,
) -> None:
    append(home, f"member:terminal:{ann}", "member.exploded", "{}")

    answers = in_one_batch(
        make_engine(), [invocation("open", player, game="tictactoe") for player in (bob, ann, bob)]
    )

    assert [answer.verdict for answer in answers] == ["accepted", "failed", "accepted"]
    assert f"member:terminal:{ann}" in answers[1].sentence


def test_the_engine_goes_on_after_any_of_these(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, ann: PlayerId
) -> None:
    with make_engine(command(raises_after_it_acted)) as engine:
        for _ in range(3):
            assert engine.call(invocation("try", ann)).verdict == "failed"
            unstorable = replace(invocation("open", ann, game="2048"), place=Place("\ud800"), id=new_id())
            assert engine.call(unstorable).verdict == "failed"
            assert engine.call(invocation("open", ann, game="tictactoe")).verdict == "accepted"


def test_the_writer_goes_on_when_what_follows_a_commit_fails(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, ann: PlayerId
) -> None:
    def fails(head: object) -> None:
        raise RuntimeError("nobody follows")

    with make_engine(on_commit=fails) as engine:
        answers = [engine.call(invocation("open", ann, game="tictactoe")) for _ in range(3)]
    assert [answer.verdict for answer in answers] == ["accepted"] * 3
