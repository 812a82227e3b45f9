"""The kit for tests of Milena's own bot: the real process, talking to the stand-in over real sockets.

``start_milena()`` starts ``milena run``; it is forked from a process that has imported everything, which is
the only difference to one from a shell (``start_milena(cold=True)`` is that). Its data directory is
``home_dir``, so a second one goes on where the first one stopped. ``milena`` is one that is ready.

Each test ends with a look at the record: a bot of ours never does what Discord would refuse; and at all files
of the data directory: no token is kept.
"""

import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from kit import StartMilena
from processes import Bot, Warm
from standin import Guild, StandIn

TOKEN = re.compile(rb"token-[\w-]{100}")
"""Of an interaction: who has it can answer in Milena's name."""


@pytest.fixture(scope="session")
def warm_milena() -> Iterator[Warm]:
    warm = Warm("milena")
    yield warm
    warm.close()


@pytest.fixture
def home_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def start_milena(
    discord: StandIn, tmp_path: Path, home_dir: Path, warm_milena: Warm
) -> AsyncIterator[StartMilena]:
    """``await start_milena("--shards", "0/2", DISCORD_TOKEN="...")``: gone at the end, and unblamed."""
    started: list[Bot] = []

    async def start(*arguments: str, cold: bool = False, **environment: str) -> Bot:
        told = {
            "MILENA_DISCORD_API": discord.api,
            "DISCORD_TOKEN": discord.settings.token,
            "MILENA_DATA": str(home_dir),
        } | environment
        log = tmp_path / f"milena-{len(started)}.log"
        if cold:
            bot = Bot.start([sys.executable, "-m", "milena", "run", *arguments], told, log)
        else:
            bot = warm_milena.start(told, log, "run", *arguments)
        started.append(bot)
        return bot

    yield start
    for bot in started:
        await bot.kill()
        assert "Traceback" not in bot.log, bot.log
        assert discord.settings.token not in bot.log
    for file in home_dir.rglob("*"):
        if file.is_file():
            kept = file.read_bytes()
            assert discord.settings.token.encode() not in kept, file
            assert not TOKEN.search(kept), f"{file} has the token of an interaction"
    assert not discord.record.violations
    assert not discord.record.unknown_fields


@pytest.fixture
async def milena(start_milena: StartMilena, discord: StandIn, club: Guild) -> Bot:
    """Connected, and its commands are known."""
    bot = await start_milena()
    await discord.ready()
    return bot
