"""Commands: what can be asked of Milena, declared once for every front end."""

from collections.abc import Callable
from typing import Any, Literal, Protocol

from msgspec import Struct

from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId

Category = Literal["admin", "fun", "games", "utility"]


class Invocation(Struct, frozen=True):
    """One call of a command.

    ``id``       unique for ever (on Discord the interaction's id): a second delivery changes nothing
    ``options``  plain data, as the front end got it; the command's Options say what is allowed
    ``time``     ms since 1970
    ``follows``  (correlation id, position) of the event that led to it; None where a person asked
    """

    id: InvocationId
    command: str
    options: dict[str, Any]
    player: PlayerId
    place: Place
    time: int
    follows: tuple[str, int] | None = None


class Desk(Protocol):
    """What a command may use while it decides. All that it does becomes one atomic append."""

    @property
    def invocation(self) -> Invocation: ...

    def game(self, key: str) -> Game:
        """The game as it stands. Raises Refused where there is none."""

    def act(self, kind: str, key: str, command: Struct) -> Any:
        """Let an aggregate decide; its events are kept. Returns its new state, or raises Refused."""

    def seed(self, game: str) -> bytes:
        """The secret seed of a game: the same for the same game, known to nobody else."""

    def new_id(self) -> str:
        """A new id that sorts by time."""


Result = dict[str, Any]
"""What an accepted command answers: plain data that JSON can hold."""


class Command(Struct, frozen=True):
    """One command: its declaration, and the function that decides it.

    ``options``   a frozen Struct; field names, types, ``msgspec.Meta`` limits and help texts are the
                  options that Discord and the terminal offer
    ``private``   options whose text is not recorded when the command led to something sealed
    ``cooldown``  seconds until the same member may use it again; the configuration may say otherwise
    """

    name: str
    category: Category
    description: str
    options: type[Struct]
    run: Callable[[Desk, Any], Result]
    cooldown: float = 0.0
    private: tuple[str, ...] = ()
