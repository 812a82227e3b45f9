"""/open: open a game and sit down at it."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from milena.domain.clock import parse
from milena.domain.command import Command, Desk, Result
from milena.domain.game import Game, Open, TakeSeat
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.table import answer, invitation, opened


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="which game, such as tictactoe")]
    options: Annotated[dict[str, Any], Meta(description="that game's own options")] = {}
    seats: Annotated[int | None, Meta(description="how many play, where the game leaves it open")] = None
    sit: Annotated[bool, Meta(description="take the first seat")] = True
    clock: Annotated[str, Meta(description="5m, 3m+2s, 30s/turn or 3d/turn")] = ""
    invite: Annotated[tuple[PlayerId, ...], Meta(description="whom seats are kept for")] = ()
    private: Annotated[bool, Meta(description="only who is invited may sit down")] = False
    machines: Annotated[tuple[str, ...], Meta(description="machines that play, such as minimax")] = ()
    salt: Annotated[str | None, Meta(description="what you bring to the draws of chance")] = None


def run(desk: Desk, options: Options) -> Result:
    return answer(open_game(desk, options))


def open_game(desk: Desk, options: Options, rematch: str = "") -> Game:
    """Open a game, seat its host and its machines, invite its guests."""
    key, player, now = desk.new_id(), desk.invocation.player, desk.invocation.time
    seed = desk.seed(key)
    game: Game = desk.act("game", key, request(desk, key, options, rematch))
    if options.sit:
        game = desk.act("game", key, TakeSeat(player, options.salt or desk.new_id(), seed, None, now, True))
    if options.invite and game.status != "waiting":
        raise Refused("no_free_seat", "There is no seat for a guest: open the game for more players.")
    for guest in options.invite:
        game = desk.act("game", key, invitation(desk, guest))
    for name in options.machines:
        machine = TakeSeat(desk.machine(name, game), desk.new_id(), seed, None, now, True)
        game = desk.act("game", key, machine)
    return opened(desk, game)


def request(desk: Desk, key: str, options: Options, rematch: str = "") -> Open:
    """What is asked of the game to be opened. Raises Refused for what no game may be."""
    invocation, limits = desk.invocation, desk.limits
    seats = options.seats
    if seats is None and (options.invite or options.machines):
        seats = options.sit + len(options.invite) + len(options.machines)
    return Open(
        invocation.player,
        options.game,
        options.options,
        seats,
        desk.seed(key),
        place=invocation.place,
        clock=parse(options.clock) if options.clock else None,
        private=options.private,
        until=invocation.time + limits.waiting * 1000 if limits.waiting else 0,
        rematch=rematch,
    )


command = Command("open", "games", "Open a game and sit down at it.", Options, run)
