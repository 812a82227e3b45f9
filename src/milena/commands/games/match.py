"""/match: sit down at a game that waits for somebody, or open one and wait."""

from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.commands.games import open as opening
from milena.domain.command import Command, Desk, Result
from milena.domain.game import Game, TakeSeat
from milena.domain.lobby import waiting_for
from milena.domain.table import act, answer, lobby, terms


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="which game, such as tictactoe")]
    options: Annotated[dict[str, Any], Meta(description="that game's own options")] = {}
    seats: Annotated[int | None, Meta(description="how many play, where the game leaves it open")] = None
    clock: Annotated[str, Meta(description="5m, 3m+2s, 30s/turn or 3d/turn")] = ""
    salt: Annotated[str | None, Meta(description="what you bring to the draws of chance")] = None


def run(desk: Desk, options: Options) -> Result:
    player, now = desk.invocation.player, desk.invocation.time
    wanted = opening.Options(
        options.game, options.options, options.seats, clock=options.clock, salt=options.salt
    )
    probe = _consider(desk, wanted)
    if options.seats is None and len(probe.seats) == 1:  # who plays alone waits for nobody
        wanted = replace(wanted, seats=2)
        probe = _consider(desk, wanted)
    rating = desk.rating(probe.name, player)
    for key in waiting_for(lobby(desk), probe.name, terms(probe), player, rating):
        request = TakeSeat(player, options.salt or desk.new_id(), desk.seed(key), now=now)
        return answer(act(desk, key, request))
    return answer(opening.open_game(desk, wanted))


def _consider(desk: Desk, wanted: opening.Options) -> Game:
    """The game as it would be opened, to know what it has to have in common with those that wait."""
    game: Game = desk.consider("game", "match", opening.request(desk, "match", wanted))
    return game


command = Command(
    "match", "games", "Sit down at a game that waits for somebody, or open one and wait.", Options, run
)
