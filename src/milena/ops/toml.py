"""A TOML file of sections and settings, with the line that each of them stands in."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec


class Unreadable(Exception):
    """The file can't be read as TOML: one sentence that names the line and the remedy."""


class Document(NamedTuple):
    """``lines`` from 1, by section and key; a section itself has the key ``""``."""

    values: dict[str, Any]
    lines: dict[tuple[str, str], int]


def read(file: Path) -> Document:
    """What the file says; nothing where there is no such file."""
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return Document({}, {})
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8.") from None
    except OSError as error:
        raise Unreadable(
            f"{file} can't be read ({error.strerror}); check what it is, and its rights."
        ) from None
    try:
        return Document(_decode(text), _lines(text))
    except msgspec.DecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        number = int(found[1]) if found else text.rstrip().count("\n") + 1
        reason = re.sub(r" \(at [^()]*\)$", "", str(error))
        raise Unreadable(f"{file}:{number}: this is not TOML ({reason}); correct that line.") from None
    except RecursionError:
        raise Unreadable(f"{file} has lists in lists without end; no setting is such.") from None


def _decode(text: str) -> dict[str, Any]:
    return msgspec.toml.decode(text, type=dict[str, Any])


def _lines(text: str) -> dict[tuple[str, str], int]:
    """The parser tells no lines; but a setting begins where the longest beginning of the text ends that
    can be read and does not have it."""
    lines = text.split("\n")
    found: dict[tuple[str, str], int] = {}
    start = 0
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        start = start or number
        try:
            values = _decode("\n".join(lines[:number]))
        except msgspec.DecodeError:
            continue  # in the middle of a value of several lines
        for section, table in values.items():
            found.setdefault((section, ""), start)
            for key in table if isinstance(table, dict) else ():
                found.setdefault((section, key), start)
        start = 0
    return found
