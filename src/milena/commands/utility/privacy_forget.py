"""/privacy forget: somebody is about to be erased: games are given up, reminders cancelled. Milena asks for
it herself, in each server."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import LeaveSeat, Resign
from milena.domain.ids import PlayerId
from milena.domain.member import key as member_key
from milena.domain.reminder import CancelReminder, Reminders, SetZone
from milena.domain.table import act, lobby


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    member: Annotated[PlayerId, Meta(max_length=40, description="who")]


def run(desk: Desk, options: Options) -> Result:
    member = options.member
    games = lobby(desk).index.games_of(member)
    for key in games:
        _give_up(desk, key, member)
    own = member_key(desk.guild.key, member)
    reminders: Reminders = desk.state("reminder", own)
    for each in reminders.open:
        desk.act("reminder", own, CancelReminder(each.number))
    if reminders.zone:
        desk.act("reminder", own, SetZone(""))
    return {"games": len(games), "reminders": len(reminders.open)}


def _give_up(desk: Desk, key: str, member: PlayerId) -> None:
    game = desk.game(key)
    if game.seat_of(member) is None:  # who opened it and sits elsewhere: it goes on without
        return
    if game.status == "playing":
        act(desk, key, Resign(member, desk.seed(key), desk.invocation.time))
    else:
        act(desk, key, LeaveSeat(member, desk.seed(key)))


command = Command("privacy forget", "utility", "Forget somebody in this server.", Options, run, internal=True)
