"""Chance that anybody can check: a seed that is committed to before play and revealed after it.

1. The game opens with ``commitment = SHA-256(seed)``, in hex; the seed is 32 bytes.
2. Every player brings a salt when taking a seat.
3. Draw number n (from 1) of game G picks one of the possible outcomes by their weights::

       ticket = HMAC-SHA256(key=seed, message=f"{G}/{n}/{salts}") as a big-endian integer
       ticket = ticket mod (sum of the weights)

   where ``salts`` are the seats' salts in seat order, joined by commas. The outcome drawn is the
   first, in the order that the rules list them, at which the running sum of weights exceeds the
   ticket. (The remainder favours some outcomes by less than one part in 2^190.)
4. The game's last event reveals the seed, however it ended.

So nobody can choose a draw once all have sat down, and ``milena verify`` recomputes every one.
"""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256


def commitment(seed: bytes) -> str:
    """What is told of the seed before the game."""
    return sha256(seed).hexdigest()


def draw(
    seed: bytes, game: str, number: int, salts: Iterable[str], chances: Sequence[tuple[str, int]]
) -> str:
    """The outcome of draw ``number`` of ``game``, of all ``chances`` (outcome, weight)."""
    left = ticket(seed, game, number, salts, sum(weight for _, weight in chances))
    for outcome, weight in chances:
        left -= weight
        if left < 0:
            return outcome
    raise AssertionError("a ticket is below the sum of the weights")


def ticket(seed: bytes, game: str, number: int, salts: Iterable[str], many: int) -> int:
    """The ticket of a draw, from 0 to below ``many``."""
    message = f"{game}/{number}/{','.join(salts)}".encode()
    return int.from_bytes(hmac.digest(seed, message, "sha256")) % many
