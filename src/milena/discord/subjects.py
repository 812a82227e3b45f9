"""What has a message on Discord that shows it as it is: games, and polls.

For any thread; what reads the log raises StoreError. A subject is named as its stream is: ``game:ID``.
"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple, Protocol

from milena.aggregates import POLLS
from milena.discord import drawing
from milena.discord.answers import told
from milena.discord.histories import Histories
from milena.discord.message import Message
from milena.domain.ids import Place
from milena.domain.poll import Poll
from milena.domain.polling import standing
from milena.store import Store
from milena.unfinished import open_games, open_polls


class Likeness(NamedTuple):
    """``position`` of the last event that is shown; ``ended``: nothing more is to come."""

    position: int
    place: Place
    message: Message
    ended: bool


class Subject(Protocol):
    """All things of one kind."""

    lasting: bool
    """Whether there always is a message: where one is deleted, another one is posted."""

    def draw(self, key: str) -> Likeness:
        """It as it is now. Raises StoreError."""

    def knows(self, key: str) -> bool:
        """Whether it is remembered, and nobody reads it just now: to draw it takes no time."""

    def open(self) -> list[str]:
        """The ids of all that are open. Raises StoreError."""


class GameSubject:
    lasting = True

    def __init__(self, store: Store, histories: Histories, people: drawing.People) -> None:
        self._histories, self._people = histories, people
        self.open = partial(open_games, store)

    def draw(self, key: str) -> Likeness:
        with self._histories.any(key) as history:
            message = drawing.board(history, self._people)
            return Likeness(history.position, Place(history.game.place), message, history.ended)

    def knows(self, key: str) -> bool:
        return self._histories.knows(key)


class PollSubject:
    """A poll that somebody took away stays away: moderators delete what nobody should read."""

    lasting = False

    def __init__(self, store: Store, people: drawing.People) -> None:
        self._store, self._people = store, people
        self.open = partial(open_polls, store)

    def draw(self, key: str) -> Likeness:
        last = self._store.last(f"{POLLS.kind}:{key}")  # first: what comes meanwhile is drawn again
        poll: Poll = self._store.fold(POLLS, key).state
        message = told(standing(poll), self._people.name)
        return Likeness(last.position if last else 0, Place(poll.place), message, poll.closed)

    def knows(self, key: str) -> bool:
        return False


def subjects(store: Store, histories: Histories, people: drawing.People) -> Mapping[str, Subject]:
    """By the kind of their streams."""
    return {"game": GameSubject(store, histories, people), POLLS.kind: PollSubject(store, people)}
