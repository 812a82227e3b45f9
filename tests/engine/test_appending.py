"""Append, then acknowledge: what an answer tells of is in the log, whole, before the answer comes."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from milena.domain.command import Invocation
from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine
from milena.home import Home
from milena.store import Head

Rows = Callable[..., list[dict[str, Any]]]
Invoke = Callable[..., Answer]


def test_an_answer_comes_when_its_events_can_be_seen_by_another_connection(
    invoke: Invoke, rows: Rows, ann: PlayerId
) -> None:
    for count in range(1, 21):
        answer = invoke("open", ann, game="tictactoe")
        seen = rows(answer.invocation)
        tags = ["command.invoked", "game.opened", "game.seat_taken", "lobby.game_listed"]
        assert [row["tag"] for row in seen] == tags
        assert seen[0]["position"] == answer.position == 4 * count - 3


def test_one_invocation_is_one_append_with_its_cause_first(
    invoke: Invoke, rows: Rows, ann: PlayerId, bob: PlayerId, home: Home, assert_whole: Callable[[Path], None]
) -> None:
    game = invoke("open", ann, game="tictactoe").result["game"]
    answer = invoke("join", bob, game=game)

    first, *others = rows(answer.invocation)

    assert first["stream"] == f"member:terminal:{bob}"
    assert first["tag"] == "command.invoked"
    assert first["invocation"] == first["correlation"] == answer.invocation
    assert first["causation"] is None
    assert [(row["stream"], row["version"], row["tag"]) for row in others] == [
        (f"game:{game}", 3, "game.seat_taken"),
        (f"game:{game}", 4, "game.started"),
        ("lobby:terminal", 2, "lobby.game_changed"),
    ]
    for row in others:
        assert row["causation"] == first["position"]
        assert row["invocation"] is None
    for row in (first, *others):
        assert (row["player"], row["place"], row["time"]) == (bob, "terminal/main", first["time"])
    assert_whole(home.path)


def test_what_follows_from_an_event_keeps_its_correlation(
    engine: Engine, invocation: Callable[..., Invocation], rows: Rows, ann: PlayerId
) -> None:
    first = engine.call(invocation("open", ann, game="tictactoe"))
    follower = replace(invocation("open", ann, game="2048"), follows=(first.invocation, first.position + 1))

    second = engine.call(follower)

    cause, *others = [row for row in rows(first.invocation) if row["position"] >= second.position]
    assert (cause["correlation"], cause["causation"]) == (first.invocation, first.position + 1)
    assert cause["invocation"] == follower.id
    assert {row["causation"] for row in others} == {second.position}


def test_an_accepted_invocation_is_recorded_with_its_options_and_its_result(
    invoke: Invoke, rows: Rows, ann: PlayerId
) -> None:
    answer = invoke("open", ann, game="2048", options={"size": 3, "target": 64})

    payload = rows(answer.invocation)[0]["payload"]

    assert answer.verdict == payload["verdict"] == "accepted"
    assert payload["command"] == "open"
    assert payload["options"] == {"game": "2048", "options": {"size": 3, "target": 64}}
    assert payload["result"] == answer.result
    assert payload["duration"] > 0


def test_a_refused_invocation_is_recorded_with_the_reason_and_nothing_else(
    invoke: Invoke, rows: Rows, ann: PlayerId
) -> None:
    answer = invoke("open", ann, game="chesss")

    (row,) = rows(answer.invocation)

    assert answer.verdict == row["payload"]["verdict"] == "refused"
    assert answer.code == row["payload"]["code"] == "unknown_game"
    assert answer.sentence == row["payload"]["sentence"]
    assert answer.sentence.startswith("There is no game 'chesss'. There are: 2048, ")
    assert answer.position == row["position"]
    assert answer.result == {}


def test_a_command_that_is_not_there_and_options_that_do_not_fit_are_refused(
    invoke: Invoke, ann: PlayerId
) -> None:
    assert invoke("dance", ann).code == "unknown_command"
    assert invoke("open", ann).code == "bad_option"
    assert invoke("open", ann, game=5).code == "bad_option"
    assert invoke("open", ann, game="tictactoe", colour="red").code == "bad_option"
    assert invoke("join", ann, game="0000000000").code == "unknown_game_id"


def test_long_options_of_a_refused_invocation_do_not_fill_the_disk(
    invoke: Invoke, rows: Rows, ann: PlayerId
) -> None:
    more = {f"option{number}": "x" * 1000 for number in range(100)}
    answer = invoke("open", ann, game="y" * 100_000, **more)

    options = rows(answer.invocation)[0]["payload"]["options"]

    assert answer.verdict == "refused"
    assert len(str(options)) < 6000
    assert options["game"].startswith("yyy")


def test_what_was_committed_is_announced_once_a_batch(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    invocation: Callable[..., Invocation],
    ann: PlayerId,
) -> None:
    heads: list[Head] = []
    engine = make_engine(on_commit=heads.append)

    answers = in_one_batch(engine, [invocation("open", ann, game="tictactoe") for _ in range(10)])

    assert [answer.position for answer in answers] == list(range(1, 40, 4))
    assert [head.position for head in heads] == [40]
    assert heads[0] == engine.store.head()


async def test_many_callers_share_few_commits(
    make_engine: Callable[..., Engine],
    invocation: Callable[..., Invocation],
    home: Home,
    assert_whole: Callable[[Path], None],
) -> None:
    heads: list[Head] = []
    players = [home.vault.player("terminal", f"player {number}") for number in range(64)]

    async def caller(engine: Engine, player: PlayerId) -> list[Answer]:
        return [await engine.execute(invocation("open", player, game="tictactoe")) for _ in range(10)]

    with make_engine(on_commit=heads.append) as engine:
        answers = await asyncio.gather(*(caller(engine, player) for player in players))

    positions = [answer.position for each in answers for answer in each]
    assert {answer.verdict for each in answers for answer in each} == {"accepted"}
    assert len(set(positions)) == 640
    assert heads == sorted(heads)
    assert heads[-1].position == 640 * 4
    assert len(heads) < 640 / 4
    assert_whole(home.path)
