"""What is secret is taken out of all that is logged: tokens, passwords, headers that carry them.

By form: Discord's bot tokens (https://docs.discord.com/developers/reference#authentication), the tokens of
interactions and webhooks, in URLs and elsewhere; ``Authorization`` headers; what a name such as ``password``
or ``token`` stands in front of; the password in a URL. And by value: what the environment holds under such a
name. Every pattern takes time that grows with the length of the text, and no faster.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote

GONE = "***"
LONGEST = 20_000
"""Characters of one text that are kept; of what is longer, the beginning."""
MARGIN = 1000
"""Characters: no secret is longer."""
DEEPEST = 5
"""Levels of lists and tables inside one another that are kept."""
MOST = 100
"""Entries of one list or table that are kept."""

_NAMES = r"token|passw(?:or)?d|passphrase|secret|api_?key|private_?key|dsn|cookie"
_SECRET_NAME = re.compile(rf"(?:{_NAMES}|authorization)\Z", re.IGNORECASE)
_SECRET_VARIABLE = re.compile(r"TOKEN|PASSWORD|SECRET|API_?KEY", re.IGNORECASE)
_BETWEEN = r"""["']?\s*[:=,]\s*(?:b(?=["']))?"""  # a name and its value: in a header, a repr, JSON, a query
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A bot's token: its id in base 64, a time, a signature.
    (re.compile(r"[\w-]{17,28}\.[\w-]{5,7}\.[\w-]{25,}", re.ASCII), GONE),
    (re.compile(r"mfa\.[\w-]{20,}", re.ASCII), GONE),
    # An interaction's token begins with "interaction:" in base 64.
    (re.compile(r"aW50ZXJhY3Rpb24[\w=-]*", re.ASCII), GONE),
    (re.compile(r"((?:webhooks|interactions)/\d+/)[^\s/?#\"']+"), rf"\1{GONE}"),
    (
        re.compile(
            rf"""(authorization{_BETWEEN}["']?)(?:(bot|bearer|basic|digest)\s+)?[^\s"',;)}}\]]+""",
            re.IGNORECASE,
        ),
        rf"\1{GONE}",
    ),
    (re.compile(r"\b(bot|bearer|basic)(\s+|%20)[\w.~+/=-]{20,}", re.IGNORECASE | re.ASCII), rf"\1\2{GONE}"),
    (re.compile(r"(://[^\s/:@]{0,200}:)[^\s/@]+@"), rf"\1{GONE}@"),
    (
        re.compile(
            rf"""((?:{_NAMES}){_BETWEEN})(?:"[^"\n]*"|'[^'\n]*'|[^\s"'&,;)}}\]]+)""",
            re.IGNORECASE,
        ),
        rf"\1{GONE}",
    ),
)


class Scrubber:
    """``secrets``: what must not be seen whatever it looks like."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for each in secrets for form in (each, quote(each, safe=""), repr(each)[1:-1]) if each}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def text(self, text: str) -> str:
        """The text without what is secret, and without what UTF-8 can't hold."""
        whole = len(text)
        text = text[: 4 * LONGEST]
        if self._known is not None:
            text = self._known.sub(GONE, text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        if whole > 4 * LONGEST:
            text = text[:-MARGIN]  # what was cut in two there could not be known
        if len(text) > LONGEST or whole > 4 * LONGEST:
            text = f"{text[:LONGEST]}… ({whole} characters)"
        return text.encode("utf-8", "replace").decode()

    def value(self, value: Any) -> Any:
        """Anything, as plain data for JSON without what is secret. Never raises."""
        try:
            return self._value(value, 0)
        except Exception as error:  # a table whose entries can't be had
            return unshowable(value, error)

    def _value(self, value: Any, depth: int) -> Any:
        match value:
            case None | bool() | float():
                return value
            case int():
                return value if -(2**63) <= value < 2**63 else GONE  # nothing we count is that large
            case str():
                return self.text(value)
            case Mapping() if depth < DEEPEST:
                items = islice(value.items(), MOST)
                return {self.text(shown(key)): self._named(key, each, depth) for key, each in items}
            case list() | tuple() | set() | frozenset() if depth < DEEPEST:
                return [self._value(each, depth + 1) for each in islice(value, MOST)]
        return self.text(shown(value))

    def _named(self, name: Any, value: Any, depth: int) -> Any:
        named = shown(name).strip("b'\"")
        return GONE if _SECRET_NAME.search(named) else self._value(value, depth + 1)


def secrets_of(environment: Mapping[str, str]) -> list[str]:
    """The values that the environment holds under the name of a secret. One of three characters would be
    found in every line, and is no secret."""
    found = (value.strip() for name, value in environment.items() if _SECRET_VARIABLE.search(name))
    return [value for value in found if len(value) > 3]


def shown(value: object) -> str:
    """``str(value)``, or what is wrong with it: what is logged may have an ``__str__`` that raises."""
    try:
        return str(value)
    except Exception as error:
        return unshowable(value, error)


def unshowable(value: object, error: Exception | None = None) -> str:
    why = "" if error is None else f" ({type(error).__name__})"
    return f"<{type(value).__name__} that can't be shown{why}>"
