"""Items in a fixed order, such as one a seat or one a cell: what changes one of them gives new ones."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def put(items: tuple[T, ...], at: int, item: T) -> tuple[T, ...]:
    """``item`` in place of the one that is there."""
    return (*items[:at], item, *items[at + 1 :])


def add(counts: tuple[int, ...], at: int, more: int) -> tuple[int, ...]:
    """So many more of what is counted there."""
    return put(counts, at, counts[at] + more)


def without(items: tuple[T, ...], item: T) -> tuple[T, ...]:
    """All but one ``item``; where there are several, the first of them goes."""
    at = items.index(item)
    return items[:at] + items[at + 1 :]


def in_rows(items: Sequence[T], width: int) -> tuple[tuple[T, ...], ...]:
    """Rows of so many, the last one shorter where they do not fill it."""
    return tuple(tuple(items[at : at + width]) for at in range(0, len(items), width))


def either(items: Sequence[str]) -> str:
    """``hit, stand or double``."""
    return " or ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def covered(groups: Sequence[tuple[T, ...]], but: int | None, cover: T) -> tuple[tuple[T, ...], ...]:
    """How many there are in each group, such as the hand of a seat; what they are in one of them only."""
    return tuple(group if at == but else (cover,) * len(group) for at, group in enumerate(groups))
