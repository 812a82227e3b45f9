"""A command's options, or a game's, as they are offered: made from their Struct.

What a slash can't offer (lists, tables of settings, names that Discord does not take) is left out: those
fields have defaults, and where they are needed the command says so.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct

from milena.domain.ids import PlayerId
from milena.slash.model import Choice, Completes, Kind, Option

NAME = re.compile(r"[-_a-z0-9]{1,32}")
LONGEST_DESCRIPTION = 100
MOST_CHOICES = 25
MOST_OPTIONS = 25
LARGEST = 2**53
"""Limits of Discord's: https://docs.discord.com/developers/interactions/application-commands"""

COMPLETES: dict[str, Completes] = {
    "about": "command", "case": "case", "command": "command", "game": "game", "kind": "kind", "move": "move",
    "poll": "poll", "timezone": "zone", "zone": "zone",
}  # fmt: skip
"""What completes an option of this name, where it is a text or a number."""

BY_NAME: dict[str, Kind] = {"channel": "channel", "role": "role", "file": "file"}
"""Of what kind a text is that is called so; of a file, what is in it."""

Schema = dict[str, Any]


def options_of(struct: type[Struct], hidden: Collection[str] = ()) -> tuple[Option, ...]:
    """The options that ``struct`` declares, as many as there can be, but for the ``hidden`` ones, and for
    those that can have one value only; those that are needed come first."""
    found = [option for option in _offered(struct, hidden) if NAME.fullmatch(option.name)]
    return tuple(sorted(found, key=lambda option: not option.required))[:MOST_OPTIONS]


def _offered(struct: type[Struct], hidden: Collection[str]) -> Iterator[Option]:
    try:
        properties = msgspec.json.schema(struct)["$defs"][struct.__name__]["properties"]
    except (KeyError, TypeError):  # types that JSON has no schema for
        return
    hints = get_type_hints(struct)
    for field in msgspec.structs.fields(struct):
        if field.encode_name in hidden:
            continue
        described = properties[field.encode_name]
        plain = _without_none(described)
        kind = _kind(field.encode_name, plain, hints[field.name])
        if kind is None or _is_settled(plain):
            continue
        yield Option(
            field.encode_name,
            kind,
            shortened(described.get("description") or plain.get("description") or field.encode_name),
            field.required,
            _limit(plain, "minimum", "exclusiveMinimum", 1),
            _limit(plain, "maximum", "exclusiveMaximum", -1),
            plain.get("maxLength") if kind == "text" else None,
            _choices(plain),
            _completes(field.encode_name, kind, plain),
            _told(field.default),
        )


def shortened(text: str) -> str:
    """At most as long as a description may be."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 1].rstrip()}…"


def _without_none(field: Schema) -> Schema:
    """Of a field that may also be nothing, the other thing it may be; several lists of choices as one."""
    ways = [way for way in field.get("anyOf", []) if way.get("type") != "null" and way != {"enum": [None]}]
    if not ways:
        return field
    if all("enum" in way for way in ways):
        return {**field, "enum": [value for way in ways for value in way["enum"]]}
    return {**field, **ways[0]} if len(ways) == 1 else field


def _is_settled(field: Schema) -> bool:
    """Whether there is one value only that it can have."""
    low, high = field.get("minimum"), field.get("maximum")
    return len(field.get("enum", [])) == 1 or (low is not None and low == high)


def _kind(name: str, field: Schema, hint: Any) -> Kind | None:
    if hint is PlayerId or {PlayerId, tuple[PlayerId, ...]} & {hint, *get_args(hint)}:
        return "player"
    match field:
        case {"enum": [*values]}:
            values = [value for value in values if value is not None]
            texts = all(isinstance(value, str) for value in values)
            return "text" if texts else "integer" if all(isinstance(value, int) for value in values) else None
        case {"type": "string"}:
            return BY_NAME.get(name, "text")
        case {"type": "boolean"}:
            return "boolean"
        case {"type": "integer"}:
            return "integer"
        case {"type": "number"}:
            return "number"
    return None


def _choices(field: Schema) -> tuple[Choice, ...]:
    """Those of a field that has some, but for nothing, which is to leave it out; none where there are too
    many to list, then they are typed."""
    values = [value for value in field.get("enum", []) if value not in (None, "")]
    if len(values) > MOST_CHOICES or any(len(str(value)) > 100 for value in values):
        return ()
    return tuple(Choice(str(value), value) for value in values)


def _limit(field: Schema, within: str, beyond: str, step: int) -> float | None:
    number = field.get(within)
    if number is None and beyond in field:
        number = field[beyond] + (step if field.get("type") == "integer" else 0)
    return None if number is None or abs(number) > LARGEST else number


def _completes(name: str, kind: Kind, field: Schema) -> Completes:
    return COMPLETES.get(name, "") if kind in ("text", "integer") and "enum" not in field else ""


def _told(default: Any) -> str:
    """A default in words; empty where it is nothing, or no, which goes without saying."""
    if default in (None, "", False, msgspec.NODEFAULT) or not isinstance(default, str | int | float):
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)
