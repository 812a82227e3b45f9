"""Decisions about play: moves, and giving up."""

from milena.domain.event import Changes
from milena.domain.game.common import (
    check_seed,
    end,
    lost_by,
    player_at,
    playing_seat,
    require_playing,
    reveal_if_all_chose,
    seat_of,
    settle,
)
from milena.domain.game.events import ChoiceSealed, MoveHidden, MovePlayed, Resigned
from milena.domain.game.requests import Play, Resign
from milena.domain.game.state import Game
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules

LONGEST_MOVE = 64
"""Characters; longer ones are refused before any rules see them."""


def play(changes: Changes[Game], request: Play, rules: AnyRules) -> None:
    game = changes.state
    seat = seat_of(game, request.player)
    require_playing(game)
    if seat in game.gave_up:
        raise Refused("gave_up", "You are out of this game; you can watch how it goes on.")
    stale = request.ply is not None and request.ply != game.ply
    if stale or (request.turn is not None and request.turn != rules.turn(game.board)):
        raise Refused("moved_on", "The board has moved on since you looked; look again, then move.")
    if len(request.move) > LONGEST_MOVE or not request.move.isprintable():
        raise Refused("unreadable_move", f"That can't be read as a move. {rules.notation}")
    actors = rules.actors(game.board)
    if game.choices or seat not in actors:
        chosen = [other for other, _ in game.choices]
        waiting = [f"<{player_at(game, other)}>" for other in actors if other not in chosen]
        if seat not in actors or seat in chosen:
            raise Refused("not_your_turn", f"It is not your turn: {' and '.join(waiting)} may move now.")
    if game.clocks is not None and 0 < game.clocks.ends[seat] <= request.now:
        raise Refused("out_of_time", "Your time is up.")
    move = rules.read(game.board, seat, request.move)
    make_move(changes, seat, move, request.seed, rules)


def make_move(changes: Changes[Game], seat: int, move: str, seed: bytes, rules: AnyRules) -> None:
    """Play ``move`` for a seat whose turn it is, and all that follows from it."""
    game = changes.state
    if rules.simultaneous:
        rules.play(game.board, seat, move)  # refuses what is not legal; the choice itself waits
        changes.add(ChoiceSealed(seat, move))
        reveal_if_all_chose(changes, rules)
    elif rules.secret(game.board):
        changes.add(MoveHidden(game.ply + 1, seat, move))
    else:
        changes.add(MovePlayed(game.ply + 1, seat, move))
    settle(changes, seed, rules)


def resign(changes: Changes[Game], request: Resign, rules: AnyRules) -> None:
    game = changes.state
    seat = playing_seat(game, request.player)
    if rules.resign(game.board, seat) is None:
        check_seed(game, request.seed)
        changes.add(Resigned(game.ply, seat))
        end(changes, "resigned", f"<{request.player}> resigned", request.seed, lost_by(game, seat))
    else:
        changes.add(Resigned(game.ply + 1, seat, plays_on=True))
        reveal_if_all_chose(changes, rules)
        settle(changes, request.seed, rules)
