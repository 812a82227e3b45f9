"""The row of buttons below a board: all that can be done about a game beside the moves that are offered."""

from milena.discord import choices
from milena.discord.components import Component, button
from milena.discord.custom_ids import Ask, Control, Hand
from milena.domain.game import Game, Offer
from milena.domain.view import View
from milena.replay.history import History


def controls(history: History, view: View | None, moves: bool) -> list[Component]:
    """At most five buttons. ``view``: see :func:`.choices.shared`; ``moves``: moves can be pressed already,
    above them."""
    game = history.game
    if history.problem:
        return []
    match game.status:
        case "waiting":
            return _waiting(history, game)
        case "playing":
            return _playing(history, game, view, moves)
        case "ended" if not game.rematch:
            return [button(Control(game.key, "rematch"), "Rematch", "primary")]
    return []


def _waiting(history: History, game: Game) -> list[Component]:
    made = []
    if game.invited:
        made += _answers(game, "seat")
    if game.free and not game.private:
        made.append(button(Control(game.key, "join"), "Join", "primary"))
    if history.games.rules(game).seats.min <= len(game.players):
        made.append(button(Control(game.key, "begin"), "Begin"))
    return [*made, button(Control(game.key, "leave"), "Leave")]


def _playing(history: History, game: Game, view: View | None, moves: bool) -> list[Component]:
    games = history.games
    rules, alone = games.rules(game), len(game.seats) == 1
    made = _moving(history, game, view, moves)
    offer: Offer = "takeback" if game.takeback else "draw" if game.draw_offers else ""
    if offer or game.invited:
        made += _answers(game, "" if offer and game.invited else offer or "seat")
    else:
        if rules.draws and not alone:
            made.append(button(Control(game.key, "draw"), "Draw"))
        if game.earlier and not alone:
            made.append(button(Control(game.key, "takeback"), "Take back"))
    if len(game.moved) < len(game.seats):
        return [*made, button(Control(game.key, "abort?"), "Call off")]
    return [*made, button(Control(game.key, "resign?"), "Resign", "danger")]


def _moving(history: History, game: Game, view: View | None, moves: bool) -> list[Component]:
    """What leads to moves: one's own side of the board, and a modal."""
    games = history.games
    rules = games.rules(game)
    at = choices.looked(games, game)
    if view is None:
        return [button(Hand(game.key, 0), "Your move", "primary")]
    typed = button(Ask(game.key, at.ply, at.turn), "Type a move", "secondary" if moves else "primary")
    if rules.open_input:
        return [typed]
    if moves:
        return [button(Hand(game.key, 0), "Your hand")] if view.hand else []
    return [button(Hand(game.key, 0), "Your move", "primary"), typed]


def _answers(game: Game, offer: Offer) -> list[Component]:
    return [
        button(Control(game.key, "accept", offer), "Accept", "success"),
        button(Control(game.key, "decline", offer), "Decline"),
    ]
