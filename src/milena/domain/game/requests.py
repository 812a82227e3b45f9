"""What can be asked of a game. ``now`` is the time of asking, in ms since 1970; ``seed`` is the secret of the
game (see milena.domain.chance)."""

from typing import Any

from msgspec import Struct

from milena.domain.clock import Clock
from milena.domain.ids import PlayerId


class Open(Struct, frozen=True):
    """``options`` as given, ``seats`` None for as few as the game allows; the rest as in
    :class:`milena.domain.game.events.Opened`. ``clock`` None: the game's own, if it has one."""

    player: PlayerId
    game: str
    options: dict[str, Any]
    seats: int | None
    seed: bytes
    place: str = ""
    clock: Clock | None = None
    private: bool = False
    until: int = 0
    rematch: str = ""


class TakeSeat(Struct, frozen=True):
    """``seat`` counts from 0; None for the one that is kept for the player, or the first that is free.
    ``salt``: see milena.domain.chance. ``chosen``: the one who opened the game has put the player there."""

    player: PlayerId
    salt: str
    seed: bytes
    seat: int | None = None
    now: int = 0
    chosen: bool = False


class LeaveSeat(Struct, frozen=True):
    player: PlayerId
    seed: bytes


class Begin(Struct, frozen=True):
    """Start with those who are there."""

    player: PlayerId
    seed: bytes
    now: int = 0


class Invite(Struct, frozen=True):
    """Keep a free seat for ``guest`` until ``until``; once the game has begun, offer the own one. ``seat``
    None: the first that is free."""

    player: PlayerId
    guest: PlayerId
    until: int
    seat: int | None = None


class Decline(Struct, frozen=True):
    """Turn down what is offered: an invitation, a takeback, a draw; or withdraw an own invitation."""

    player: PlayerId
    seed: bytes


class TakeOver(Struct, frozen=True):
    """Take the seat that somebody hands over."""

    player: PlayerId
    now: int = 0


class Play(Struct, frozen=True):
    """``ply``, ``turn``: what the player looked at, where known (see :meth:`Games.looked_at`); a move that
    was meant for an older board is refused."""

    player: PlayerId
    move: str
    seed: bytes
    ply: int | None = None
    now: int = 0
    turn: int | None = None


class OfferDraw(Struct, frozen=True):
    """Offer a draw, or agree to it."""

    player: PlayerId
    seed: bytes


class AskTakeback(Struct, frozen=True):
    """Ask to take the own last move back, or agree to what another one asked."""

    player: PlayerId
    now: int = 0


class Resign(Struct, frozen=True):
    player: PlayerId
    seed: bytes
    now: int = 0


class Abort(Struct, frozen=True):
    player: PlayerId
    seed: bytes


class Void(Struct, frozen=True):
    """Only for moderators: whoever calls makes sure of that."""

    player: PlayerId
    reason: str
    seed: bytes


class Stop(Struct, frozen=True):
    """End a game that goes on, without a result. Only for moderators: whoever calls makes sure of that."""

    player: PlayerId
    reason: str
    seed: bytes


class Rematch(Struct, frozen=True):
    """Note that ``game`` repeats this one. ``instead_of``: an earlier one that was never begun."""

    player: PlayerId
    game: str
    instead_of: str = ""


class Expire(Struct, frozen=True):
    """Let happen whatever is due now. ``idle``: nobody has played for so long that the game is given up."""

    seed: bytes
    now: int
    idle: bool = False
