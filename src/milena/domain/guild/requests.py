"""What can be asked of a guild. ``by`` is who asks, ``at`` when (ms since 1970)."""

from typing import Any

from msgspec import Struct

from milena.domain.guild.events import Effect
from milena.domain.ids import PlayerId


class ChangeSetting(Struct, frozen=True):
    """``value`` as it was parsed for the setting; None: back to the default."""

    name: str
    value: Any
    by: PlayerId
    at: int


class ChangePermission(Struct, frozen=True):
    """See :class:`~milena.domain.guild.events.PermissionChanged`; an empty ``effect`` takes a rule back."""

    subject: str
    target: str
    effect: Effect
    by: PlayerId
    at: int


class Restrict(Struct, frozen=True):
    """See :class:`~milena.domain.guild.events.Restricted`."""

    command: str
    by: PlayerId
    at: int
    channel: str = ""
    role: str = ""
    user: str = ""
    until: int = 0
    reason: str = ""


class Lift(Struct, frozen=True):
    number: int
    by: PlayerId
    at: int


class SetMaintenance(Struct, frozen=True):
    on: bool
    by: PlayerId
    at: int
    reason: str = ""


class Rest(Struct, frozen=True):
    """Let a command rest for all members; see :class:`~milena.domain.guild.events.CooldownBegan`."""

    command: str
    ready: int
    channel: str = ""
