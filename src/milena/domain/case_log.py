"""The moderation log: a channel of a guild in which each case is told when it is known what came of it.

It is an effect like any other: what is to be told is wanted in the append that makes it known, so that it is
told once, whoever is stopped in between. It is about ``log:GUILD:NUMBER``, a case, or
``log:GUILD:NUMBER:AMENDMENT``, from 1. A channel where nothing can be said is a setting no more, and
whoever acted hears of it: so that is told once.
"""

from milena.domain.command import Desk
from milena.domain.effect import Effect, Intend
from milena.domain.guild.requests import ChangeSetting
from milena.domain.ids import Place
from milena.domain.moderating import cases_of

SETTING = "moderation-log"
CLOSED = ("unknown_channel", "missing_access", "missing_permission", "unfit_channel")
"""Codes of failures that do not pass by themselves: the channel is gone, closed to Milena, or no such one."""


def tell(desk: Desk, number: int, amendment: int = 0) -> None:
    """A case of this guild, or an amendment of it, where the guild wants to be told."""
    guild = desk.guild
    if channel := guild.settings.get(SETTING):
        about = f"log:{guild.key}:{number}" + f":{amendment}" * bool(amendment)
        desk.act("effect", desk.new_id(), Intend("message", about, Place(f"{guild.key}/{channel}")))


def lost(desk: Desk, telling: Effect) -> None:
    """``telling`` failed. Where it is the channel's fault, forget that channel and say so."""
    guild, asked = desk.guild, desk.invocation
    if telling.code not in CLOSED or guild.settings.get(SETTING) != telling.place.partition("/")[2]:
        return
    case = cases_of(desk).cases[number_in(telling.about)]
    acted: Effect = desk.state("effect", case.effect)
    desk.act("guild", guild.key, ChangeSetting(SETTING, None, asked.player, asked.time))
    desk.act("effect", desk.new_id(), Intend("message", f"effect:{telling.key}", acted.place))


def number_in(about: str) -> int:
    """Of the case that something is about: ``case:811:7``, ``log:811:7`` or ``log:811:7:1``; 0: of none."""
    _, _, number, *_ = *about.split(":"), "", ""
    return int(number) if number.isdecimal() else 0
