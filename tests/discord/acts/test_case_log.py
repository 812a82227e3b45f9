"""The moderation log: each case is told in a channel of its own, once, and pings nobody."""

from collections.abc import Callable
from typing import Any

import pytest
from standin import Channel, P
from standin.world import Overwrite

from milena.aggregates import EFFECTS
from milena.effects.runner import Runner
from milena.store.lookup import begun_only

Server = Any


@pytest.fixture
async def log(server: Server) -> Channel:
    channel: Channel = server.guild.channel("log")
    await server.ask("config set", admin=True, name="moderation-log", value=f"<#{channel.id}>")
    return channel


def written(log: Channel) -> list[list[str]]:
    """The messages in it, by their lines; none pings anybody."""
    assert not any(each.pings for each in log.shown())
    return [each.content.split("\n") for each in log.shown()]


def named(server: Server) -> tuple[str, str]:
    """Ann and bob, as they can be looked up."""
    return f"ann (<@{server.ann.id}>)", f"bob (<@{server.bob.id}>)"


# ------------------------------------------------------------------------------------------ what is told


async def test_a_case_is_told_with_whom_by_whom_why_until_when_and_what_came_of_it(
    server: Server, log: Channel
) -> None:
    effect = await server.does("timeout", member=server.player(server.bob), during="2h", reason="*spam*")
    ann, bob = named(server)
    until = -(-effect.data.until // 1000)
    assert written(log) == [
        ["Case 1: time-out", f"Member: {bob}", f"By: {ann}", f"Until: <t:{until}:f>",
         r"Reason: \*spam\*", "Result: done"],
    ]  # fmt: skip
    assert server.channel.shown() == [], "whoever asked has the answer"


async def test_what_could_not_be_done_is_told_as_that(server: Server, log: Channel) -> None:
    del server.guild.members[server.bob.id]
    await server.does("kick", member=server.player(server.bob))
    [lines] = written(log)
    assert lines[-2:] == [
        "Reason: none",
        "Result: not done. That person is not in this server, or not any more.",
    ]
    assert len(server.channel.shown()) == 1, "and to who asked, as ever"


@pytest.mark.parametrize("act", ["warn", "ban", "unban"])
async def test_each_act_is_told(server: Server, log: Channel, act: str) -> None:
    if act == "unban":
        server.guild.bans[server.bob.id] = {}
    await server.does(act, member=server.player(server.bob), reason="spam")
    [lines] = written(log)
    assert (lines[0], lines[-1]) == (f"Case 1: {'warning' if act == 'warn' else act}", "Result: done")


async def test_a_purge_is_one_message(server: Server, log: Channel) -> None:
    for number in range(5):
        server.bob.say(f"number {number}")
    await server.purges(count=3, reason="spam")
    ann, _ = named(server)
    assert written(log) == [
        ["Case 1: purge", f"Where: <#{server.channel.id}>", f"By: {ann}", "Reason: spam",
         "Result: 3 messages removed"],
    ]  # fmt: skip


async def test_another_reason_is_told_behind_the_case(server: Server, log: Channel) -> None:
    await server.ask("kick", member=server.player(server.bob), reason="spam")
    await server.ask("case reason", case=1, reason="much spam")
    await server.runner.done()
    assert written(log)[0][-2:] == ["Reason: much spam", "Result: done"], "as it stood when it was done"
    await server.ask("case reason", case=1, reason="a mistake")
    await server.runner.done()
    ann, _ = named(server)
    assert written(log)[1:] == [
        ["Case 1 (kick) has another reason", f"By: {ann}", "Reason: a mistake", "Before: much spam"],
    ]


async def test_it_speaks_the_language_of_the_server(server: Server, log: Channel) -> None:
    server.guild.locale = "de"
    bob = server.player(server.bob)
    await server.does("warn", member=bob, reason="Spam")
    await server.does("unban", member=bob)
    await server.ask("case reason", case=2, reason="Irrtum")
    await server.runner.done()
    ann, named_bob = named(server)
    assert written(log) == [
        ["Fall 1: Verwarnung", f"Mitglied: {named_bob}", f"Von: {ann}", "Grund: Spam", "Ergebnis: erledigt"],
        ["Fall 2: Bann aufgehoben", f"Mitglied: {named_bob}", f"Von: {ann}", "Grund: keiner",
         "Ergebnis: nicht erledigt. Diese Person ist nicht gebannt."],
        ["Fall 2 (Bann aufgehoben) hat einen anderen Grund", f"Von: {ann}", "Grund: Irrtum",
         "Vorher: keiner"],
    ]  # fmt: skip


async def test_who_is_erased_is_told_by_no_name(server: Server, log: Channel) -> None:
    await server.ask("ban", member=server.player(server.bob))
    server.home.vault.forget(server.player(server.bob))
    await server.runner.done()
    [lines] = written(log)
    assert "<@" not in lines[1]
    assert "bob" not in lines[1]


# --------------------------------------------------------------------------------- once, and not for ever


async def test_it_is_told_once_whoever_was_stopped_in_between(server: Server, log: Channel) -> None:
    await server.does("kick", member=server.player(server.bob))
    [sent] = log.shown()
    wanted = [server.home.store.fold(EFFECTS, key).state for key in _logged(server)]
    assert [each.result for each in wanted] == [{"message": sent.id}]
    assert await server.acts.perform(wanted[0], again=True) == {"message": sent.id}
    await Runner(server.home, server.engine, server.acts).done()
    assert len(log.shown()) == 1


def _logged(server: Server) -> list[str]:
    return [
        row.stream.partition(":")[2]
        for row in server.home.store.scan()
        if row.tag == "effect.intended" and '"log:' in row.payload
    ]


def _gone(server: Server, log: Channel) -> None:
    server.discord.delete_channel(log)


def _hidden(server: Server, log: Channel) -> None:
    log.overwrites[server.guild.id] = Overwrite(server.guild.id, 0, deny=int(P.VIEW_CHANNEL))


def _silent(server: Server, log: Channel) -> None:
    log.overwrites[server.guild.id] = Overwrite(server.guild.id, 0, deny=int(P.SEND_MESSAGES))


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (_gone, "That channel is gone."),
        (_hidden, "give her role the permission View Channel."),
        (_silent, "Her role needs the permission Send Messages."),
    ],
)
async def test_a_channel_that_is_gone_or_closed_is_told_to_who_acted_and_once(
    server: Server, log: Channel, happens: Callable[[Server, Channel], None], why: str
) -> None:
    happens(server, log)
    bob = server.player(server.bob)
    acts = [("warn", "one"), ("warn", "two"), ("kick", "three")]
    for act, reason in acts:
        await server.ask(act, member=bob, reason=reason)
    await server.runner.done()
    await server.does("unban", member=bob)
    assert [server.effect(number).status for number in (1, 2, 3)] == ["done"] * 3
    notice, unbanned = server.channel.shown()
    assert notice.content.startswith(f"<@{server.ann.id}> The moderation log can't be written. ")
    assert why in notice.content
    assert "/config set name:moderation-log" in notice.content
    assert notice.pings.users == {server.ann.id}
    assert "Case 4 (unban)" in unbanned.content
    assert log.messages == {}
    assert begun_only(server.home.store, "effect") == []
    assert server.engine.read("guild", server.guild.id).state.settings == {}


async def test_one_message_that_discord_does_not_want_is_not_the_channels_fault(
    server: Server, log: Channel
) -> None:
    bob = server.player(server.bob)
    server.discord.faults.status(400, "POST /channels/*/messages", times=100)
    await server.does("warn", member=bob, reason="one")
    server.discord.faults.clear()
    await server.does("warn", member=bob, reason="two")
    assert [lines[0] for lines in written(log)] == ["Case 2: warning"]
    assert "moderation-log" in server.engine.read("guild", server.guild.id).state.settings


async def test_it_is_told_again_where_an_admin_says(server: Server, log: Channel) -> None:
    _gone(server, log)
    bob = server.player(server.bob)
    await server.does("warn", member=bob, reason="one")
    other = server.guild.channel("other")
    await server.ask("config set", admin=True, name="moderation-log", value=other.id)
    await server.does("warn", member=bob, reason="two")
    assert [lines[0] for lines in written(other)] == ["Case 2: warning"]


async def test_what_was_still_on_its_way_to_the_old_channel_takes_nothing_from_the_new_one(
    server: Server, log: Channel
) -> None:
    _gone(server, log)
    await server.ask("warn", member=server.player(server.bob), reason="one")
    await server.ask("effect settle", effect=server.effect(1).key)
    other = server.guild.channel("other")
    await server.ask("config set", admin=True, name="moderation-log", value=other.id)
    await server.runner.done()
    assert server.engine.read("guild", server.guild.id).state.settings == {"moderation-log": other.id}
    assert server.channel.shown() == []


@pytest.mark.parametrize("value", ["elsewhere", "../guilds/1", "log", "123"])
async def test_no_other_server_is_told_and_no_other_path_taken(
    server: Server, log: Channel, value: str
) -> None:
    [there] = server.discord.guild("Another").channels.values()
    value = there.id if value == "elsewhere" else value
    await server.ask("config set", admin=True, name="moderation-log", value=value)
    await server.does("warn", member=server.player(server.bob), reason="spam")
    assert there.shown() == []
    paths = [call.path.split("/") for call in server.discord.record.calls]
    assert all(path[2].isdecimal() for path in paths if path[1] == "channels")
    [notice] = server.channel.shown()
    assert "The moderation log can't be written." in notice.content


async def test_a_hiccup_of_discord_delays_it(server: Server, log: Channel) -> None:
    server.discord.faults.status(503, "GET /guilds/*", times=2)
    await server.does("kick", member=server.player(server.bob))
    assert [lines[-1] for lines in written(log)] == ["Result: done"]
