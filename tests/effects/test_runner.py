"""What is wanted is done, in order, and its end is in the log: once, whoever is stopped in between."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from outside import Outside

from milena.aggregates import AGGREGATES, EFFECTS
from milena.domain.command import Invocation
from milena.domain.effect import Effect
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.effects import runner as running
from milena.effects.runner import Runner
from milena.effects.world import Impossible, NotNow
from milena.engine import Engine
from milena.home import Home
from milena.replay.verify import verify
from milena.store import Damaged, Unavailable
from milena.store.lookup import begun_only

Moderate = Any
STOPPED = Path(__file__).with_name("stopped.py")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried at once."""
    monkeypatch.setattr(running, "FIRST_PAUSE", 0.001)


def end(home: Home, effect: Effect) -> Effect:
    found: Effect = home.store.fold(EFFECTS, effect.key).state
    return found


async def test_what_is_wanted_is_done_and_that_is_recorded(
    home: Home, engine: Engine, bob: PlayerId, moderate: Moderate
) -> None:
    world = Outside()
    runner = Runner(home, engine, world)
    await runner.done()
    effect = moderate("kick", bob)
    await runner.done()
    await runner.done()
    assert world.tried == [(f"kick {bob}", False)]
    assert (end(home, effect).status, end(home, effect).result) == ("done", {"number": 1})
    wanted, done = home.store.stream(f"effect:{effect.key}")
    settled = home.store.at(done.causation or 0)
    assert settled is not None
    assert (settled.causation, settled.correlation) == (wanted.position, wanted.correlation)
    assert verify(home.store, AGGREGATES).level in (None, "note")


async def test_what_is_impossible_fails_with_its_reason_and_moderators_are_told(
    home: Home, engine: Engine, bob: PlayerId, moderate: Moderate
) -> None:
    world = Outside(Impossible("unknown_member", "Not there."))
    effect = moderate("kick", bob)
    await Runner(home, engine, world).done()
    found = end(home, effect)
    assert (found.status, found.code, found.sentence) == ("failed", "unknown_member", "Not there.")
    assert world.done == ["message 811/4711"]


@pytest.mark.parametrize(
    "trouble", [NotNow("503"), Unavailable("The log is locked."), RuntimeError("can't start new thread")]
)
async def test_what_can_not_be_done_now_is_tried_again(
    home: Home, engine: Engine, bob: PlayerId, moderate: Moderate, trouble: Exception
) -> None:
    world = Outside(trouble, trouble)
    runner = Runner(home, engine, world)
    await runner.done()
    effect = moderate("ban", bob)
    await runner.done()
    assert world.tried == [(f"ban {bob}", False), (f"ban {bob}", True), (f"ban {bob}", True)]
    assert end(home, effect).status == "done"


@pytest.mark.parametrize(
    ("act", "ago", "status"),
    [("kick", 3500, "done"), ("kick", 3601, "failed"), ("warn", 86_000, "done"), ("warn", 86_401, "failed")],
)
async def test_an_act_is_given_up_after_an_hour_and_a_message_after_a_day(
    home: Home, engine: Engine, bob: PlayerId, moderate: Moderate, act: str, ago: int, status: str
) -> None:
    world = Outside()
    effect = moderate(act, bob, ago=ago, reason="spam")
    await Runner(home, engine, world).done()
    assert end(home, effect).status == status
    assert end(home, effect).code == ("given_up" if status == "failed" else "")
    assert [whom for whom, _ in world.tried if str(bob) in whom] == ([] if status == "failed" else world.done)


async def test_a_bug_is_an_end_too_and_stops_nobody_else(
    home: Home, engine: Engine, ann: PlayerId, bob: PlayerId, moderate: Moderate
) -> None:
    world = Outside(*(ZeroDivisionError() for _ in range(running.TRIES)))
    first, second = moderate("kick", bob), moderate("kick", bob)
    await Runner(home, engine, world).done()
    assert [end(home, each).code for each in (first, second)] == ["bug", ""]
    assert first.key[-8:] in end(home, first).sentence


async def test_what_nobody_foresaw_is_tried_again_a_few_times_where_that_does_no_harm(
    home: Home, engine: Engine, ann: PlayerId, bob: PlayerId, moderate: Moderate
) -> None:
    runner = Runner(home, engine, world := Outside())
    await runner.done()
    world.troubles.extend([TypeError("half an answer"), TypeError("half an answer")])
    effect = moderate("kick", bob)
    await runner.done()
    assert world.tried == [(f"kick {bob}", False), (f"kick {bob}", True), (f"kick {bob}", True)]
    assert end(home, effect).status == "done"
    # but what can't be done twice, and what was read and is damaged
    now = round(time.time() * 1000)
    options, place = {"count": 1, "confirm": f"{now}-x"}, Place("811/4711")
    world.troubles.append(TypeError("half an answer"))
    engine.call(Invocation(InvocationId(new_id()), "purge", options, ann, place, now, moderator=True))
    await runner.done()
    world.troubles.append(Damaged("The log is damaged."))
    moderate("ban", bob)
    await runner.done()
    for act in ("purge", "ban"):
        assert [again for whom, again in world.tried if whom.startswith(act)] == [False]
    assert [act for act in world.done if not act.startswith("message")] == [f"kick {bob}"]


async def test_on_one_member_things_happen_in_order_and_others_need_not_wait(
    home: Home, engine: Engine, bob: PlayerId, moderate: Moderate
) -> None:
    cat = home.vault.player("terminal", "cat")
    world = Outside()
    world.closed[bob] = asyncio.Event()
    first = [moderate("warn", bob, reason="spam"), moderate("kick", bob)]
    other = moderate("kick", cat)
    runner = Runner(home, engine, world)
    working = asyncio.create_task(runner.done())
    await world.arrived.wait()
    while end(home, other).status == "pending":
        await asyncio.sleep(0)
    assert [end(home, each).status for each in first] == ["pending", "pending"]
    assert [whom for whom, _ in world.tried].count(f"kick {bob}") == 0
    world.closed[bob].set()
    await working
    assert world.done == [f"kick {cat}", f"message {bob}", f"kick {bob}"]


async def test_what_is_elsewhere_is_left_to_who_serves_it(
    home: Home, engine: Engine, bob: PlayerId, moderate: Moderate
) -> None:
    here, there = Outside(guild="811/"), Outside(guild="812/")
    moderate("kick", bob)
    effect = moderate("ban", bob, place="812/1")
    await Runner(home, engine, here).done()
    assert end(home, effect).status == "pending"
    await Runner(home, engine, there).done()
    assert (here.done, there.done) == ([f"kick {bob}"], [f"ban {bob}"])


async def test_of_two_processes_at_one_place_one_records_the_end(
    home: Home, engine: Engine, bob: PlayerId, moderate: Moderate
) -> None:
    effect = moderate("kick", bob)
    with Home(home.path) as other, other.engine() as second:
        await asyncio.gather(Runner(home, engine, Outside()).done(), Runner(other, second, Outside()).done())
    assert [row.tag for row in home.store.stream(f"effect:{effect.key}")] == [
        "effect.intended",
        "effect.done",
    ]


async def test_what_was_begun_and_not_ended_when_it_was_killed_is_ended_by_the_next(
    home: Home, engine: Engine, bob: PlayerId, moderate: Moderate
) -> None:
    effect = moderate("kick", bob)
    command = [sys.executable, str(STOPPED), str(home.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"kick {bob} True\n"
        process.kill()
    assert end(home, effect).status == "pending"
    assert begun_only(home.store, "effect") == [effect.key]
    world = Outside()
    await Runner(home, engine, world).done()
    assert world.tried == [(f"kick {bob}", True)]
    assert end(home, effect).status == "done"
    assert begun_only(home.store, "effect") == []
