"""What completion may look at: given by the front end, for one player in one place."""

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct

Standing = Literal["waiting", "playing", "over"]


class GameLine(Struct, frozen=True):
    """A game as it is offered.

    ``players``  the names of who sits there
    ``mine``     the player who asks sits there; ``turn``: and has to move
    ``invited``  the player who asks is invited
    ``asked``    somebody asks the player who asks for something: a draw, a takeback
    ``free``     seats that anybody may take
    """

    key: str
    kind: str
    standing: Standing
    players: tuple[str, ...] = ()
    mine: bool = False
    turn: bool = False
    invited: bool = False
    asked: bool = False
    free: int = 0

    @property
    def waits(self) -> bool:
        """Whether it waits for the player who asks."""
        return self.turn or self.invited or self.asked


class Line(Struct, frozen=True):
    """Something with a key, told in ``words``."""

    key: str
    words: str


class Sources(Protocol):
    """All of it is quick, and shows nothing that the player may not see."""

    def games(self, over: bool) -> Sequence[GameLine]:
        """The games of this channel that are open and, where ``over``, the last ones of this player that are
        not."""

    def moves(self, game: str) -> Sequence[str]:
        """What the player may move there now; nothing where that would tell a secret."""

    def polls(self) -> Sequence[Line]:
        """The open polls of this server, newest first."""

    def cases(self) -> Sequence[Line]:
        """The moderation cases of this server, newest first, for who may see them."""

    def commands(self) -> Sequence[Line]:
        """The commands by name, each with its words as they are typed."""

    def kinds(self) -> Sequence[Line]:
        """The games that there are, by name, each with its title."""

    def settings(self) -> Sequence[Line]:
        """What a server can set, with a word on each."""

    def zones(self) -> Sequence[str]:
        """The time zones."""
