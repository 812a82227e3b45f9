"""A refusal: the answer to a command that the rules, or the state of things, do not allow."""

import re
from collections.abc import Callable


class Refused(Exception):
    """A command was understood and turned down; nothing has changed.

    ``code`` is a stable word for programs and for statistics (``"not_your_turn"``);
    ``sentence`` is meant for the person who asked, and names what is possible instead.
    A bug is never a refusal: it raises something else.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def fill_names(sentence: str, name: Callable[[str], str]) -> str:
    """A sentence of a refusal or of an end, with the players' names where ``<id>`` stands."""
    return re.sub(r"<([0-9a-z-]+)>", lambda match: name(match[1]), by_id(sentence))


def channel(id: str) -> str:
    """A channel as it stands in a sentence: ``<#ID>``, which Discord shows by its name."""
    return f"<#{id}>" if id.isdecimal() else f"#{id}"


def role(id: str) -> str:
    """A role as it stands in a sentence: ``<@&ID>``, which Discord shows by its name."""
    return f"<@&{id}>" if id.isdecimal() else f"role {id}"


def by_id(sentence: str) -> str:
    """A sentence for where nobody knows what channels and roles are called: by their ids."""
    return re.sub(r"<@&([0-9]{1,20})>", r"role \1", re.sub(r"<#([0-9]{1,20})>", r"channel \1", sentence))


def moment(ms: int) -> str:
    """A time as it stands in a sentence: ``<t:SECONDS:R>``, which Discord shows as "in 5 minutes", each
    reader by the own clock. ``ms`` since 1970; rounded up, so that it is never too early."""
    return f"<t:{-(-ms // 1000)}:R>"


def fill_moments(sentence: str, tell: Callable[[int], str]) -> str:
    """A sentence with times in words where ``<t:SECONDS>`` or ``<t:SECONDS:R>`` stands; ``tell`` gets ms
    since 1970."""
    return re.sub(r"<t:(-?[0-9]{1,13})(?::[a-zA-Z])?>", lambda match: tell(int(match[1]) * 1000), sentence)
