"""The state of a game: what its events have come to."""

from typing import Any, Literal

from msgspec import Struct

from milena.domain.clock import Clock
from milena.domain.game.events import How
from milena.domain.ids import PlayerId
from milena.domain.rules import Outcome

Status = Literal["unopened", "waiting", "playing", "ended"]

KEPT_BOARDS = 6
"""So many boards are kept for moves that are taken back."""


class Seated(Struct, frozen=True):
    player: PlayerId
    salt: str


class Invitation(Struct, frozen=True):
    """``until``, ms since 1970; ``by`` who invites."""

    player: PlayerId
    seat: int
    until: int
    by: PlayerId


class Before(Struct, frozen=True):
    """The board before a move of ``seat``."""

    seat: int
    board: Any


class Clocks(Struct, frozen=True):
    """See :class:`milena.domain.game.events.ClocksSet`. ``reminded``: the seats that were reminded of the
    time that runs now."""

    left: tuple[int, ...]
    since: tuple[int, ...]
    ends: tuple[int, ...]
    reminded: tuple[int, ...] = ()

    def remaining(self, seat: int, now: int) -> int:
        """What this seat has left, in ms, for whichever limit ends first."""
        return max(0, self.ends[seat] - now) if self.since[seat] else self.left[seat]


class Takeback(Struct, frozen=True):
    """``seats``: those that want it, who asked first; ``plies``: how many are to be undone."""

    seats: tuple[int, ...]
    plies: int


class Game(Struct, frozen=True, omit_defaults=True):
    """``board`` is the state of the game's own rules, None until it starts.

    ``place``     where it was opened, empty in games of release 0.1
    ``until``     when it is given up unless it has begun by then, ms since 1970; 0: never
    ``invited``   invitations that stand; in play, seats that are to be handed over
    ``moved``     the seats that have moved; ``former``: players whose seats others have now
    ``no_draw``, ``no_takeback``  the seats that were denied one since they moved last
    ``turned_down``  the players who declined an invitation
    ``choices``   the simultaneous choices that are in, by seat
    ``gave_up``   the seats that are out while the others play on
    ``missing``   the seat that ran out of time and for which chance moves in the next event
    ``earlier``   the boards that a move taken back can lead to, the last one last
    ``voided``    why a moderator took the result away
    ``rematch_of``, ``rematch``  the game that this one repeats, and the one that repeats it
    """

    key: str
    status: Status = "unopened"
    name: str = ""
    rules: int = 0
    options: dict[str, Any] = {}
    host: PlayerId = PlayerId("")
    commitment: str = ""
    seats: tuple[Seated | None, ...] = ()
    board: Any = None
    ply: int = 0
    draws: int = 0
    choices: tuple[tuple[int, str], ...] = ()
    gave_up: tuple[int, ...] = ()
    how: How | None = None
    outcome: Outcome | None = None
    seed: str = ""
    place: str = ""
    private: bool = False
    until: int = 0
    clock: Clock | None = None
    clocks: Clocks | None = None
    invited: tuple[Invitation, ...] = ()
    moved: tuple[int, ...] = ()
    former: tuple[PlayerId, ...] = ()
    no_draw: tuple[int, ...] = ()
    no_takeback: tuple[int, ...] = ()
    turned_down: tuple[PlayerId, ...] = ()
    missing: int | None = None
    earlier: tuple[Before, ...] = ()
    draw_offers: tuple[int, ...] = ()
    takeback: Takeback | None = None
    voided: str = ""
    rematch_of: str = ""
    rematch: str = ""

    @property
    def salts(self) -> list[str]:
        """What the players brought to the draws, in seat order."""
        return [seated.salt for seated in self.seats if seated is not None]

    @property
    def players(self) -> tuple[PlayerId, ...]:
        """Who sits here, in seat order."""
        return tuple(seated.player for seated in self.seats if seated is not None)

    @property
    def free(self) -> list[int]:
        """The seats that nobody has, and that are kept for nobody."""
        kept = {invitation.seat for invitation in self.invited}
        return [seat for seat, seated in enumerate(self.seats) if seated is None and seat not in kept]

    @property
    def still_in(self) -> list[int]:
        """The seats that have not given up."""
        return [seat for seat in range(len(self.seats)) if seat not in self.gave_up]

    def seat_of(self, player: PlayerId) -> int | None:
        for seat, seated in enumerate(self.seats):
            if seated is not None and seated.player == player:
                return seat
        return None

    def invitation(self, player: PlayerId) -> Invitation | None:
        for invitation in self.invited:
            if invitation.player == player:
                return invitation
        return None
