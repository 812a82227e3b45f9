"""Values written down with every field that they have, and compared with what was written down."""

from typing import Any

import msgspec
from msgspec import Struct


def spell(value: Any) -> Any:
    """A value as JSON, with every field of every Struct in it."""
    match value:
        case Struct():
            return {name: spell(getattr(value, name)) for name in value.__struct_fields__}
        case dict():
            return {str(key): spell(each) for key, each in value.items()}
        case list() | tuple():
            return [spell(each) for each in value]
        case set() | frozenset():
            return sorted(spell(each) for each in value)
    return msgspec.to_builtins(value)


def agrees(recorded: Any, value: Any) -> bool:
    """Whether ``value`` is what was recorded. A Struct may have got more fields since."""
    match value:
        case Struct():
            return isinstance(recorded, dict) and all(
                hasattr(value, name) and agrees(each, getattr(value, name)) for name, each in recorded.items()
            )
        case dict():
            named = {str(key): each for key, each in value.items()}
            return (
                isinstance(recorded, dict)
                and named.keys() == recorded.keys()
                and all(agrees(each, named[key]) for key, each in recorded.items())
            )
        case list() | tuple():
            return (
                isinstance(recorded, list)
                and len(recorded) == len(value)
                and all(map(agrees, recorded, value))
            )
    return bool(recorded == spell(value))
