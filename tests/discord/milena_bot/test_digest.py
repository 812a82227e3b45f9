"""What the operator's channel is told: once, whatever happens to the process."""

import time
from pathlib import Path

from kit import StartMilena, recorded
from processes import Bot
from standin import Guild, Message, Person, StandIn

from milena.ops.errors import FILE, Failure
from milena.ops.errors_db import ErrorBook
from milena.ops.health_digest import check_digest


def _told(discord: StandIn, club: Guild) -> list[Message]:
    return [
        each for channel in club.channels.values() for each in channel.shown() if "Milena" in each.content
    ]


def _fails(home_dir: Path, *causes: str) -> None:
    """As if these had failed, each for the first time."""
    book, now = ErrorBook(home_dir / FILE, 2000), round(time.time() * 1000)
    for cause in causes:
        book.add(Failure(f"id{cause}", "bug", "KeyError", f"milena.{cause}:run", cause, now, "<@1>", "", {}))
    book.close()


async def test_a_digest_is_posted_once_and_what_is_urgent_at_once(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild, ann: Person
) -> None:
    told = {
        "MILENA_DIGEST_CHANNEL": str(next(iter(club.channels.values())).id),
        "MILENA_DIGEST_URGENT": "0.01",
    }
    first = await start_milena(**told)
    await discord.ready()
    # Given a process that is killed before it can say that it has posted,
    discord.faults.reset("POST /channels/{channel}/messages", after=True)
    await discord.until(lambda: _told(discord, club))
    await first.kill()
    await discord.until(lambda: not discord.gateway.connected())
    second = await start_milena(**told)
    await discord.ready()
    # when something new fails, and much more of the same kind,
    await ann.slash("ping")
    _fails(home_dir, "one", "one", "one")
    await discord.until(lambda: len(_told(discord, club)) == 2)
    await ann.slash("ping")
    second.terminate()
    assert await second.ends() == 0
    # then each was told once, and nobody was pinged.
    daily, urgent = _told(discord, club)
    assert "Digest" in daily.content
    assert "Commands: 0 accepted" in daily.content
    assert "Something is wrong" in urgent.content
    assert "3 times: KeyError (bug) in milena.one:run, 'milena errors show idone'" in urgent.content
    assert not daily.pings
    assert not urgent.pings
    assert len(recorded(home_dir, "digest.told")) == 2


async def test_a_channel_that_is_none_is_said_once(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild, ann: Person
) -> None:
    bot: Bot = await start_milena(MILENA_DIGEST_CHANNEL="77", MILENA_DIGEST_URGENT="0.01")
    await discord.ready()
    await bot.says("could not be posted in channel 77")
    _fails(home_dir, "one")
    await ann.slash("ping")
    bot.terminate()
    assert await bot.ends() == 0
    assert bot.log.count("could not be posted") == 1
    assert "digest.channel" in bot.log
    assert len(recorded(home_dir, "digest.told")) == 1
    discord.record.refused.clear()
    # What it was told by Discord is in the log, where the doctor finds it.
    (check,) = check_digest(home_dir / "events.db", 77)
    assert check.finding == "problem"
    assert "channel 77: That channel is gone." in check.found
