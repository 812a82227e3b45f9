"""The machine that tries moves out: how often it beats chance, how long it thinks, how much it notes down."""

import time
import tracemalloc
from collections.abc import Sequence
from random import Random
from typing import Any

from benchmarks.table import Row
from milena import games
from milena.domain.rules import CHANCE, Outcome
from milena.opponents import Opponent
from milena.opponents.mcts import SITUATIONS, Level, Mcts, Search
from milena.opponents.random import Random as Chance


class Timed:
    """A machine with a watch: ``longest`` is the longest time of a move."""

    def __init__(self, machine: Opponent) -> None:
        self.machine = machine
        self.longest = 0.0

    def choose(self, rules: Any, state: Any, seat: int) -> str:
        started = time.perf_counter()
        move = self.machine.choose(rules, state, seat)
        self.longest = max(self.longest, time.perf_counter() - started)
        return move


def play(rules: Any, machines: Sequence[Any], seed: int, moves: int | None = None) -> Outcome | None:
    """A game, or its first moves; each machine sees what its seat may."""
    source = Random(seed)
    state = rules.start(len(machines), rules.options_type())
    while (actors := rules.actors(state)) and moves != 0:
        if actors == (CHANCE,):
            outcomes, weights = zip(*rules.chances(state), strict=True)
            state = rules.resolve(state, source.choices(outcomes, weights)[0])
            continue
        seat = source.choice(actors)
        state = rules.play(state, seat, machines[seat].choose(rules, rules.hide(state, seat), seat))
        moves = None if moves is None else moves - 1
    outcome: Outcome | None = rules.outcome(state)
    return outcome


def strength(rounds: int) -> list[Row]:
    """Games of the middle level against chance, as first and as second by turns."""
    rows = []
    for name in ("connect4", "othello"):
        rules, score = games.load(name), 0.0
        for number in range(rounds):
            seats: list[Opponent] = [Mcts(number), Chance(number)]
            outcome = play(rules, seats[::-1] if number % 2 else seats, number)
            assert outcome is not None
            score += outcome.scores[number % 2]
        rows.append(
            Row(f"mcts at {rules.title}", f"{score:g} of {rounds}", f"random: {rounds / 2:g}",
                2 * score / rounds, 1.9)
        )  # fmt: skip
    return rows


def pace(moves: int) -> list[Row]:
    """The longest of the first moves of each game, at the middle level."""
    rows = []
    for name in games.names():
        rules = games.load(name)
        if not Mcts.plays(rules):
            continue
        seats = max(rules.seats.min, min(2, rules.seats.max))
        machines = [Timed(Mcts(seat)) for seat in range(seats)]
        play(rules, machines, 1, moves)
        longest = max(machine.longest for machine in machines)
        rows.append(Row(f"mcts, a move of {rules.title}", f"{longest:.2f} s", "1 s", longest, 1.0, True))
    return rows


def notes() -> list[Row]:
    """The memory of a search that notes as much down as it may, against one that may a tenth of it."""
    rules: Any = games.load("connect4")
    start = rules.start(2, rules.options_type())
    peaks = {}
    for most in (SITUATIONS // 10, SITUATIONS):
        tracemalloc.start()
        search = Search(rules, start, 0, Random(1), Level(2 * most, 3600), most)
        search.run()
        assert len(search.situations) == most
        peaks[most] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    few, many = peaks.values()
    return [
        Row(f"mcts, memory with {SITUATIONS:,} notes", f"{many / 2**20:.1f} MiB",
            f"{SITUATIONS // 10:,} notes: {few / 2**20:.1f} MiB", many / few)
    ]  # fmt: skip
