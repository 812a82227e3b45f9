"""Whole games, played by people on Discord against the real process."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from kit import StartMilena
from life import Begin, Life
from log import Log
from standin import StandIn


@pytest.fixture
def rounds() -> int:
    """How much of the long tests is played: MILENA_DISCORD_ROUNDS=10 is ten times as much."""
    return int(os.environ.get("MILENA_DISCORD_ROUNDS", "1"))


@pytest.fixture
async def begin(discord: StandIn, start_milena: StartMilena, home_dir: Path) -> AsyncIterator[Begin]:
    """``life, log = await begin(MILENA_LIMITS_IDLE="1")``: a bot that runs, and its log."""
    async with AsyncExitStack() as stack:

        async def begin(**environment: str) -> tuple[Life, Log]:
            life = Life(discord, start_milena, **environment)
            await life.begin()
            return life, stack.enter_context(Log(home_dir, discord))

        yield begin
