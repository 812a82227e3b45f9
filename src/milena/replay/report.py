"""What an audit of the log has found."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

Level = Literal["damage", "doubt", "note"]
"""``damage``: the log is not what was written. ``doubt``: it may be, but something is odd, or could not
be checked here. ``note``: worth knowing."""

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much; called every now and then."""


class Finding(Struct, frozen=True):
    """``position`` is the first bad one, None where the finding is about no position."""

    level: Level
    position: int | None
    sentence: str

    def __str__(self) -> str:
        where = "" if self.position is None else f"position {self.position}: "
        return where + self.sentence


class Report(Struct):
    """What was recomputed, and what did not hold.

    ``archived``, ``unread`` events that were moved to archives, and those of them that could not be read ·
    ``streams`` by kind of aggregate · ``ended`` games that are over · ``seeds`` revealed and matching
    their commitments · ``sealed`` texts that were opened · ``head`` position and hash (hex)
    """

    events: int = 0
    archived: int = 0
    unread: int = 0
    streams: dict[str, int] = {}
    ended: int = 0
    draws: int = 0
    seeds: int = 0
    sealed: int = 0
    snapshots: int = 0
    head: tuple[int, str] = (0, "")
    findings: list[Finding] = []

    def found(self, level: Level, position: int | None, sentence: str) -> None:
        self.findings.append(Finding(level, position, sentence))

    @property
    def level(self) -> Level | None:
        """The worst level of all findings."""
        return self.findings[0].level if self.findings else None

    def sort(self) -> None:
        """The worst first, and of these the one at the lowest position."""
        levels = ("damage", "doubt", "note")
        self.findings.sort(key=lambda finding: (levels.index(finding.level), finding.position or 2**63))
