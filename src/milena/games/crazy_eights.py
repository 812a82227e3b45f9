"""Crazy eights. Get rid of your cards: by turns, each player puts one on the pile that has the suit or the
rank of the card on top. An eight fits everything, and whoever plays it names the suit to follow. Who
can't play, or would rather not, draws from the stock, as many cards as it takes (``draws`` sets a limit);
who can draw no more may pass. When the stock is used up, the pile is shuffled to make a new one, all but
its top card, up to five times a deal.

Whoever plays the last card scores what the others still hold: an eight 50, a picture or a ten 10, an ace
1, any other card its number. When all pass in succession the deal is blocked, and whoever holds the least
scores by how much the others hold more. Play a single deal, or on to a number of points; after 100 deals
the most points win. Two players are dealt seven cards each and more players five; six or more play with
two decks.

With ``actions``, a queen skips the next player, an ace turns the direction of play around, and after a two
the next player draws two cards and misses the turn, or adds another two for the one after (2, 4, 6 ...).
The card that is turned up to start has no such effect.

Sources: "Crazy Eights", game help, Board Game Arena (the deal, the play, shuffling the pile, the scores);
"Crazy eights", Encyclopaedia Britannica (an eight is not turned up to start); "Crazy Eights", Wikipedia
(passing after a limited draw); "Crazy Eights", VIP Spades (queens, aces, twos). That twos add up and cost
the turn, two decks from six players on, and the ends after so many shuffles and deals, are a choice of ours.
"""

from itertools import chain
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.cards import CARDS, Cards, in_order, remaining, told, uncovered
from milena.domain.items import covered, put, without
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.scores import most_win
from milena.domain.view import Cell, View
from milena.games.eights import Lead, decks, gains, meant

BACK = "?"

MOST_SEATS, MOST_DEALS, MOST_SHUFFLES = 8, 100, 5
MOST_DRAWN = len(CARDS) * decks(MOST_SEATS) * (1 + MOST_SHUFFLES)


class Options(Struct, frozen=True):
    points: Annotated[int, Meta(ge=0, le=500, description="So many points win; 0 for a single deal.")] = 0
    hand: Annotated[int, Meta(ge=0, le=9, description="Cards dealt; 0: to two players 7, else 5.")] = 0
    draws: Annotated[int, Meta(ge=0, le=10, description="Cards drawn in a turn at most; 0 for no limit.")] = 0
    actions: Annotated[bool, Meta(description="Queens skip, aces reverse, twos make draw two.")] = False


class State(Struct, frozen=True):
    """What is in no hand and not on the pile is the stock; its order is that in which chance draws it.

    ``pile``      top card last, empty while cards are dealt; ``suit`` the one to follow
    ``turn``      whose turn it is (while cards are dealt: whose it will be); ``way`` 1 or -1, round the table
    ``drawn``     cards drawn in this turn; ``owed`` those that are still to come
    ``fine``      cards that twos have made the seat on turn draw
    ``passes``    turns passed in succession
    ``shuffles``  how often the pile of this deal has become the stock
    ``story``     how the last deal ended
    ``out``       the seats that gave up; their cards went back into the stock
    """

    options: Options
    hands: tuple[Cards, ...]
    points: tuple[int, ...]
    pile: Cards = ()
    suit: str = ""
    turn: int = 0
    way: int = 1
    drawn: int = 0
    owed: int = 0
    fine: int = 0
    passes: int = 0
    shuffles: int = 0
    deal: int = 1
    story: str = ""
    out: tuple[int, ...] = ()
    over: bool = False

    @property
    def lead(self) -> Lead:
        return Lead(self.pile[-1], self.suit, self.fine)


def stock(state: State) -> int:
    return len(CARDS) * decks(len(state.hands)) - len(state.pile) - sum(map(len, state.hands))


def supply(state: State) -> int:
    """The cards that can be drawn, those of the pile included if it may be shuffled."""
    return stock(state) + (len(state.pile) - 1 if state.shuffles < MOST_SHUFFLES else 0)


def may_draw(state: State) -> bool:
    limit = state.options.draws
    return (state.fine > 0 or not limit or state.drawn < limit) and supply(state) > 0


def living(state: State) -> list[int]:
    return [seat for seat in range(len(state.hands)) if seat not in state.out]


def after(state: State, seat: int, way: int) -> int:
    """The seat that follows, past those that gave up."""
    while True:
        seat = (seat + way) % len(state.hands)
        if seat not in state.out:
            return seat


def dealt_to(state: State) -> int | None:
    """The seat that the next card is for; None where it is turned up to start the pile."""
    if state.pile:
        return state.turn
    seats = sorted(living(state), key=lambda seat: (seat - state.turn) % len(state.hands))
    size = state.options.hand or (7 if len(seats) == 2 else 5)
    seat = min(seats, key=lambda seat: len(state.hands[seat]))
    return seat if len(state.hands[seat]) < size else None


def unseen(state: State) -> list[tuple[str, int]]:
    """The cards that lie neither in the pile nor in a hand, as far as is known."""
    return remaining(decks(len(state.hands)), chain(state.pile, *state.hands))


def restocked(state: State) -> State:
    """The pile becomes the stock, but for its top card, where no other card is left to draw."""
    if stock(state):
        return state
    return replace(state, pile=state.pile[-1:], shuffles=state.shuffles + 1)


def draw(state: State) -> State:
    owed = min(state.fine or 1, supply(state))
    return replace(restocked(state), drawn=state.drawn + owed, owed=owed, passes=0)


def pass_on(state: State) -> State:
    passes = 0 if state.drawn or state.fine else state.passes + 1
    if passes == len(living(state)):
        return score(state)
    turn = after(state, state.turn, state.way)
    return replace(state, turn=turn, drawn=0, fine=0, passes=passes)


def score(state: State) -> State:
    """The deal is over: somebody is out of cards, or it is blocked."""
    gained, story = gains({seat: state.hands[seat] for seat in living(state)})
    points = tuple(have + gained.get(seat, 0) for seat, have in enumerate(state.points))
    if max(points[seat] for seat in gained) >= state.options.points or state.deal == MOST_DEALS:
        return replace(state, points=points, story=story, over=True)
    leads = after(state, (state.deal - 1) % len(points), 1)
    hands = ((),) * len(points)
    return State(state.options, hands, points, turn=leads, deal=state.deal + 1, story=story, out=state.out)


class CrazyEights(Rules[State, Options]):
    name = "crazy-eights"
    title = "Crazy eights"
    seats = Seats(2, MOST_SEATS)
    # In one deal each card is drawn once, and again after each shuffle of the pile: at most MOST_DRAWN are
    # drawn. No more cards than that are played, and no more moves draw. A turn is passed (or missed) after
    # a move that drew, or under a fine (one for each two played), or else in a row of less than all seats,
    # which a play or a draw has ended, or the last of which ends the deal. So a deal has at most 2 D moves
    # that play or draw, D draws of chance, 2 D passes of the first kind, and 8 more after each of the moves
    # and at the start. Each of up to 7 who give up returns less than a deck or two, to be drawn once more
    # after each shuffle at most, and begins a row anew: as much as one more deal.
    bound = (MOST_DEALS + MOST_SEATS) * (5 * MOST_DRAWN + MOST_SEATS * (2 * MOST_DRAWN + 1) + 1)
    notation = "Type a card such as QH or 10S, an eight with the suit to follow such as 8S=H, draw, or pass."
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        return State(options, hands=((),) * seats, points=(0,) * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.over:
            return ()
        return (CHANCE,) if state.owed or not state.pile else (state.turn,)

    def legal(self, state: State, seat: int) -> list[str]:
        if (seat,) != self.actors(state):
            return []
        return [*state.lead.moves(state.hands[seat]), "draw" if may_draw(state) else "pass"]

    def read(self, state: State, seat: int, text: str) -> str:
        return meant(text)

    def play(self, state: State, seat: int, move: str) -> State:
        legal = self.legal(state, seat)
        if move not in legal:
            raise state.lead.refusal(move, state.hands[seat], legal)
        if move == "draw":
            return draw(state)
        if move == "pass":
            return pass_on(state)
        card, _, named = move.partition("=")
        hand = without(state.hands[seat], card)
        hands, pile = put(state.hands, seat, hand), (*state.pile, card)
        state = replace(state, hands=hands, pile=pile, suit=named or card[-1])
        if not hand:
            return score(state)
        effect = card[0] if state.options.actions else ""
        fine = state.fine + 2 if effect == "2" else 0
        way = -state.way if effect == "A" else state.way
        skipped = after(state, seat, way) if effect == "Q" else seat
        return replace(state, turn=after(state, skipped, way), way=way, drawn=0, fine=fine, passes=0)

    def chances(self, state: State) -> list[tuple[str, int]]:
        if self.actors(state) != (CHANCE,):
            return []
        # An eight that is turned up to start goes back into the stock, and another card is turned.
        starts = dealt_to(state) is None
        return [(card, count) for card, count in unseen(state) if not (starts and card[0] == "8")]

    def resolve(self, state: State, outcome: str) -> State:
        seat = dealt_to(state)
        if seat is None:
            return replace(state, pile=(outcome,), suit=outcome[-1])
        hands = put(state.hands, seat, in_order((*state.hands[seat], outcome)))
        state = replace(state, hands=hands, owed=max(0, state.owed - 1))
        if state.owed:
            return restocked(state)
        return pass_on(state) if state.fine else state

    def secret(self, state: State) -> bool:
        return self.actors(state) == (CHANCE,) and dealt_to(state) is not None

    def outcome(self, state: State) -> Outcome | None:
        if not state.over:
            return None
        seats = living(state)
        best = max(state.points[seat] for seat in seats)
        if len(seats) == 1:
            reason = "all others gave up"
        elif state.options.points:
            reason = f"{best} points in {state.deal} deal{'s' * (state.deal > 1)}"
        else:
            reason = "out of cards" if min(len(state.hands[seat]) for seat in seats) == 0 else "blocked"
        return Outcome(most_win(state.points, seats), reason, state.points)

    def resign(self, state: State, seat: int) -> State | None:
        if len(state.hands) == 2:
            return None
        state = replace(state, out=(*state.out, seat), hands=put(state.hands, seat, ()), passes=0)
        if len(living(state)) == 1:
            return replace(state, over=True)
        if seat != state.turn:
            return state
        return replace(state, turn=after(state, seat, state.way), drawn=0, fine=0)

    def skip(self, state: State, seat: int) -> State:
        return draw(state) if state.fine and may_draw(state) else pass_on(state)

    def hide(self, state: State, seat: int | None) -> State:
        return state if state.over else replace(state, hands=covered(state.hands, seat, BACK))

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        return replace(state, hands=uncovered(state.hands, BACK, unseen(state), pick))

    def view(self, state: State, seat: int | None) -> View:
        moving = self.actors(state) == (state.turn,)
        press = "draw" if moving and may_draw(state) else ""
        goal = f" to {state.options.points} points" if state.options.points else ""
        lines = [f"Deal {state.deal}{goal}"]
        if state.pile and not state.over:
            lines.append(state.lead.told)
        for at, hand in enumerate(state.hands):
            mark = ">" if moving and at == state.turn else " "
            holds = "gave up" if at in state.out else told(hand, open=state.over)
            lines.append(f"{mark} player {at + 1}: {state.points[at]} points, {holds}")
        if state.story:
            lines.append(f"Deal {state.deal if state.over else state.deal - 1}: {state.story}")
        cells = Cell("".join(state.pile[-1:]), "accent"), Cell(str(stock(state)), "", press)
        hand = () if seat is None else state.hands[seat]
        return View((cells,), ("pile", "stock"), lines=tuple(lines), hand=hand)


rules = CrazyEights()
