"""What Discord has room for. One command too large would keep all of them from being declared, so what does
not fit is left out: the commands of packages come last.

Limits: https://docs.discord.com/developers/interactions/application-commands
"""

from collections.abc import Iterable

from milena.slash.model import Slash

MOST_COMMANDS = 100
MOST = 25
"""Words behind a word: subcommands and groups of a command, subcommands of a group."""
ROOM = 7500
"""Characters of one command, of the 8000 that Discord takes: other languages need a few more."""
DEFAULT = 12
"""Characters that tell a default, beside itself."""


def fitting(slashes: Iterable[Slash]) -> list[Slash]:
    """Those that can be declared together with the ones before them."""
    found: list[Slash] = []
    for slash in slashes:
        if _fits(slash, found):
            found.append(slash)
    return found


def _fits(slash: Slash, others: list[Slash]) -> bool:
    beside = [other for other in others if other.path[0] == slash.path[0]]
    if not beside:
        return len({other.path[0] for other in others}) < MOST_COMMANDS and size(slash) <= ROOM
    for other in beside:
        shared = min(len(slash.path), len(other.path))
        if slash.path[:shared] == other.path[:shared]:
            return False  # a word is a command, or a group of them
    for depth in range(1, len(slash.path)):
        words = {other.path[: depth + 1] for other in beside if other.path[:depth] == slash.path[:depth]}
        if len(words | {slash.path[: depth + 1]}) > MOST:
            return False
    return sum(map(size, beside)) + size(slash) <= ROOM


def size(slash: Slash) -> int:
    """Characters of its texts, which Discord counts."""
    total = len(slash.path[-1]) + len(slash.description)
    for option in slash.options:
        total += len(option.name) + len(option.description)
        total += len(option.default) + DEFAULT if option.default else 0
        total += sum(len(each.name) + len(str(each.value)) for each in option.choices)
    return total
