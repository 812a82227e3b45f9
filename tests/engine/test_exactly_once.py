"""Exactly once: an invocation that is delivered again changes nothing and gets the first answer again."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from milena.domain.command import Invocation
from milena.domain.ids import Place, PlayerId
from milena.engine import Answer, Engine
from milena.home import Home

Rows = Callable[..., list[dict[str, Any]]]
MakeInvocation = Callable[..., Invocation]


@pytest.fixture(params=["accepted", "refused"])
def asked(request: pytest.FixtureRequest, invocation: MakeInvocation, ann: PlayerId) -> Invocation:
    """An invocation that will be accepted, or refused: both are answered once."""
    return invocation("open", ann, game="tictactoe" if request.param == "accepted" else "chesss")


def again(answer: Answer) -> Answer:
    return replace(answer, repeated=True)


def test_in_the_same_batch(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    rows: Rows,
    invocation: MakeInvocation,
    ann: PlayerId,
    asked: Invocation,
) -> None:
    other = invocation("open", ann, game="2048")

    first, between, second, third = in_one_batch(make_engine(), [asked, other, asked, asked])

    assert not first.repeated
    assert between.verdict == "accepted"
    assert second == third == again(first)
    assert [row["invocation"] for row in rows() if row["invocation"]] == [asked.id, other.id]


def test_later_and_among_new_ones(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    rows: Rows,
    invocation: MakeInvocation,
    ann: PlayerId,
    asked: Invocation,
) -> None:
    with make_engine() as engine:
        first = engine.call(asked)
        events = len(rows())
        assert engine.call(asked) == again(first)
        assert len(rows()) == events
    others = [invocation("open", ann, game="tictactoe") for _ in range(3)]

    answers = in_one_batch(make_engine(), [others[0], asked, others[1], asked, others[2]])

    assert answers[1] == answers[3] == again(first)
    assert [answer.verdict for answer in answers[::2]] == ["accepted"] * 3
    assert not any(answer.repeated for answer in answers[::2])
    assert len(rows()) == events + 12


def test_with_other_options_the_first_answer_holds(engine: Engine, rows: Rows, asked: Invocation) -> None:
    first = engine.call(asked)
    events = rows()

    assert engine.call(replace(asked, options={"game": "connect4"})) == again(first)
    assert rows() == events


def test_from_many_threads_at_once(engine: Engine, rows: Rows, asked: Invocation) -> None:
    answers: list[Answer] = []
    start = Barrier(16)

    def deliver() -> None:
        start.wait()
        answers.append(engine.call(asked))

    threads = [Thread(target=deliver) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (first,) = [answer for answer in answers if not answer.repeated]
    assert answers.count(again(first)) == 15
    assert [row["invocation"] for row in rows() if row["invocation"]] == [asked.id]


def test_after_a_restart(tmp_path: Path, invocation: MakeInvocation) -> None:
    with Home(tmp_path) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        asked = [invocation("open", ann, game=game) for game in ("tictactoe", "chesss", "2048")]
        first = [engine.call(each) for each in asked]
        head = home.store.head()

    with Home(tmp_path) as home, home.engine() as engine:
        assert [engine.call(each) for each in asked] == [again(answer) for answer in first]
        assert home.store.head() == head


def test_by_another_engine_on_the_same_log(tmp_path: Path, invocation: MakeInvocation) -> None:
    with Home(tmp_path) as home, Home(tmp_path) as other, home.engine() as engine, other.engine() as twin:
        ann = home.vault.player("terminal", "ann")
        for _ in range(5):
            asked = invocation("open", ann, game="tictactoe")
            first = engine.call(asked)
            assert not first.repeated
            assert twin.call(asked) == again(first)
        assert home.store.head().position == 20


def test_the_answer_that_is_given_again_is_the_recorded_one(
    engine: Engine, home: Home, asked: Invocation
) -> None:
    answer = engine.call(asked)

    stored = home.store.invocation(asked.id)

    assert stored is not None
    event = home.store.event(stored)
    recorded = msgspec.to_builtins(event)
    assert (answer.verdict, answer.code, answer.sentence) == (
        recorded["verdict"],
        recorded.get("code", ""),
        recorded.get("sentence", ""),
    )
    assert answer.result == recorded.get("result", {})


def test_another_command_under_the_same_id_is_refused_and_not_taken_for_the_first(
    make_engine: Callable[..., Engine],
    in_one_batch: Callable[..., list[Answer]],
    rows: Rows,
    bob: PlayerId,
    asked: Invocation,
) -> None:
    strangers = [
        msgspec.structs.replace(asked, player=bob),
        msgspec.structs.replace(asked, command="join"),
        msgspec.structs.replace(asked, place=Place("terminal/other")),
    ]

    first, *others = in_one_batch(make_engine(), [asked, *strangers])
    later = in_one_batch(make_engine(), [*strangers, asked])

    assert first.code != "id_taken"
    assert [(answer.verdict, answer.code) for answer in others + later[:-1]] == [("refused", "id_taken")] * 6
    assert later[-1] == again(first)
    assert [row["invocation"] for row in rows() if row["invocation"]] == [asked.id]


@pytest.mark.parametrize("name", ["x" * 100, "\ud800"])
def test_a_command_whose_name_could_not_be_recorded_as_it_was(
    engine: Engine, invocation: MakeInvocation, ann: PlayerId, name: str
) -> None:
    asked = invocation(name, ann)
    first = engine.call(asked)
    assert (first.verdict, first.code) == ("refused", "unknown_command")
    assert engine.call(asked) == again(first)
