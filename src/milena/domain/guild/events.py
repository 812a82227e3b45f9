"""What can happen to a guild. ``by`` is who did it, ``at`` when (ms since 1970): history needs both."""

from typing import Any, ClassVar, Literal

from milena.domain.event import Event
from milena.domain.ids import PlayerId

Effect = Literal["granted", "revoked", ""]
"""What a rule says; empty: there is none."""


class SettingChanged(Event, frozen=True):
    """``before``, ``after``: the values; None is the default."""

    tag: ClassVar[str] = "guild.setting_changed"
    name: str
    before: Any
    after: Any
    by: PlayerId
    at: int


class PermissionChanged(Event, frozen=True):
    """Whether ``subject`` (``everyone``, ``role:ID`` or ``user:ID``) may use ``target``: a command, as
    ``/open``, or a category, as ``games``."""

    tag: ClassVar[str] = "guild.permission_changed"
    subject: str
    target: str
    before: Effect
    after: Effect
    by: PlayerId
    at: int


class Restricted(Event, frozen=True):
    """A command rests: in ``channel``, for who has ``role``, for ``user``, until ``until`` (ms since 1970,
    0: until it is lifted); what is empty does not narrow it. ``number`` counts from 1."""

    tag: ClassVar[str] = "guild.restricted"
    number: int
    command: str
    by: PlayerId
    at: int
    channel: str = ""
    role: str = ""
    user: str = ""
    until: int = 0
    reason: str = ""


class RestrictionLifted(Event, frozen=True):
    """``ran_out``: its time was over; nobody had to lift it."""

    tag: ClassVar[str] = "guild.restriction_lifted"
    number: int
    by: PlayerId
    at: int
    ran_out: bool = False


class MaintenanceChanged(Event, frozen=True):
    """While it is ``on``, no new game may be opened; those that are open go on."""

    tag: ClassVar[str] = "guild.maintenance_changed"
    on: bool
    by: PlayerId
    at: int
    reason: str = ""


class CooldownBegan(Event, frozen=True):
    """``command`` rests for all members until ``ready`` (ms since 1970): in ``channel``, or everywhere."""

    tag: ClassVar[str] = "guild.cooldown_began"
    command: str
    ready: int
    channel: str = ""


EVENTS: tuple[type[Event], ...] = (
    SettingChanged, PermissionChanged, Restricted, RestrictionLifted, MaintenanceChanged, CooldownBegan,
)  # fmt: skip
