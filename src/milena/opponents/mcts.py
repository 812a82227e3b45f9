"""A machine that tries moves out: Monte-Carlo tree search, from the rules alone.

It plays games of any number of players, with chance and with secrets. Each of its trials goes through
the game once, from the position at hand: where it has been before, each player takes the move that has
done best for that player, with a preference for what was tried little (UCB1; Kocsis and Szepesvári, "Bandit
based Monte-Carlo Planning", 2006); from the first new situation on, all play at random. What the trial
scored is noted at all choices that led there, each for its player (max^n). The move that was tried most
is played.

Secrets: a trial begins with one full state that the seat's own view may stand for, imagined anew each
time, and all trials share their notes (Cowling, Powley and Whitehouse, "Information Set Monte Carlo Tree
Search", 2012). So a move is judged over all that may be hidden, and since not each move can be made in
each of these states, it is compared by how often it was there to be made. A situation is what a player
knows: the machine's seat what it sees, the others what everybody sees. Hence nobody in the search
answers a choice that they can't see, whether it is hidden or made at the same time.

Chance is drawn by its weights; of several who may move, the machine's seat comes first now, and anybody
later on. A trial that grows too long counts as drawn. Where nothing is hidden and nothing drawn, a
choice whose end is certain is remembered as such (Winands, Björnsson and Saito, "Monte-Carlo Tree Search
Solver", 2008): wins at hand are taken, and losses at hand avoided.

The notes are bounded, and so is the time: whatever was found by then is played.
"""

import random
import time
from math import log, sqrt
from typing import Any, ClassVar, NamedTuple

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, AnyRules, Outcome, Rules
from milena.opponents.positions import certain, hides, key

EXPLORE = 0.7
"""How much what was tried little is preferred: the value in the program that Cowling, Powley and Whitehouse
published (2013). In Connect Four, a half or one and a half times as much made no clear difference."""
LONGEST = 300
"""Plies of one trial, draws of chance included; then it counts as drawn. Most games are over by then."""
PATIENCE = 20
"""A trial takes at most this part of the time for a move, so that a slow game has several trials too."""
LOOK_AT_CLOCK = 16
"""Plies of a trial from one look at the clock to the next."""
SITUATIONS = 20_000
"""Notes are taken of so many at most; trials that come to further ones go on at random."""
TIE_BREAK = 0.05
"""How much of a result is the game's own points, so that of two wins the higher one is preferred."""
WON = 1.0 - TIE_BREAK
LOST = TIE_BREAK

Worth = tuple[float, ...]
"""What an end is worth to each seat, from 0 to 1: at least ``WON`` where it has won and at most ``LOST``
where it has lost."""


class Level(NamedTuple):
    """Trials for one move, and the seconds that they may take."""

    trials: int
    seconds: float


class Mcts:
    """At the middle level; the others are below."""

    where: ClassVar = (
        "games that hide nothing, or whose hidden things can be imagined, and that have no answers"
    )
    level: ClassVar = Level(2_000, 0.6)

    def __init__(
        self, seed: int | None = None, level: Level | None = None, situations: int = SITUATIONS
    ) -> None:
        self._random = random.Random(seed)  # noqa: S311  # it plays; it keeps no secret
        self._level = level or self.level
        self._situations = situations

    @staticmethod
    def plays(rules: AnyRules) -> bool:
        """Not where something is hidden that can't be imagined. And not where the list of moves would
        give an answer away: to search it would be to know the answer, which is no fair play."""
        return rules.offers and (not hides(rules) or type(rules).imagine is not Rules.imagine)

    def choose(self, rules: AnyRules, state: Any, seat: int) -> str:
        moves = rules.legal(state, seat)
        if not moves:
            raise Refused("no_move_known", f"The mcts opponent knows no move in {rules.title} now.")
        if len(moves) == 1:
            return moves[0]
        search = Search(rules, state, seat, self._random, self._level, self._situations)
        search.run()
        self._random.shuffle(moves)
        return search.best(moves)


class Mcts1(Mcts):
    level = Level(30, 0.1)


class Mcts2(Mcts):
    level = Level(200, 0.3)


class Mcts3(Mcts):
    pass


class Mcts4(Mcts):
    level = Level(8_000, 3.0)


class Mcts5(Mcts):
    level = Level(30_000, 10.0)


LEVELS: dict[str, type[Mcts]] = {each.__name__.lower(): each for each in (Mcts1, Mcts2, Mcts3, Mcts4, Mcts5)}


class Choice:
    """A move in a situation. ``there``: how often it could be made; ``tried``: how often it was; ``total``:
    what came of it for whoever made it; ``end``: what it comes to in any case, once that is certain."""

    __slots__ = ("end", "there", "total", "tried")

    def __init__(self) -> None:
        self.there = 0
        self.tried = 0
        self.total = 0.0
        self.end: Worth | None = None

    def mean(self, seat: int) -> float:
        if self.end is not None:
            return self.end[seat]
        return self.total / self.tried if self.tried else 0.0


class Situation:
    """The moves tried so far in what a seat knows; ``end`` as for a choice."""

    __slots__ = ("choices", "end")

    def __init__(self) -> None:
        self.choices: dict[str, Choice] = {}
        self.end: Worth | None = None


class Step(NamedTuple):
    """A choice made on the way of a trial, of all the ``moves`` there were; ``alone``: nobody else might
    have moved."""

    situation: Situation
    seat: int
    moves: list[str]
    choice: Choice
    alone: bool


def too_long(plies: int, until: float) -> bool:
    """Whether a trial has to be cut short here."""
    return plies >= LONGEST or (plies % LOOK_AT_CLOCK == LOOK_AT_CLOCK - 1 and time.perf_counter() > until)


class Search:
    """``state`` is hidden for ``seat``, which is to move."""

    def __init__(
        self, rules: AnyRules, state: Any, seat: int, source: random.Random, level: Level, situations: int
    ) -> None:
        self.rules = rules
        self.state = state
        self.seat = seat
        self.root = Situation()
        self.situations: dict[Any, Situation] = {}
        self.most = situations
        self.level = level
        self.trials = 0
        self._random = source.random
        self._pick = source.randrange
        self._hides = hides(rules)
        self._certain = certain(rules) and not rules.simultaneous
        self._deadline = 0.0
        self._scale = 0
        self._drawn = (0.5,) * rules.seats.max
        # What trials were worth to each seat, so far: where all ends are alike but for some points, these
        # small differences matter as much as losing and winning does elsewhere.
        self._low = [1.0] * rules.seats.max
        self._high = [0.0] * rules.seats.max

    def run(self) -> None:
        started = time.perf_counter()
        self._deadline = started + self.level.seconds
        while self.trials < self.level.trials and self.root.end is None:
            self.trials += 1
            self._try(self.rules.imagine(self.state, self.seat, self._pick))
            if time.perf_counter() > self._deadline:
                break

    def best(self, moves: list[str]) -> str:
        """The move tried most; but a win that is certain is taken, and a loss that is certain is not."""
        untried = Choice()

        def merit(move: str) -> tuple[float, int, float]:
            choice = self.root.choices.get(move, untried)
            mean = choice.mean(self.seat)
            if self.root.end is not None:
                return mean if choice.end is not None else -1.0, choice.tried, mean
            rank = 0 if choice.end is None else (mean >= WON) - (mean <= LOST)
            return rank, choice.tried, mean

        return max(moves, key=merit)

    def _try(self, state: Any) -> None:
        """One trial. It goes on by the notes until it comes to a situation that is new."""
        rules, steps, end = self.rules, list[Step](), False
        until = min(self._deadline, time.perf_counter() + self.level.seconds / PATIENCE)
        plies = 0
        while True:
            actors = rules.actors(state)
            if not actors:
                worth, end = self._worth(rules.outcome(state)), self._certain
                break
            if too_long(plies, until):
                worth = self._drawn
                break
            plies += 1
            if actors[0] == CHANCE:
                state = self._draw(state)
                continue
            seat, situation = self._situation(state, actors, first=not steps)
            if situation is None:
                worth = self._play_out(state, plies, until)
                break
            if situation.end is not None:
                worth, end = situation.end, True
                break
            moves = rules.legal(state, seat)
            move = self._select(situation, moves, seat)
            steps.append(Step(situation, seat, moves, situation.choices[move], len(actors) == 1))
            state = rules.play(state, seat, move)
        self._note(steps, worth, end)

    def _situation(self, state: Any, actors: tuple[int, ...], first: bool) -> tuple[int, Situation | None]:
        """Who moves, and the notes of what they know; none where it is new, and notes of it begin."""
        if first:
            return self.seat, self.root
        seat = actors[0] if len(actors) == 1 else actors[int(self._random() * len(actors))]
        if self._hides:
            state = self.rules.hide(state, seat if seat == self.seat else None)
        known = (seat, key(state))
        situation = self.situations.get(known)
        if situation is None and len(self.situations) < self.most:
            self.situations[known] = Situation()
        return seat, situation

    def _select(self, situation: Situation, moves: list[str], seat: int) -> str:
        """A move never tried here before, if there is one, else the most promising one."""
        choices = situation.choices
        untried = []
        for move in moves:
            choice = choices.get(move)
            if choice is None:
                untried.append(move)
            else:
                choice.there += 1
        if untried:
            move = untried[int(self._random() * len(untried))]
            choices[move] = choice = Choice()
            choice.there = 1
            return move
        explore = EXPLORE * max(self._high[seat] - self._low[seat], 0.01)
        best, found = -1.0, moves[0]
        for move in moves:
            choice = choices[move]
            if choice.end is not None:
                promise = choice.end[seat]  # nothing is left to explore
            else:
                tried = choice.tried or 1  # it is on the way of this very trial where positions recur
                promise = choice.total / tried + explore * sqrt(log(choice.there) / tried)
            if promise > best:
                best, found = promise, move
        return found

    def _play_out(self, state: Any, plies: int, until: float) -> Worth:
        """What a game that goes on at random comes to."""
        rules, chance = self.rules, self._random
        while actors := rules.actors(state):
            if too_long(plies, until):
                return self._drawn
            plies += 1
            seat = actors[0] if len(actors) == 1 else actors[int(chance() * len(actors))]
            if seat == CHANCE:
                state = self._draw(state)
                continue
            moves = rules.legal(state, seat)
            state = rules.play(state, seat, moves[int(chance() * len(moves))])
        return self._worth(rules.outcome(state))

    def _draw(self, state: Any) -> Any:
        chances = self.rules.chances(state)
        ticket = self._random() * sum([weight for _, weight in chances])
        for outcome, weight in chances:
            ticket -= weight
            if ticket < 0:
                return self.rules.resolve(state, outcome)
        raise AssertionError("a ticket is below the sum of the weights")

    def _worth(self, outcome: Outcome | None) -> Worth:
        """The scores, and a little of the game's own points: the margin over the best other player, on a
        scale that the first end sets and that no margin leaves."""
        assert outcome is not None, "nobody can move once a game is over, and only then"
        scores, points = outcome.scores, outcome.points
        if not points:
            return scores
        self._scale = self._scale or max(1, *map(abs, points))
        worth = []
        for seat, score in enumerate(scores):
            margin = points[seat] - max((*points[:seat], *points[seat + 1 :]), default=0)
            share = 0.5 + 0.5 * margin / (abs(margin) + self._scale)
            worth.append(score * (1 - TIE_BREAK) + share * TIE_BREAK)
        return tuple(worth)

    def _note(self, steps: list[Step], worth: Worth, end: bool) -> None:
        """Note what a trial was worth at each of its choices, the last one first; ``end``: that this is
        certain. A choice is as certain as what follows it, a situation if it is won, or all its choices are
        certain."""
        for situation, seat, moves, choice, alone in reversed(steps):
            value = worth[seat]
            choice.tried += 1
            choice.total += value
            self._low[seat] = min(self._low[seat], value)
            self._high[seat] = max(self._high[seat], value)
            if not end:
                continue
            choice.end = worth
            if not alone:
                end = False
            elif value < WON:
                ends = [other.end for move in moves if (other := situation.choices.get(move)) and other.end]
                end = len(ends) == len(moves)
                worth = max(ends, key=lambda each: each[seat]) if end else worth
            if end:
                situation.end = worth
