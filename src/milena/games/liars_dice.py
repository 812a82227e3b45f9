"""Liar's dice. All players roll their dice in secret. By turns each bids how many dice of one face lie on
the table, all hands together: more dice than the bid before, of any face, or as many of a higher face. In
place of a bid one may call the last bidder a liar. Then all dice are shown: where there are fewer than
were bid the bidder loses a die, else the caller. Whoever lost a die begins the next round (the next player
does where it was the last die); whoever is left with dice at the end wins. The points are the dice left.

Ones are wild, they count as every face. Nobody may begin with a bid of ones; later one may bid ones, half
as many as were bid (rounded up) or more, and after that any other face, more than twice as many.

Options change the dice, whether ones are wild, and whether one may call a bid ``exact``: then the bidder
loses a die where just as many are there as were bid, else the caller. Whoever gives up takes his or her
dice along, whoever misses a turn loses a die; both begin a new round.

Sources: Front Porch Classics, "Liar's Dice", user manual; the bids of ones are those of Perudo (Asmodee); the
exact call is the variant of Wikipedia, "Liar's dice", common hand.
"""

import re
from functools import cache
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.dice import rolls
from milena.domain.items import add, covered, put
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.view import View

MOST_DICE = 6
MOST_SEATS = 6
ONES = 1
LIAR, EXACT = "liar", "exact"
SHORT = {"l": LIAR, "liar!": LIAR, "dudo": LIAR, "e": EXACT, "spot on": EXACT, "calza": EXACT}

FACES = ("one", "two", "three", "four", "five", "six")
_TYPED = re.compile(rf"([0-9]{{1,2}}) *[x×* ] *(?:([1-6])s?|({'|'.join(FACES)})e?s?)")

Hand = tuple[int, ...]
"""Dice, lowest first; 0 is a die that is hidden."""


class Options(Struct, frozen=True):
    dice: Annotated[int, Meta(ge=1, le=MOST_DICE, description="Dice that each player begins with.")] = 5
    wild: Annotated[bool, Meta(description="Ones count as every face.")] = True
    exact: Annotated[bool, Meta(description="A bid may be called exact.")] = False


class Showdown(Struct, frozen=True):
    """How a round ended: the hands of all, and how many dice of the bid there were."""

    hands: tuple[Hand, ...]
    bid: str
    bidder: int
    call: str
    caller: int
    count: int
    loser: int


class State(Struct, frozen=True):
    """``dice``   how many each seat has left
    ``hands``  what each has rolled in this round, empty until then
    ``bid``    the last one, empty where there is none yet
    ``shown``  how the last round ended that came to a call
    """

    options: Options
    dice: tuple[int, ...]
    hands: tuple[Hand, ...]
    turn: int = 0
    bid: str = ""
    bidder: int = 0
    shown: Showdown | None = None


@cache
def ladder(dice: int, wild: bool) -> dict[str, int]:
    """Every bid that can be made on so many dice, the lowest first, with its rung."""

    def height(bid: tuple[int, int]) -> tuple[int, int]:
        # So many wild ones stand between twice as many sixes and one more of the lowest face.
        count, face = bid
        return (2 * count, len(FACES) + 1) if wild and face == ONES else bid

    bids = [(count, face) for count in range(1, dice + 1) for face in range(1, len(FACES) + 1)]
    return {f"{count}x{face}": rung for rung, (count, face) in enumerate(sorted(bids, key=height))}


@cache
def raises(dice: int, wild: bool, bid: str) -> list[str]:
    """The bids that may follow ``bid``, or begin a round."""
    every = ladder(dice, wild)
    if not bid:
        return [first for first in every if not (wild and first.endswith("x1"))]
    return [*every][every[bid] + 1 :]


def rolling(state: State) -> int | None:
    """The seat that is to roll next, None once all have."""
    for seat, (dice, hand) in enumerate(zip(state.dice, state.hands, strict=True)):
        if dice and not hand:
            return seat
    return None


def after(dice: tuple[int, ...], seat: int) -> int:
    """The next seat that has dice left."""
    return next(n % len(dice) for n in range(seat + 1, seat + 1 + len(dice)) if dice[n % len(dice)])


def over(state: State) -> bool:
    return sum(map(bool, state.dice)) == 1


def new_round(state: State, dice: tuple[int, ...], first: int) -> State:
    """The next round, which ``first`` begins, or the next one who has dice left."""
    turn = first if dice[first] else after(dice, first)
    return State(state.options, dice, ((),) * len(dice), turn, shown=state.shown)


class LiarsDice(Rules[State, Options]):
    name = "liars-dice"
    title = "Liar's dice"
    seats = Seats(2, MOST_SEATS)
    # Each round ends by a call, a missed turn or a resignation, and leaves one die less at least, down to
    # one. With n dice it has a draw for each player, and no more bids than there are rungs on the ladder: 6n.
    # And everybody who is out may still resign.
    bound = MOST_SEATS + sum(MOST_SEATS + len(FACES) * n + 1 for n in range(2, MOST_SEATS * MOST_DICE + 1))
    notation = "Bid with 3x5 (three fives), or type liar."
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        return State(options, (options.dice,) * seats, ((),) * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if over(state):
            return ()
        return (state.turn,) if rolling(state) is None else (CHANCE,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        bids = raises(sum(state.dice), state.options.wild, state.bid)
        if not state.bid:
            return bids.copy()
        return [LIAR, EXACT, *bids] if state.options.exact else [LIAR, *bids]

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        if found := _TYPED.fullmatch(typed):
            count, face, word = found.groups()
            return f"{int(count)}x{face or FACES.index(word) + 1}"
        return SHORT.get(typed, typed)

    def play(self, state: State, seat: int, move: str) -> State:
        if move == LIAR or (move == EXACT and state.options.exact):
            if not state.bid:
                raise Refused(
                    "no_bid", f"There is no bid to call yet; begin the round with one. {self._ways(state)}"
                )
            return self._showdown(state, seat, move)
        rungs = ladder(sum(state.dice), state.options.wild)
        if move not in rungs:
            raise Refused("no_such_move", f"That is no bid on {sum(state.dice)} dice. {self._ways(state)}")
        if state.bid and rungs[move] <= rungs[state.bid]:
            raise Refused("too_low", f"{move} is not higher than {state.bid}. {self._ways(state)}")
        if not state.bid and state.options.wild and move.endswith("x1"):
            raise Refused("ones_first", f"Ones are wild, nobody begins with them. {self._ways(state)}")
        return replace(state, bid=move, bidder=seat, turn=after(state.dice, seat))

    def _ways(self, state: State) -> str:
        """What may be played now, in a sentence."""
        bids = raises(sum(state.dice), state.options.wild, state.bid)
        ways = [f"bid {bids[0]} or higher"] if bids else []
        if state.bid:
            ways += ["say liar", "say exact"] if state.options.exact else ["say liar"]
        return f"You may {' or '.join(ways)}."

    def _showdown(self, state: State, caller: int, call: str) -> State:
        least, face = map(int, state.bid.split("x"))
        wild = state.options.wild and face != ONES
        count = sum(hand.count(face) + wild * hand.count(ONES) for hand in state.hands)
        right = count == least if call == EXACT else count < least
        loser = state.bidder if right else caller
        shown = Showdown(state.hands, state.bid, state.bidder, call, caller, count, loser)
        return new_round(replace(state, shown=shown), add(state.dice, loser, -1), loser)

    def chances(self, state: State) -> list[tuple[str, int]]:
        """``13355``: the next seat rolls a one, two threes and two fives."""
        seat = None if over(state) else rolling(state)
        return [] if seat is None else list(rolls(state.dice[seat]))

    def resolve(self, state: State, outcome: str) -> State:
        seat = rolling(state)
        assert seat is not None, "somebody is to roll"
        return replace(state, hands=put(state.hands, seat, tuple(map(int, outcome))))

    def secret(self, state: State) -> bool:
        return not over(state) and rolling(state) is not None

    def outcome(self, state: State) -> Outcome | None:
        if not over(state):
            return None
        scores = tuple(float(dice > 0) for dice in state.dice)
        return Outcome(scores, f"player {scores.index(1) + 1} is the last with dice", state.dice)

    def resign(self, state: State, seat: int) -> State:
        if not state.dice[seat]:
            return state  # was out already, and the round goes on
        return new_round(state, put(state.dice, seat, 0), state.turn)

    def skip(self, state: State, seat: int) -> State:
        return new_round(state, add(state.dice, seat, -1), seat)

    def hide(self, state: State, seat: int | None) -> State:
        return replace(state, hands=covered(state.hands, seat, 0))

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        hands = tuple(tuple(sorted(die or pick(6) + 1 for die in hand)) for hand in state.hands)
        return replace(state, hands=hands)

    def view(self, state: State, seat: int | None) -> View:
        shown = state.shown
        lines = []
        for n, dice in enumerate(state.dice):
            line = f"Player {n + 1}  {f'{dice} dice' if dice > 1 else '1 die' if dice else 'out':6}"
            if shown and shown.hands[n]:
                line += f"  showed {' '.join(map(str, shown.hands[n]))}"
            if shown and shown.loser == n:
                line += "  and lost one"
            lines.append(line.rstrip())
        if shown:
            bid = f"Player {shown.bidder + 1} bid {shown.bid}, player {shown.caller + 1} called {shown.call}"
            lines.append(f"{bid}: there {'was' if shown.count == 1 else 'were'} {shown.count}")
        if not over(state):
            bid = f"{state.bid} was bid by player {state.bidder + 1}" if state.bid else "No bid yet"
            lines.append(f"{bid}. {sum(state.dice)} dice{', ones are wild' if state.options.wild else ''}")
        return View(lines=tuple(lines), hand=() if seat is None else tuple(map(str, state.hands[seat])))


rules = LiarsDice()
