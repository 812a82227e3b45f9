"""Usage: sums of what was called, by hour and day, and how long it took."""

from collections import Counter
from typing import Any

import pytest
from book import MINUTE, START, Book
from folding import Folded, cuts, fold, orders, played, playing
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import DAY, HOUR, Scenario

from milena.domain.member import CommandThrottled


@settings(max_examples=25)
@given(played, orders, cuts)
def test_the_sums_are_those_of_the_commands_however_the_log_is_cut(
    stories: Any, order: int, cuts: set[int]
) -> None:
    with playing(stories, order) as scenario, fold(scenario, "usage", cuts) as usage:
        assert sums(usage) == expected(scenario)
        with fold(scenario, "usage") as whole:
            assert whole.dump() == usage.dump()


def test_what_comes_again_in_a_later_batch_is_added(scenario: Scenario) -> None:
    # given the same refusals and commands of the same day, again and again
    scenario.play([("nonsense", 0), ("nonsense", 0), ("talk", 0), ("talk", 0), ("nonsense", 0)])
    # when each event is a batch of its own, then nothing is lost of any sum
    with fold(scenario, "usage", range(1, scenario.head)) as usage:
        assert sums(usage) == expected(scenario)


def expected(scenario: Scenario) -> dict[str, Counter[Any]]:
    """What the books of a scenario sum up to."""
    found: dict[str, Counter[Any]] = {
        name: Counter() for name in ("hours", "refusals", "players", "latencies")
    }
    for each in scenario.called:
        hour, day = each.time // HOUR * HOUR, each.time // DAY * DAY
        found["hours"][each.guild, hour, each.command, each.verdict] += 1
        found["players"][each.guild, day, each.player] += 1
        found["latencies"][each.guild, day, each.command] += 1
        if each.code:
            found["refusals"][each.guild, day, each.command, each.code] += 1
    return found


def sums(usage: Folded) -> dict[str, Counter[Any]]:
    """The same, from the tables."""
    hours = [
        ((row["guild"], row["time"], row["command"], verdict), row[verdict])
        for row in usage.rows("SELECT * FROM hours")
        for verdict in ("accepted", "refused", "failed")
        if row[verdict]
    ]
    latencies: Counter[Any] = Counter()
    for row in usage.rows("SELECT * FROM latencies"):
        latencies[row["guild"], row["time"], row["command"]] += row["times"]
    return {
        "hours": Counter(dict(hours)),
        "refusals": Counter(
            {
                (row["guild"], row["time"], row["command"], row["code"]): row["times"]
                for row in usage.rows("SELECT * FROM refusals")
            }
        ),
        "players": Counter(
            {
                (row["guild"], row["time"], row["player"]): row["commands"]
                for row in usage.rows("SELECT * FROM players")
            }
        ),
        "latencies": latencies,
    }


def test_a_guild_is_told_its_own_sums(everything: Scenario) -> None:
    with fold(everything, "usage") as usage:
        for guild in (*everything.guilds, "nowhere"):
            here = [called for called in everything.called if called.guild == guild]
            hours = Counter(called.time // HOUR * HOUR for called in here)
            told = {
                row["time"]: row["accepted"] + row["refused"] + row["failed"]
                for row in usage.ask("per_hour", guild)
            }
            assert told == hours
            called = {row["command"]: row["called"] for row in usage.ask("commands", guild)}
            assert called == Counter(each.command for each in here)
            reasons = {(row["code"], row["command"]): row["times"] for row in usage.ask("refusals", guild)}
            assert reasons == Counter((each.code, each.command) for each in here if each.code)
            times = sum(row["times"] for row in usage.ask("histogram", guild))
            assert times == len(here)
            busy = {row["hour"]: row["commands"] for row in usage.ask("busiest_hours", guild)}
            assert busy == Counter(each.time // HOUR % 24 for each in here)


def test_machines_and_the_clock_are_not_people_who_come(everything: Scenario) -> None:
    days: dict[int, set[str]] = {}
    for called in everything.called:
        if called.player != everything.clock:
            days.setdefault(called.time // DAY * DAY, set()).add(called.player)
    with fold(everything, "usage") as usage:
        told = {row["time"]: row["players"] for row in usage.ask("active")}
    assert told == {day: len(players) for day, players in days.items()}


# ------------------------------------------------------------------------------------- percentiles


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The tables, with nothing in them."""
    with Scenario(tmp_path_factory.mktemp("empty") / "data") as scenario, fold(scenario, "usage") as usage:
        yield usage


def test_the_buckets_grow_by_a_quarter_from_50_us_to_a_minute(empty: Folded) -> None:
    bounds = empty.rows("SELECT * FROM _bounds ORDER BY low_us")
    assert [row["high_us"] for row in bounds[:-1]] == [row["low_us"] for row in bounds[1:]]
    assert (bounds[0]["low_us"], bounds[0]["high_us"]) == (0, 50)
    assert (bounds[-1]["low_us"], bounds[-1]["high_us"]) == (60_000_000, None)
    assert all(row["high_us"] <= row["low_us"] * 5 / 4 + 1 for row in bounds[1:-1])


def test_a_percentile_of_nothing_is_not_told(empty: Folded) -> None:
    assert empty.ask("latency") == []


@settings(max_examples=60)
@given(st.lists(st.integers(0, 90_000_000), min_size=1, max_size=200))
def test_percentiles_are_right_within_the_width_of_a_bucket(empty: Folded, took: list[int]) -> None:
    # given commands that took so long
    db = empty.file.db
    db.execute("DELETE FROM main.latencies")
    db.executemany(
        "INSERT INTO main.latencies "
        "SELECT '811', 0, 'move', max(low_us), 1 FROM main._bounds WHERE low_us <= ? "
        "ON CONFLICT DO UPDATE SET times = times + 1",
        [(each,) for each in took],
    )
    # when percentiles are asked for
    (row,) = empty.ask("latency", "811")
    # then each is the upper bound of the bucket that the true one lies in
    ranked = sorted(took)
    for name, share in (("p50_us", 50), ("p90_us", 90), ("p99_us", 99), ("most_us", 100)):
        true = ranked[-(-len(ranked) * share // 100) - 1]
        bucket = db.execute(
            "SELECT max(low_us), high_us FROM main._bounds WHERE low_us <= ?", (true,)
        ).fetchone()
        assert row[name] == (bucket[1] or bucket[0])
    assert row["times"] == len(took)


def test_what_was_refused_beyond_the_throttle_is_counted() -> None:
    book = Book()
    for refused, player in ((70, "ann"), (5, "bob")):
        throttled = CommandThrottled(refused, START, START + MINUTE)
        book.write(f"member:8:{player}", throttled, "8/1", player)
    with book.kept(), fold(book, "usage", {1}) as usage:
        (row,) = usage.ask("refusals", "8")
        assert (row["code"], row["command"], row["times"]) == ("throttled", "", 75)
        (row,) = usage.ask("commands", "8")
        assert (row["called"], row["refused"]) == (75, 75)
