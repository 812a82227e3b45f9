"""Snapshots: the state of a stream at some version, kept so that loading need not begin at zero.

They are a cache. One that is damaged, or of another schema number than ``policy.toml`` gives for its
kind, is passed over as if it were not there.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.resources import files

import msgspec
from msgspec import Struct


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """``interval``: events between two snapshots. ``schema``: raised when the state changes shape."""

    interval: int
    schema: int


class _Stored(Struct, frozen=True, omit_defaults=True):
    """``state``, or the same text ``sealed`` where it is not for all eyes."""

    digest: str
    state: msgspec.Raw = msgspec.Raw()
    sealed: str = ""


@cache
def policies() -> dict[str, Policy]:
    """The policy for each kind of aggregate, from snapshots/policy.toml."""
    text = files("milena.snapshots").joinpath("policy.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Policy])


def topic(kind: str) -> str:
    return f"{kind}.snapshot@{policies()[kind].schema}"


def pack(state: bytes, seal: Callable[[str], str] | None = None) -> bytes:
    """A state in JSON, with the digest that tells damage; sealed where a way to seal it is given."""
    digest = sha256(state).hexdigest()
    if seal is None:
        return msgspec.json.encode(_Stored(digest, msgspec.Raw(state)))
    return msgspec.json.encode(_Stored(digest, sealed=seal(state.decode())))


def unpack(data: bytes, unseal: Callable[[str], str]) -> bytes:
    """The state that was packed. Raises ValueError where it was changed since, and what ``unseal`` raises."""
    stored = msgspec.json.decode(data, type=_Stored)
    state = unseal(stored.sealed).encode() if stored.sealed else bytes(stored.state)
    if sha256(state).hexdigest() != stored.digest:
        raise ValueError("the snapshot does not match its digest")
    return state
