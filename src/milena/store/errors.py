"""What can go wrong between Milena and its files; each error says what to do about it."""

import re
from pathlib import Path
from typing import Any

SEE_TO_IT = "see to its disk, and to the rights of its folder"


class StoreError(Exception):
    """The store could not do what was asked. The text is one sentence for the operator."""

    @property
    def told(self) -> str:
        """The sentence for players: it names files, and not where they are."""
        return re.sub(r"/(?:[^/\s]+/)+(?=[^/\s])", "", str(self))


class Unavailable(StoreError):
    """It can't be used now (full, locked, read-only, missing); nothing was written."""


class NoData(Unavailable):
    """There is nothing of Milena's in a directory, and nothing is to be made there."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"There is no Milena data in {directory}; play a game first, or use --data.")


class TooNew(Unavailable):
    """A newer Milena wrote it: its ``format`` is beyond the one that is ``known`` here."""

    def __init__(self, name: str, format: int, known: int) -> None:
        super().__init__(
            f"{name} was written by a newer Milena (format {format}, this one knows {known}): upgrade."
        )
        self.name, self.format, self.known = name, format, known


class Conflict(StoreError):
    """A stream version or an invocation id is taken: somebody else was first. Nothing was written."""


class Damaged(StoreError):
    """What is stored is not what was written. ``position`` is the first bad one, where known."""

    def __init__(self, sentence: str, position: int | None = None) -> None:
        super().__init__(sentence)
        self.position = position


class Unreplayable(Damaged):
    """A stream can't be folded: its event ``version`` (of this ``tag``) does not follow from those before it.
    ``state`` is the last good one."""

    def __init__(self, sentence: str, version: int = 0, tag: str = "", state: Any = None) -> None:
        super().__init__(sentence)
        self.version = version
        self.tag = tag
        self.state = state
