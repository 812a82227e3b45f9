"""What a guild can set for itself: one table of names, types, limits, defaults, help, and what suits many."""

import re
from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import available_timezones

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.guild.state import Guild
from milena.domain.limits import DAY, GameLimits
from milena.domain.options import allowed
from milena.domain.refusal import Refused, channel, role
from milena.domain.spans import told

Many = Annotated[int, Meta(ge=1, le=1000)]
Id = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\s<>@]+$")]
"""Of a role or a channel, as the front end has it."""
ZONES = (
    "UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver",
    "America/Chicago", "America/New_York", "America/Halifax", "America/Sao_Paulo", "Atlantic/Azores",
    "Europe/London", "Europe/Berlin", "Europe/Athens", "Africa/Johannesburg", "Europe/Moscow", "Asia/Dubai",
    "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
"""One for each hour of the globe, or nearly: the others are typed."""


class Settings(Struct, frozen=True, rename="kebab"):
    """None: as the operator has set it. A guild can be stricter than its operator, never laxer. ``examples``
    are what suits many, and ``title`` is how it is called where it is asked for (see :mod:`.steps`)."""

    games: Annotated[
        Many | None,
        Meta(
            description="games open at once in this server, at most", title="Games in this server",
            examples=[5, 10, 25, 50, 100],
        ),
    ] = None  # fmt: skip
    channel_games: Annotated[
        Many | None,
        Meta(
            description="games open at once in a channel, at most", title="Games in a channel",
            examples=[1, 3, 5, 10, 25],
        ),
    ] = None  # fmt: skip
    member_games: Annotated[
        Many | None,
        Meta(
            description="open games of one kind that a member may play, at most", title="Games of a member",
            examples=[1, 2, 3, 5, 10],
        ),
    ] = None  # fmt: skip
    invitation: Annotated[
        Annotated[int, Meta(ge=60, le=30 * DAY)] | None,
        Meta(
            description="seconds that an invitation stands, at most", title="Invitations",
            examples=[600, 3600, DAY, 7 * DAY], extra_json_schema={"format": "seconds"},
        ),
    ] = None  # fmt: skip
    machines: Annotated[
        bool,
        Meta(description="whether machines may play here", title="Machines", examples=[True, False]),
    ] = True
    timezone: Annotated[
        Annotated[str, Meta(max_length=64)],
        Meta(
            description="where the clock hangs, such as Europe/Paris: times that are typed are meant there",
            title="Time zone", examples=list(ZONES),
        ),
    ] = "UTC"  # fmt: skip
    games_channel: Annotated[
        Id,
        Meta(
            description="the only channel, with its threads, in which games are opened",
            title="Channel for games", extra_json_schema={"format": "channel"},
        ),
    ] = ""  # fmt: skip
    moderators: Annotated[
        Id,
        Meta(
            description="a role of moderators (Discord's page Integrations lets it see their commands)",
            title="Moderators", extra_json_schema={"format": "role"},
        ),
    ] = ""  # fmt: skip
    moderation_log: Annotated[
        Id,
        Meta(
            description="a channel that is told each case: what, whom, by whom, why, and what came of it",
            title="Moderation log", extra_json_schema={"format": "channel"},
        ),
    ] = ""  # fmt: skip


class Setting(Struct, frozen=True):
    """One row of the table: ``wanted`` is what its value may be, in words; ``suits`` many of those values;
    ``format``: ``seconds``, ``role``, ``channel``, or nothing of the kind."""

    name: str
    type: Any
    default: Any
    wanted: str
    help: str
    title: str
    suits: tuple[Any, ...] = ()
    format: str = ""


def _described() -> dict[str, Setting]:
    words = allowed(Settings)
    properties = msgspec.json.schema(Settings)["$defs"]["Settings"]["properties"]
    found = {}
    for field in msgspec.structs.fields(Settings):
        name = field.encode_name
        about = properties[name]
        format = about.get("format", "")
        wanted = WANTED.get(format) or words[name].removesuffix(" or nothing")
        found[name] = Setting(
            name, field.type, field.default, wanted, about["description"], about["title"],
            tuple(about.get("examples", ())), format,
        )  # fmt: skip
    return found


WANTED = {"channel": "a channel of this server, such as #games", "role": "a role of this server"}


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


_MENTION = re.compile(r"<(?:#|@&)([0-9]+)>")
"""A channel or a role, as Discord writes it into a text."""


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
    mentioned = _MENTION.fullmatch(text.strip()) if setting.format in WANTED else None
    try:
        value = msgspec.convert(mentioned[1] if mentioned else text.strip(), setting.type, strict=False)
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
    if value == "":
        return "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)


def worded(asked: Setting, value: object) -> str:
    """A value of a setting, for people who need not type it."""
    if value == "" or value is None or not isinstance(value, int | str):
        return shown(value)
    match asked.format:
        case "channel":
            return channel(str(value))
        case "role":
            return role(str(value))
        case "seconds":
            return told(int(value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


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
