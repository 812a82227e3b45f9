"""Polls, as the real process posts them: the message goes with the votes, also after kill -9."""

import asyncio
import re

from kit import StartMilena
from processes import Bot
from standin import Guild, Message, Person, StandIn

EDIT = "PATCH /channels/{channel}/messages/{message}"


def key_of(poll: Message) -> str:
    found = re.search(r"poll: ([0-9a-z]{12})", poll.content)
    assert found is not None, poll.content
    return found[1]


async def asked(ann: Person, **options: object) -> Message:
    given = {"question": "What?", "choices": "tea, coffee", **options}
    return (await ann.slash("poll create", **given)).message


async def test_a_poll_goes_with_its_votes_and_says_how_it_ended(
    discord: StandIn, milena: Bot, ann: Person, bob: Person
) -> None:
    poll = await asked(ann)
    pressed = await bob.press(poll, "coffee")
    assert pressed.message.only_for == bob.id
    await discord.until(lambda: "2\\. coffee: 1" in poll.content)
    await ann.press(poll, "tea")
    await bob.press(poll, "tea")
    await discord.until(lambda: "1\\. tea: 2" in poll.content)
    assert not {"Ann", "Bob"} & set(poll.content.split())
    [picture] = poll.attachments
    assert picture["description"] == "Bars. 1. tea: 2; 2. coffee: 0."
    await ann.slash("poll close", poll=key_of(poll))
    await discord.until(lambda: "2 voted; closed. Most votes: tea (2)." in poll.content)
    assert poll.buttons == []


async def test_each_of_ten_choices_has_a_button(milena: Bot, ann: Person, bob: Person) -> None:
    poll = await asked(ann, choices=", ".join("abcdefghij"), multiple=True)
    assert "You voted for: j." in (await bob.press(poll, "j")).text


async def test_votes_before_and_after_a_kill_are_shown(
    discord: StandIn, start_milena: StartMilena, club: Guild, ann: Person, bob: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    poll = await asked(ann)
    discord.faults.status(500, EDIT, times=1000)
    await bob.press(poll, "coffee")
    await discord.until(lambda: discord.record.of(EDIT))
    await first.kill()
    assert "0 voted" in poll.content
    discord.faults.clear()
    await start_milena()
    await discord.ready()
    await discord.until(lambda: "1 voted" in poll.content)
    await ann.press(poll, "coffee")
    await discord.until(lambda: "2\\. coffee: 2" in poll.content)
    assert ann.sees() == [each for each in ann.sees() if each.id == poll.id or each.only_for], "no second one"


async def test_a_crowd_votes_within_the_rate_limits_of_discord(
    discord: StandIn, milena: Bot, club: Guild, ann: Person
) -> None:
    poll = await asked(ann)
    crowd = [discord.person(f"voter{number}", club) for number in range(12)]
    await asyncio.gather(*(voter.press(poll, "tea") for voter in crowd))
    await discord.until(lambda: "1\\. tea: 12" in poll.content)
    edits = discord.record.of(EDIT)
    assert not [call for call in edits if call.status == 429]
    assert len(edits) < len(crowd)
