"""What is told when: by the clock that a test sets, and the log that is there."""

import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from milena.aggregates import EFFECTS
from milena.digest import Herald, lines, report
from milena.domain.digest import DAY, Digest, latest
from milena.domain.effect import Effect
from milena.domain.ids import Place
from milena.home import Home
from milena.ops.config import Config, DigestSettings
from milena.ops.errors import FILE, Failure
from milena.ops.errors_db import ErrorBook

MINUTE = 60_000
NINE = round(datetime(2026, 11, 26, 9, tzinfo=UTC).timestamp() * 1000)


class Nobody:
    """A world in which what is told directly is kept."""

    def __init__(self) -> None:
        self.told: list[Effect] = []

    def serves(self, place: Place) -> bool:
        return True

    async def perform(self, effect: Effect, again: bool) -> dict[str, object]:
        self.told.append(effect)
        return {}


class Operator:
    """Whom the herald tells; ``posts`` are in the log."""

    def __init__(self, path: Path) -> None:
        config = Config(digest=DigestSettings(channel=4711))
        self.home = Home(path, config)
        self.engine = self.home.engine()
        self.world = Nobody()
        self.begin()

    def begin(self) -> None:
        """Anew, as after a restart."""
        self.herald = Herald(self.home, self.engine, self.world)

    def posts(self) -> list[Effect]:
        keys = self.home.store.streams(EFFECTS.kind)
        return [self.home.store.fold(EFFECTS, key).state for key in keys]

    def fails(self, when: int, *causes: str, kind: str = "bug", logger: str = "") -> None:
        book = ErrorBook(self.home.path / FILE, 2000)
        for cause in causes:
            context = {"logger": logger}
            book.add(Failure(cause, kind, "KeyError", cause, cause, when, "", "", context))  # type: ignore[arg-type]
        book.close()

    def said(self, effect: Effect) -> list[str]:
        readside = self.home.readside()
        found = report(self.home, readside, effect.data.after, effect.data.before)
        return lines(found, urgent=effect.about == "digest:urgent")


@pytest.fixture
def operator(tmp_path: Path):  # type: ignore[no-untyped-def]
    operator = Operator(tmp_path / "home")
    with operator.home, operator.engine:
        yield operator


def test_a_slot_is_the_time_of_a_day_where_the_operator_is() -> None:
    assert latest("09:00", UTC, NINE) == NINE
    assert latest("09:00", UTC, NINE - 1) == NINE - DAY
    assert latest("10:00", ZoneInfo("Europe/Berlin"), NINE + MINUTE) == NINE
    # On the day on which the clocks are put back, ten o'clock is 25 hours after ten o'clock.
    after = round(datetime(2026, 10, 25, 12, tzinfo=UTC).timestamp() * 1000)
    berlin = ZoneInfo("Europe/Berlin")
    assert latest("10:00", berlin, after) - latest("10:00", berlin, after - DAY) == 25 * 60 * MINUTE


async def test_a_digest_a_day_tells_all_since_the_last_one(operator: Operator) -> None:
    for now in (NINE, NINE + MINUTE, NINE + DAY - 1):
        await operator.herald.turn(now)
        operator.begin()
    for late in (NINE + 3 * DAY + MINUTE, NINE + 3 * DAY + 2 * MINUTE):  # it was stopped for two days
        await operator.herald.turn(late)
    first, second = operator.posts()
    assert (first.about, first.place) == ("digest:daily", "milena/4711")
    assert (first.data.after, first.data.before) == (NINE - DAY, NINE)
    assert (second.data.after, second.data.before) == (NINE, NINE + 3 * DAY + MINUTE)


async def test_a_flood_of_failures_is_no_flood_of_posts(operator: Operator) -> None:
    await operator.herald.turn(NINE)
    causes = [f"cause{number}" for number in range(100)]
    for second, cause in enumerate(causes):
        operator.fails(NINE + 10_000 + 1000 * second, cause)
        await operator.herald.turn(NINE + 10_000 + 1000 * second)
        operator.begin()  # a restart does not let it forget what it told when
    assert len(operator.posts()) == 1, "so soon after the last one it is held back"
    for minutes in range(2, 20):
        await operator.herald.turn(NINE + minutes * MINUTE)
    _, held = operator.posts()
    told = operator.said(held)
    assert told[1] == "Failures: 100 causes, 100 of them new; 'milena errors list' lists all."
    assert told[-1] == "- and 92 more causes."


async def test_what_failed_before_is_not_urgent_but_in_the_digest(operator: Operator) -> None:
    operator.fails(NINE - 2 * DAY, "known")
    await operator.herald.turn(NINE)
    operator.fails(NINE + MINUTE, "known", "known")
    operator.fails(NINE + MINUTE, "mistake", kind="user")
    await operator.herald.turn(NINE + 60 * MINUTE)
    assert len(operator.posts()) == 1
    operator.fails(NINE + 61 * MINUTE, "known", logger="milena.ops.backup.schedule")
    await operator.herald.turn(NINE + 62 * MINUTE)
    await operator.herald.turn(NINE + DAY)
    _, backup, daily = operator.posts()
    assert backup.about == "digest:urgent"
    assert any(line.startswith("- 3 times: KeyError (bug) in known") for line in operator.said(daily))


async def test_that_the_log_cant_be_written_is_told_without_it(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await operator.herald.turn(NINE)
    with monkeypatch.context() as broken:
        broken.setattr(type(operator.engine), "trouble", property(lambda _: "The disk is full."))
        await operator.herald.turn(NINE + 10 * MINUTE)
        await operator.herald.turn(NINE + 11 * MINUTE)
    (told,) = operator.world.told
    assert told.about == "digest:urgent"
    await operator.herald.turn(NINE + 20 * MINUTE)
    assert [each.about for each in operator.posts()] == ["digest:daily", "digest:urgent"], "it is over"


def test_what_can_not_be_known_is_said(operator: Operator) -> None:
    (operator.home.path / FILE).write_bytes(b"no database" * 100)
    found = report(operator.home, operator.home.readside(), NINE - DAY, round(time.time() * 1000), "full")
    told = "\n".join(lines(found))
    assert "Not known: failures: " in told
    assert "can't be written, and what only looks something up is answered: full" in told
    assert msgspec.json.decode(msgspec.json.encode(found))["games"]["opened"] == 0


def test_a_state_is_read_as_it_was_written() -> None:
    from milena.aggregates import DIGESTS

    state = Digest("4711", NINE, NINE, NINE - DAY, NINE, "effect")
    assert DIGESTS.decode(DIGESTS.encode(state)) == state
