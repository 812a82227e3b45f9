"""Options of a game that are too long to type: they are read from a file."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from milena.domain.refusal import Refused

LARGEST = 1 << 20
"""Bytes."""


def option_file(option: str, path: str) -> Any:
    """The value of ``option`` in a TOML or JSON file: what stands there under its name, else the only thing
    that is there, else all of it. Raises Refused where the file can't be read."""
    file = Path(path).expanduser()
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise Refused("bad_file", f"{path} is larger than {LARGEST >> 20} MiB.")
        text = data.decode("utf-8-sig")
        found = msgspec.json.decode(text) if file.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise Refused("bad_file", f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Refused("bad_file", f"{path} is not a text in UTF-8.") from None
    except (tomllib.TOMLDecodeError, msgspec.DecodeError) as error:
        kind = "JSON" if file.suffix == ".json" else "TOML"
        raise Refused("bad_file", f"{path} is not {kind}: {error}.") from None
    if not isinstance(found, dict):
        return found
    if option in found:
        return found[option]
    return next(iter(found.values())) if len(found) == 1 else found
