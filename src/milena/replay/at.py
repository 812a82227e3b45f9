"""The board of a game as it stood after one ply."""

from milena.domain.refusal import Refused
from milena.replay.history import History, Ply


def at(history: History, number: int) -> Ply:
    """The ply of this number, 0 being the start. Raises Refused where the game has none such."""
    if not history.plies:
        raise Refused("no_such_ply", f"Game {history.game.key} has not started: there is no board to show.")
    for ply in history.plies:
        if ply.number == number:
            return ply
    last = history.plies[-1].number
    raise Refused(
        "no_such_ply", f"Game {history.game.key} has plies 0 to {last}, and none is number {number}."
    )
