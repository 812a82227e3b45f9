"""What the tests of Discord share: a stand-in server on a free port, and a bot as a process of its own."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from aiohttp import ClientSession
from keeping import Club
from processes import Bot, StartBot, Warm
from raw import RawBot, Socket
from standin import Guild, Person, Settings, StandIn

from milena.home import Home


@pytest.fixture
def settings() -> Settings:
    """Those of Discord, but a bot may start again at once. A test changes them before ``discord``."""
    return Settings(identify_interval=0.0)


@pytest.fixture
async def discord(settings: Settings) -> AsyncIterator[StandIn]:
    """Discord, running, and empty but for the bot's user."""
    async with StandIn(settings) as discord:
        yield discord


@pytest.fixture
def club(discord: StandIn) -> Guild:
    """A guild with a channel and the bot."""
    return discord.guild("Club")


@pytest.fixture
def ann(discord: StandIn, club: Guild) -> Person:
    return discord.person("ann", club)


@pytest.fixture
def bob(discord: StandIn, club: Guild) -> Person:
    return discord.person("bob", club)


@pytest.fixture
async def raw(discord: StandIn) -> AsyncIterator[RawBot]:
    """A bot without a library."""
    async with ClientSession() as http:
        yield RawBot(discord, http)


@pytest.fixture
async def socket(raw: RawBot, club: Guild) -> Socket:
    """Its session."""
    return await raw.start()


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    warm = Warm()
    yield warm
    warm.close()


@pytest.fixture
async def start_bot(discord: StandIn, tmp_path: Path, warm: Warm) -> AsyncIterator[StartBot]:
    """``await start_bot()``: the bare bot as a process; ``start_bot([...])``: any command. Gone at the end.

    It finds the address in ``MILENA_DISCORD_API`` and the token in ``DISCORD_TOKEN``; more variables come
    by keyword.
    """
    started: list[Bot] = []

    async def start(command: list[str] | None = None, **environment: str) -> Bot:
        told = {"MILENA_DISCORD_API": discord.api, "DISCORD_TOKEN": discord.settings.token} | environment
        log = tmp_path / f"bot-{len(started)}.log"
        started.append(Bot.start(command, told, log) if command else warm.start(told, log))
        return started[-1]

    yield start
    for bot in started:
        await bot.kill()


@pytest.fixture
def here(discord: StandIn, club: Guild, home: Home) -> Iterator[Club]:
    made = Club(discord, club, home)
    with made.engine:
        yield made
    assert not discord.record.violations
    assert not discord.record.unknown_fields
