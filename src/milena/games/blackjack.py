"""Blackjack. Each player plays alone against the dealer: a hand that comes nearer to 21 than the dealer's
wins, one above 21 is bust and lost. Pictures count 10, an ace 11, or 1 where 11 would be too much. All are
dealt two cards face up, the dealer the second one face down. By turns, each player hits (draws a card)
until he or she stands, has 21, or is bust. With the first two cards, one may also double the stake to draw
exactly one card more, or split a pair of the same rank into two hands of a stake each (once; split aces get
one card each). Then the dealer turns up the hidden card and draws up to 17 or more. A win pays as much as
was staked, equal totals nothing. 21 with the first two cards is a blackjack, which beats any other 21 and
pays 3:2 or 6:5; a dealer who has one shows it at once, and the round is over.

All stake the same in each round; whoever can't any more sits out. Whoever leaves the table with more chips
than he or she brought has won, with fewer has lost. Options: a dealer who also draws to a soft 17 (with an
ace as 11), and surrender of the first two cards for half the stake. There is no insurance. The shoe is
shuffled before a round that might use it up.

Sources, as houses differ: "Blackjack", Elexus Casino (the deal, the moves, surrender); "Blackjack", Mohawk
Casino (a blackjack pays one and a half, split aces, no blackjack after a split); "How do you play
blackjack?", Casino Answers (6:5, the dealer's look at the hidden card). That only pairs of the same rank are
split, and once, and when the shoe is shuffled, are a choice of ours.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.cards import CARDS, PLACE, Cards
from milena.domain.items import add
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.view import View
from milena.games.hands import HIDDEN, MOST_CARDS, SHORT, Hand, Odds, blackjack, lasts, must_draw, tell

MOST_SEATS, MOST_ROUNDS = 7, 50


class Options(Struct, frozen=True):
    rounds: Annotated[int, Meta(ge=1, le=MOST_ROUNDS, description="Rounds to play.")] = 5
    decks: Annotated[int, Meta(ge=1, le=8, description="Packs of 52 cards in the shoe.")] = 6
    bankroll: Annotated[int, Meta(ge=100, le=100_000, description="Chips that each player brings.")] = 100
    # Half of a stake, and 3:2 or 6:5 of it, are whole chips.
    stake: Annotated[Literal[10, 20, 50, 100], Meta(description="Chips staked in each round.")] = 10
    pays: Annotated[Odds, Meta(description="What a blackjack pays.")] = "3:2"
    soft17: Annotated[Literal["stands", "hits"], Meta(description="The dealer on a soft 17.")] = "stands"
    surrender: Annotated[bool, Meta(description="The first two cards may be surrendered.")] = False

    @property
    def shoe(self) -> tuple[int, ...]:
        """A full one: how many there are of each of CARDS."""
        return (self.decks,) * len(CARDS)


class State(Struct, frozen=True):
    """``shoe``     how many there are of each of CARDS that nobody has seen, the dealer's hidden one included
    ``hole``     that hidden card, empty before it is dealt and after it is turned up
    ``peeked``   the dealer has looked at it, and has a blackjack
    ``at``       the hand that is played; after the last one it is the dealer's turn
    ``drawing``  the hand that is played gets a card
    ``last``     the hands of the round before, ``gains`` what it brought to each seat
    ``out``      the seats that gave up
    """

    options: Options
    chips: tuple[int, ...]
    shoe: tuple[int, ...]
    hands: tuple[Hand, ...]
    dealer: Cards = ()
    hole: str = ""
    peeked: bool = False
    at: int = 0
    drawing: bool = False
    round: int = 1
    last: tuple[Hand, ...] = ()
    last_dealer: Cards = ()
    gains: tuple[int, ...] = ()
    out: tuple[int, ...] = ()
    over: bool = False


def spare(state: State, seat: int) -> int:
    """Chips that the seat has beside those at stake."""
    return state.chips[seat] - sum(hand.stake for hand in state.hands if hand.seat == seat)


def with_hands(state: State, at: int, *hands: Hand) -> State:
    """These in place of the hand that is there."""
    return replace(state, hands=(*state.hands[:at], *hands, *state.hands[at + 1 :]))


def ready(state: State) -> State:
    """On to the next hand that has something to decide or to get."""
    at = state.at
    while at < len(state.hands) and state.hands[at].played:
        at += 1
    return replace(state, at=at)


def new_round(state: State) -> State:
    """The stakes of the next round, or the end of the game."""
    options = state.options
    seats = [at for at, have in enumerate(state.chips) if have >= options.stake and at not in state.out]
    if state.round == options.rounds or not seats:
        return replace(state, over=True)
    shoe = state.shoe if lasts(state.shoe, len(seats)) else options.shoe
    hands = tuple(Hand(seat, (), options.stake) for seat in seats)
    begun = State(options, state.chips, shoe, hands, round=state.round + 1, out=state.out)
    return replace(begun, last=state.hands, last_dealer=state.dealer, gains=state.gains)


def settle(state: State) -> State:
    gains = [0] * len(state.chips)
    for hand in state.hands:
        gains[hand.seat] += hand.gain(state.dealer, state.options.pays)
    chips = tuple(have + more for have, more in zip(state.chips, gains, strict=True))
    return new_round(replace(state, chips=chips, gains=tuple(gains)))


def draws(state: State) -> Literal["hand", "dealer", "hole", "turn", ""]:
    """What the next card is for: a hand, the dealer, to be hidden, or to turn the hidden one up."""
    if state.over:
        return ""
    if not state.hole and len(state.dealer) < 2:
        if any(len(hand.cards) == len(state.dealer) for hand in state.hands):
            return "hand"
        return "hole" if state.dealer else "dealer"
    if state.at < len(state.hands):
        return "hand" if state.drawing or len(state.hands[state.at].cards) < 2 else ""
    return "turn" if state.hole else "dealer"


class Blackjack(Rules[State, Options]):
    name = "blackjack"
    title = "Blackjack"
    seats = Seats(1, MOST_SEATS)
    # A seat has two hands at most. A hand gets MOST_CARDS at most, with a move before each or instead of the
    # next; the dealer gets as many, one of which is turned up later. A seat comes in or gives up once.
    bound = MOST_ROUNDS * (MOST_SEATS * 2 * (2 * MOST_CARDS + 1) + MOST_CARDS + 1) + 2 * MOST_SEATS
    notation = "Type hit, stand, double, split or surrender, or just h, s, d, p or r."
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        if not lasts(options.shoe, seats):
            raise Refused("too_few_decks", "One deck is enough for 5 players: choose 2 decks or more.")
        hands = tuple(Hand(seat, (), options.stake) for seat in range(seats))
        return State(options, (options.bankroll,) * seats, options.shoe, hands)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.over:
            return ()
        return (CHANCE,) if draws(state) else (state.hands[state.at].seat,)

    def legal(self, state: State, seat: int) -> list[str]:
        if (seat,) != self.actors(state):
            return []
        return state.hands[state.at].moves(spare(state, seat), state.options.surrender)

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        return SHORT.get(typed, typed)

    def play(self, state: State, seat: int, move: str) -> State:
        legal = self.legal(state, seat)
        hand = state.hands[state.at]
        if move not in legal:
            raise hand.refusal(move, legal, state.options.surrender)
        if move == "hit":
            return replace(state, drawing=True)
        if move == "double":
            doubled = replace(hand, stake=2 * hand.stake, end="double")
            return replace(with_hands(state, state.at, doubled), drawing=True)
        if move == "split":
            aces = hand.cards[0][0] == "A"
            pair = [replace(hand, cards=(card,), split=True, end="stand" * aces) for card in hand.cards]
            return with_hands(state, state.at, *pair)
        return ready(with_hands(state, state.at, replace(hand, end=move)))

    def chances(self, state: State) -> list[tuple[str, int]]:
        match draws(state):
            case "":
                return []
            case "turn":
                return [(state.hole, 1)]
        left = [(card, count - (card == state.hole)) for card, count in zip(CARDS, state.shoe, strict=True)]
        return [(card, count) for card, count in left if count]

    def resolve(self, state: State, outcome: str) -> State:
        due = draws(state)
        if due == "hole":
            peeked = blackjack((*state.dealer, outcome))
            return ready(replace(state, hole=outcome, peeked=peeked, at=len(state.hands) if peeked else 0))
        state = replace(state, shoe=add(state.shoe, PLACE[outcome], -1))
        if due == "hand":
            at = state.at
            if not state.hole:  # everybody gets a first card, then everybody a second
                at = min(range(len(state.hands)), key=lambda each: len(state.hands[each].cards))
            hand = state.hands[at]
            state = with_hands(state, at, replace(hand, cards=(*hand.cards, outcome)))
            return ready(replace(state, drawing=False)) if state.hole else state
        state = replace(state, dealer=(*state.dealer, outcome), hole="")
        if len(state.dealer) == 1:
            return state
        # The dealer draws on as long as some hand depends on it.
        low = must_draw(state.dealer, soft17=state.options.soft17 == "hits")
        return state if low and any(hand.undecided for hand in state.hands) else settle(state)

    def secret(self, state: State) -> bool:
        return draws(state) == "hole"

    def outcome(self, state: State) -> Outcome | None:
        if not state.over:
            return None
        brought = state.options.bankroll
        scores = [0.5 if have == brought else float(have > brought) for have in state.chips]
        scores = [score * (seat not in state.out) for seat, score in enumerate(scores)]
        reason = "the last round" if state.round == state.options.rounds else "nobody has a stake left"
        if len(state.out) == len(scores):
            reason = "all gave up"
        return Outcome(tuple(scores), reason, state.chips)

    def resign(self, state: State, seat: int) -> State | None:
        """What is at stake is lost."""
        if len(state.chips) == 1:
            return None
        lost = state.chips[seat] - spare(state, seat)
        hands = tuple(hand for hand in state.hands if hand.seat != seat)
        at = state.at - sum(hand.seat == seat for hand in state.hands[: state.at])
        chips, out = add(state.chips, seat, -lost), (*state.out, seat)
        state = replace(state, chips=chips, hands=hands, at=at, out=out)
        return replace(state, over=True) if len(state.out) == len(state.chips) else ready(state)

    def enter(self, state: State) -> State | None:
        """Whoever comes in plays from the next round on."""
        options, seats = state.options, len(state.chips) + 1
        fits = seats <= MOST_SEATS and lasts(options.shoe, seats)
        if state.over or state.round == options.rounds or not fits:
            return None
        return replace(state, chips=(*state.chips, options.bankroll))

    def skip(self, state: State, seat: int) -> State:
        return self.play(state, seat, "stand")

    def hide(self, state: State, seat: int | None) -> State:
        return replace(state, hole=HIDDEN) if state.hole and not state.over else state

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        """The hidden card is one that nobody has seen; it makes a blackjack just where the dealer has one."""
        if not state.hole:
            return state
        unseen = [card for card, count in zip(CARDS, state.shoe, strict=True) for _ in range(count)]
        fitting = [card for card in unseen if blackjack((*state.dealer, card)) == state.peeked]
        return replace(state, hole=fitting[pick(len(fitting))])

    def view(self, state: State, seat: int | None) -> View:
        options = state.options
        lines = [
            f"Round {state.round} of {options.rounds}, stake {options.stake}, blackjack pays {options.pays}",
            f"  Dealer: {tell((*state.dealer, state.hole) if state.hole else state.dealer)}",
        ]
        playing = "" if state.over or draws(state) else state.hands[state.at]
        for at, have in enumerate(state.chips):
            gained = f" ({state.gains[at]:+})" if at < len(state.gains) else ""
            hands = [hand for hand in state.hands if hand.seat == at]
            told = [(">" if hand is playing else " ", hand.told(options.stake)) for hand in hands]
            for mark, cards in told or [(" ", "gave up" if at in state.out else "waits")]:
                lines.append(f"{mark} player {at + 1}, {have} chips{gained}: {cards}")
        if state.last_dealer and not state.over:
            lines.append(f"Round {state.round - 1}: dealer {tell(state.last_dealer)}")
            lines += [f"  you {hand.told(options.stake)}" for hand in state.last if hand.seat == seat]
        return View(lines=tuple(lines))


rules = Blackjack()
