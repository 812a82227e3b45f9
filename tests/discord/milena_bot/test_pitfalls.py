"""What goes wrong with the bare library (see ../test_pitfalls.py) and is otherwise here, where no other file
has it: test_gateway_faults.py has reconnects, test_rest.py retries and buckets, test_answers.py doubles."""

import asyncio
import logging
import sqlite3
from pathlib import Path

import pytest
from kit import CALLBACK, CALLBACKS, COMMANDS, StartMilena, key_of, opened, press
from processes import Bot
from standin import Guild, Person, Settings, StandIn

from milena.discord.client import AGENT, Client, Shards
from milena.discord.rest import Rest


async def test_it_logs_in_without_what_the_library_wants_to_know(
    settings: Settings, discord: StandIn, start_milena: StartMilena, ann: Person
) -> None:
    settings.summary = False
    await start_milena()
    await discord.ready()
    assert (await ann.slash("ping")).how == "message"


async def test_nothing_of_the_library_grows(discord: StandIn, ann: Person) -> None:
    heard: list[str] = []
    async with Rest(discord.settings.token, AGENT, discord.api) as rest:
        client = Client(discord.settings.token, rest, Shards(), lambda event, data: heard.append(event))
        running = asyncio.ensure_future(client.astart())
        await discord.until(lambda: client.connected)
        for _ in range(5):
            discord.desk.send(
                discord.desk.make(2, ann.user, ann.channel, {"id": "1", "name": "x", "type": 1})
            )
        await discord.until(lambda: heard.count("INTERACTION_CREATE") == 5)
        assert not client.http._endpoints
        assert not client.cache.user_cache
        assert not client.cache.guild_cache
        await client.stop()
        await running


async def test_who_waits_for_the_disk_is_told_that_it_takes_longer(
    discord: StandIn, milena: Bot, home_dir: Path, ann: Person
) -> None:
    assert (await ann.slash("ping")).how == "message"
    other = sqlite3.connect(home_dir / "events.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    shown = await ann.slash("coin")
    assert shown.how == "thinking"
    assert shown.latency < 2.5
    other.execute("ROLLBACK")
    other.close()
    await shown.settled()
    assert shown.text


async def test_an_answer_does_not_overtake_what_defers_it(
    discord: StandIn, milena: Bot, home_dir: Path, ann: Person
) -> None:
    assert (await ann.slash("ping")).how == "message"
    deferred = len(discord.record.of(CALLBACK))
    other = sqlite3.connect(home_dir / "events.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    discord.faults.slow(0.7, CALLBACKS)
    asking = asyncio.ensure_future(ann.slash("coin"))
    await discord.until(lambda: len(discord.record.of(CALLBACK)) > deferred)
    other.execute("ROLLBACK")
    other.close()
    shown = await asking
    await shown.settled()
    assert shown.text


async def test_a_refusal_that_took_longer_is_still_told_to_one_alone(
    discord: StandIn, milena: Bot, home_dir: Path, ann: Person, bob: Person
) -> None:
    assert (await ann.slash("ping")).how == "message"
    other = sqlite3.connect(home_dir / "events.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    shown = await ann.slash("roll", dice="many")
    assert shown.how == "thinking"
    other.execute("ROLLBACK")
    other.close()
    await discord.until(lambda: shown.followups)
    assert "dice" in shown.followups[0].text
    assert shown.followups[0] not in bob.sees()
    assert shown.message.deleted


async def test_an_answer_that_comes_after_a_quarter_of_an_hour_is_given_up(
    discord: StandIn, milena: Bot, home_dir: Path, ann: Person
) -> None:
    assert (await ann.slash("ping")).how == "message"
    other = sqlite3.connect(home_dir / "events.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert (await ann.slash("coin")).how == "thinking"
    discord.clock.advance(901)
    other.execute("ROLLBACK")
    other.close()
    await milena.says("came too late")
    discord.record.refused.clear()


async def test_a_game_that_cannot_be_read_is_told_in_words(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild, ann: Person, bob: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    board = await opened(ann, bob)
    await press(ann, board, "5")
    key = key_of(board)
    await first.kill()
    await discord.until(lambda: not discord.gateway.connected())
    with sqlite3.connect(home_dir / "events.db") as log:
        for (trigger,) in log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            log.execute(f"DROP TRIGGER {trigger}")
        log.execute("UPDATE events SET payload = '{}' WHERE tag = 'game.move_played'")
    log.close()
    await start_milena()
    await discord.ready()
    shown = await bob.press(board, "1")
    assert shown.ephemeral
    assert key in shown.text or "operator" in shown.text


async def test_no_session_too_many_is_started(
    settings: Settings, discord: StandIn, start_milena: StartMilena
) -> None:
    settings.identifies = 0
    milena = await start_milena()
    await milena.says("lets no more sessions be started")
    assert not discord.gateway.identifies
    milena.terminate()
    assert await milena.ends(patience=10) == 0


async def test_a_sync_that_fails_is_tried_again_and_keeps_nobody(
    discord: StandIn, start_milena: StartMilena, club: Guild
) -> None:
    discord.faults.status(400, "PUT *")
    milena = await start_milena()
    await milena.says("could not be told to Discord")
    await discord.until(lambda: len(discord.record.of(COMMANDS)) == 2)
    await milena.says("commands were told to Discord")


async def test_a_clock_that_is_wrong_is_noticed(discord: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with Rest("token", AGENT, discord.api) as rest:
        rest._look_at_clock({"Date": "Thu, 01 Jan 2026 00:00:00 GMT"})
        assert rest.ahead > 3600
    assert "clock" in caplog.text
