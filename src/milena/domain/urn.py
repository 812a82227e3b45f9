"""The Urn aggregate: chance for a single command that anybody can check at once.

A game commits to its seed before its players join. A single command has nobody to wait for, so the draws of
a guild form a chain:

1. Number n of a guild has the seed ``HMAC-SHA256(secret of the vault, "seed/urn/GUILD/n")``.
2. Before number n is asked for, its commitment, ``SHA-256(seed n)``, is in the log: the event of number
   n-1 tells it (``urn.opened`` that of the first).
3. Who asks brings a salt: the id of the invocation (on Discord, it comes from there), or any text.
4. The event of number n reveals seed n. Pick k (from 1) of number n, of m outcomes that are all alike, is
   ``HMAC-SHA256(key=seed n, message="urn/GUILD/n/k/SALT")`` as a big-endian integer, modulo m.

So Milena can't choose once she knows the salt, and who asks can't foresee. Only the first number of a guild
is committed to in the same append that draws it.
"""

from typing import ClassVar

import msgspec
from msgspec import Struct

from milena.domain import chance
from milena.domain.command import Desk
from milena.domain.event import Changes, Event


class UrnOpened(Event, frozen=True):
    """``commitment``: the SHA-256 of the first seed, in hex."""

    tag: ClassVar[str] = "urn.opened"
    commitment: str


class UrnDrawn(Event, frozen=True):
    """``picks``: pairs of how many outcomes there were (all alike), and which one came, from 0. ``seed`` in
    hex, that was committed to; ``commitment`` is of the next one."""

    tag: ClassVar[str] = "urn.drawn"
    number: int
    seed: str
    salt: str
    picks: tuple[tuple[int, int], ...]
    commitment: str


class Urn(Struct, frozen=True, omit_defaults=True):
    """``drawn``: how many numbers were drawn; ``commitment``: to the seed of the next one."""

    key: str
    drawn: int = 0
    commitment: str = ""


class Draw(Struct, frozen=True):
    """``seed`` is that of this number, ``following`` that of the next one."""

    seed: bytes
    following: bytes
    salt: str
    picks: tuple[tuple[int, int], ...]


class Urns:
    """The aggregate of every urn; the key of one is the guild's id."""

    kind = "urn"
    events: tuple[type[Event], ...] = (UrnOpened, UrnDrawn)

    def initial(self, key: str) -> Urn:
        return Urn(key)

    def evolve(self, state: Urn, event: Event) -> Urn:
        match event:
            case UrnOpened():
                return Urn(state.key, 0, event.commitment)
            case UrnDrawn():
                return Urn(state.key, event.number, event.commitment)
            case _:
                raise TypeError(f"an urn knows no {type(event).__name__}")

    def decide(self, state: Urn, command: Draw) -> Changes[Urn]:
        changes = Changes(self, state)
        if not state.commitment:
            changes.add(UrnOpened(chance.commitment(command.seed)))
        number, following = changes.state.drawn + 1, chance.commitment(command.following)
        changes.add(UrnDrawn(number, command.seed.hex(), command.salt, command.picks, following))
        return changes

    def deadline(self, state: Urn) -> int:
        return 0

    def secret(self, state: Urn) -> bool:
        return False

    def encode(self, state: Urn) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Urn:
        return msgspec.json.decode(data, type=Urn)


class Hand:
    """Draws for one command; :meth:`close` keeps what was drawn, as one event.

    ``salt``: what the one who asks brings, the invocation's id where that is empty.
    """

    def __init__(self, desk: Desk, salt: str = "") -> None:
        self._desk = desk
        self._guild = desk.invocation.place.partition("/")[0]
        urn: Urn = desk.state("urn", self._guild)
        self.number = urn.drawn + 1
        self.salt = salt or desk.invocation.id
        self._seed = desk.seed(f"urn/{self._guild}/{self.number}")
        self._picks: list[tuple[int, int]] = []

    def pick(self, many: int) -> int:
        """One of ``many`` outcomes, all alike, from 0."""
        picked = picked_by(self._seed, self._guild, self.number, self.salt, len(self._picks) + 1, many)
        self._picks.append((many, picked))
        return picked

    def close(self) -> int:
        """Returns the number under which anybody can check it."""
        following = self._desk.seed(f"urn/{self._guild}/{self.number + 1}")
        self._desk.act("urn", self._guild, Draw(self._seed, following, self.salt, tuple(self._picks)))
        return self.number


def picked_by(seed: bytes, guild: str, number: int, salt: str, nth: int, many: int) -> int:
    """Pick ``nth`` (from 1) of a number: which one of ``many``, from 0."""
    return chance.ticket(seed, f"urn/{guild}/{number}", nth, [salt], many)


def objection(urn: Urn, event: Event) -> str | None:
    """Why ``event`` can't follow where the urn stands like this; None where it can. For ``milena verify``."""
    if isinstance(event, UrnOpened):
        return "the urn is opened a second time." if urn.commitment else None
    if not isinstance(event, UrnDrawn):
        return "it is no event of an urn."
    if event.number != urn.drawn + 1:
        return f"it is number {event.number}, and {urn.drawn + 1} is due."
    try:
        seed = bytes.fromhex(event.seed)
    except ValueError:
        seed = b""
    if chance.commitment(seed) != urn.commitment:
        return "the seed revealed is not the one that was committed to."
    for nth, (many, picked) in enumerate(event.picks, start=1):
        if picked_by(seed, urn.key, event.number, event.salt, nth, many) != picked:
            return f"pick {nth} of number {event.number} is not what the seed gives."
    return None
