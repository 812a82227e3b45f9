"""Text that people wrote, made harmless: on Discord it pings nobody, links nowhere and formats nothing.

Everything here returns Discord's markdown, except for :func:`plain`, :func:`clip` and :func:`label`, whose
text is for where Discord reads none: labels, file descriptions, blocks of code.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

import wcwidth

from milena.domain.refusal import fill_names

LONGEST_NAME = 32
"""Characters of a name, at most, as it is shown."""
NOBODY = "somebody"
"""Stands for a name of which nothing can be seen."""
MORE = "…"

_JOINER = "\u200d"
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and marks that nobody can see, and that no category tells from others."""
_MOST_MARKS = 3
"""Combining marks on one letter; more of them climb over the lines above."""
_GLUE = "\u2060"
"""A word joiner: takes no room, and Discord's patterns end there."""
_MARKDOWN = re.compile(r"([\\*_~|`<\[\]])")
_FIRST = re.compile(r"^(\s*)(?=[#>+-]|[0-9]+\.)")
_NUMBERED = re.compile(r"^(\s*[0-9]+)\.")
_AT = re.compile(r"@(?=everyone|here|[!&]?[0-9])", re.IGNORECASE)
_SCHEME = re.compile(r"(?<=:)(?=//)")
_INVITE = re.compile(r"(discord(?:app)?\.(?:gg|com))(?=/)", re.IGNORECASE)
_MOMENT = re.compile(r"(<t:-?[0-9]{1,13}(?::[a-zA-Z])?>)")
_AT_HOME = re.compile(r"<(?:#|@&)[0-9]{1,20}>")
"""A channel, a role."""
_PLACEHOLDER = re.compile(r"(<[0-9a-z-]+>|<t:-?[0-9]{1,13}(?::[a-zA-Z])?>|<(?:#|@&)[0-9]{1,20}>)")


def plain(text: str) -> str:
    """``text`` in one line, without what can't be seen or turns other text round: controls, zero-width and
    bidirectional characters, heaps of accents. Emoji stay whole."""
    if text.isascii() and text.isprintable():  # most are, and nothing has to be looked for
        return " ".join(text.split())
    found: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(char)
        if char in _BLANKS or kind in ("Zl", "Zp", "Zs") or char in "\n\r\t\v\f":
            char, kind = " ", "Zs"
        if kind in ("Mn", "Me"):
            marks += 1
            if marks > _MOST_MARKS:
                continue
        elif char == _JOINER:
            if not found or unicodedata.category(found[-1]) not in ("So", "Sk", "Mn"):
                continue
        elif kind[0] == "C":
            continue
        else:
            marks = 0
        if char != " " or (found and found[-1] != " "):
            found.append(char)
    return "".join(found).strip(" " + _JOINER)


def clip(text: str, longest: int) -> str:
    """``text`` in at most ``longest`` UTF-16 units, which no way of counting characters exceeds; where
    something is cut off it ends in an ellipsis, and never in the middle of what the eye sees as one."""
    if size(text) <= longest:
        return text
    room, kept = longest - size(MORE), []
    for grapheme in wcwidth.iter_graphemes(text):
        room -= size(grapheme)
        if room < 0:
            break
        kept.append(grapheme)
    return "".join(kept).rstrip() + MORE


def size(text: str) -> int:
    """UTF-16 units: characters, where those beyond the basic plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def columns(text: str) -> int:
    """How wide a text is in a block of code."""
    return max(0, wcwidth.wcswidth(text))


def escape(text: str) -> str:
    """``text`` as markdown that shows it as it was written, in one line."""
    text = _MARKDOWN.sub(r"\\\1", plain(text))
    if _FIRST.match(text):
        text, numbers = _NUMBERED.subn(r"\1\\.", text)
        text = text if numbers else _FIRST.sub(r"\1\\", text)
    text = _AT.sub("@" + _GLUE, text)
    text = _SCHEME.sub(_GLUE, text)
    return _INVITE.sub(r"\1" + _GLUE, text)


def label(text: str, longest: int = 80) -> str:
    """``text`` for a button, an option of a menu or a title: Discord shows it as it is."""
    return clip(plain(text), longest) or MORE


def block(lines: Iterable[str]) -> str:
    """Lines whose columns stay where they are. Discord formats and links nothing in there."""
    text = "\n".join(_upright(line) for line in lines)
    return f"```\n{text}\n```"


def _upright(line: str) -> str:
    """A line with all its blanks, and with nothing in it that would end the block."""
    shown = "".join(char for char in line.replace("`", "'") if unicodedata.category(char)[0] != "C")
    return shown.rstrip() or " "


def shown_name(name: Callable[[str], str]) -> Callable[[str], str]:
    """Names as they can be shown, if not yet as markdown: no longer than fits, and never empty."""
    return lambda player: clip(plain(name(player)), LONGEST_NAME) or NOBODY


def say(sentence: str, name: Callable[[str], str], behind: Callable[[str], str] | None = None) -> str:
    """A sentence of ours as markdown: names where ``<id>`` stands; times, channels and roles for Discord to
    tell, which pings nobody; all else may hold what people typed, and is escaped. ``behind``: markdown behind
    a name, by the id."""
    called = shown_name(name)
    lines = []
    for line in sentence.split("\n"):
        parts = [
            part
            if _MOMENT.fullmatch(part) or _AT_HOME.fullmatch(part)
            else escape_part(fill_names(part, called)) + (behind(part[1:-1]) if behind else "")
            if _PLACEHOLDER.fullmatch(part)
            else escape_part(part)
            for part in _PLACEHOLDER.split(line)
        ]
        lines.append("".join(parts))
    return "\n".join(lines)


def escape_part(part: str) -> str:
    """:func:`escape` for a part of a line, with the blanks at its ends."""
    if not part.strip():
        return " " * bool(part)
    return " " * part[0].isspace() + escape(part) + " " * part[-1].isspace()


def fit(lines: Iterable[str], longest: int) -> str:
    """As many whole lines as there is room for."""
    kept: list[str] = []
    room = longest
    for line in lines:
        room -= size(line) + 1
        if room < 0:
            return "\n".join([*kept, MORE]) if room + size(line) + 1 > 1 else "\n".join(kept)
        kept.append(line)
    return "\n".join(kept)
