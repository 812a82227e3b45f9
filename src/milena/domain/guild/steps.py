"""The steps of /setup: what an admin of a new server is asked, one thing a page.

Each step is a setting, as :mod:`.settings` declares it, but for one: which categories of commands there are.
What is chosen is asked of the guild just as /config set and /config permissions revoke would.
"""

from typing import Literal, get_args

from msgspec import Struct

from milena.domain.guild.permissions import EVERYONE
from milena.domain.guild.requests import ChangePermission, ChangeSetting
from milena.domain.guild.settings import (
    RECOMMENDED,
    SETTINGS,
    Setting,
    find_setting,
    parsed,
    setting,
    shown,
    worded,
)
from milena.domain.guild.state import Guild
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused

StepName = Literal[
    "timezone", "games-channel", "moderators", "moderation-log", "commands", "machines", "games",
    "channel-games", "member-games", "invitation",
]  # fmt: skip
STEPS: tuple[StepName, ...] = get_args(StepName)
COMMANDS = "commands"
"""The step that is no setting."""
CATEGORIES = {
    "games": "all that is played",
    "fun": "dice, jokes and stories",
    "utility": "polls, reminders and help",
}
"""Those that a server may do without, and what is in them."""
DEFAULT = "default"
"""Chosen, it takes back what was set."""


class Page(Struct, frozen=True):
    """What one step asks. ``now``: what holds, in words; ``choices``: (value, words), the ``chosen`` one
    among them; ``of``: what is chosen where those are not listed; ``set``: whether this server has set it."""

    title: str
    help: str
    now: str
    choices: tuple[tuple[str, str], ...] = ()
    chosen: str = ""
    of: Literal["choices", "roles", "channels"] = "choices"
    set: bool = False


def page(guild: Guild, step: StepName) -> Page:
    if step == COMMANDS:
        return _categories(guild)
    asked = SETTINGS[step]
    value = setting(guild, step)
    of: Literal["choices", "roles", "channels"] = (
        "roles" if asked.format == "role" else "channels" if asked.format == "channel" else "choices"
    )
    choices = tuple((shown(each), _advised(asked, each)) for each in asked.suits)
    return Page(
        asked.title, f"{asked.help[0].upper()}{asked.help[1:]}.", worded(asked, value), choices,
        shown(value) if value != asked.default or asked.suits else "", of, step in guild.settings,
    )  # fmt: skip


def _categories(guild: Guild) -> Page:
    """Each can be closed for everyone, or opened again."""
    closed = [name for name in CATEGORIES if _rule(guild, name) is False]
    return Page(
        "Commands",
        "Which categories of commands there are here, for everyone but the owner.",
        f"without {', '.join(closed)}" if closed else "all of them",
        tuple(
            (
                f"{name}-{'on' if name in closed else 'off'}",
                f"{'With' if name in closed else 'Without'} {name}: {what}",
            )
            for name, what in CATEGORIES.items()
        ),
        set=bool(closed),
    )


def _advised(asked: Setting, value: object) -> str:
    return worded(asked, value) + " (recommended)" * (RECOMMENDED.get(asked.name) == value)


def chosen(
    guild: Guild, step: StepName, value: str, by: PlayerId, at: int
) -> tuple[str, ChangeSetting | ChangePermission | None]:
    """What is to be asked of the guild where ``value`` was chosen, None where it is so already; and that in
    words. Raises Refused where that is nothing that can be chosen."""
    if step == COMMANDS:
        name, _, how = value.partition("-")
        if name not in CATEGORIES or how not in ("on", "off"):
            there = ", ".join(f"{each}-off" for each in CATEGORIES)
            raise Refused("bad_setting", f"Choose {there}, or -on: not {value[:40]!r}.")
        words = f"{name}: {how}"
        if (_rule(guild, name) is False) == (how == "off"):
            return words, None
        return words, ChangePermission(EVERYONE, name, "revoked" if how == "off" else "", by, at)
    asked = find_setting(step)
    new = asked.default if value == DEFAULT else parsed(asked, value)
    words = f"{asked.title}: {worded(asked, new)}"
    if setting(guild, step) == new:
        return words, None
    return words, ChangeSetting(step, None if value == DEFAULT else new, by, at)


def _rule(guild: Guild, category: str) -> bool | None:
    return guild.rules.get(category, {}).get(EVERYONE)
