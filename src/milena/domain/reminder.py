"""The Reminder aggregate: what one member wants to be told, and when. Texts are sealed in the log."""

from datetime import UTC, tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.command import Desk, Sight
from milena.domain.event import Changes, Event
from milena.domain.guild.settings import setting
from milena.domain.member import key as member_key
from milena.domain.moments import following
from milena.domain.refusal import Refused

MOST = 25
"""Reminders of one member that may be open in a guild."""


class ReminderSet(Event, frozen=True):
    """``number`` counts from 1; ``at`` when (ms since 1970), again ``every`` so many seconds (0: once);
    ``zone`` where the clock hangs; ``privately``: by a direct message, else at ``place``."""

    tag: ClassVar[str] = "reminder.set"
    sealed: ClassVar[str] = "text"
    number: int
    text: str
    at: int
    place: str
    zone: str = "UTC"
    every: int = 0
    privately: bool = False

    @property
    def due(self) -> int:
        return self.at


class ReminderFired(Event, frozen=True):
    """It was due at ``at``; ``late`` by so many ms. ``following``: when it is due again, 0: never."""

    tag: ClassVar[str] = "reminder.fired"
    number: int
    at: int
    late: int
    following: int = 0

    @property
    def due(self) -> int:
        return self.following


class ReminderCancelled(Event, frozen=True):
    tag: ClassVar[str] = "reminder.cancelled"
    number: int


class ZoneSet(Event, frozen=True):
    """The clock of this member hangs in ``zone``; empty: where the server's does."""

    tag: ClassVar[str] = "reminder.zone_set"
    zone: str


class Reminder(Struct, frozen=True):
    """See :class:`ReminderSet`."""

    number: int
    text: str
    at: int
    place: str
    zone: str
    every: int
    privately: bool


class Reminders(Struct, frozen=True, omit_defaults=True):
    """``open``: those to come, oldest first; ``count``: how many there have ever been; ``zone``: see
    :class:`ZoneSet`."""

    key: str
    open: tuple[Reminder, ...] = ()
    count: int = 0
    zone: str = ""


class Remind(Struct, frozen=True):
    text: str
    at: int
    place: str
    zone: str = "UTC"
    every: int = 0
    privately: bool = False


class CancelReminder(Struct, frozen=True):
    number: int


class SetZone(Struct, frozen=True):
    zone: str


class FireReminders(Struct, frozen=True):
    """All that are due at ``now`` (ms since 1970)."""

    now: int


class AllReminders:
    """The aggregate of every member's reminders; the key of one is that of the member."""

    kind = "reminder"
    events: tuple[type[Event], ...] = (ReminderSet, ReminderFired, ReminderCancelled, ZoneSet)

    def initial(self, key: str) -> Reminders:
        return Reminders(key)

    def evolve(self, state: Reminders, event: Event) -> Reminders:
        match event:
            case ReminderSet():
                reminder = Reminder(**msgspec.structs.asdict(event))
                return replace(state, open=(*state.open, reminder), count=event.number)
            case ReminderFired():
                moved = (
                    replace(each, at=event.following) if each.number == event.number else each
                    for each in state.open
                )
                return replace(state, open=tuple(each for each in moved if each.at))
            case ReminderCancelled():
                return replace(state, open=tuple(each for each in state.open if each.number != event.number))
            case ZoneSet():
                return replace(state, zone=event.zone)
            case _:
                raise TypeError(f"reminders know no {type(event).__name__}")

    def decide(self, state: Reminders, command: Any) -> Changes[Reminders]:
        changes = Changes(self, state)
        match command:
            case Remind():
                if not command.text.strip():
                    raise Refused("bad_text", "Say what I shall remind you of.")
                if len(state.open) >= MOST:
                    raise Refused("too_many_reminders", f"You have {MOST} reminders: cancel one first.")
                changes.add(ReminderSet(state.count + 1, **msgspec.structs.asdict(command)))
            case CancelReminder():
                numbers = [each.number for each in state.open]
                if command.number not in numbers:
                    there = f"you have {', '.join(map(str, numbers))}" if numbers else "you have none"
                    raise Refused("unknown_reminder", f"You have no reminder {command.number}; {there}.")
                changes.add(ReminderCancelled(command.number))
            case SetZone():
                if command.zone == state.zone:
                    raise Refused("unchanged", f"Your clock hangs {hangs(state.zone)} already.")
                changes.add(ZoneSet(command.zone))
            case FireReminders():
                for each in due(state, command.now):
                    again = following(each.at, each.every, command.now, zone(each.zone)) if each.every else 0
                    changes.add(ReminderFired(each.number, each.at, command.now - each.at, again))
                if not changes.events:
                    raise Refused("nothing_due", "No reminder is due.")
            case _:
                raise TypeError(f"reminders know no {type(command).__name__}")
        return changes

    def deadline(self, state: Reminders) -> int:
        return min((each.at for each in state.open), default=0)

    def secret(self, state: Reminders) -> bool:
        return True

    def encode(self, state: Reminders) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Reminders:
        return msgspec.json.decode(data, type=Reminders)


def due(reminders: Reminders, now: int) -> list[Reminder]:
    """Those that are due, the longest overdue first."""
    return sorted((each for each in reminders.open if each.at <= now), key=lambda each: each.at)


def hangs(zone: str) -> str:
    """Where a clock hangs, in words."""
    return f"in {zone}" if zone else "where the server's does"


def own_zone(desk: Desk | Sight) -> str:
    """The name of the zone in which whoever calls means and reads times: the own one, or the server's."""
    state: Reminders = desk.state("reminder", member_key(desk.guild.key, desk.invocation.player))
    return state.zone or str(setting(desk.guild, "timezone"))


def zone(name: str) -> tzinfo:
    """A time zone; UTC where this machine does not know it (any more)."""
    return _zone(name) or UTC


def is_zone(name: str) -> bool:
    """Whether this machine knows it."""
    return _zone(name) is not None


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
