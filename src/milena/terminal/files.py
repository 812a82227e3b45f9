"""Options that are too long to type: they are read from a file."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from milena.domain.refusal import Refused

LARGEST = 1 << 20
"""Bytes."""


def text_file(path: str) -> str:
    """What is in a text file. Raises Refused where it can't be read."""
    try:
        with Path(path).expanduser().open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise Refused("bad_file", f"{path} is larger than {LARGEST >> 20} MiB.")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise Refused("bad_file", f"{path} is not a text in UTF-8.") from None
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise Refused("bad_file", f"{path} can't be read: {why}.") from None


def option_file(option: str, path: str) -> Any:
    """The value of ``option`` in a TOML or JSON file: what stands there under its name, else the only thing
    that is there, else all of it. Raises Refused where the file can't be read."""
    text, is_json = text_file(path), Path(path).suffix == ".json"
    try:
        found = msgspec.json.decode(text) if is_json else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, msgspec.DecodeError, RecursionError) as error:
        kind = "JSON" if is_json else "TOML"
        raise Refused("bad_file", f"{path} is not {kind}: {error}.") from None
    if not isinstance(found, dict):
        return found
    if option in found:
        return found[option]
    return next(iter(found.values())) if len(found) == 1 else found
