"""Yahtzee. Each turn, five dice are rolled up to three times; before each further roll a player keeps what
he or she likes of them and rolls the rest again. Then the dice are scored in one of thirteen boxes, each
of which is filled once, with a zero where the dice do not fit it:

=====================  =====================================  =======================================
ones to sixes          the dice of that number together       35 more when all six make 63 or more
three, four of a kind  all dice together                      with so many alike
full house             25                                     three of one number and two of another
small, large straight  30, 40                                 four, five in a row
yahtzee                50                                     five alike
chance                 all dice together                      always
=====================  =====================================  =======================================

Five alike once the yahtzee box is filled are a joker. They earn a bonus of 100 if that box holds 50, and
have to be scored in the box of their number. Where that is filled, they fit any open box of the lower
section, a full house and the straights in full; and where all those are filled too, a zero goes into any
box of the upper section. After thirteen turns each, most points win; who plays alone wins with ``goal``.

Source: Milton Bradley (Hasbro), Yahtzee, the rules in the box (1996).
"""

import re
from functools import cache
from itertools import combinations
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.dice import rolls
from milena.domain.items import add, put
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Rules, Seats
from milena.domain.scores import most_win
from milena.domain.view import Cell, View

DICE = 5
UPPER = ("ones", "twos", "threes", "fours", "fives", "sixes")
KINDS = ("three of a kind", "four of a kind")
LOWER = (*KINDS, "full house", "small straight", "large straight", "yahtzee", "chance")
BOXES = UPPER + LOWER
YAHTZEE = BOXES.index("yahtzee")
SCORE = {f"score {name}": box for box, name in enumerate(BOXES)}
SHORT = {"aces": "ones", "3k": KINDS[0], "4k": KINDS[1], "fh": LOWER[2], "ss": LOWER[3], "ls": LOWER[4]}

OPEN = -1
UPPER_GOAL, UPPER_BONUS, YAHTZEE_BONUS = 63, 35, 100
MOST = 1575  # a yahtzee in each of the thirteen turns
OVER = -1

Card = tuple[int, ...]
"""The points in each box, OPEN where it is not filled."""


class Options(Struct, frozen=True):
    rolls: Annotated[int, Meta(ge=1, le=5, description="How often the dice may be rolled in a turn.")] = 3
    joker: Annotated[
        bool, Meta(description="Further yahtzees are jokers with a bonus of 100; else dice like any others.")
    ] = True
    goal: Annotated[int, Meta(ge=1, le=MOST, description="Alone: the points that win the game.")] = 200


class State(Struct, frozen=True):
    """``bonuses``  how many yahtzee bonuses each seat has
    ``turn``     the seat whose turn it is, OVER when the game has ended
    ``dice``     sorted digits; fewer than five: these are kept, and the others are being rolled
    ``rolled``   how often the dice have been rolled in this turn
    ``out``      the seats that gave up
    """

    options: Options
    cards: tuple[Card, ...]
    bonuses: tuple[int, ...]
    turn: int = 0
    dice: str = ""
    rolled: int = 0
    out: tuple[int, ...] = ()


@cache
def worth(dice: str, joker: bool = False) -> Card:
    """What five dice score in each box."""
    numbers = [int(die) for die in dice]
    counts = [dice.count(str(number)) for number in range(1, 7)]
    alike, total = max(counts), sum(numbers)
    row = "".join("x" if count else " " for count in counts)
    return (
        *(number * count for number, count in enumerate(counts, start=1)),
        total if alike >= 3 else 0,
        total if alike >= 4 else 0,
        25 if joker or sorted(counts)[-2:] == [2, 3] else 0,
        30 if joker or "xxxx" in row else 0,
        40 if joker or "xxxxx" in row else 0,
        50 if alike == DICE else 0,
        total,
    )


@cache
def keeps(dice: str) -> dict[str, str]:
    """What can be rolled again: each move, and the dice that it keeps."""
    kept = sorted({part for count in range(1, DICE) for part in combinations(dice, count)})
    return {"roll": ""} | {f"keep {','.join(part)}": "".join(part) for part in kept}


def filled(boxes: Card) -> int:
    return sum(points for points in boxes if points != OPEN)


def bonus(card: Card, yahtzees: int) -> int:
    """Of the upper section, and of all yahtzees after the first."""
    return UPPER_BONUS * (filled(card[: len(UPPER)]) >= UPPER_GOAL) + YAHTZEE_BONUS * yahtzees


def total(card: Card, yahtzees: int) -> int:
    return filled(card) + bonus(card, yahtzees)


def is_joker(state: State) -> bool:
    """Whether the dice are five alike, and the yahtzee box has been filled before."""
    dice = state.dice
    return state.options.joker and dice[0] == dice[-1] and state.cards[state.turn][YAHTZEE] != OPEN


def fits(state: State) -> list[int]:
    """The boxes that the dice may be scored in."""
    card = state.cards[state.turn]
    vacant = [box for box, points in enumerate(card) if points == OPEN]
    if not is_joker(state):
        return vacant
    own = int(state.dice[0]) - 1
    return [own] if own in vacant else [box for box in vacant if box >= len(UPPER)] or vacant


def next_turn(state: State) -> State:
    """The dice go to the next seat that is still playing; OVER when its card is full."""
    seats = len(state.cards)
    order = [(state.turn + step) % seats for step in range(1, seats + 1)]
    turn = next(seat for seat in order if seat not in state.out)
    if OPEN not in state.cards[turn] or (seats > 1 and len(state.out) == seats - 1):
        turn = OVER
    return State(state.options, state.cards, state.bonuses, turn, out=state.out)


class Yahtzee(Rules[State, Options]):
    name = "yahtzee"
    title = "Yahtzee"
    seats = Seats(1, 6)
    # Six players have 13 turns, each of at most 5 rolls, a choice of dice between any two of them, and the
    # scoring: 10 plies. Who gives up adds one ply, and leaves out the rest of his or her turns.
    bound = 6 * 13 * (5 + 4 + 1) + 6
    notation = "Type keep 1,1,6 to roll the other dice again, roll to roll all five, or score fives."
    on_timeout = "random"

    def start(self, seats: int, options: Options) -> State:
        return State(options, ((OPEN,) * len(BOXES),) * seats, (0,) * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.turn == OVER:
            return ()
        return (state.turn,) if len(state.dice) == DICE else (CHANCE,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat != state.turn or len(state.dice) < DICE:
            return []
        scores = [f"score {BOXES[box]}" for box in fits(state)]
        return scores + list(keeps(state.dice)) if state.rolled < state.options.rolls else scores

    def read(self, state: State, seat: int, text: str) -> str:
        """``keep 6 1 1``, ``k 116``, ``keep`` (none), ``score 5``, ``fives``, ``fh``, ``s large``."""
        typed = " ".join(text.lower().split())
        dice = re.fullmatch(r"(?:k|keep)? ?((?:[1-6][ ,]*)*)", typed)
        if dice and typed:
            kept = sorted(re.findall("[1-6]", dice[1]))
            return f"keep {','.join(kept)}" if kept else "roll"
        if typed in ("r", "roll", "reroll", "keep none"):
            return "roll"
        box = re.sub(r"^(score|s) ", "", typed)
        if re.fullmatch("[1-6]s?", box):
            return f"score {UPPER[int(box[0]) - 1]}"
        box = SHORT.get(box, box).replace("3 of", "three of").replace("4 of", "four of")
        meant = [name for name in BOXES if box and name.startswith(box)]
        return f"score {meant[0]}" if len(meant) == 1 else typed

    def play(self, state: State, seat: int, move: str) -> State:
        if move in SCORE:
            return self._score(state, SCORE[move])
        if move != "roll" and not move.startswith("keep "):
            raise Refused("no_such_move", f"Keep some dice and roll the others, or score. {ways(state)}")
        if state.rolled >= state.options.rolls:
            raise Refused("no_roll_left", f"The dice have had their last roll in this turn. {ways(state)}")
        kept = keeps(state.dice).get(move)
        if kept is None:
            raise Refused("not_these_dice", f"The dice are {','.join(state.dice)}: keep up to four of them.")
        return replace(state, dice=kept)

    def _score(self, state: State, box: int) -> State:
        turn, joker = state.turn, is_joker(state)
        card = state.cards[turn]
        if card[box] != OPEN:
            raise Refused("box_filled", f"{BOXES[box].capitalize()} is filled already. {ways(state)}")
        if box not in fits(state):
            raise Refused("joker", f"Five alike are a joker now, which goes elsewhere first. {ways(state)}")
        points = worth(state.dice, joker)[box]
        cards = put(state.cards, turn, put(card, box, points))
        bonuses = add(state.bonuses, turn, joker and card[YAHTZEE] > 0)
        return next_turn(State(state.options, cards, bonuses, turn, out=state.out))

    def chances(self, state: State) -> list[tuple[str, int]]:
        """``1,1,6``: what the dice that are rolled show, in any order."""
        rolling = state.turn != OVER and len(state.dice) < DICE
        return list(rolls(DICE - len(state.dice), ",")) if rolling else []

    def resolve(self, state: State, outcome: str) -> State:
        dice = "".join(sorted(state.dice + outcome.replace(",", "")))
        return replace(state, dice=dice, rolled=state.rolled + 1)

    def outcome(self, state: State) -> Outcome | None:
        if state.turn != OVER:
            return None
        points = tuple(map(total, state.cards, state.bonuses))
        if len(points) == 1:
            goal = state.options.goal
            return Outcome((float(points[0] >= goal),), f"{points[0]} points, {goal} were the goal", points)
        left = [seat for seat in range(len(points)) if seat not in state.out]
        best = max(points[seat] for seat in left)
        reason = "all others gave up" if len(left) == 1 else f"{best} points are the most"
        return Outcome(most_win(points, left), reason, points)

    def resign(self, state: State, seat: int) -> State | None:
        if len(state.cards) <= 2:
            return None
        after = replace(state, out=(*state.out, seat))
        return next_turn(after) if seat == state.turn or len(after.out) == len(after.cards) - 1 else after

    def view(self, state: State, seat: int | None) -> View:
        """The score card of all. What the dice would score stands in brackets where they may go."""
        thrown = state.turn != OVER and len(state.dice) == DICE
        open_to = {box: worth(state.dice, is_joker(state))[box] for box in fits(state)} if thrown else {}

        def cell(box: int, column: int) -> Cell:
            points = state.cards[column][box]
            if points != OPEN:
                return Cell(str(points))
            if column == state.turn and box in open_to:
                return Cell(f"({open_to[box]})", "dim", f"score {BOXES[box]}")
            return Cell()

        columns = range(len(state.cards))
        boxes = [tuple(cell(box, column) for column in columns) for box in range(len(BOXES))]
        sums = [
            tuple(Cell(str(each)) for each in map(bonus, state.cards, state.bonuses)),
            tuple(Cell(str(each), "accent") for each in map(total, state.cards, state.bonuses)),
        ]
        return View(
            grid=(*boxes, *sums),
            columns=tuple(f"P{column + 1}" for column in columns),
            rows=(*BOXES, "bonuses", "total"),
            lines=(tell(state),),
        )


def tell(state: State) -> str:
    """Whose turn it is, and what the dice show."""
    if state.turn == OVER:
        return "The game is over."
    roll = f"roll {state.rolled} of {state.options.rolls}"
    if len(state.dice) < DICE:
        return f"Player {state.turn + 1} keeps {' '.join(state.dice) or 'nothing'} and rolls, after {roll}."
    joker = "   a joker" if is_joker(state) else ""
    return f"Player {state.turn + 1}, {roll}:   {'  '.join(f'[{die}]' for die in state.dice)}{joker}"


def ways(state: State) -> str:
    return f"Score one of: {', '.join(BOXES[box] for box in fits(state))}."


rules = Yahtzee()
