"""A shipped collection of short texts: one a line, behind its category, parted by ``|``."""

from typing import NamedTuple

from milena.domain.refusal import Refused


class Entry(NamedTuple):
    """``more``: what else the line says of it: an author, a source."""

    category: str
    text: str
    more: tuple[str, ...]


def read(text: str) -> list[Entry]:
    entries = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            category, said, *more = line.split("|")
            entries.append(Entry(category, said, tuple(more)))
    return entries


def of_category(entries: list[Entry], category: str) -> list[Entry]:
    """Those of a category; all where none is named. Raises Refused, naming those that there are."""
    wanted = category.strip().lower()
    found = [entry for entry in entries if wanted in ("", entry.category)]
    if not found:
        known = ", ".join(sorted({entry.category for entry in entries}))
        raise Refused("unknown_category", f"There is no category {category[:40]!r}; there are {known}.")
    return found
