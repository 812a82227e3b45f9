"""The throttle: so many commands a minute, exact to the millisecond; a spammer can't fill the disk."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from milena.aggregates import AGGREGATES
from milena.domain.command import Command, Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.throttle import Throttle
from milena.engine import Answer, Engine, traffic
from milena.home import Home
from milena.ops.config import Config
from milena.replay.trace import find, trace
from milena.replay.verify import verify

NOON = 1_767_000_000_000
SLOW = Config(throttle=Throttle(member=3, guild=5))

Start = Callable[..., tuple[Home, Engine]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """``start()``: an engine on the one log of this test; three commands a member, five a guild."""
    with ExitStack() as stack:

        def make(config: Config = SLOW) -> tuple[Home, Engine]:
            home = stack.enter_context(Home(tmp_path / "data", config))
            return home, stack.enter_context(home.engine())

        yield make


def asked(player: str, later: int, place: str = "g1/c1", command: str = "abort", **more: Any) -> Invocation:
    """A command that is always refused by itself, so that nothing but its record is written."""
    key = InvocationId(new_id())
    return Invocation(key, command, {"game": "x"}, PlayerId(player), Place(place), NOON + later, **more)


def codes(engine: Engine, *invocations: Invocation) -> list[str]:
    return [engine.call(each).code for each in invocations]


def floods(home: Home) -> list[dict[str, Any]]:
    return [json.loads(row.payload) for row in home.store.scan() if row.tag == "command.throttled"]


def test_three_a_minute_and_the_fourth_a_minute_after_the_first(start: Start) -> None:
    _, engine = start()
    assert codes(engine, *(asked("ann", time) for time in (0, 10, 20))) == ["unknown_game_id"] * 3
    refused = engine.call(asked("ann", 59_999))
    assert refused.code == "throttled"
    assert refused.sentence == f"You may give 3 commands a minute; go on <t:{NOON // 1000 + 60}:R>."
    assert codes(engine, asked("ann", 60_000)) == ["unknown_game_id"]
    assert codes(engine, asked("ann", 60_009), asked("ann", 60_010)) == ["throttled", "unknown_game_id"]


def test_a_member_is_counted_in_each_guild_and_a_guild_as_a_whole(start: Start) -> None:
    _, engine = start()
    assert codes(engine, *(asked("ann", 0) for _ in range(4)))[3] == "throttled"
    assert codes(engine, asked("ann", 1, "g2/c1")) == ["unknown_game_id"]
    assert codes(engine, asked("bob", 1), asked("bob", 1, "g1/c2")) == ["unknown_game_id"] * 2
    refused = engine.call(asked("cat", 2))
    assert refused.code == "guild_throttled"
    assert refused.sentence.startswith("All in this server together may give 5 commands a minute; go on <t:")
    assert codes(engine, asked("cat", 60_000)) == ["unknown_game_id"]


def test_a_mistake_counts_as_any_command_does(start: Start) -> None:
    _, engine = start()
    wrong = [asked("ann", 0, command="nonsense"), replace(asked("ann", 0), options={"gmae": "x"})]
    assert codes(engine, *wrong, asked("ann", 0)) == ["unknown_command", "bad_option", "unknown_game_id"]
    assert codes(engine, asked("ann", 0, command="nonsense")) == ["throttled"]


def test_the_terminal_and_what_milena_asks_herself_are_not_throttled(start: Start) -> None:
    _, engine = start()
    assert "throttled" not in codes(engine, *(asked("ann", 0, "terminal/main") for _ in range(20)))
    first = engine.call(asked("ann", 0))
    follows = (first.invocation, first.position)
    assert "throttled" not in codes(engine, *(asked("ann", 0, follows=follows) for _ in range(20)))


def test_0_is_no_limit(start: Start) -> None:
    _, engine = start(Config(throttle=Throttle(0, 0)))
    assert set(codes(engine, *(asked("ann", 0) for _ in range(200)))) == {"unknown_game_id"}


# --------------------------------------------------------------------------------------------- floods


def test_a_flood_of_a_thousand_is_one_refusal_and_one_count(start: Start) -> None:
    home, engine = start()
    spam = [asked("ann", number) for number in range(1003)]
    answers = [engine.call(each) for each in spam]
    assert [answer.code for answer in answers[3:]] == ["throttled"] * 1000
    assert {answer.position for answer in answers[3:]} == {4}, "all point at the refusal that is recorded"
    assert home.store.head().position == 4

    engine.close()

    rows = list(home.store.scan())
    assert [row.tag for row in rows[4:]] == ["command.invoked", "command.throttled"]
    assert floods(home) == [{"refused": 999, "since": NOON + 3, "until": NOON + 60_003}]
    assert rows[5].stream == "member:g1:ann"
    assert home.store.fold(AGGREGATES[1], "g1:ann").state.invocations == 1003
    assert verify(home.store, AGGREGATES).findings == []


def test_a_flood_is_counted_once_a_minute(start: Start) -> None:
    home, engine = start()
    for minute in range(3):
        for number in range(10):
            engine.call(asked("ann", minute * 60_003 + number))
    engine.close()
    assert [flood["refused"] for flood in floods(home)] == [6, 6, 6]


def test_the_count_is_written_when_the_minute_is_over_though_nobody_asks_for_anything(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "MINUTE", 500)
    written = threading.Event()
    home, engine = start()
    engine._on_commit = lambda head: written.set() if head.position == 6 else None
    now = time.time_ns() // 1_000_000 - NOON
    assert codes(engine, *(asked("ann", now) for _ in range(10)))[3:] == ["throttled"] * 7
    assert written.wait(30), "the writer wakes up by itself"
    assert [flood["refused"] for flood in floods(home)] == [6]


def test_each_member_has_a_flood_of_ones_own(start: Start) -> None:
    home, engine = start(Config(throttle=Throttle(2, 0)))
    for number in range(10):
        engine.call(asked("ann", number))
        engine.call(asked("bob", number))
    engine.close()
    assert [flood["refused"] for flood in floods(home)] == [7, 7]


def test_the_count_is_found_from_the_first_refusal(start: Start) -> None:
    home, engine = start()
    answers = [engine.call(asked("ann", number)) for number in range(9)]
    engine.close()
    root = trace(home.store, AGGREGATES, find(home.store, AGGREGATES[0], answers[3].invocation))  # type: ignore[arg-type]
    [told] = root.caused
    assert root.fields["code"] == "throttled"
    assert [node.event.tag for node in told.caused] == ["command.throttled"]


# --------------------------------------------------------------------- exactly once, restart, processes


def test_what_was_answered_before_is_answered_again_beyond_the_throttle_too(start: Start) -> None:
    home, engine = start()
    first = [asked("ann", number) for number in range(3)]
    answers = [engine.call(each) for each in first]
    spam = [asked("ann", number) for number in range(3, 9)]
    refused = [engine.call(each) for each in spam]
    head = home.store.head()
    for each, answer in zip(first + spam, answers + refused, strict=True):
        assert engine.call(each) == replace(answer, repeated=True)
    assert home.store.head() == head


def test_a_refusal_that_was_only_counted_is_given_again_when_the_minute_is_over(start: Start) -> None:
    _, engine = start()
    spam = [asked("ann", number) for number in range(9)]
    answers = [engine.call(each) for each in spam]
    assert codes(engine, asked("ann", 70_000)) == ["unknown_game_id"]
    assert engine.call(spam[8]) == replace(answers[8], repeated=True)
    assert engine.call(replace(spam[8], player=PlayerId("bob"))).code == "id_taken"


def test_in_one_batch_as_one_by_one(
    tmp_path: Path, in_one_batch: Callable[..., list[Answer]], start: Start
) -> None:
    with Home(tmp_path / "batch", SLOW) as home:
        spam = [asked("ann", number) for number in range(20)]
        twice = [*spam[:10], *spam[5:], spam[0]]
        answers = in_one_batch(home.engine(), twice)
        assert [answer.code for answer in answers[:10]] == ["unknown_game_id"] * 3 + ["throttled"] * 7
        assert answers[-1] == replace(answers[0], repeated=True)
        assert answers[10:15] == [replace(answer, repeated=True) for answer in answers[5:10]]
        assert [flood["refused"] for flood in floods(home)] == [16]


def test_a_batch_that_is_decided_twice_counts_once(
    tmp_path: Path, in_one_batch: Callable[..., list[Answer]]
) -> None:
    with Home(tmp_path, SLOW) as home:
        first = asked("ann", 0)
        in_one_batch(home.engine(), [first])
        # The redelivered one is found at the append, so all that came with it is decided again.
        answers = in_one_batch(home.engine(), [asked("ann", 1), first, asked("ann", 2), asked("ann", 3)])
        assert [answer.code for answer in answers] == ["unknown_game_id"] * 3 + ["throttled"]
        assert [answer.repeated for answer in answers] == [False, True, False, False]


def test_the_last_minute_is_remembered_over_a_restart(start: Start) -> None:
    _, engine = start()
    codes(engine, *(asked("ann", number) for number in (0, 10, 20, 30)))
    engine.close()
    _, engine = start()
    assert codes(engine, asked("ann", 59_999)) == ["throttled"]
    assert codes(engine, asked("ann", 60_000)) == ["unknown_game_id"]


def test_processes_count_together(start: Start) -> None:
    (_, ours), (_, theirs) = start(), start()
    assert codes(ours, asked("ann", 0)) + codes(theirs, asked("ann", 1)) == ["unknown_game_id"] * 2
    assert codes(ours, asked("ann", 2), asked("ann", 3)) == ["unknown_game_id", "throttled"]
    assert codes(theirs, asked("ann", 59_999), asked("ann", 60_000)) == ["throttled", "unknown_game_id"]
    assert codes(ours, asked("ann", 60_000)) == ["throttled"]


def test_a_start_on_a_long_log_looks_back_no_further_than_it_has_to(start: Start) -> None:
    _, engine = start(Config(throttle=Throttle(0, 0)))
    for number in range(2500):
        engine.call(asked("bob", -120_000 + number, "terminal/main"))
    codes(engine, *(asked("ann", number) for number in range(3)))
    engine.close()
    _, engine = start()
    assert codes(engine, asked("ann", 59_999), asked("ann", 60_000)) == ["throttled", "unknown_game_id"]


# ------------------------------------------------------------------------------------------- failures


def test_a_failure_counts_and_tells_an_id_that_the_log_and_the_trace_know(
    home: Home, make_engine: Callable[..., Engine], caplog: pytest.LogCaptureFixture
) -> None:
    from milena.commands.games.abort import Options

    def broken(desk: Any, options: Any) -> Any:
        raise RuntimeError("boom")

    with make_engine(Command("break", "fun", "Break.", Options, broken, cooldown=60)) as engine:
        answers = [engine.call(asked("ann", number, command="break")) for number in range(2)]
    assert [answer.verdict for answer in answers] == ["failed", "failed"], (
        "a failure does not cost the cooldown"
    )
    told = answers[0].sentence.rpartition(" ")[2].rstrip(".")
    assert len(told) == 8
    assert told in caplog.text
    assert find(home.store, AGGREGATES[0], told).invocation == answers[0].invocation  # type: ignore[arg-type]
