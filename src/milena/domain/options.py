"""Options in words: what a Struct of options allows, for help texts and refusals."""

import re
from typing import Any

import msgspec
from msgspec import Struct

from milena.domain.items import either


def allowed(options: type[Struct]) -> dict[str, str]:
    """What each option may be: ``{"size": "3 to 6", "target": "0, 64 or 128"}``."""
    schema = msgspec.json.schema(options)
    fields = schema["$defs"][options.__name__]["properties"]
    return {name: _allowed(field) for name, field in fields.items()}


def _allowed(field: dict[str, Any]) -> str:
    match field:
        case {"anyOf": [*choices]} if all("enum" in choice for choice in choices):
            return _allowed({"enum": [value for choice in choices for value in choice["enum"]]})
        case {"anyOf": [*choices]}:
            return " or ".join(_allowed(choice) for choice in choices)
        case {"enum": [*values]}:
            return either([str(value) for value in values if value != ""])
        case {"minimum": low, "maximum": high}:
            return f"{low} to {high}" if low < high else f"{low}"
        case {"minimum": low}:
            return f"{low} or more"
        case {"maximum": high}:
            return f"{high} or less"
        case {"type": "boolean"}:
            return "true or false"
        case {"type": "integer"}:
            return "a whole number"
        case {"type": "number"}:
            return "a number"
        case {"type": "null"}:
            return "nothing"
        case {"maxLength": longest}:
            return f"a text of at most {longest} characters"
        case {"type": "string"}:
            return "a text"
        case _:
            return "a list of settings"


def describe_error(error: msgspec.ValidationError, options: type[Struct]) -> str:
    """What is wrong with the options, and what is allowed instead."""
    found = re.search(r"`\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?", str(error))
    if found is None:
        return _not_as_declared(str(error), options)
    name, number, field = found.groups()
    if number is not None:
        where = f"{name}, number {int(number) + 1}{f', {field}' if field else ''}"
        return f"{where}: {str(error).partition(' - at ')[0]}."
    return f"{name} can be {allowed(options).get(name, 'something else')}."


def _not_as_declared(error: str, options: type[Struct]) -> str:
    """What is said where an option is missing, or is none of those that there are."""
    there = allowed(options)
    missing = re.fullmatch(r"Object missing required field `(\w+)`", error)
    if missing and missing[1] in there:
        return f"{missing[1]} is needed, and can be {there[missing[1]]}."
    unknown = re.match(r"Object contains unknown field `(.{0,40})", error, re.DOTALL)
    if unknown:
        name = unknown[1].removesuffix("`")
        return f"there is no option {name!r}; there are {', '.join(there) or 'none'}."
    return f"{error[:200]}."
