"""Milena on Discord beside a bot of a few lines that answers "pong": how soon people are answered, and what
that takes. All talk to a stand-in for Discord over sockets, each in a process of its own, and are measured by
turns; :mod:`.discord_load` has what people do.

The bot without a library shows what is the stand-in's own.
"""

import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

from benchmarks.discord_load import BARE, DURABLE, FLOOR, MILENA, Club, Shown, club
from benchmarks.table import Row, quantile, ratio

MINUTE, SECOND, BURST = 100 / 60, 100.0, 400
"""Commands a second: a hundred in a minute, and in a second; and how many at once."""
LIMIT, SOON = 3.0, 0.1
"""Seconds in which Discord takes an answer, and in which Milena is to give it."""
BUDGET, WIRE = 512.0, 1e6
"""MiB that Milena may take, and bytes a second."""
Load = Callable[[Club, int], Awaitable[list[Shown]]]


class Measured:
    """What a load met, round by round. ``waited``: seconds from dispatch to callback; ``busy``: seconds of
    processor time a second; ``wire``: bytes a second, both ways."""

    def __init__(self) -> None:
        self.waited: list[list[float]] = []
        self.busy: list[float] = []
        self.wire: list[float] = []

    async def measure(self, club: Club, load: Load) -> None:
        record, number = club.discord.record, len(self.waited)
        began, cpu, wire = time.perf_counter(), club.bot.cpu, record.bytes_on_the_wire
        shown = await load(club, number)
        seconds = time.perf_counter() - began
        self.waited.append([each.interaction.latency or LIMIT for each in shown])
        self.busy.append((club.bot.cpu - cpu) / seconds)
        self.wire.append((record.bytes_on_the_wire - wire) / seconds)

    @property
    def p50(self) -> list[float]:
        return [quantile(each, 0.5) for each in self.waited]

    @property
    def p99(self) -> float:
        """Of all rounds: one has few commands."""
        return quantile([seconds for each in self.waited for seconds in each], 0.99)

    @property
    def missed(self) -> int:
        return sum(seconds >= LIMIT for each in self.waited for seconds in each)


def beside(rounds: int, minute: float, second: float) -> list[Row]:
    """``minute``, ``second``: for how long there are a hundred commands a minute, and a second."""
    loads: dict[str, Load] = {
        "100 a minute": lambda club, n: club.steadily(club.usual, MINUTE, minute, n),
        "100 a second": lambda club, n: club.steadily(club.usual, SECOND, second, n),
        "400 at once": lambda club, n: club.at_once(club.usual, BURST),
    }
    with tempfile.TemporaryDirectory() as folder:
        found, memory, wrong = asyncio.run(_measure(Path(folder), loads, rounds))
    return [*_answers(found, list(loads)), wrong, *_costs(found, memory)]


async def _measure(
    folder: Path, loads: dict[str, Load], rounds: int
) -> tuple[dict[tuple[str, str], Measured], dict[str, int], Row]:
    """What each bot met under each load, its memory then, and how often Milena was wrong."""
    found: dict[tuple[str, str], Measured] = defaultdict(Measured)
    async with AsyncExitStack() as stack:
        commands = {"floor": FLOOR, "bare": BARE, "durable": DURABLE, "ping": MILENA, "mixed": MILENA}
        clubs = {
            name: await stack.enter_async_context(club(folder / name, command))
            for name, command in commands.items()
        }
        for name in ("ping", "mixed"):
            await clubs[name].open_games()
        clubs["mixed"].usual = clubs["mixed"].mixed
        for each in clubs.values():
            await each.at_once(each.ping, len(each.people))  # all are known then, and connections open
        for _ in range(rounds):
            for what, load in loads.items():
                for name, each in clubs.items():
                    await found[what, name].measure(each, load)
                    await each.quiet()
        ours = [clubs["ping"], clubs["mixed"]]
        count, wrong = sum(len(each.shown) for each in ours), sum(each.wrong() for each in ours)
        again = sum(each.again for each in ours)
        what = f"of {count:,} answers lost or doubled ({again} sent again)"
        row = Row(what, str(wrong), "none", wrong, 0, smaller=True)
        return found, {name: each.bot.memory for name, each in clubs.items()}, row


def _answers(found: dict[tuple[str, str], Measured], loads: list[str]) -> list[Row]:
    rows = []
    for load in loads[:2]:
        bare, durable, floor = (found[load, name] for name in ("bare", "durable", "floor"))
        for name, what in (("ping", "/ping"), ("mixed", "moves and more")):
            ours = found[load, name]
            rows += [
                Row(f"{what}, {load}, p50", _ms(median(ours.p50)),
                    f"pong: {_ms(median(bare.p50))} (no library: {_ms(median(floor.p50))})",
                    ratio(ours.p50, bare.p50), 1.5, smaller=True),
                Row(f"{what}, {load}, p99", _ms(ours.p99),
                    f"pong: {_ms(bare.p99)} (no library: {_ms(floor.p99)})",
                    ours.p99 / bare.p99, 2, smaller=True),
                Row("the same", _ms(ours.p99), _ms(SOON), ours.p99 / SOON, 1, smaller=True),
                Row("p50 beside who puts a row on the disk", _ms(median(ours.p50)),
                    f"durable pong: {_ms(median(durable.p50))}", ratio(ours.p50, durable.p50), smaller=True),
                Row("p99", _ms(ours.p99), f"durable pong: {_ms(durable.p99)}",
                    ours.p99 / durable.p99, smaller=True),
            ]  # fmt: skip
    for name, what in (("bare", "pong"), ("ping", "/ping"), ("mixed", "moves and more")):
        ours = found[loads[2], name]
        longest = max(max(each) for each in ours.waited)
        rows.append(
            Row(f"{what}, {loads[2]}: {ours.missed} missed, longest", _ms(longest), _ms(LIMIT),
                longest / LIMIT, 1, smaller=True)
        )  # fmt: skip
    return rows


def _costs(found: dict[tuple[str, str], Measured], memory: dict[str, int]) -> list[Row]:
    ours, theirs = memory["mixed"] / 2**20, memory["bare"] / 2**20
    mixed, bare = found["100 a second", "mixed"], found["100 a second", "bare"]
    ping, quiet = found["100 a second", "ping"], found["100 a minute", "mixed"]
    return [
        Row("memory after it all", f"{ours:.0f} MiB", f"bare bot: {theirs:.0f} MiB",
            ours / theirs, 1.5, True),
        Row("the same", f"{ours:.0f} MiB", f"{BUDGET:.0f} MiB", ours / BUDGET, 1, True),
        Row("of a core, /ping, 100 a second", _share(ping.busy), f"pong: {_share(bare.busy)}",
            ratio(ping.busy, bare.busy), None, True),
        Row("of a core, moves and more, 100 a second", _share(mixed.busy), f"pong: {_share(bare.busy)}",
            ratio(mixed.busy, bare.busy), None, True),
        Row("of a core, moves and more, 100 a minute", _share(quiet.busy), "30 %",
            median(quiet.busy) / 0.3, 1, True),
        Row("bytes a second, 100 a second", _kb(mixed.wire), f"pong: {_kb(bare.wire)}",
            ratio(mixed.wire, bare.wire), None, True),
        Row("the same", _kb(mixed.wire), _kb([WIRE]), median(mixed.wire) / WIRE, 1, True),
    ]  # fmt: skip


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


def _share(busy: list[float]) -> str:
    return f"{median(busy):.1%}"


def _kb(wire: list[float]) -> str:
    return f"{median(wire) / 1e3:.0f} kB"
