"""The keeper of boards, against the stand-in: the message of a poll goes with its votes, to its result."""

import time
from itertools import pairwise

import pytest
from keeping import EDIT, POST, Club
from standin import Settings

from milena.discord.answers import told
from milena.discord.rest import Rest
from milena.domain.polling import standing


@pytest.fixture
def settings() -> Settings:
    """What is counted here are the keeper's own calls, without those that were too many."""
    return Settings(rate_limits=False)


async def poll(here: Club, **options: object) -> str:
    asked = {"question": "Tea?", "choices": "yes, no", **options}
    return str((await here.do("poll create", here.ann, **asked)).result["poll"])


async def vote(here: Club, key: str, choice: str, *names: str) -> None:
    for name in names:
        voter = here.home.vault.player("discord", str(1000 + sum(map(ord, name))), name)
        await here.do("poll vote", voter, poll=key, choice=choice)


async def test_a_poll_has_one_message_that_goes_with_its_votes_to_the_result(here: Club) -> None:
    async with here.keeping():
        key = await poll(here)
        posted = await here.until_shown("0 voted")
        await vote(here, key, "1", "bob")
        await here.until_shown("1\\. yes: 1")
        assert [each["label"] for each in posted.buttons] == ["yes", "no"]
        await vote(here, key, "2", "bob", "cat")
        await here.until_shown("2\\. no: 2")
        await here.do("poll close", here.ann, poll=key)
        closed = await here.until_shown("2 voted; closed. Most votes: no (2).")
    assert closed.id == posted.id == here.board(key).message
    assert closed.buttons == []
    assert [each.body.get("poll") for each in here.discord.record.of(POST)] == [None]


async def test_a_poll_whose_time_is_over_says_so(here: Club) -> None:
    async with here.keeping():
        key = await poll(here, during="1m")
        await vote(here, key, "1", "bob")
        await here.until_shown("1 voted; open.")
        here.now += 60_000
        await here.do("poll expire", here.home.vault.player("machine", "clock"), poll=key)
        await here.until_shown("1 voted; closed. Most votes: yes (1).")


async def test_names_are_shown_where_the_poll_says_so_only(here: Club) -> None:
    async with here.keeping():
        key = await poll(here)
        await vote(here, key, "1", "bob")
        silent = await here.until_shown("1 voted")
        assert "bob" not in silent.content
        assert "Everybody sees" not in silent.content
        here.now += 60_000
        key = await poll(here, anonymous=False)
        await here.until_shown("Everybody sees who voted for what.", 2)
        await vote(here, key, "2", "bob")
        await here.until_shown("2\\. no: 1 (bob)", 2)


async def test_of_many_votes_the_last_standing_alone_is_sent(here: Club) -> None:
    async with here.keeping():
        key = await poll(here)
        await here.until_shown("0 voted")
        here.rest.gate.clear()
        await vote(here, key, "1", "0")
        await here.discord.until(lambda: here.rest.held)
        await vote(here, key, "1", *"123456789")
        here.rest.gate.set()
        await here.until_shown("10 voted")
    calls = sorted(here.discord.record.of(EDIT), key=lambda call: call.began)
    assert len(calls) == 2
    assert all(one.ended <= other.began for one, other in pairwise(calls))


async def test_votes_that_came_while_nobody_kept_it_are_shown_after_a_restart(here: Club) -> None:
    async with here.keeping():
        key = await poll(here)
        await here.until_shown("0 voted")
    await vote(here, key, "1", "bob")
    async with here.keeping():
        await here.until_shown("1 voted")


async def test_where_nobody_knows_what_is_shown_the_open_ones_are_drawn(here: Club) -> None:
    async with here.keeping():
        closed = await poll(here)
        await here.do("poll close", here.ann, poll=closed)
        await here.discord.until(here.settled)
        here.now += 60_000
        key = await poll(here, question="Cake?")
        await here.until_shown("Cake?", 1 + bool(here.board(closed).message))
    (here.home.path / "boards.json").unlink()
    before = len(here.discord.record.of(EDIT))
    async with here.keeping():
        await here.discord.until(here.settled)
    [drawn] = here.discord.record.of(EDIT)[before:]
    assert drawn.path.endswith(f"/{here.board(key).message}")


@pytest.mark.parametrize("over", [False, True])
async def test_a_message_that_was_posted_and_never_noted_is_found_by_its_buttons(
    here: Club, over: bool
) -> None:
    here.now = round(time.time() * 1000) - 5000
    key = await poll(here)
    # This one answered it, and was killed before that could be noted:
    async with Rest(here.discord.settings.token, "Test", here.discord.api) as rest:
        shown = told(standing(here.engine.read("poll", key).state), here.home.vault.name)
        await rest.request("POST", f"/channels/{here.channel.id}/messages", shown.body())
    async with here.keeping():
        await vote(here, key, "2", "bob")
        if over:
            await here.do("poll close", here.ann, poll=key)
        found = await here.until_shown("closed. Most votes: no (1)." if over else "1 voted")
    assert here.board(key).message == found.id


async def test_a_poll_that_was_closed_before_it_had_a_message_gets_none(here: Club) -> None:
    key = await poll(here)
    await here.do("poll close", here.ann, poll=key)
    async with here.keeping():
        await here.discord.until(here.settled)
    assert here.shown() == []


async def test_a_poll_that_a_moderator_deleted_is_not_posted_again(here: Club) -> None:
    async with here.keeping():
        key = await poll(here)
        here.discord.delete_message(await here.until_shown("0 voted"))
        await vote(here, key, "1", "bob")
        await here.discord.until(lambda: here.board(key).gone == "message" and here.settled())
        await vote(here, key, "1", "cat")
        await here.discord.until(here.settled)
    assert here.shown() == []
    assert len(here.discord.record.of(EDIT)) == 1
