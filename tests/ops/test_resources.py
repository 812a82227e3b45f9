"""What is sampled."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.ops.lateness import Lateness
from milena.ops.meter import Meter
from milena.ops.resources import DAY, MB, PACE, SHORTEST, Pace, Sampler, Sources
from milena.ops.sample import UNITS

FILE = Path("x")


@given(st.lists(st.tuples(st.floats(1, 120), st.integers(0, 10**6)), min_size=1, max_size=30))
def test_the_pace_is_what_was_written_lately(steps: list[tuple[float, int]]) -> None:
    pace, now, size, written = Pace(), 1000.0, 500, [(1000.0, 0)]
    pace({FILE: size}, now)
    for pause, more in steps:
        now, size = now + pause, size + more
        written.append((now, more))
        lately = sum(each for when, each in written if when > now - PACE)
        span = min(PACE, max(SHORTEST, now - 1000.0))
        assert pace({FILE: size}, now) == pytest.approx(lately / span * DAY)


def test_a_file_that_is_begun_anew_counts_whole_and_one_that_is_removed_not() -> None:
    pace = Pace()
    assert pace({FILE: 1000}, 0.0) == 0.0, "what was there before is nobody's"
    assert pace({FILE: 1100}, 60.0) == 100 / 60 * DAY
    assert pace({FILE: 30}, 120.0) == 130 / 120 * DAY
    assert pace({}, 180.0) == 130 / 180 * DAY
    assert pace({FILE: 7}, 240.0) == 137 / 240 * DAY


def test_a_sample_tells_what_there_is(tmp_path: Path) -> None:
    meter = Meter()
    sampler = Sampler(tmp_path, meter, Sources(lambda: 7, lambda: 11, lambda: 0.5))
    (tmp_path / "events.db").write_bytes(bytes(2 * MB))
    (tmp_path / "projections").mkdir()
    (tmp_path / "projections" / "audit.v1.db").write_bytes(bytes(MB))
    (tmp_path / "projections" / "audit.db").symlink_to("audit.v1.db")
    (tmp_path / "backup.gz").write_bytes(bytes(MB))
    for seconds in (0.010, 0.020, 0.030):
        meter.command("ping", "accepted", seconds)
    meter.call("GET /gateway", 200, 600_000, 400_000)
    values = sampler.take().values
    assert values.keys() == UNITS.keys()
    assert (values["queue"], values["lag"], values["loop"]) == (7, 11, 500)
    assert (values["store"], values["command"]) == (3, 30)
    assert values["commands"] > 0
    assert values["network"] > 0
    assert 5 < values["memory"] < 5000
    assert values["disk"] > 0
    # And what was counted is not counted again
    values = sampler.take().values
    assert (values["command"], values["commands"], values["network"]) == (0, 0, 0)
    assert len(sampler.history) == 2


def test_work_is_seen_on_the_processor(tmp_path: Path) -> None:
    sampler = Sampler(tmp_path, Meter(), Sources())
    sampler.take()
    used = sum(os.times()[:2])
    while sum(os.times()[:2]) < used + 0.1:  # this much work, however long that takes
        pass
    assert sampler.take().values["cpu"] > 0


def test_processes_that_are_told_count_and_others_not(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "held = b'x' * 30_000_000; print(); input()"]
    with (
        subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child,
        subprocess.Popen([sys.executable, "-c", ""]) as ended,
    ):
        assert child.stdout is not None
        child.stdout.readline()
        ended.wait()
        ids = [child.pid, ended.pid]
        alone = Sampler(tmp_path, Meter(), Sources()).take().values["memory"]
        together = Sampler(tmp_path, Meter(), Sources(processes=lambda: ids)).take().values["memory"]
        child.kill()
    assert together > alone + 25


async def test_a_loop_that_is_busy_is_late() -> None:
    late = Lateness()
    assert late.ask() == 0.0, "there is no loop yet"
    late.loop = asyncio.get_running_loop()
    late.ask()
    # Given that the loop does not come to it
    first = late.ask()
    second = late.ask()
    assert 0 < first < second
    # When it does
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    # Then it is told once how long that took
    assert late.ask() >= second
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert late.ask() >= 0


def test_a_loop_that_is_closed_is_asked_no_more() -> None:
    late = Lateness()
    late.loop = asyncio.new_event_loop()
    late.loop.close()
    assert [late.ask(), late.ask()] == [0.0, 0.0]
