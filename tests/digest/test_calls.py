"""Commands are counted for the very span that a digest names, whatever the clock did meanwhile."""

import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from milena.digest.calls import HOUR, Calls, called
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.home import Home
from milena.readside import ReadSide

START = 1_767_225_600_000
"""2026-01-01T00:00:00Z"""
MINUTE = 60_000


class Told(NamedTuple):
    time: int
    command: str
    verdict: str


class Evening(NamedTuple):
    home: Home
    readside: ReadSide
    told: list[Told]
    """What was answered, but for the flood."""
    flooded: int
    """Of the throttled ones, those that are only counted; all within a minute from FLOOD on."""


FLOOD = START + 3 * HOUR - 30_000
"""Half a minute before a full hour."""


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    path: Path = tmp_path_factory.mktemp("evening") / "data"
    chance, told = random.Random(7), []
    home = Home(path)
    with home.engine() as engine:

        def ask(command: str, who: str, time: int, **options: object) -> str:
            player = home.vault.player("terminal", who)
            place, id = Place(f"{who}/main"), InvocationId(new_id())
            answer = engine.call(Invocation(id, command, options, player, place, time))
            told.append(Told(time, command, answer.verdict))
            return answer.code

        # Given commands of six hours, by a clock that is put an hour forward and back again and again
        for number in range(60):
            time = START + number * 6 * MINUTE + chance.choice((0, HOUR, -HOUR)) + chance.randrange(MINUTE)
            dice = chance.choice(("2d6", "many"))
            ask(
                chance.choice(("roll", "coin")),
                f"player {number}",
                time,
                **({"dice": dice} if number % 2 else {}),
            )
        before = len(told)
        codes = [ask("coin", "spammer", FLOOD + 1000 * second) for second in range(50)]
        # (the first that is refused has an event of its own)
        assert codes.count("throttled") > 10
        flood = told[before:]
        del told[before:]
        first = codes.index("throttled")
        told += flood[: first + 1]
        ask("coin", "spammer", FLOOD + 10 * MINUTE)
    readside = home.readside()
    readside.catch_up(["usage"])
    return Evening(home, readside, told, codes.count("throttled") - 1)


def expected(evening: Evening, since: int, until: int) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for each in evening.told:
        if since <= each.time < until:
            found.setdefault(each.command, Counter())[each.verdict] += 1
    return found


def counted(calls: list[Calls]) -> dict[str, Counter[str]]:
    return {
        each.command: +Counter(accepted=each.accepted, refused=each.refused, failed=each.failed)
        for each in calls
        if each.command
    }


def test_those_of_a_span_are_counted_to_the_millisecond(evening: Evening) -> None:
    chance = random.Random(11)
    times = sorted({each.time for each in evening.told})
    edges = [START, START + HOUR, START + HOUR - 1, START + HOUR + 1, times[0], times[-1], times[-1] + 1]
    for _ in range(150):
        since, until = sorted(
            chance.choice((chance.choice(times) + chance.choice((0, 1)), chance.choice(edges))) for _ in ".."
        )
        found = called(evening.home.store, evening.readside, since, until)
        assert counted(found) == expected(evening, since, until), (since - START, until - START)
        sums = [each.accepted + each.refused + each.failed for each in found]
        assert sums == sorted(sums, reverse=True)


def test_those_beyond_the_throttle_are_counted_where_their_flood_began(evening: Evening) -> None:
    def nameless(since: int, until: int) -> list[Calls]:
        return [
            each for each in called(evening.home.store, evening.readside, since, until) if not each.command
        ]

    [event] = evening.home.store.rows(
        "SELECT payload ->> '$.since' FROM events WHERE tag = 'command.throttled'"
    )
    [since] = event
    assert FLOOD <= since < FLOOD + MINUTE
    beyond = [Calls("", 0, evening.flooded, 0)]
    assert nameless(since, since + 1) == beyond
    assert nameless(START, START + 9 * HOUR) == beyond
    assert nameless(START, since) == nameless(since + 1, START + 9 * HOUR) == []
