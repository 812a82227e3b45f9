"""The Board aggregate: which message on Discord shows a game, or a poll. Its key is that one's id."""

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.event import Changes, Event
from milena.domain.refusal import Refused

Gone = Literal["message", "channel"]


class BoardPosted(Event, frozen=True):
    """From now on this message shows it, and no other one. Both are Discord's ids."""

    tag: ClassVar[str] = "board.posted"
    channel: str
    message: str


class BoardLost(Event, frozen=True):
    """What showed it is gone: that message, or its whole channel."""

    tag: ClassVar[str] = "board.lost"
    message: str
    gone: Gone


class Board(Struct, frozen=True, omit_defaults=True):
    """``message`` is empty where none shows it; ``gone`` why the last one does not, if there was one;
    ``posted`` counts the messages that there have been."""

    key: str
    channel: str = ""
    message: str = ""
    gone: Gone | None = None
    posted: int = 0


class PostBoard(Struct, frozen=True):
    channel: str
    message: str


class LoseBoard(Struct, frozen=True):
    """``message``: the one that is missed; empty where none could even be posted."""

    message: str
    gone: Gone


class Boards:
    """The aggregate of every board."""

    kind = "board"
    events: tuple[type[Event], ...] = (BoardPosted, BoardLost)

    def initial(self, key: str) -> Board:
        return Board(key)

    def evolve(self, state: Board, event: Event) -> Board:
        match event:
            case BoardPosted():
                return Board(state.key, event.channel, event.message, None, state.posted + 1)
            case BoardLost():
                return replace(state, message="", gone=event.gone)
            case _:
                raise TypeError(f"a board knows no {type(event).__name__}")

    def decide(self, state: Board, command: Any) -> Changes[Board]:
        changes = Changes(self, state)
        match command:
            case PostBoard():
                if (command.channel, command.message) == (state.channel, state.message):
                    raise Refused("unchanged", "That message shows it already.")
                changes.add(BoardPosted(command.channel, command.message))
            case LoseBoard():
                if command.message != state.message or state.gone == command.gone:
                    raise Refused("unchanged", "That message does not show it.")
                changes.add(BoardLost(command.message, command.gone))
            case _:
                raise TypeError(f"a board knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Board) -> int:
        return 0

    def secret(self, state: Board) -> bool:
        return False

    def encode(self, state: Board) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Board:
        return msgspec.json.decode(data, type=Board)
