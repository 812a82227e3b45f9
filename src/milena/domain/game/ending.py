"""Decisions that end a game without its rules: aborting, voiding; and playing it again."""

from milena.domain.event import Changes
from milena.domain.game.common import end, require_going_on
from milena.domain.game.events import Rematched, Voided
from milena.domain.game.requests import Abort, Rematch, Stop, Void
from milena.domain.game.state import Game
from milena.domain.refusal import Refused

LONGEST_REASON = 200


def abort(changes: Changes[Game], request: Abort) -> None:
    """End a game without a result while not each side has moved yet."""
    game = changes.state
    require_going_on(game)
    seat = game.seat_of(request.player)
    if request.player != game.host and seat is None:
        raise Refused("not_seated", "Only those who play here, or opened the game, can abort it.")
    if seat in game.gave_up:
        raise Refused("gave_up", "You are out of this game; you can watch how it goes on.")
    if game.moved and len(game.moved) >= len(game.seats):
        raise Refused(
            "too_late",
            "It is too late to abort, as each side has moved. You can resign, or ask a moderator to void it.",
        )
    end(changes, "aborted", f"<{request.player}> aborted it", request.seed)


def void(changes: Changes[Game], request: Void) -> None:
    """Take the result away, now or after the end."""
    game = changes.state
    if game.voided:
        raise Refused("already_voided", f"This game is void already: {game.voided}.")
    if game.status == "ended" and game.outcome is not None and not game.outcome.scores:
        raise Refused("no_result", "This game ended without a result: there is nothing to void.")
    reason = _reason(request.reason)
    changes.add(Voided(request.player, reason))
    if game.status != "ended":
        end(changes, "voided", "a moderator voided it", request.seed)


def stop(changes: Changes[Game], request: Stop) -> None:
    """End a game that goes on, or waits, without a result, however far it is."""
    require_going_on(changes.state)
    end(changes, "aborted", f"<{request.player}> ended it: {_reason(request.reason)}", request.seed)


def _reason(text: str) -> str:
    reason = " ".join(text.split()).rstrip(".")
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise Refused("bad_reason", f"Give a reason of 1 to {LONGEST_REASON} characters.")
    return reason


def rematch(changes: Changes[Game], request: Rematch) -> None:
    game = changes.state
    if game.status != "ended":
        raise Refused("not_over", "This game goes on; a rematch can be asked for when it is over.")
    if game.seat_of(request.player) is None:
        raise Refused("not_seated", "Only those who played this game can ask for a rematch.")
    if game.rematch != request.instead_of:
        raise Refused("rematched", f"It is played again already, as {game.rematch}.")
    changes.add(Rematched(request.game))
