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
ace as 11); surrender of the first two cards for half the stake; insurance, half a stake that pays 2:1 if the
dealer, who shows an ace, has a blackjack. The shoe is shuffled before a round that might use it up.

Sources: "Blackjack", Bicycle How to Play, The United States Playing Card Company, for all but doubling (on
9, 10 and 11 there, here on any two cards, as in most casinos) and the options, which are casino customs:
M. Shackleford, "Blackjack", wizardofodds.com.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.view import View

RANKS = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
CARDS = tuple(rank + suit for suit in "CDHS" for rank in RANKS)
PLACE = {card: place for place, card in enumerate(CARDS)}
PIPS = tuple(min(10, 1 + RANKS.index(card[:-1])) for card in CARDS)  # an ace as 1
HIDDEN = "?"

MOST_SEATS, MOST_ROUNDS = 7, 50
MOST_PIPS = 30  # of one hand, aces as 1: nobody draws to 21, and no card has more than 10
MOST_CARDS = 21  # of one hand, all aces

SHORT = {"h": "hit", "s": "stand", "d": "double", "p": "split", "r": "surrender", "i": "insure", "n": "no"}

Cards = tuple[str, ...]


class Options(Struct, frozen=True):
    rounds: Annotated[int, Meta(ge=1, le=MOST_ROUNDS, description="Rounds to play.")] = 5
    decks: Annotated[int, Meta(ge=1, le=8, description="Packs of 52 cards in the shoe.")] = 6
    bankroll: Annotated[int, Meta(ge=100, le=100_000, description="Chips that each player brings.")] = 100
    # Half of a stake, and 3:2 or 6:5 of it, are whole chips.
    stake: Annotated[Literal[10, 20, 50, 100], Meta(description="Chips staked in each round.")] = 10
    pays: Annotated[Literal["3:2", "6:5"], Meta(description="What a blackjack pays.")] = "3:2"
    soft17: Annotated[Literal["stands", "hits"], Meta(description="What the dealer does on a soft 17.")] = (
        "stands"
    )
    surrender: Annotated[bool, Meta(description="The first two cards may be surrendered.")] = False
    insurance: Annotated[bool, Meta(description="Offered when the dealer shows an ace.")] = False


class Hand(Struct, frozen=True, omit_defaults=True):
    """``end`` is how its player ended it, before 21 or a bust did. ``insured``: chips beside the stake,
    None until the player was asked."""

    seat: int
    cards: Cards
    stake: int
    split: bool = False
    insured: int | None = None
    end: Literal["", "stand", "double", "surrender"] = ""


class State(Struct, frozen=True):
    """``shoe``     how many there are of each of CARDS that nobody has seen, the dealer's hidden one included
    ``hole``     that hidden card, empty before it is dealt and after it is turned up
    ``peeked``   the dealer has looked at it, and has a blackjack
    ``at``       the hand that is played, or asked for insurance; after the last one it is the dealer's turn
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


def total(cards: Cards) -> int:
    pips = sum([PIPS[PLACE[card]] for card in cards])
    return pips + 10 if pips <= 11 and any([card[0] == "A" for card in cards]) else pips


def soft(cards: Cards) -> bool:
    return total(cards) != sum([PIPS[PLACE[card]] for card in cards])


def blackjack(cards: Cards) -> bool:
    return len(cards) == 2 and total(cards) == 21


def natural(hand: Hand) -> bool:
    return blackjack(hand.cards) and not hand.split


def played(hand: Hand) -> bool:
    return len(hand.cards) > 1 and (hand.end != "" or total(hand.cards) >= 21)


def spare(state: State, seat: int) -> int:
    """Chips that the seat has beside those at stake."""
    return state.chips[seat] - sum(
        hand.stake + (hand.insured or 0) for hand in state.hands if hand.seat == seat
    )


def with_hands(state: State, *hands: Hand) -> tuple[Hand, ...]:
    """The hands with these in the place of the one that is played."""
    return (*state.hands[: state.at], *hands, *state.hands[state.at + 1 :])


def asking(state: State) -> bool:
    """Whether it is the time for insurance: all but the dealer's hidden card is dealt."""
    dealt = state.hands and all([len(hand.cards) == 2 for hand in state.hands])
    first = not state.hole and len(state.dealer) == 1
    return bool(dealt and first and state.options.insurance and state.dealer[0][0] == "A")


def ready(state: State) -> State:
    """On to the next hand that has something to decide or to get."""
    at, hands, half = state.at, state.hands, state.options.stake // 2
    if state.hole:
        while at < len(hands) and played(hands[at]):
            at += 1
    elif asking(state):
        while at < len(hands) and (hands[at].insured is not None or spare(state, hands[at].seat) < half):
            at += 1
    return replace(state, at=at)


def new_round(state: State) -> State:
    """The stakes of the next round, or the end of the game."""
    options = state.options
    seats = [at for at, have in enumerate(state.chips) if have >= options.stake and at not in state.out]
    if state.round == options.rounds or not seats:
        return replace(state, over=True)
    pips = sum([count * each for count, each in zip(state.shoe, PIPS, strict=True)])
    enough = pips >= MOST_PIPS * (2 * len(seats) + 1)
    return State(
        options,
        state.chips,
        shoe=state.shoe if enough else (options.decks,) * len(CARDS),
        hands=tuple(Hand(seat, (), options.stake) for seat in seats),
        round=state.round + 1,
        last=state.hands,
        last_dealer=state.dealer,
        gains=state.gains,
        out=state.out,
    )


def gain(hand: Hand, dealer: Cards, pays: str) -> int:
    """What the dealer pays for this hand, or takes."""
    insured = (hand.insured or 0) * (2 if blackjack(dealer) else -1)
    if hand.end == "surrender":
        return insured - hand.stake // 2
    if natural(hand):
        win = hand.stake * 3 // 2 if pays == "3:2" else hand.stake * 6 // 5
        return insured + win * (not blackjack(dealer))
    ours, theirs = total(hand.cards), total(dealer)
    if ours > 21 or blackjack(dealer) or ours < theirs <= 21:
        return insured - hand.stake
    return insured + hand.stake * (ours != theirs)


def dealer_draws(state: State) -> bool:
    """Whether the dealer needs one more card: some hand depends on it, and the rules of the house ask for it."""
    have = total(state.dealer)
    if have > 17 or (have == 17 and not (soft(state.dealer) and state.options.soft17 == "hits")):
        return False
    return any(
        hand.end != "surrender" and total(hand.cards) <= 21 and not natural(hand) for hand in state.hands
    )


def settle(state: State) -> State:
    gains = [0] * len(state.chips)
    for hand in state.hands:
        gains[hand.seat] += gain(hand, state.dealer, state.options.pays)
    chips = tuple(have + more for have, more in zip(state.chips, gains, strict=True))
    return new_round(replace(state, chips=chips, gains=tuple(gains)))


def draws(state: State) -> Literal["hand", "dealer", "hole", "turn", ""]:
    """What the next card is for: a hand, the dealer, to be hidden, or to turn the hidden one up."""
    hands = state.hands
    if state.over:
        return ""
    if not state.hole and len(state.dealer) < 2:
        if not state.dealer:
            return "dealer" if all([hand.cards for hand in hands]) else "hand"
        if any([len(hand.cards) < 2 for hand in hands]):
            return "hand"
        return "" if state.at < len(hands) and asking(state) else "hole"
    if state.at < len(hands):
        return "hand" if state.drawing or len(hands[state.at].cards) < 2 else ""
    return "turn" if state.hole else "dealer"


class Blackjack(Rules[State, Options]):
    name = "blackjack"
    title = "Blackjack"
    seats = Seats(1, MOST_SEATS)
    # A seat has two hands at most. A hand is dealt MOST_CARDS at most, with a move before each or instead of
    # the next (hit, split, stand), and one answer about insurance; the dealer gets as many, and turns one up.
    # A seat comes in or gives up once.
    bound = MOST_ROUNDS * (MOST_SEATS * 2 * (2 * MOST_CARDS + 2) + MOST_CARDS + 1) + 2 * MOST_SEATS
    notation = "Type hit, stand, double, split, surrender, insure or no, or just h, s, d, p, r, i or n."
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        if not fit(seats, options):
            raise Refused("too_few_decks", "One deck is enough for 5 players: choose 2 decks or more.")
        hands = tuple(Hand(seat, (), options.stake) for seat in range(seats))
        return State(options, (options.bankroll,) * seats, (options.decks,) * len(CARDS), hands)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.over:
            return ()
        return (CHANCE,) if draws(state) else (state.hands[state.at].seat,)

    def legal(self, state: State, seat: int) -> list[str]:
        if (seat,) != self.actors(state):
            return []
        if not state.hole:
            return ["insure", "no"]
        hand = state.hands[state.at]
        moves = ["hit", "stand"]
        if len(hand.cards) == 2:
            if spare(state, seat) >= hand.stake:
                moves.append("double")
                if hand.cards[0][:-1] == hand.cards[1][:-1] and not hand.split:
                    moves.append("split")
            if state.options.surrender and not hand.split:
                moves.append("surrender")
        return moves

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        return SHORT.get(typed, typed)

    def play(self, state: State, seat: int, move: str) -> State:
        legal = self.legal(state, seat)
        if move not in legal:
            raise refusal(state, seat, move, f"You may {', '.join(legal[:-1])} or {legal[-1]}.")
        hand = state.hands[state.at]
        match move:
            case "insure" | "no":
                insured = replace(hand, insured=hand.stake // 2 if move == "insure" else 0)
                return ready(replace(state, hands=with_hands(state, insured)))
            case "hit":
                return replace(state, drawing=True)
            case "double":
                doubled = replace(hand, stake=2 * hand.stake, end="double")
                return replace(state, hands=with_hands(state, doubled), drawing=True)
            case "split":
                aces = hand.cards[0][0] == "A"
                first, second = [
                    Hand(seat, (card,), hand.stake, split=True, end="stand" if aces else "")
                    for card in hand.cards
                ]
                first = replace(first, insured=hand.insured)
                return replace(state, hands=with_hands(state, first, second))
            case _:
                end: Literal["stand", "surrender"] = "surrender" if move == "surrender" else "stand"
                return ready(replace(state, hands=with_hands(state, replace(hand, end=end))))

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
        place = PLACE[outcome]
        shoe = (*state.shoe[:place], state.shoe[place] - 1, *state.shoe[place + 1 :])
        if due == "hand":
            at = state.at
            if not state.hole:  # everybody gets a first card, then everybody a second
                at = min(range(len(state.hands)), key=lambda each: len(state.hands[each].cards))
            hand = state.hands[at]
            hand = replace(hand, cards=(*hand.cards, outcome))
            hands = (*state.hands[:at], hand, *state.hands[at + 1 :])
            return ready(replace(state, shoe=shoe, hands=hands, drawing=False))
        state = replace(state, shoe=shoe, dealer=(*state.dealer, outcome), hole="")
        return state if len(state.dealer) == 1 or dealer_draws(state) else settle(state)

    def secret(self, state: State) -> bool:
        return draws(state) == "hole"

    def outcome(self, state: State) -> Outcome | None:
        if not state.over:
            return None
        brought = state.options.bankroll
        scores = [0.5 if have == brought else float(have > brought) for have in state.chips]
        scores = [0.0 if seat in state.out else score for seat, score in enumerate(scores)]
        if len(state.out) == len(scores):
            reason = "all gave up"
        else:
            reason = "the last round" if state.round == state.options.rounds else "nobody has a stake left"
        return Outcome(tuple(scores), reason, state.chips)

    def resign(self, state: State, seat: int) -> State | None:
        """What is at stake is lost."""
        if len(state.chips) == 1:
            return None
        lost = state.chips[seat] - spare(state, seat)
        chips = tuple(have - lost * (at == seat) for at, have in enumerate(state.chips))
        mine = [at for at, hand in enumerate(state.hands) if hand.seat == seat]
        before = sum(at < state.at for at in mine)
        out = (*state.out, seat)
        hands = tuple(hand for hand in state.hands if hand.seat != seat)
        left = replace(state, chips=chips, hands=hands, at=state.at - before, out=out)
        if len(out) == len(chips):
            return replace(left, over=True)
        return ready(left) if hands or state.hole else new_round(left)

    def enter(self, state: State) -> State | None:
        """Whoever comes in plays from the next round on."""
        seats = len(state.chips) + 1
        if state.over or seats > MOST_SEATS or not fit(seats, state.options):
            return None
        if state.round == state.options.rounds:
            return None
        return replace(state, chips=(*state.chips, state.options.bankroll))

    def skip(self, state: State, seat: int) -> State:
        return self.play(state, seat, "stand" if state.hole else "no")

    def hide(self, state: State, seat: int | None) -> State:
        return replace(state, hole=HIDDEN) if state.hole and not state.over else state

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        """The hidden card is any that nobody has seen and that makes a blackjack if the dealer has one, and none
        if not."""
        if not state.hole:
            return state
        unseen = [card for card, count in zip(CARDS, state.shoe, strict=True) for _ in range(count)]
        fitting = [card for card in unseen if blackjack((*state.dealer, card)) == state.peeked]
        return replace(state, hole=fitting[pick(len(fitting))])

    def view(self, state: State, seat: int | None) -> View:
        options = state.options
        dealer = (*state.dealer, state.hole) if state.hole else state.dealer
        lines = [
            f"Round {state.round} of {options.rounds}, stake {options.stake}, blackjack pays {options.pays}",
            f"  Dealer: {tell(dealer)}",
        ]
        moving = state.hands[state.at] if not state.over and not draws(state) else None
        for at, have in enumerate(state.chips):
            if state.gains and at < len(state.gains):
                have_told = f"{have} chips ({state.gains[at]:+})"
            else:
                have_told = f"{have} chips"
            told = [
                f"{'>' if hand is moving else ' '} player {at + 1}, {have_told}: {tell(hand.cards)}"
                + f", stake {hand.stake}" * (hand.stake != options.stake)
                + f", insured {hand.insured}" * bool(hand.insured)
                + ", surrendered" * (hand.end == "surrender")
                for hand in state.hands
                if hand.seat == at
            ]
            lines += told or [
                f"  player {at + 1}, {have_told}: " + ("gave up" if at in state.out else "waits")
            ]
        if state.last_dealer and not state.over:
            lines.append(f"Round {state.round - 1}: dealer {tell(state.last_dealer)}")
            lines += [f"  you {tell(hand.cards)}" for hand in state.last if hand.seat == seat]
        return View(lines=tuple(lines))


def fit(seats: int, options: Options) -> bool:
    """Whether no round can use up a full shoe."""
    return sum(PIPS) * options.decks >= MOST_PIPS * (2 * seats + 1)


def refusal(state: State, seat: int, move: str, possible: str) -> Refused:
    if move not in SHORT.values() or not state.hole:
        return Refused("no_such_move", f"That can't be played now. {possible}")
    hand = state.hands[state.at]
    if move in ("insure", "no"):
        return Refused("no_insurance_now", f"Insurance is not offered now. {possible}")
    if move == "surrender" and not state.options.surrender:
        return Refused("no_surrender", f"There is no surrender at this table. {possible}")
    if len(hand.cards) > 2:
        return Refused("too_late", f"You can {move} with your first two cards only. {possible}")
    if hand.split and move != "double":
        return Refused("split_before", f"You can't {move} after a split. {possible}")
    if move == "split" and hand.cards[0][:-1] != hand.cards[1][:-1]:
        return Refused("no_pair", f"Only a pair of the same rank can be split. {possible}")
    return Refused("too_few_chips", f"To {move} takes {hand.stake} chips more than you have. {possible}")


def tell(cards: Cards) -> str:
    """``AH 6S = soft 17``"""
    if not cards or HIDDEN in cards:
        return " ".join(cards) or "no card yet"
    worth = "blackjack" if blackjack(cards) else f"{'soft ' * soft(cards)}{total(cards)}"
    return f"{' '.join(cards)} = {worth}"


rules = Blackjack()
