"""Interactions are answered: once, in time, and whatever goes wrong."""

import asyncio
from pathlib import Path

from kit import CALLBACK, CALLBACKS, commands
from processes import Bot
from standin import Guild, P, Person, StandIn


async def test_commands_are_called_with_what_was_typed(discord: StandIn, milena: Bot, ann: Person) -> None:
    shown = await ann.slash("roll", dice="2d6")
    assert "2d6" in shown.text
    assert not shown.ephemeral
    assert len(discord.record.of(CALLBACK)) == 1, "and with one call"


async def test_what_is_refused_is_told_to_who_asked_alone(milena: Bot, ann: Person) -> None:
    shown = await ann.slash("roll", dice="many")
    assert shown.ephemeral
    assert "dice" in shown.text.lower()


async def test_a_discreet_answer_is_seen_by_who_asked_alone(milena: Bot, ann: Person, bob: Person) -> None:
    shown = await ann.slash("help")
    assert shown.ephemeral
    assert shown.message not in bob.sees()


async def test_in_direct_messages_too(milena: Bot, ann: Person) -> None:
    assert (await ann.at(None).slash("ping")).how == "message"


async def test_completion_offers_what_fits(milena: Bot, ann: Person) -> None:
    shown = await ann.complete("help", "about", "ro")
    assert shown.how == "choices"
    assert "roll" in [value for _, value in shown.choices]


async def test_a_button_that_nobody_knows_is_answered(milena: Bot, ann: Person) -> None:
    message = (await ann.slash("ping")).message
    shown = await ann.press(message, "of-another-bot", anyway=True)
    assert shown.ephemeral
    assert "older" in shown.text


async def test_who_comes_twice_is_served_once(
    discord: StandIn, milena: Bot, home_dir: Path, ann: Person
) -> None:
    discord.faults.repeat = 2
    assert (await ann.slash("coin")).how == "message"
    discord.faults.repeat = 0
    discord.faults.redeliver(2)
    assert (await ann.slash("ping")).how == "message"
    milena.terminate()
    assert await milena.ends() == 0
    assert commands(home_dir) == ["coin", "ping"]
    assert len(discord.record.of(CALLBACK)) == 2


async def test_what_comes_too_late_does_nothing(
    discord: StandIn, milena: Bot, home_dir: Path, ann: Person
) -> None:
    discord.faults.hold()
    assert (await ann.slash("coin")).how == "did not respond"
    discord.faults.release()
    await milena.says("late: nothing was done")
    milena.terminate()
    await milena.ends()
    assert commands(home_dir) == []


async def test_answers_survive_errors_of_discord(discord: StandIn, milena: Bot, ann: Person) -> None:
    for fault in (
        lambda: discord.faults.status(500, CALLBACKS),
        lambda: discord.faults.status(503, CALLBACKS, times=2),
        lambda: discord.faults.limited(0.1, CALLBACKS),
        lambda: discord.faults.limited(0.1, CALLBACKS, cloudflare=True),
        lambda: discord.faults.reset(CALLBACKS),
        lambda: discord.faults.reset(CALLBACKS, after=True),
        lambda: discord.faults.slow(2.0, CALLBACKS, after=True),
    ):
        fault()
        assert (await ann.slash("ping")).how == "message"
    assert "was not delivered" not in milena.log


async def test_a_burst_misses_no_deadline(discord: StandIn, milena: Bot, ann: Person, bob: Person) -> None:
    shown = await asyncio.gather(*(who.slash("ping") for who in (ann, bob) * 40))
    assert {each.how for each in shown} == {"message"}


async def test_names_ping_nobody_and_format_nothing(discord: StandIn, milena: Bot, club: Guild) -> None:
    evil = discord.person("@everyone **x** <@1>", club)
    shown = await evil.slash("choose", among="@here, @here, ||@everyone||, <@&2>")
    assert not shown.message.pings
    assert "@here" not in shown.text


async def test_moderators_are_those_that_discord_says(
    discord: StandIn, milena: Bot, club: Guild, ann: Person
) -> None:
    admin = club.role("admins", int(P.ADMINISTRATOR))
    carl = discord.person("carl", club, admin)
    assert "Tokyo" in (await carl.slash("config set", name="timezone", value="Asia/Tokyo")).text
    denied = await ann.press(
        (await ann.slash("ping")).message, '1:a:{"name":"timezone"}:config reset', anyway=True
    )
    assert denied.ephemeral


async def test_being_removed_from_a_guild_is_told_once(
    discord: StandIn, milena: Bot, club: Guild, ann: Person
) -> None:
    discord.remove_bot(club)
    await milena.says("was removed from guild")
    discord.invite_bot(club)
    assert (await ann.slash("ping")).how == "message"
    await milena.says("was invited to guild")
