"""What moderators ask for is done on Discord, in the name of the case; what Discord refuses is told."""

from collections.abc import Callable
from typing import Any

import pytest
from standin import Overwrite, P

from milena.discord import purging
from milena.discord.acts import LONGEST
from milena.discord.calls import ApiError
from milena.discord.refusals import explained
from milena.effects import runner as running
from milena.effects.runner import Runner
from milena.effects.world import Impossible, NotNow
from milena.store.lookup import begun_only

Server = Any


def open_effects(server: Server) -> list[str]:
    return begun_only(server.home.store, "effect")


# ------------------------------------------------------------------------------------ each act is done


async def test_a_member_is_timed_out(server: Server) -> None:
    effect = await server.does("timeout", member=server.player(server.bob), during="2h", reason="spam")
    member = server.guild.members[server.bob.id]
    assert effect.status == "done"
    assert member.timeout_until == effect.data.until / 1000
    assert server.guild.audit[-1]["reason"] == "Case 1 by ann: spam"


async def test_a_member_is_kicked(server: Server) -> None:
    effect = await server.does("kick", member=server.player(server.bob), reason="spam")
    assert (effect.status, server.bob.id in server.guild.members) == ("done", False)
    assert server.guild.audit[-1]["reason"] == "Case 1 by ann: spam"


async def test_somebody_is_banned_and_unbanned_with_numbers_that_count_on(server: Server) -> None:
    bob = server.player(server.bob)
    banned = await server.does("ban", member=bob, forget="1d")
    assert (banned.status, list(server.guild.bans)) == ("done", [server.bob.id])
    [body] = server.discord.record.bodies("PUT /guilds/{guild}/bans/{user}")
    assert body == {"delete_message_seconds": 86_400}
    unbanned = await server.does("unban", member=bob)
    assert (unbanned.status, unbanned.about, server.guild.bans) == ("done", f"case:{server.guild.id}:2", {})


async def test_a_warning_comes_by_direct_message_and_tells_where_from(server: Server) -> None:
    effect = await server.does("warn", member=server.player(server.bob), reason="be *kind*")
    [told] = server.bob.inbox
    assert told.content == r"Club: A moderator warns you: be \*kind\*"
    assert effect.result == {"message": told.id}
    assert server.channel.shown() == []


# ---------------------------------------------------------------------------------- Discord's refusals


def _above(server: Server) -> None:
    server.guild.members[server.bob.id].roles.append(server.guild.role("above").id)


def _powerless(server: Server) -> None:
    server.guild.roles[server.guild.bot.roles[0]].permissions = 0


def _left(server: Server) -> None:
    del server.guild.members[server.bob.id]


def _deleted(server: Server) -> None:
    _left(server)
    del server.discord.world.users[server.bob.id]


def _closed(server: Server) -> None:
    server.discord.world.closed_to_bot.add(server.bob.id)


@pytest.mark.parametrize(
    ("act", "options", "happens", "code", "sentence"),
    [
        ("kick", {}, _above, "missing_permission", "has to stand above"),
        ("ban", {}, _above, "missing_permission", "needs the permission Ban Members"),
        ("timeout", {"during": "1h"}, _above, "missing_permission", "needs the permission Timeout Members"),
        ("kick", {}, _left, "unknown_member", "not in this server"),
        ("timeout", {"during": "1h"}, _left, "unknown_member", "not in this server"),
        ("ban", {}, _deleted, "unknown_user", "knows no such person"),
        ("unban", {}, _left, "not_banned", "is not banned"),
        ("warn", {"reason": "spam"}, _closed, "no_direct_messages", "takes no direct messages"),
    ],
)
async def test_a_refusal_is_a_failed_event_and_moderators_are_told(
    server: Server, act: str, options: Any, happens: Callable[[Server], None], code: str, sentence: str
) -> None:
    happens(server)
    effect = await server.does(act, member=server.player(server.bob), **options)
    assert (effect.status, effect.code) == ("failed", code)
    assert sentence in effect.sentence
    [notice] = server.channel.shown()
    assert notice.content.startswith(f"<@{server.ann.id}> Case 1 ({act}) could not be carried out.")
    assert notice.pings.users == {server.ann.id}
    assert open_effects(server) == []


async def test_where_milena_may_not_do_a_thing_she_gives_up_without_a_word(server: Server) -> None:
    _powerless(server)
    server.guild.everyone.permissions = 0
    effect = await server.does("kick", member=server.player(server.bob))
    assert (effect.status, effect.code) == ("failed", "missing_permission")
    assert open_effects(server) == []


async def test_nobody_on_discord_is_a_refusal_too(server: Server) -> None:
    effect = await server.does("kick", member=server.home.vault.player("terminal", "zoe"))
    assert (effect.status, effect.code) == ("failed", "unknown_member")


@pytest.mark.parametrize(
    ("status", "code", "meant"),
    [
        (404, 10008, "unknown_message"), (404, 10062, "too_late"), (403, 50013, "missing_permission"),
        (403, 50001, "missing_access"), (404, 10004, "unknown_guild"), (400, 50035, "refused"),
        (0, 0, ""), (429, 0, ""), (500, 0, ""), (503, 0, ""),
    ],
)  # fmt: skip
def test_what_passes_is_tried_again_and_what_does_not_has_a_code(status: int, code: int, meant: str) -> None:
    found = explained(ApiError(status, code, "Said by Discord."), "kick")
    assert isinstance(found, Impossible if meant else NotNow)
    assert not isinstance(found, Impossible) or (found.code, found.sentence[-1]) == (meant, ".")


# ------------------------------------------------------------------------------- more than once, or late


@pytest.mark.parametrize("act", ["kick", "ban", "unban", "timeout"])
async def test_what_was_done_before_a_crash_is_done_again_without_harm(server: Server, act: str) -> None:
    if act == "unban":
        server.guild.bans[server.bob.id] = {}
    options = {"during": "1h"} if act == "timeout" else {}
    await server.ask(act, member=server.player(server.bob), **options)
    assert await server.acts.perform(server.effect(1), again=False) == {}
    await Runner(server.home, server.engine, server.acts).done()
    assert server.effect(1).status == "done"


async def test_a_message_that_was_sent_before_a_crash_is_not_sent_twice(server: Server) -> None:
    await server.ask("warn", member=server.player(server.bob), reason="spam")
    first = await server.acts.perform(server.effect(1), again=False)
    assert await server.acts.perform(server.effect(1), again=True) == first
    assert len(server.bob.inbox) == 1


async def test_a_hiccup_of_discord_is_survived(server: Server) -> None:
    server.discord.faults.status(503, "PUT /guilds/*", times=2)
    effect = await server.does("ban", member=server.player(server.bob))
    assert effect.status == "done"


@pytest.mark.parametrize(
    ("act", "call"),
    [
        ("kick", "DELETE /guilds/*/members/*"), ("ban", "PUT /guilds/*/bans/*"),
        ("unban", "DELETE /guilds/*/bans/*"), ("timeout", "PATCH /guilds/*/members/*"),
        ("warn", "POST /channels/*/messages"), ("warn", "POST /users/@me/channels"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("cut", ["the answer is lost", "the call is lost", "a proxy answers"])
async def test_what_is_cut_off_in_the_middle_is_done_once_and_told_as_done(
    server: Server, act: str, call: str, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FIRST_PAUSE", 0.001)
    if act == "unban":
        server.guild.bans[server.bob.id] = {}
    if cut == "a proxy answers":
        server.discord.faults.status(502, call)
    else:
        server.discord.faults.reset(call, after=cut == "the answer is lost")
    more: Any = {"timeout": {"during": "1h"}, "warn": {"reason": "spam"}}.get(act, {})
    effect = await server.does(act, member=server.player(server.bob), **more)
    assert len(server.discord.faults.met) == 1
    assert (effect.status, effect.code) == ("done", "")
    assert len(server.bob.inbox) == (act == "warn")
    assert server.channel.shown() == []


# ------------------------------------------------------------------------------------------- messages


async def remind(server: Server, text: str, **options: Any) -> None:
    """A reminder of bob's that is two hours late."""
    server.discord.clock.advance(-3 * 3600)
    await server.ask("remind me", by=server.bob, when="in 1h", text=text, **options)
    server.discord.clock.advance(3 * 3600)
    server.home.scheduler(server.engine).turn()
    await server.runner.done()


async def test_a_reminder_pings_whom_it_is_for_and_nobody_else(server: Server) -> None:
    await remind(server, f"@everyone <@{server.ann.id}> **tea**")
    [told] = server.channel.shown()
    assert told.content.startswith(f"<@{server.bob.id}> You wanted to be reminded: ")
    assert (told.pings.users, told.pings.roles, told.pings.everyone) == ({server.bob.id}, set(), False)
    assert "(Late: it was due <t:" in told.content
    assert r"\*\*tea\*\*" in told.content


async def test_a_private_reminder_is_seen_by_nobody_else(server: Server) -> None:
    await remind(server, "the surprise party", privately=True)
    [told] = server.bob.inbox
    assert "the surprise party" in told.content
    assert server.channel.shown() == []


async def test_where_nothing_can_be_said_a_reminder_comes_by_direct_message(server: Server) -> None:
    milena = server.discord.world.bot.id
    server.channel.overwrites[milena] = Overwrite(milena, 1, deny=int(P.SEND_MESSAGES))
    await remind(server, "tea")
    assert server.channel.shown() == []
    [told] = server.bob.inbox
    assert told.content.startswith("Club: You wanted to be reminded: tea")


async def test_a_poll_that_is_over_is_told_however_long_it_is(server: Server) -> None:
    server.discord.clock.advance(-3600)
    choices = "|".join(f"{number}" + "*" * 79 for number in range(10))
    asked = await server.ask("poll create", question="?" * 200, choices=choices, during="1m")
    for number in range(20):
        voter = server.discord.person(f"voter number {number} with a name", server.guild)
        await server.ask("poll vote", by=voter, poll=asked.result["poll"], choice=str(1 + number % 10))
    server.discord.clock.advance(3600)
    server.home.scheduler(server.engine).turn()
    await server.runner.done()
    [told] = server.channel.shown()
    assert told.content.startswith("This poll is closed.")
    [picture] = told.attachments
    assert picture["filename"] == "chart.png"
    assert "10. 9***" in picture["description"]
    assert 1500 < len(told.content) <= LONGEST
    assert not told.pings


# ---------------------------------------------------------------------------------------------- purges


async def test_a_purge_removes_the_newest_and_tells_how_many(server: Server) -> None:
    said = [server.bob.say(f"number {number}") for number in range(5)]
    effect = await server.purges(count=3, reason="spam")
    assert effect.result == {"removed": 3}
    *left, notice = server.channel.shown()
    assert left == said[:2]
    assert notice.content == f"<@{server.ann.id}> Case 1 (purge): 3 messages were removed."
    assert server.guild.audit[-1]["reason"] == "Case 1 by ann: spam"
    assert all("number" not in row.payload for row in server.home.store.scan() if row.tag == "effect.done")


async def test_only_some_are_meant(server: Server) -> None:
    old = server.bob.say("old")
    server.discord.clock.advance(3600)
    server.ann.say("by ann")
    young = server.bob.say("young")
    effect = await server.purges(count=100, user=server.player(server.bob), age="30m")
    assert (effect.result, old.deleted, young.deleted) == ({"removed": 1}, False, True)
    assert [each.content for each in server.channel.shown()][:2] == ["old", "by ann"]
    effect = await server.purges(count=100, bots=True)
    assert effect.result == {"removed": 1}, "the notice of the first one"


async def test_what_is_written_after_the_question_stays(server: Server) -> None:
    server.bob.say("before")
    asked = await server.ask("purge", count=100)
    server.discord.clock.advance(30)
    late = server.bob.say("late")
    effect = await server.does("purge", **asked.result["actions"][0]["options"])
    assert (effect.result, late.deleted) == ({"removed": 1}, False)


async def test_what_is_older_than_a_fortnight_stays_and_at_most_a_hundred_go(server: Server) -> None:
    old = server.bob.say("old")
    server.discord.clock.advance(14 * 86_400)
    for number in range(120):
        server.bob.say(str(number))
    assert (await server.purges(count=100)).result == {"removed": 100}
    assert (await server.purges(count=100)).result == {"removed": 21}, "twenty, and the notice"
    assert (await server.purges(count=1, user=server.player(server.bob))).result == {"removed": 0}
    assert old.deleted is False


async def test_a_purge_that_was_interrupted_is_reported_and_not_repeated(server: Server) -> None:
    server.bob.say("one")
    asked = await server.ask("purge", count=5)
    await server.ask("purge", **asked.result["actions"][0]["options"])
    await Runner(server.home, server.engine, server.acts).done()  # as after a crash
    assert (server.effect(1).status, server.effect(1).code) == ("failed", "interrupted")
    kept, notice = server.channel.shown()
    assert (kept.content, "Look, and ask for it again." in notice.content) == ("one", True)


async def test_a_purge_that_discord_did_not_answer_is_tried_again_with_the_same_messages(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "PAUSE", 0.0)
    said = [server.bob.say(f"number {number}") for number in range(5)]
    server.discord.faults.status(500, "POST /channels/*/messages/bulk-delete", times=1)
    effect = await server.purges(count=2)
    assert effect.result == {"removed": 2}
    assert [each.deleted for each in said] == [False, False, False, True, True]
