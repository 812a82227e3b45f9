"""A benchmark's figures, and how they are shown."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Row(NamedTuple):
    """``ratio`` is Milena's figure divided by the baseline's; ``aim`` what it should reach, where there
    is an aim; ``smaller``: less is better."""

    what: str
    milena: str
    baseline: str
    ratio: float
    aim: float | None = None
    smaller: bool = False

    @property
    def reached(self) -> bool:
        if self.aim is None:
            return True
        return self.ratio <= self.aim if self.smaller else self.ratio >= self.aim


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios round by round."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def quantile(values: Sequence[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def show(rows: Sequence[Row]) -> None:
    table = Table("what", "Milena", "baseline", "ratio", "aim", title="Milena's benchmarks")
    for row in rows:
        aim = "" if row.aim is None else f"{'≤' if row.smaller else '≥'} {row.aim:g}"
        style = "green" if row.reached else "yellow"
        table.add_row(row.what, row.milena, row.baseline, f"[{style}]{row.ratio:.2f}", aim)
    Console(width=None if Console().is_terminal else 110).print(table)
