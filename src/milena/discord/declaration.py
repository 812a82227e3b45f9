"""The slashes as Discord is told of them, for ``PUT /applications/{id}/commands``.

Format and limits: https://docs.discord.com/developers/interactions/application-commands
"""

from collections.abc import Iterable, Mapping
from typing import Any

from milena.domain.command import Permission
from milena.slash.localising import Texts, described, languages
from milena.slash.model import Choice, Kind, Option, Slash
from milena.slash.options import LONGEST_DESCRIPTION

Json = dict[str, Any]

CHAT_INPUT, SUBCOMMAND, GROUP = 1, 1, 2
"""A command; inside one, a subcommand and a group of them."""
KINDS: dict[Kind, int] = {
    "text": 3, "integer": 4, "boolean": 5, "player": 6, "channel": 7, "role": 8, "number": 10, "file": 11,
}  # fmt: skip
"""The type of an option of each kind."""

GUILD, BOT_DM = 0, 1
"""Contexts: in a server, and in a direct message with the bot."""
MANAGE_GUILD, MODERATE_MEMBERS = 1 << 5, 1 << 40
PERMISSIONS: dict[Permission, str | None] = {
    "everyone": None, "moderator": str(MODERATE_MEMBERS), "admin": str(MANAGE_GUILD),
}  # fmt: skip
"""What a member needs for Discord to offer a command. A server can say otherwise; Milena's own check of
permissions comes after it."""
ORDER: tuple[Permission, ...] = ("everyone", "moderator", "admin")

ABOUT = {
    "game": "Play and settle a game.",
    "play": "Open a game of your choice.",
    "play-more": "Open one of more games.",
    "case": "What moderators did here.",
    "collection": "Jokes and quotes of this server.",
    "config": "Settings of this server.",
    "config permissions": "Who may use which command.",
    "maintenance": "Open no new games for a while.",
    "poll": "Ask a question, and vote.",
    "privacy": "What is kept of you.",
    "remind": "Be told something later.",
    "restrict": "Let commands rest.",
    "restrict command": "Let commands rest.",
    "story": "Tell a story together.",
    "timezone": "Where your clock hangs.",
}
"""What is said of words that are no command of their own; Discord shows it in few places."""


def declaration(slashes: Iterable[Slash], texts: Mapping[str, Texts] | None = None) -> list[Json]:
    """All commands, each with its groups and subcommands. ``texts`` by locale; default: those that ship."""
    texts = languages() if texts is None else texts
    commands: dict[str, list[Slash]] = {}
    for slash in slashes:
        commands.setdefault(slash.path[0], []).append(slash)
    return [_command(name, leaves, texts) for name, leaves in commands.items()]


def _command(name: str, leaves: list[Slash], texts: Mapping[str, Texts]) -> Json:
    least = min((leaf.permission for leaf in leaves), key=ORDER.index)
    declared: Json = {
        "type": CHAT_INPUT,
        "default_member_permissions": PERMISSIONS[least],
        "contexts": [GUILD] if all(leaf.category == "admin" for leaf in leaves) else [GUILD, BOT_DM],
        "integration_types": [0],
    }
    return declared | _level(name, leaves, 1, texts)


def _level(path: str, leaves: list[Slash], depth: int, texts: Mapping[str, Texts]) -> Json:
    """What stands behind the words of ``path``: options, or further words."""
    name = path.rpartition(" ")[2]
    if len(leaves) == 1 and len(leaves[0].path) == depth:
        (leaf,) = leaves
        inside = [_option(option, texts) for option in leaf.options]
        return {"name": name} | _description(leaf.description, "", texts) | {"options": inside}
    groups: dict[str, list[Slash]] = {}
    for leaf in leaves:
        groups.setdefault(leaf.path[depth], []).append(leaf)
    inside = [
        {"type": SUBCOMMAND if len(below[0].path) == depth + 1 else GROUP}
        | _level(f"{path} {word}", below, depth + 1, texts)
        for word, below in groups.items()
    ]
    about = ABOUT.get(path, f"{path.capitalize()}: {', '.join(groups)}"[:LONGEST_DESCRIPTION])
    return {"name": name} | _description(about, "", texts) | {"options": inside}


def _option(option: Option, texts: Mapping[str, Texts]) -> Json:
    declared: Json = {"type": KINDS[option.kind], "name": option.name}
    declared |= _names(option.name, texts) | _description(option.description, option.default, texts)
    if option.required:
        declared["required"] = True
    if option.choices:
        declared["choices"] = [_choice(choice, texts) for choice in option.choices]
    elif option.completes:
        declared["autocomplete"] = True
    if option.kind in ("integer", "number") and not option.choices:
        limits = {"min_value": option.low, "max_value": option.high}
        declared |= {name: limit for name, limit in limits.items() if limit is not None}
    if option.longest is not None and not option.choices:
        declared["max_length"] = option.longest
    return declared


def _choice(choice: Choice, texts: Mapping[str, Texts]) -> Json:
    return {"name": choice.name, **_names(choice.name, texts), "value": choice.value}


def _names(name: str, texts: Mapping[str, Texts]) -> Json:
    found = {locale: each.names[name] for locale, each in texts.items() if name in each.names}
    return {"name_localizations": found} if found else {}


def _description(text: str, default: str, texts: Mapping[str, Texts]) -> Json:
    declared: Json = {"description": described(text, default, LONGEST_DESCRIPTION)}
    found = {
        locale: described(text, default, LONGEST_DESCRIPTION, each)
        for locale, each in texts.items()
        if text in each.descriptions
    }
    return declared | ({"description_localizations": found} if found else {})
