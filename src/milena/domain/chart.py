"""A chart as plain data: how much there is of each of a few things. Front ends draw it, as a picture or with
characters."""

from msgspec import Struct


class Bar(Struct, frozen=True, omit_defaults=True):
    """``note`` says more of it; ``<id>`` in there stands for a player's name."""

    label: str
    count: int
    note: str = ""


class Chart(Struct, frozen=True):
    """``whole``: the count that fills a bar, 0 where there is nothing to count yet."""

    bars: tuple[Bar, ...]
    whole: int

    def share(self, bar: Bar) -> float:
        """How much of a whole bar it is, from 0 to 1."""
        return min(1.0, bar.count / self.whole) if self.whole else 0.0
