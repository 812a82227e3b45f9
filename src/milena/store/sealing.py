"""Sealed fields: text that is stored encrypted until the game that it belongs to is over, or for good.

A hidden draw or a simultaneous choice has to be in the log at once, or a crash would lose it; and it
must not be readable there, or an export, an audit question or a backup would tell. So it is stored as

    base64(nonce ‖ AES-256-GCM(key, nonce, text padded with NUL to a multiple of 32 bytes, stream))

with the key HMAC-SHA256(seed of the game, "seal"). The padding hides which of "rock" and "scissors"
it is. The game's last event reveals the seed, and with it everything that was sealed.

A private text, in a stream that is one person's own, is sealed in the same form with a random key of this
person, which is in the vault and nowhere else. When the person is erased the key is destroyed: then the text
can never be read again, in the log or in any copy of it, and reads as :data:`ERASED`.
"""

import base64
import hmac
import os

PERSONAL = ("reminder",)
"""The kinds of streams that are one person's own; the name of one ends in ``:`` and the player's id."""
ERASED = "(erased)"

_NONCE = 12
_BLOCK = 32


class SealError(Exception):
    """A sealed text can't be opened with this key."""


def sealing_key(seed: bytes) -> bytes:
    return hmac.digest(seed, b"seal", "sha256")


def owner_of(stream: str) -> str | None:
    """The player whose own a stream is."""
    kind, _, key = stream.partition(":")
    return key.rpartition(":")[2] if kind in PERSONAL else None


def seal(key: bytes, stream: str, text: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # takes long to import

    plain = text.encode()
    padded = plain.ljust(-(-len(plain) // _BLOCK) * _BLOCK, b"\0")
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, padded, stream.encode())).decode()


def unseal(key: bytes, stream: str, sealed: str) -> str:
    """Raises SealError if it was sealed with another key, for another stream, or was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        data = base64.b64decode(sealed, validate=True)
        padded = AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], stream.encode())
        return padded.rstrip(b"\0").decode()
    except (InvalidTag, ValueError) as error:
        raise SealError(str(error) or "wrong key or changed text") from None
