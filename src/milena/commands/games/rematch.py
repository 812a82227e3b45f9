"""/rematch: play a game again that is over, with the seats turned round. Whoever asks second accepts."""

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.commands.games import open as opening
from milena.domain.command import Command, Desk, Result
from milena.domain.game import Game, Rematch, TakeSeat
from milena.domain.refusal import Refused
from milena.domain.table import act, answer, invitation, opened


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the id of the game that is over")]
    salt: Annotated[str | None, Meta(description="what you bring to the draws of chance")] = None


def run(desk: Desk, options: Options) -> Result:
    over = desk.game(options.game)
    salt = options.salt or desk.new_id()
    if over.rematch:
        again = desk.game(over.rematch)
        if again.invitation(desk.invocation.player) is not None:
            take = TakeSeat(desk.invocation.player, salt, desk.seed(again.key), now=desk.invocation.time)
            return answer(act(desk, again.key, take))
        if not (again.status == "ended" and again.board is None):
            raise Refused("rematched", f"It is played again already, as {over.rematch}.")
    key = desk.new_id()
    act(desk, over.key, Rematch(desk.invocation.player, key, instead_of=over.rematch))
    return answer(_open_again(desk, over, key, salt))


def _open_again(desk: Desk, over: Game, key: str, salt: str) -> Game:
    """The same game with the same players, each one seat further on."""
    player, now, seed = desk.invocation.player, desk.invocation.time, desk.seed(key)
    players = (*over.players[1:], over.players[0])
    wanted = opening.Options(over.name, over.options, len(players), private=True)
    request = opening.request(desk, key, wanted, over.key)
    game: Game = desk.act("game", key, replace(request, clock=over.clock))
    for seat, other in enumerate(players):
        if other == player or desk.is_machine(other):
            brought = salt if other == player else desk.new_id()
            game = desk.act("game", key, TakeSeat(other, brought, seed, seat, now, True))
        else:
            game = desk.act("game", key, invitation(desk, other, seat))
    return opened(desk, game)


command = Command(
    "rematch", "games", "Play a game again that is over, with the seats turned round.", Options, run
)
