"""What an event makes of a game's seats and invitations."""

import msgspec
from msgspec.structs import replace

from milena.domain.game.events import (
    InvitationDeclined,
    InvitationExpired,
    Invited,
    SeatHandedOver,
    SeatLeft,
    SeatTaken,
    Started,
)
from milena.domain.game.state import Game, Invitation, Seated
from milena.domain.rules import AnyRules


def seat_taken(game: Game, event: SeatTaken, rules: AnyRules) -> Game:
    seated = Seated(event.player, event.salt)
    invited = tuple(each for each in game.invited if each.player != event.player)
    if game.status == "waiting":
        return replace(game, seats=_with(game.seats, event.seat, seated), invited=invited)
    board = rules.enter(game.board)
    seats = (*game.seats, seated)
    return replace(
        game,
        seats=seats,
        board=board,
        ply=event.ply,
        moved=(*game.moved, event.seat),  # it is too late to abort for who comes in late
        invited=invited,
        earlier=(),
        takeback=None,
    )


def seat_left(game: Game, event: SeatLeft, rules: AnyRules) -> Game:
    return replace(game, seats=_with(game.seats, event.seat, None))


def invited(game: Game, event: Invited, rules: AnyRules) -> Game:
    invitation = Invitation(event.player, event.seat, event.until, event.by)
    return replace(game, invited=(*game.invited, invitation))


def invitation_over(game: Game, event: InvitationDeclined | InvitationExpired, rules: AnyRules) -> Game:
    return replace(game, invited=tuple(each for each in game.invited if each.player != event.player))


def invitation_declined(game: Game, event: InvitationDeclined, rules: AnyRules) -> Game:
    game = invitation_over(game, event, rules)
    if event.by != event.player:
        return game
    return replace(game, turned_down=(*game.turned_down, event.player))


def seat_handed_over(game: Game, event: SeatHandedOver, rules: AnyRules) -> Game:
    seated = game.seats[event.seat]
    assert seated is not None, "who hands a seat over sits on it"
    invited = tuple(each for each in game.invited if each.player != event.player and each.seat != event.seat)
    seats = _with(game.seats, event.seat, Seated(event.player, seated.salt))
    former = (*game.former, event.before)
    return replace(game, seats=seats, invited=invited, former=former, draw_offers=(), takeback=None)


def started(game: Game, event: Started, rules: AnyRules) -> Game:
    options = msgspec.convert(game.options, rules.options_type)
    seats = tuple(seated for seated in game.seats if seated is not None)
    board = rules.start(event.seats, options)
    return replace(game, status="playing", seats=seats, board=board, invited=())


def _with(seats: tuple[Seated | None, ...], seat: int, seated: Seated | None) -> tuple[Seated | None, ...]:
    return (*seats[:seat], seated, *seats[seat + 1 :])
