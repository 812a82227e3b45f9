"""Decisions that need the consent of the others: a draw, moves that are taken back."""

from typing import Literal

from milena.domain.event import Changes
from milena.domain.game.common import end, player_at, playing_seat
from milena.domain.game.events import (
    DrawDeclined,
    DrawOffered,
    TakebackAsked,
    TakebackDeclined,
    TakenBack,
)
from milena.domain.game.requests import AskTakeback, Decline, OfferDraw
from milena.domain.game.seating import decline as decline_invitation
from milena.domain.game.state import Game
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules


def offer_draw(changes: Changes[Game], request: OfferDraw, rules: AnyRules) -> None:
    """Offer a draw, or agree to one. It stands until somebody else moves or declines."""
    seat = playing_seat(changes.state, request.player)
    if not rules.draws:
        raise Refused("no_draws", f"{rules.title} knows no draw by agreement; you can play on or resign.")
    if len(changes.state.seats) < 2:
        raise Refused("no_draws", "You play alone: there is nobody to agree with.")
    if seat in changes.state.draw_offers:
        raise Refused("already_offered", "Your offer of a draw stands already.")
    if not changes.state.draw_offers:
        _require_not_declined("draw", seat, changes.state.no_draw)
    changes.add(DrawOffered(seat))
    still_in = changes.state.still_in
    if set(still_in) <= set(changes.state.draw_offers):
        scores = tuple(0.5 if other in still_in else 0.0 for other in range(len(changes.state.seats)))
        end(changes, "agreed", "a draw by agreement", request.seed, scores)


def ask_takeback(changes: Changes[Game], request: AskTakeback, rules: AnyRules) -> None:
    """Ask to take the own last move back, or agree to what another one asks."""
    game = changes.state
    seat = playing_seat(game, request.player)
    if len(game.still_in) < 2:
        raise Refused("no_takeback", "You play alone: there is nobody to agree with.")
    if game.takeback is None:
        _require_not_declined("takeback", seat, game.no_takeback)
        plies = _since_last_move(game, seat)
    elif seat in game.takeback.seats:
        raise Refused("already_offered", "You have asked for that already; the others have to agree.")
    else:
        plies = game.takeback.plies
    changes.add(TakebackAsked(seat, plies))
    assert changes.state.takeback is not None
    if set(changes.state.still_in) <= set(changes.state.takeback.seats):
        changes.add(TakenBack(game.ply + 1, plies))


def _require_not_declined(what: str, seat: int, denied: tuple[int, ...]) -> None:
    if seat in denied:
        raise Refused("declined", f"The {what} was declined; you can ask again when you have moved.")


def _since_last_move(game: Game, seat: int) -> int:
    """How many plies have to be undone to take back the last move of a seat."""
    for plies, before in enumerate(reversed(game.earlier), start=1):
        if before.seat == seat:
            return plies
    if seat not in game.moved:
        raise Refused("no_takeback", "You have made no move yet.")
    raise Refused(
        "no_takeback",
        "Nothing of yours can be taken back here: that is only for your last move, and not across "
        "a draw of chance or in a game that hides something.",
    )


def decline(changes: Changes[Game], request: Decline, rules: AnyRules) -> None:
    """Turn down what is offered to this player: an invitation first, then a takeback, then a draw. Where
    nothing is, take back an invitation of the player's own."""
    game, player = changes.state, request.player
    if game.invitation(player) is not None:
        decline_invitation(changes, player, player, request.seed, rules)
        return
    own = [invitation.player for invitation in game.invited if invitation.by == player]
    seat = game.seat_of(player)
    if seat in game.gave_up:
        seat = None  # it is not asked any more
    if seat is not None and game.takeback is not None:
        changes.add(TakebackDeclined(seat))
    elif seat is not None and game.draw_offers:
        changes.add(DrawDeclined(seat))
    elif own:
        decline_invitation(changes, own[-1], player, request.seed, rules)
    else:
        raise Refused("nothing_offered", "Nothing is offered to you in this game.")


Offer = Literal["", "seat", "takeback", "draw"]
"""What can be accepted or declined."""


def offered(game: Game, player: PlayerId) -> Offer:
    """What is offered to a player now, and accepting is about; empty where nothing is."""
    if game.invitation(player) is not None:
        return "seat"
    if game.seat_of(player) is not None and game.takeback is not None:
        return "takeback"
    if game.seat_of(player) is not None and game.draw_offers:
        return "draw"
    return ""


def require_offered(game: Game, player: PlayerId, offer: Offer) -> None:
    """Nobody agrees to, or declines, what came in the place of what they looked at."""
    if offer and offered(game, player) != offer:
        raise Refused("nothing_offered", f"No {offer} is offered to you in this game any more.")


def asking(game: Game) -> str:
    """Who asks for what just now, in one sentence with ``<id>`` for names; empty where nobody does."""
    if game.takeback is not None:
        return f"<{player_at(game, game.takeback.seats[0])}> asks to take a move back."
    if game.draw_offers:
        return f"<{player_at(game, game.draw_offers[0])}> offers a draw."
    return ""
