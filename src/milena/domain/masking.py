"""What may be told of options and fields: a list of things among them, such as somebody's own quiz questions,
may hold answers. How many there are is enough then.
"""

from typing import Any

import msgspec


def masked(value: Any) -> Any:
    """Plain data with "N given" for every list of things."""
    match value:
        case list() if any(isinstance(each, dict) for each in value):
            return f"{len(value)} given"
        case dict():
            return {name: masked(each) for name, each in value.items()}
        case str() if value.startswith('{"'):  # JSON in JSON, as the terms of a game in the lobby once were
            return masked(_decoded(value))
    return value


def masked_json(text: str) -> str:
    """:func:`masked` for plain data as JSON."""
    return msgspec.json.encode(masked(msgspec.json.decode(text))).decode()


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return "..."
