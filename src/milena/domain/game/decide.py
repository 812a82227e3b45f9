"""Decide: which events a request leads to. Each kind of request has its own file."""

from msgspec import Struct

from milena.domain.event import Changes
from milena.domain.game.agreeing import ask_takeback, decline, offer_draw
from milena.domain.game.ending import abort, rematch, stop, void
from milena.domain.game.playing import play, resign
from milena.domain.game.requests import (
    Abort,
    AskTakeback,
    Begin,
    Decline,
    Expire,
    Invite,
    LeaveSeat,
    OfferDraw,
    Open,
    Play,
    Rematch,
    Resign,
    Stop,
    TakeOver,
    TakeSeat,
    Void,
)
from milena.domain.game.seating import begin, invite, leave_seat, open_game, take_over, take_seat
from milena.domain.game.state import Game
from milena.domain.game.timing import expire, set_clocks
from milena.domain.rules import AnyRules


def decide(changes: Changes[Game], request: Struct, rules: AnyRules) -> None:
    """Add the events that ``request`` leads to, or raise Refused: a sentence for the player, in which
    ``<id>`` stands where the name of that player belongs."""
    before = changes.state
    match request:
        case Play():
            play(changes, request, rules)
            set_clocks(changes, before, request.now, rules)
        case TakeSeat():
            take_seat(changes, request, rules)
            set_clocks(changes, before, request.now, rules)
        case Open():
            open_game(changes, request, rules)
        case LeaveSeat():
            leave_seat(changes, request, rules)
        case Begin():
            begin(changes, request, rules)
            set_clocks(changes, before, request.now, rules)
        case Invite():
            invite(changes, request)
        case TakeOver():
            take_over(changes, request)
        case Decline():
            decline(changes, request, rules)
        case Resign():
            resign(changes, request, rules)
            set_clocks(changes, before, request.now, rules)
        case OfferDraw():
            offer_draw(changes, request, rules)
        case AskTakeback():
            ask_takeback(changes, request, rules)
            set_clocks(changes, before, request.now, rules)
        case Expire():
            expire(changes, request, rules)
            set_clocks(changes, before, request.now, rules)
        case Abort():
            abort(changes, request)
        case Stop():
            stop(changes, request)
        case Void():
            void(changes, request)
        case Rematch():
            rematch(changes, request)
        case _:
            raise TypeError(f"a game knows no {type(request).__name__}")
