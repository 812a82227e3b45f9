"""A machine that looks ahead: alpha-beta search, deepening ply by ply, from the rules alone.

It plays any game of two in which nothing is hidden and nothing drawn. A small game it sees to the
end of and then never loses what can be held; in a larger one it looks as far as its time allows,
takes every win and stops every loss in sight, and plays at random among moves that look alike.

A position is worth the difference of the scores it leads to, from -1 to 1, and 0 where the search
ends before the game does. As the search deepens by one ply each time, the first depth at which a
win is certain is that of the quickest one; and where every move loses, the choice of the depth
before stands, which holds out longest.
"""

import random
import time
from functools import cache
from typing import Any, ClassVar

from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules
from milena.opponents.positions import certain, key

SECONDS = 0.5
LEAST = 20_000
"""Positions that are looked at even if it takes longer: twice as many as all of tic-tac-toe needs."""
SMALL = 10_000
"""Positions of a game, at most, that is seen to its end from the first move on. Fewer than ``LEAST``, as a
position is looked at again at each depth."""
WIN = 1.0

Bounds = tuple[float, float]


class OutOfTime(Exception):
    pass


class Minimax:
    where: ClassVar = "games of two that hide nothing and leave nothing to chance"

    def __init__(self, seed: int | None = None, seconds: float = SECONDS, least: int = LEAST) -> None:
        self.seconds = seconds
        self.least = least
        self._random = random.Random(seed)  # noqa: S311  # it plays; it keeps no secret

    @staticmethod
    def plays(rules: AnyRules) -> bool:
        """Games for two that say nothing of chance and of hiding, in which one moves after the other."""
        low, high = rules.seats
        return certain(rules) and low <= 2 <= high and not rules.simultaneous and not rules.open_input

    def choose(self, rules: AnyRules, state: Any, seat: int) -> str:
        search = Search(rules, seat, time.perf_counter() + self.seconds, self.least)
        moves = rules.legal(state, seat)
        if not moves:
            raise Refused("no_move_known", f"The minimax opponent knows no move in {rules.title} now.")
        if len(moves) == 1:
            return moves[0]
        self._random.shuffle(moves)
        best = moves
        try:
            for depth in range(1, rules.bound + 1):
                worth, found = search.best(state, moves, depth)
                if worth > -WIN:
                    best = found
                if abs(worth) >= WIN or not search.cut_short:
                    break
                # What was best is looked at first next time: more is then cut off.
                moves = found + [move for move in moves if move not in found]
        except OutOfTime:
            pass
        return self._random.choice(best)


class Search:
    """``cut_short``: whether the last depth was too small to see every game end."""

    def __init__(self, rules: AnyRules, seat: int, deadline: float, least: int) -> None:
        self.rules = rules
        self.seat = seat
        self.deadline = deadline
        self.least = least
        self.looked = 0
        self.cut_short = False
        self.solved: dict[Any, float] = {}
        self.bounds: dict[Any, Bounds] = {}

    def best(self, state: Any, moves: list[str], depth: int) -> tuple[float, list[str]]:
        """What the position is worth to this seat at ``depth``, and all moves that keep it."""
        self.cut_short = False
        self.bounds = {}
        worth, found = -2.0, []
        for move in moves:
            # A window just below the best so far, so that an equal move is told from a worse one.
            low = max(-1.0, worth) - 0.001
            value, _ = self.worth(self.rules.play(state, self.seat, move), depth - 1, low, 2.0)
            if value > worth:
                worth, found = value, [move]
            elif value == worth:
                found.append(move)
        return worth, found

    def worth(self, state: Any, depth: int, low: float, high: float) -> tuple[float, bool]:
        """What a position is worth (exact between ``low`` and ``high``, else a bound), and whether
        every game from it was seen to its end."""
        outcome = self.rules.outcome(state)
        if outcome is not None:
            return outcome.scores[self.seat] - outcome.scores[1 - self.seat], True
        position = key(state)
        if position in self.solved:
            return self.solved[position], True
        if depth == 0:
            self.cut_short = True
            return 0.0, False
        least, most = self.bounds.get((position, depth), (-2.0, 2.0))
        if least >= high or least == most:
            return least, False
        if most <= low:
            return most, False
        self._look()
        value, final = self._search(state, depth, max(low, least), min(high, most))
        if low < value < high:
            self.bounds[position, depth] = (value, value)
            if final:
                self.solved[position] = value
        elif value >= high:
            self.bounds[position, depth] = (value, most)
        else:
            self.bounds[position, depth] = (least, value)
        return value, final

    def _search(self, state: Any, depth: int, low: float, high: float) -> tuple[float, bool]:
        (seat,) = self.rules.actors(state)
        ours = seat == self.seat
        best, final = (-2.0, True) if ours else (2.0, True)
        for move in self.rules.legal(state, seat):
            value, seen = self.worth(self.rules.play(state, seat, move), depth - 1, low, high)
            final = final and seen
            if ours:
                best = max(best, value)
                low = max(low, best)
            else:
                best = min(best, value)
                high = min(high, best)
            if low >= high:
                break
        return best, final

    def _look(self) -> None:
        self.looked += 1
        if self.looked > self.least and self.looked % 256 == 0 and time.perf_counter() > self.deadline:
            raise OutOfTime


@cache
def small(rules: AnyRules) -> bool:
    """Whether a game that it plays has so few positions, as it is played by default, that it sees the
    end from the start."""
    start = rules.start(2, rules.options_type())
    seen, new = {key(start)}, [start]
    while new and len(seen) <= SMALL:
        state = new.pop()
        for seat in rules.actors(state):
            for move in rules.legal(state, seat):
                after = rules.play(state, seat, move)
                if key(after) not in seen:
                    seen.add(key(after))
                    new.append(after)
    return len(seen) <= SMALL
