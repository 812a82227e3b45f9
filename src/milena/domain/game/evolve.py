"""What an event makes of a game; those of its seats see :mod:`milena.domain.game.evolve_seats`."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from milena.domain.event import Event
from milena.domain.game import evolve_seats
from milena.domain.game.events import (
    ChanceDrawn,
    ChoiceSealed,
    ChoicesRevealed,
    ClocksSet,
    DrawDeclined,
    DrawOffered,
    Ended,
    InvitationDeclined,
    InvitationExpired,
    Invited,
    MovePlayed,
    Opened,
    Rematched,
    Reminded,
    Resigned,
    SeatHandedOver,
    SeatLeft,
    SeatTaken,
    Started,
    TakebackAsked,
    TakebackDeclined,
    TakenBack,
    TimedOut,
    Voided,
)
from milena.domain.game.state import KEPT_BOARDS, Before, Clocks, Game, Takeback
from milena.domain.rules import AnyRules, Outcome, Rules


def evolve(game: Game, event: Event, rules: AnyRules | None) -> Game:
    """The game after ``event``. ``rules`` are those of this game, None before it is opened."""
    if rules is None:
        assert isinstance(event, Opened), "the first event opens the game"
        return _opened(game, event)
    for kind in type(event).__mro__:
        taken_in = _EVOLVE.get(kind)
        if taken_in is not None:
            return taken_in(game, event, rules)
    raise TypeError(f"a game knows no {type(event).__name__}")


def _opened(game: Game, event: Opened) -> Game:
    return Game(
        key=game.key,
        status="waiting",
        name=event.game,
        rules=event.rules,
        options=event.options,
        host=event.host,
        commitment=event.commitment,
        seats=(None,) * event.seats,
        place=event.place,
        private=event.private,
        until=event.until,
        clock=event.clock,
        rematch_of=event.rematch,
    )


# -------------------------------------------------------------------------------------------- play


def _move_played(game: Game, event: MovePlayed, rules: AnyRules) -> Game:
    board = rules.play(game.board, event.seat, event.move)
    offers = game.draw_offers if not game.draw_offers or event.seat in game.draw_offers else ()
    return replace(
        game,
        board=board,
        ply=event.ply,
        moved=_once(game.moved, event.seat),
        no_draw=_without_seat(game.no_draw, event.seat),
        no_takeback=_without_seat(game.no_takeback, event.seat),
        missing=None,
        earlier=_remember(game, event.seat, rules),
        draw_offers=offers,
        takeback=None,
    )


def _once(seats: tuple[int, ...], seat: int) -> tuple[int, ...]:
    return seats if seat in seats else (*seats, seat)


def _without_seat(seats: tuple[int, ...], seat: int) -> tuple[int, ...]:
    return tuple(other for other in seats if other != seat) if seats else ()


def _remember(game: Game, seat: int, rules: AnyRules) -> tuple[Before, ...]:
    """The boards that can be gone back to. Where a game hides anything, a move may tell of it: none can."""
    if type(rules).hide is not Rules.hide:
        return ()
    return (*game.earlier[1 - KEPT_BOARDS :], Before(seat, game.board))


def _chance_drawn(game: Game, event: ChanceDrawn, rules: AnyRules) -> Game:
    board = rules.resolve(game.board, event.outcome)
    return replace(game, board=board, ply=event.ply, draws=event.draw, earlier=(), takeback=None)


def _choice_sealed(game: Game, event: ChoiceSealed, rules: AnyRules) -> Game:
    choices = (*game.choices, (event.seat, event.move))
    return replace(game, choices=choices, moved=_once(game.moved, event.seat), missing=None)


def _choices_revealed(game: Game, event: ChoicesRevealed, rules: AnyRules) -> Game:
    board = game.board
    for seat, move in event.choices:
        board = rules.play(board, seat, move)
    return replace(game, board=board, ply=event.ply, choices=(), earlier=(), draw_offers=(), takeback=None)


def _timed_out(game: Game, event: TimedOut, rules: AnyRules) -> Game:
    seat = event.seat
    match event.missed:
        case "skipped":
            board, choices = rules.skip(game.board, seat), _without(game, seat)
            return replace(game, board=board, ply=event.ply, choices=choices, earlier=(), takeback=None)
        case "left":
            leave = rules.flag if event.flag else rules.resign
            return _left(game, seat, event.ply, leave(game.board, seat))
        case "random":
            return replace(game, missing=seat, draws=event.draw)
        case "lost":
            return game


def _resigned(game: Game, event: Resigned, rules: AnyRules) -> Game:
    if not event.plays_on:
        return replace(game, ply=event.ply)
    return _left(game, event.seat, event.ply, rules.resign(game.board, event.seat))


def _left(game: Game, seat: int, ply: int, board: Any) -> Game:
    """A seat is out, and the others play on."""
    return replace(
        game,
        board=board,
        ply=ply,
        choices=_without(game, seat),
        gave_up=(*game.gave_up, seat),
        invited=tuple(each for each in game.invited if each.seat != seat),
        earlier=(),
        draw_offers=(),
        takeback=None,
    )


def _without(game: Game, seat: int) -> tuple[tuple[int, str], ...]:
    return tuple(choice for choice in game.choices if choice[0] != seat)


def _clocks_set(game: Game, event: ClocksSet, rules: AnyRules) -> Game:
    before = game.clocks
    reminded = () if before is None else tuple(s for s in before.reminded if before.ends[s] == event.ends[s])
    return replace(game, clocks=Clocks(event.left, event.since, event.ends, reminded))


def _reminded(game: Game, event: Reminded, rules: AnyRules) -> Game:
    assert game.clocks is not None, "who is reminded has a clock"
    return replace(game, clocks=replace(game.clocks, reminded=(*game.clocks.reminded, event.seat)))


# ------------------------------------------------------------------------- agreements and endings


def _draw_offered(game: Game, event: DrawOffered, rules: AnyRules) -> Game:
    return replace(game, draw_offers=(*game.draw_offers, event.seat))


def _draw_declined(game: Game, event: DrawDeclined, rules: AnyRules) -> Game:
    return replace(game, draw_offers=(), no_draw=_once(game.no_draw, game.draw_offers[0]))


def _takeback_asked(game: Game, event: TakebackAsked, rules: AnyRules) -> Game:
    seats = game.takeback.seats if game.takeback else ()
    return replace(game, takeback=Takeback((*seats, event.seat), event.plies))


def _takeback_declined(game: Game, event: TakebackDeclined, rules: AnyRules) -> Game:
    assert game.takeback is not None, "what is declined was asked"
    return replace(game, takeback=None, no_takeback=_once(game.no_takeback, game.takeback.seats[0]))


def _taken_back(game: Game, event: TakenBack, rules: AnyRules) -> Game:
    earlier = game.earlier
    board, rest = earlier[-event.plies].board, earlier[: -event.plies]
    return replace(game, board=board, ply=event.ply, earlier=rest, draw_offers=(), takeback=None)


def _ended(game: Game, event: Ended, rules: AnyRules) -> Game:
    return replace(
        game,
        status="ended",
        how=event.how,
        outcome=Outcome(event.scores, event.reason, event.points),
        seed=event.seed,
        clocks=None,
        choices=(),
        invited=(),
        earlier=(),
        draw_offers=(),
        takeback=None,
    )


def _voided(game: Game, event: Voided, rules: AnyRules) -> Game:
    return replace(game, voided=event.reason)


def _rematched(game: Game, event: Rematched, rules: AnyRules) -> Game:
    return replace(game, rematch=event.game)


_EVOLVE: dict[type, Callable[[Game, Any, AnyRules], Game]] = {
    MovePlayed: _move_played,
    ChanceDrawn: _chance_drawn,
    ChoiceSealed: _choice_sealed,
    ChoicesRevealed: _choices_revealed,
    TimedOut: _timed_out,
    ClocksSet: _clocks_set,
    Reminded: _reminded,
    SeatTaken: evolve_seats.seat_taken,
    SeatLeft: evolve_seats.seat_left,
    SeatHandedOver: evolve_seats.seat_handed_over,
    Started: evolve_seats.started,
    Invited: evolve_seats.invited,
    InvitationDeclined: evolve_seats.invitation_declined,
    InvitationExpired: evolve_seats.invitation_over,
    DrawOffered: _draw_offered,
    DrawDeclined: _draw_declined,
    TakebackAsked: _takeback_asked,
    TakebackDeclined: _takeback_declined,
    TakenBack: _taken_back,
    Resigned: _resigned,
    Ended: _ended,
    Voided: _voided,
    Rematched: _rematched,
}
