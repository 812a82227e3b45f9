"""Decisions about seats: opening a game, taking a seat, inviting, handing over, starting."""

from typing import Any

import msgspec
from msgspec import Struct

from milena.domain import chance
from milena.domain.clock import Clock
from milena.domain.event import Changes
from milena.domain.game.common import end, require_going_on, seat_of, settle
from milena.domain.game.events import (
    How,
    InvitationDeclined,
    Invited,
    Opened,
    SeatHandedOver,
    SeatLeft,
    SeatTaken,
    Started,
)
from milena.domain.game.requests import Begin, Invite, LeaveSeat, Open, TakeOver, TakeSeat
from milena.domain.game.state import Game, Invitation
from milena.domain.ids import PlayerId
from milena.domain.options import describe_error
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules

LONGEST_SALT = 64


def open_game(changes: Changes[Game], request: Open, rules: AnyRules) -> None:
    if changes.state.status != "unopened":
        raise Refused("id_taken", f"The id {changes.state.key} is taken; open the game under another.")
    low, high = rules.seats
    seats = low if request.seats is None else request.seats
    if not low <= seats <= high:
        allowed = str(low) if low == high else f"{low} to {high}"
        raise Refused("seats", f"{rules.title} is for {allowed} player{'s' * (high > 1)}, not {seats}.")
    options = check_options(rules, request.options)
    rules.start(seats, options)  # refuses options that do not go together
    changes.add(
        Opened(
            game=rules.name,
            rules=rules.version,
            options=msgspec.json.decode(msgspec.json.encode(options)),  # as it will be read again
            seats=seats,
            host=request.player,
            commitment=chance.commitment(request.seed),
            place=request.place,
            clock=_clock(rules, options, request.clock),
            private=request.private,
            until=request.until,
            rematch=request.rematch,
        )
    )


def _clock(rules: AnyRules, options: Struct, asked: Clock | None) -> Clock | None:
    own = rules.clock(options)
    if own is not None and asked not in (None, own):
        raise Refused("bad_clock", f"{rules.title} has a clock of its own ({own}): leave out the clock.")
    return own or asked


def check_options(rules: AnyRules, options: dict[str, Any]) -> Struct:
    """The options of a game from plain data; texts are read as numbers where numbers are due.
    Raises Refused, naming the option and what is allowed."""
    known = rules.options_type.__struct_fields__
    unknown = [name for name in options if name not in known]
    if unknown:
        allowed = f"It has: {', '.join(known)}." if known else "It has none."
        raise Refused("bad_option", f"{rules.title} has no option {unknown[0][:40]!r}. {allowed}")
    try:
        converted: Struct = msgspec.convert(options, rules.options_type, strict=False)
    except msgspec.ValidationError as error:
        sentence = describe_error(error, rules.options_type)
        raise Refused("bad_option", f"That does not fit {rules.title}: {sentence}") from None
    return converted


def take_seat(changes: Changes[Game], request: TakeSeat, rules: AnyRules) -> None:
    game = changes.state
    require_going_on(game)
    if game.seat_of(request.player) is not None:
        raise Refused("already_seated", "You sit at this game already.")
    if not (request.salt.isascii() and request.salt.isalnum() and len(request.salt) <= LONGEST_SALT):
        raise Refused("bad_salt", f"A salt is 1 to {LONGEST_SALT} letters and digits.")
    if game.status == "playing":
        _enter(changes, request, rules)
        return
    changes.add(SeatTaken(_seat_to_take(game, request), request.player, request.salt))
    if None not in changes.state.seats:
        _start(changes, request.seed, rules)


def _seat_to_take(game: Game, request: TakeSeat) -> int:
    """The seat that a player gets in a game that has not begun."""
    invitation = game.invitation(request.player)
    if invitation is not None and request.seat in (None, invitation.seat):
        require_standing(invitation, request.now)
        return invitation.seat
    if game.private and invitation is None and not request.chosen:
        raise Refused("private", "This game is only for those who were invited; ask who opened it.")
    free = game.free
    if not free:
        raise Refused("no_free_seat", "All seats of this game are taken or promised; ask for another one.")
    if request.seat is None:
        return free[0]
    if request.seat not in free:
        seats = ", ".join(str(seat + 1) for seat in free)
        raise Refused("seat_taken", f"Seat {request.seat + 1} is not free. Free: {seats}.")
    return request.seat


def _enter(changes: Changes[Game], request: TakeSeat, rules: AnyRules) -> None:
    """Come into a game that is being played, as its last seat."""
    game = changes.state
    full = len(game.seats) >= rules.seats.max
    back = request.player in game.former  # who has seen what that seat saw
    if full or back or game.private or request.seat is not None or rules.enter(game.board) is None:
        raise Refused("no_free_seat", "This game has begun already; ask for another one.")
    changes.add(SeatTaken(len(game.seats), request.player, request.salt, game.ply + 1))
    settle(changes, request.seed, rules)


def leave_seat(changes: Changes[Game], request: LeaveSeat, rules: AnyRules) -> None:
    game = changes.state
    seat = seat_of(game, request.player)
    require_going_on(game)
    if game.status != "waiting":
        raise Refused("has_begun", "This game has begun; you can resign, not leave.")
    changes.add(SeatLeft(seat, request.player))
    close_if_too_few(changes, "aborted", f"<{request.player}> left", request.seed, rules)


def begin(changes: Changes[Game], request: Begin, rules: AnyRules) -> None:
    """Start before all seats are taken."""
    game = changes.state
    if game.status != "waiting":
        require_going_on(game)
        raise Refused("has_begun", "This game has begun already.")
    if request.player != game.host and game.seat_of(request.player) is None:
        raise Refused("not_seated", "Only those who play here, or opened the game, can begin it.")
    if game.invited and request.player != game.host:
        raise Refused("invited", "Others are invited still: only who opened the game can begin without them.")
    missing = rules.seats.min - len(game.players)
    if missing > 0:
        needs = f"{missing} more player{'s' * (missing > 1)}"
        raise Refused("too_few", f"{rules.title} needs {needs} before it can begin.")
    _start(changes, request.seed, rules)


def _start(changes: Changes[Game], seed: bytes, rules: AnyRules) -> None:
    changes.add(Started(len(changes.state.players)))
    settle(changes, seed, rules)


# ------------------------------------------------------------------------------------ invitations


def invite(changes: Changes[Game], request: Invite) -> None:
    game = changes.state
    require_going_on(game)
    if game.seat_of(request.guest) is not None:
        raise Refused("already_seated", f"<{request.guest}> sits at this game already.")
    if request.guest in game.turned_down:
        raise Refused("turned_down", f"<{request.guest}> has declined to play this game.")
    if game.invitation(request.guest) is not None:
        raise Refused("already_invited", f"<{request.guest}> is invited already.")
    if game.status == "waiting":
        if request.player != game.host and game.seat_of(request.player) is None:
            raise Refused("not_seated", "Only those who play here, or opened the game, can invite.")
        if not game.free:
            raise Refused("no_free_seat", "All seats of this game are taken or promised.")
        seat = game.free[0] if request.seat is None else request.seat
        if seat not in game.free:
            raise Refused("seat_taken", f"Seat {seat + 1} is not free.")
    else:
        seat = seat_of(game, request.player)
        if seat in game.gave_up:
            raise Refused("gave_up", "You are out of this game: there is no seat to hand over.")
        for other in game.invited:
            if other.seat == seat:
                raise Refused("already_invited", f"You have offered your seat to <{other.player}>.")
    changes.add(Invited(request.guest, seat, request.until, request.player))


def decline(changes: Changes[Game], guest: PlayerId, by: PlayerId, seed: bytes, rules: AnyRules) -> None:
    """Turn an invitation down, or take it back."""
    changes.add(InvitationDeclined(guest, by))
    close_if_too_few(changes, "declined", f"<{by}> declined", seed, rules)


def close_if_too_few(changes: Changes[Game], how: How, reason: str, seed: bytes, rules: AnyRules) -> None:
    """A private game with too few players and guests will never begin."""
    game = changes.state
    expected = len(game.players) + len(game.invited)
    if game.status == "waiting" and game.private and expected < rules.seats.min:
        end(changes, how, reason, seed)


def require_standing(invitation: Invitation, now: int) -> None:
    if invitation.until <= now:
        raise Refused("too_late", "That invitation has expired; ask for a new one.")


def take_over(changes: Changes[Game], request: TakeOver) -> None:
    """Accept a seat that another player hands over."""
    game = changes.state
    require_going_on(game)
    invitation = game.invitation(request.player)
    if invitation is None or game.status != "playing":
        raise Refused("nothing_offered", "There is no seat here that is offered to you.")
    require_standing(invitation, request.now)
    changes.add(SeatHandedOver(invitation.seat, request.player, invitation.by))
