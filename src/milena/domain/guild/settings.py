"""What a guild can set for itself: one table of names, types, limits, defaults and help."""

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import available_timezones

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.guild.state import Guild
from milena.domain.limits import DAY, GameLimits
from milena.domain.options import allowed
from milena.domain.refusal import Refused

Many = Annotated[int, Meta(ge=1, le=1000)]


class Settings(Struct, frozen=True, rename="kebab"):
    """None: as the operator has set it. A guild can be stricter than its operator, never laxer."""

    games: Annotated[Many | None, Meta(description="games open at once in this server, at most")] = None
    channel_games: Annotated[Many | None, Meta(description="games open at once in a channel, at most")] = None
    member_games: Annotated[
        Many | None, Meta(description="open games of one kind that a member may play, at most")
    ] = None
    invitation: Annotated[
        Annotated[int, Meta(ge=60, le=30 * DAY)] | None,
        Meta(description="seconds that an invitation stands, at most"),
    ] = None
    machines: Annotated[bool, Meta(description="whether machines may play here")] = True
    timezone: Annotated[
        Annotated[str, Meta(max_length=64)],
        Meta(description="where the clock hangs, such as Europe/Paris: times that are typed are meant there"),
    ] = "UTC"


class Setting(Struct, frozen=True):
    """One row of the table: ``wanted`` is what its value may be, in words."""

    name: str
    type: Any
    default: Any
    wanted: str
    help: str


def _described() -> dict[str, Setting]:
    words = allowed(Settings)
    properties = msgspec.json.schema(Settings)["$defs"]["Settings"]["properties"]
    return {
        field.encode_name: Setting(
            field.encode_name,
            field.type,
            field.default,
            words[field.encode_name].removesuffix(" or nothing"),
            properties[field.encode_name]["description"],
        )
        for field in msgspec.structs.fields(Settings)
    }


SETTINGS: dict[str, Setting] = _described()


def check_timezone(value: Any) -> None:
    """Raises Refused where there is no such time zone."""
    if value not in available_timezones():
        raise Refused(
            "bad_setting", f"There is no time zone {value[:40]!r}; write it as Europe/Paris, or UTC."
        )


CHECKS: dict[str, Callable[[Any], None]] = {"timezone": check_timezone}
"""What a type and its limits can't say."""


RECOMMENDED: dict[str, Any] = {
    "games": 10, "channel-games": 5, "member-games": 2, "invitation": 3600,
}  # fmt: skip
"""What suits most servers: enough to play, and not so much that one member fills a channel."""


LIMITS = {"games": "guild", "channel-games": "channel", "member-games": "member", "invitation": "invitation"}
"""Which limit of the operator's each of these makes stricter."""


def find_setting(name: str) -> Setting:
    """Raises Refused where there is none of this name."""
    setting = SETTINGS.get(name)
    if setting is None:
        raise Refused(
            "unknown_setting", f"There is no setting {name[:40]!r}; there are {', '.join(SETTINGS)}."
        )
    return setting


def parsed(setting: Setting, text: str) -> Any:
    """The value that ``text`` means. Raises Refused, saying what is allowed."""
    try:
        value = msgspec.convert(text.strip(), setting.type, strict=False)
    except msgspec.ValidationError:
        value = None
    if value is None:  # nothing can be set to nothing: that is what a reset is for
        raise Refused("bad_setting", f"{setting.name} can be {setting.wanted}, not {text[:40]!r}.")
    if setting.name in CHECKS:
        CHECKS[setting.name](value)
    return value


def setting(guild: Guild, name: str) -> Any:
    """The value that holds in a guild."""
    return guild.settings.get(name, SETTINGS[name].default)


def shown(value: Any) -> str:
    """A value in words."""
    if value is None:
        return "as the operator has set it"
    return str(value).lower() if isinstance(value, bool) else str(value)


def within(limits: GameLimits, guild: Guild) -> GameLimits:
    """The limits of games that hold in a guild: the operator's, or its own where they are stricter."""
    if not guild.settings:
        return limits
    stricter = {
        field: _stricter(getattr(limits, field), setting(guild, name)) for name, field in LIMITS.items()
    }
    return replace(limits, **stricter)


def _stricter(limit: int, own: int | None) -> int:
    """``limit`` 0 is none."""
    return min(limit or own, own) if own else limit
