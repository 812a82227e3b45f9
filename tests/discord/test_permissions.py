"""Who may do what where, and what the REST routes of moderators ask for."""

from datetime import timedelta

import pytest
from raw import RawBot, Socket
from standin import CannotDo, Guild, Overwrite, P, Person, Settings, StandIn

MODERATOR = int(P.KICK_MEMBERS | P.BAN_MEMBERS | P.MODERATE_MEMBERS | P.MANAGE_MESSAGES | P.MANAGE_ROLES)


async def test_overwrites_count_in_order(
    discord: StandIn, raw: RawBot, socket: Socket, club: Guild, ann: Person
) -> None:
    may = discord.world.may
    reds, blues = club.role("red"), club.role("blue")
    channel = club.channel("closed")
    club.members[ann.id].roles += [reds.id, blues.id]
    channel.overwrites[club.id] = Overwrite(club.id, 0, deny=int(P.SEND_MESSAGES | P.ADD_REACTIONS))
    assert not may(ann.user, channel) & P.SEND_MESSAGES
    channel.overwrites[reds.id] = Overwrite(reds.id, 0, deny=int(P.SEND_MESSAGES))
    channel.overwrites[blues.id] = Overwrite(blues.id, 0, allow=int(P.SEND_MESSAGES))
    assert may(ann.user, channel) & P.SEND_MESSAGES
    assert not may(ann.user, channel) & P.ADD_REACTIONS
    channel.overwrites[ann.id] = Overwrite(ann.id, 1, deny=int(P.VIEW_CHANNEL))
    assert may(ann.user, channel) == 0
    assert ann.sees(channel) == []
    assert may(discord.world.owner, channel) & P.ADMINISTRATOR
    await raw.command("ping")
    with pytest.raises(CannotDo):
        await ann.at(channel).slash("ping")


async def test_an_interaction_says_what_both_may(
    raw: RawBot, socket: Socket, club: Guild, ann: Person
) -> None:
    await raw.command("ping")
    ann.channel.overwrites[raw.id] = Overwrite(raw.id, 1, deny=int(P.ATTACH_FILES))
    ann.channel.overwrites[ann.id] = Overwrite(ann.id, 1, allow=int(P.MANAGE_MESSAGES))
    _, interaction = await raw.meet(socket, ann.slash("ping"), 4, {"content": "x"})
    assert not int(interaction["app_permissions"]) & P.ATTACH_FILES
    assert int(interaction["app_permissions"]) & P.SEND_MESSAGES
    assert int(interaction["member"]["permissions"]) & P.MANAGE_MESSAGES


async def test_channels_that_are_closed_to_the_bot(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person
) -> None:
    path = f"/channels/{ann.channel.id}/messages"
    ann.channel.overwrites[raw.id] = Overwrite(raw.id, 1, deny=int(P.SEND_MESSAGES))
    assert (await raw.call("POST", path, {"content": "x"})).code == 50013
    await raw.command("ping")
    shown, _ = await raw.meet(socket, ann.slash("ping"), 4, {"content": "answers need no permission"})
    assert shown.how == "message"
    ann.channel.overwrites[raw.id] = Overwrite(raw.id, 1, deny=int(P.VIEW_CHANNEL))
    assert (await raw.call("POST", path, {"content": "x"})).code == 50001
    assert [each.kind for each in discord.record.refused] == ["permission", "permission"]
    assert not discord.record.violations
    discord.delete_channel(ann.channel)
    assert (await raw.call("POST", path, {"content": "x"})).code == 10003
    assert (await socket.event("CHANNEL_DELETE"))["id"] == ann.channel.id


async def test_messages_are_read_changed_and_deleted(discord: StandIn, raw: RawBot, ann: Person) -> None:
    path = f"/channels/{ann.channel.id}/messages"
    ids = [(await raw.call("POST", path, {"content": str(number)})).said["id"] for number in range(3)]
    assert [each["content"] for each in (await raw.call("GET", path + "?limit=2")).said] == ["2", "1"]
    assert (await raw.call("GET", f"{path}/{ids[0]}")).said["content"] == "0"
    changed = await raw.call("PATCH", f"{path}/{ids[0]}", {"content": "zero"})
    assert changed.said["edited_timestamp"]
    hers = ann.say("mine")
    assert (await raw.call("PATCH", f"{path}/{hers.id}", {"content": "x"})).code == 50005
    assert (await raw.call("DELETE", f"{path}/{hers.id}")).code == 50013
    assert (await raw.call("DELETE", f"{path}/{ids[0]}")).status == 204
    assert (await raw.call("DELETE", f"{path}/{ids[0]}")).code == 10008
    discord.delete_message(discord.world.channels[ann.channel.id].messages[ids[1]])
    assert (await raw.call("PATCH", f"{path}/{ids[1]}", {"content": "x"})).code == 10008
    assert [each.text for each in ann.sees()] == ["2", "mine"]


async def test_a_nonce_that_is_enforced_sends_once(raw: RawBot, ann: Person) -> None:
    path = f"/channels/{ann.channel.id}/messages"
    said = {"content": "x", "nonce": "a1", "enforce_nonce": True}
    first, again = [await raw.call("POST", path, said) for _ in range(2)]
    assert first.said["id"] == again.said["id"]
    await raw.call("POST", path, said | {"nonce": "a2"})
    assert len(ann.sees()) == 2


async def test_many_are_deleted_at_once(settings: Settings, discord: StandIn, raw: RawBot) -> None:
    settings.rate_limits = False
    guild = discord.guild("Moderated", granted=MODERATOR)
    ann = discord.person("ann", guild)
    path = f"/channels/{ann.channel.id}/messages/bulk-delete"
    ids = [ann.say(str(number)).id for number in range(4)]
    assert (await raw.call("POST", path, {"messages": ids[:1]})).code == 50016
    assert (await raw.call("POST", path, {"messages": [ids[0], ids[0]]})).code == 50016
    assert (await raw.call("POST", path, {"messages": [ids[0], "1"]})).code == 50034
    headers = {"X-Audit-Log-Reason": "too%20loud"}
    assert (await raw.call("POST", path, {"messages": ids[:3]}, headers=headers)).status == 204
    assert [each.text for each in ann.sees()] == ["3"]
    assert guild.audit[-1]["reason"] == "too loud"


async def test_what_moderators_do_to_members(discord: StandIn, raw: RawBot, socket: Socket) -> None:
    guild = discord.guild("Moderated", granted=MODERATOR)
    ann, bob = discord.person("ann", guild), discord.person("bob", guild, guild.role("above the bot"))
    member = f"/guilds/{guild.id}/members/{ann.id}"
    until = discord.clock.stamp(discord.clock.now() + timedelta(days=27).total_seconds())
    timeout = {"communication_disabled_until": until}
    answer = await raw.call("PATCH", member, timeout, headers={"X-Audit-Log-Reason": "spam"})
    assert answer.said["communication_disabled_until"] == until
    assert guild.audit[-1] == {"action_type": 24, "target_id": ann.id, "reason": "spam"}
    assert discord.record.calls[-1].reason == "spam"
    with pytest.raises(CannotDo):
        ann.say("quiet?")
    discord.clock.advance(timedelta(days=28).total_seconds())
    ann.say("again")
    long = discord.clock.stamp(discord.clock.now() + timedelta(days=29).total_seconds())
    assert (await raw.call("PATCH", member, {"communication_disabled_until": long})).code == 50035
    for method, path in (
        ("PATCH", f"/guilds/{guild.id}/members/{bob.id}"),
        ("DELETE", f"/guilds/{guild.id}/members/{bob.id}"),
        ("PUT", f"/guilds/{guild.id}/bans/{bob.id}"),
    ):
        assert (await raw.call(method, path, timeout if method == "PATCH" else None)).code == 50013
    assert (await raw.call("DELETE", member, headers={"X-Audit-Log-Reason": "x" * 513})).code == 50035
    assert (await raw.call("DELETE", member)).status == 204
    assert (await raw.call("GET", member)).code == 10007
    ban = f"/guilds/{guild.id}/bans/{ann.id}"
    assert (await raw.call("PUT", ban, {"delete_message_seconds": 0})).status == 204
    assert (await raw.call("GET", ban)).said["user"]["username"] == "ann"
    assert (await raw.call("DELETE", ban)).status == 204
    assert (await raw.call("DELETE", ban)).code == 10026


async def test_without_permission_moderation_is_refused(
    raw: RawBot, socket: Socket, club: Guild, ann: Person
) -> None:
    assert (await raw.call("PUT", f"/guilds/{club.id}/bans/{ann.id}", {})).code == 50013
    assert (await raw.call("DELETE", f"/guilds/{club.id}/members/{ann.id}")).code == 50013
    roles = (await raw.call("GET", f"/guilds/{club.id}/roles")).said
    assert [each["name"] for each in roles] == ["@everyone", "Milena"]
    channels = (await raw.call("GET", f"/guilds/{club.id}/channels")).said
    assert [each["name"] for each in channels] == ["general"]
