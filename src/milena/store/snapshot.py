"""Snapshots: the state of a stream at some version, kept so that loading need not begin at zero.

They are a cache. One that is damaged, or of another schema number than ``policy.toml`` gives for its
kind, is passed over as if it were not there.
"""

import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files

import msgspec
from msgspec import Struct


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """``interval``: events between two snapshots. ``schema``: raised when the state changes shape."""

    interval: int
    schema: int


class _Stored(Struct, frozen=True):
    digest: str
    state: msgspec.Raw


@cache
def policies() -> dict[str, Policy]:
    """The policy for each kind of aggregate, from snapshots/policy.toml."""
    text = files("milena.snapshots").joinpath("policy.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Policy])


def topic(kind: str) -> str:
    return f"{kind}.snapshot@{policies()[kind].schema}"


def pack(state: bytes) -> bytes:
    """A state in JSON, with the digest that tells damage."""
    return msgspec.json.encode(_Stored(sha256(state).hexdigest(), msgspec.Raw(state)))


def unpack(data: bytes) -> bytes:
    """The state that was packed; raises ValueError where it was changed since."""
    stored = msgspec.json.decode(data, type=_Stored)
    state = bytes(stored.state)
    if sha256(state).hexdigest() != stored.digest:
        raise ValueError("the snapshot does not match its digest")
    return state
