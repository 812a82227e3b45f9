"""The queue: what waits is answered, whatever comes too much is refused at once, nobody is forgotten."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from milena.domain.command import Command, Desk, Invocation, Result
from milena.domain.ids import PlayerId
from milena.domain.rules import NoOptions
from milena.engine import Answer, Engine
from milena.home import Home

MakeInvocation = Callable[..., Invocation]


async def test_what_is_more_than_the_queue_holds_is_refused_as_busy_and_not_stored(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, ann: PlayerId, home: Home
) -> None:
    engine = make_engine(queue=2)
    asked = [invocation("open", ann, game="tictactoe") for _ in range(5)]
    tasks = [asyncio.ensure_future(engine.execute(each)) for each in asked]

    done, waiting = await asyncio.wait(tasks, timeout=0.2)

    assert [task.result().code for task in done] == ["busy"] * 3
    assert all(task.result().verdict == "refused" and task.result().position == 0 for task in done)
    assert all("try again" in task.result().sentence for task in done)
    assert waiting == set(tasks[:2])
    with engine:
        assert [(await task).verdict for task in tasks[:2]] == ["accepted"] * 2
    assert home.store.head().position == 8
    assert home.store.invocation(asked[4].id) is None


async def test_when_there_is_room_again_the_same_invocation_is_accepted(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, ann: PlayerId
) -> None:
    engine = make_engine(queue=1)
    first, second = (invocation("open", ann, game="tictactoe") for _ in range(2))
    waiting = asyncio.ensure_future(engine.execute(first))
    busy = await engine.execute(second)
    with engine:
        assert (await waiting).verdict == "accepted"
        again = await engine.execute(second)

    assert busy.code == "busy"
    assert (again.verdict, again.repeated) == ("accepted", False)


async def test_shutdown_answers_all_that_waits_and_takes_no_more(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, ann: PlayerId, home: Home
) -> None:
    engine = make_engine(batch=7)
    asked = [invocation("open", ann, game="tictactoe") for _ in range(100)]
    tasks = [asyncio.ensure_future(engine.execute(each)) for each in asked]
    while engine.waiting < 100:
        await asyncio.sleep(0)

    with engine:
        pass

    late = await engine.execute(invocation("open", ann, game="tictactoe"))
    answers = await asyncio.gather(*tasks)
    assert [answer.verdict for answer in answers] == ["accepted"] * 100
    assert home.store.head().position == 400
    assert (late.verdict, late.code) == ("refused", "busy")
    assert "shutting down" in late.sentence


def test_shutdown_while_a_command_runs_waits_for_it(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, ann: PlayerId, home: Home
) -> None:
    running, finish = threading.Event(), threading.Event()

    def slow(desk: Desk, options: NoOptions) -> Result:
        running.set()
        finish.wait(10)
        return {"slow": True}

    answers: list[Answer] = []
    engine = make_engine(Command("slow", "fun", "Takes its time.", NoOptions, slow))
    with engine:
        caller = threading.Thread(target=lambda: answers.append(engine.call(invocation("slow", ann))))
        caller.start()
        assert running.wait(10)
        closer = threading.Thread(target=engine.close)
        closer.start()
        assert home.store.head().position == 0
        finish.set()
        closer.join(10)
        caller.join(10)

    assert [answer.result for answer in answers] == [{"slow": True}]
    assert home.store.head().position == 1


def test_callers_of_several_event_loops_and_of_plain_threads_are_all_answered(
    engine: Engine, home: Home, invocation: MakeInvocation, assert_whole: Callable[[Path], None]
) -> None:
    answers: dict[str, list[Answer]] = {}

    def loop(name: str) -> None:
        player = home.vault.player("terminal", name)

        async def main() -> list[Answer]:
            asked = [engine.execute(invocation("open", player, game="tictactoe")) for _ in range(50)]
            return list(await asyncio.gather(*asked))

        answers[name] = asyncio.run(main())

    def plain(name: str) -> None:
        player = home.vault.player("terminal", name)
        answers[name] = [engine.call(invocation("open", player, game="2048")) for _ in range(50)]

    threads = [threading.Thread(target=loop, args=(f"loop {number}",)) for number in range(3)]
    threads += [threading.Thread(target=plain, args=(f"thread {number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 6
    every = [answer for each in answers.values() for answer in each]
    assert len(every) == 300
    assert {answer.verdict for answer in every} == {"accepted"}
    assert len({answer.position for answer in every}) == 300
    for name, each in answers.items():
        positions = [answer.position for answer in each]
        assert positions == sorted(positions), f"{name} was answered out of order"
    assert_whole(home.path)


async def test_a_caller_who_gives_up_harms_nobody_and_the_command_is_done(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, ann: PlayerId, home: Home
) -> None:
    engine = make_engine()
    impatient, patient = (invocation("open", ann, game="tictactoe") for _ in range(2))
    first = asyncio.ensure_future(engine.execute(impatient))
    second = asyncio.ensure_future(engine.execute(patient))
    while engine.waiting < 2:
        await asyncio.sleep(0)
    first.cancel()

    with engine:
        assert (await second).verdict == "accepted"
        again = await engine.execute(impatient)

    assert first.cancelled()
    assert (again.verdict, again.repeated) == ("accepted", True)


def test_answers_for_an_event_loop_that_has_closed_are_dropped(
    make_engine: Callable[..., Engine], invocation: MakeInvocation, ann: PlayerId, home: Home
) -> None:
    engine = make_engine()

    async def leave() -> None:
        task = asyncio.ensure_future(engine.execute(invocation("open", ann, game="tictactoe")))
        while engine.waiting < 1:
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())
    with engine:
        assert engine.call(invocation("open", ann, game="2048")).verdict == "accepted"
    assert home.store.head().position == 4 + 7
