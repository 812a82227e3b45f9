"""/game replay: look at a game ply by ply. Front ends draw it, as far as all may see it."""

from typing import Annotated

from msgspec import Meta, Struct, to_builtins

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.refusal import Refused
from milena.domain.table import answer, game_here


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    ply: Annotated[int, Meta(ge=0, description="which ply, from 0; else the last")] | None = None


def run(desk: Desk, options: Options) -> Result:
    game = game_here(desk, options.game)
    if game.board is None:
        raise Refused("not_started", "This game has not begun: there is nothing to replay yet.")
    at = game.ply if options.ply is None else options.ply
    if at > game.ply:
        raise Refused("no_such_ply", f"This game has come to ply {game.ply}: choose 0 to {game.ply}.")
    return {**answer(game), "at": at}


def show(sight: Sight, options: Options, result: Result) -> Result:
    at, last = result["at"], result["ply"]
    steps = {
        0: "First",
        last: "Last",
        at - 1: "Back",
        at + 1: "Next",
    }  # near an end, back and next are enough
    actions = [
        Action(steps[ply], "game replay", {"game": options.game, "ply": ply})
        for ply in sorted(steps)
        if 0 <= ply <= last and ply != at
    ]
    return {**result, "says": f"Ply {at} of {last}.", "actions": to_builtins(actions)}


command = Command("game replay", "games", "Look at a game ply by ply.", Options, run, show=show)
