"""/rematch: play a game again that is over, with the seats turned round. Whoever asks second accepts."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Game, Invite, Open, Rematch, TakeSeat
from milena.domain.refusal import Refused
from milena.domain.table import act, answer, enter


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the id of the game that is over")]
    salt: Annotated[str | None, Meta(description="what you bring to the draws of chance")] = None


def run(desk: Desk, options: Options) -> Result:
    over = desk.game(options.game)
    salt = options.salt or desk.new_id()
    if over.rematch:
        again = desk.game(over.rematch)
        if again.invitation(desk.invocation.player) is None:
            raise Refused("rematched", f"It is played again already, as {over.rematch}.")
        take = TakeSeat(desk.invocation.player, salt, desk.seed(again.key), now=desk.invocation.time)
        return answer(act(desk, again.key, take))
    key = desk.new_id()
    act(desk, over.key, Rematch(desk.invocation.player, key))
    return answer(_open_again(desk, over, key, salt))


def _open_again(desk: Desk, over: Game, key: str, salt: str) -> Game:
    """The same game with the same players, each one seat further on."""
    invocation, limits, seed = desk.invocation, desk.limits, desk.seed(key)
    player, now = invocation.player, invocation.time
    players = (*over.players[1:], over.players[0])
    request = Open(
        player,
        over.name,
        over.options,
        len(players),
        seed,
        place=invocation.place,
        clock=over.clock,
        private=True,
        until=now + limits.waiting * 1000 if limits.waiting else 0,
        rematch=over.key,
    )
    game: Game = desk.act("game", key, request)
    for seat, other in enumerate(players):
        if other == player or desk.is_machine(other):
            brought = salt if other == player else desk.new_id()
            game = desk.act("game", key, TakeSeat(other, brought, seed, seat, now, True))
        else:
            until = now + limits.invitation * 1000
            game = desk.act("game", key, Invite(player, other, until, seat))
    enter(desk, game)
    return game


command = Command(
    "rematch", "games", "Play a game again that is over, with the seats turned round.", Options, run
)
