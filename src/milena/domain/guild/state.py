"""The state of a guild."""

from typing import Any

from msgspec import Struct

from milena.domain.ids import PlayerId


class Restriction(Struct, frozen=True, omit_defaults=True):
    """See :class:`~milena.domain.guild.events.Restricted`."""

    number: int
    command: str
    by: PlayerId
    channel: str = ""
    role: str = ""
    user: str = ""
    until: int = 0
    reason: str = ""


class Change(Struct, frozen=True):
    """One line of the history: ``what`` was changed, in words that a person would type."""

    at: int
    by: PlayerId
    what: str
    before: Any
    after: Any


class Guild(Struct, frozen=True, omit_defaults=True):
    """``settings``  what differs from the default, by name
    ``rules``         target -> subject -> whether that one may use it
    ``restrictions``  oldest first; some of them may have run out
    ``restricted``    how many restrictions there have ever been
    ``maintenance``   why no new game may be opened; None: they may be
    ``cooldowns``     command, or ``command channel`` -> ms since 1970 when it may be used again
    ``history``       the last changes, oldest first; the log has them all
    """

    key: str
    settings: dict[str, Any] = {}
    rules: dict[str, dict[str, bool]] = {}
    restrictions: tuple[Restriction, ...] = ()
    restricted: int = 0
    maintenance: str | None = None
    cooldowns: dict[str, int] = {}
    history: tuple[Change, ...] = ()
