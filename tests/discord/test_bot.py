"""An unmodified bot on interactions.py lives on the stand-in as it would on Discord."""

import pytest
from conftest import StartBot
from standin import Guild, Person, StandIn


@pytest.fixture
async def bot(discord: StandIn, club: Guild, start_bot: StartBot) -> object:
    bot = await start_bot()
    await bot.says("started")
    return bot


async def test_it_answers_a_command_in_time(discord: StandIn, ann: Person, bob: Person, bot: object) -> None:
    shown = await ann.slash("ping")
    assert (shown.how, shown.text) == ("message", "pong")
    assert 0 < shown.latency < 3
    assert ann.sees() == bob.sees() == [shown.message]
    assert not discord.record.violations
