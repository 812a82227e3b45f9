"""Whom a message would ping: what it says, what it allows, and what the bot may."""

import pytest
from raw import Json, RawBot, Socket
from standin import Guild, P, Person, Pings, StandIn
from standin.world import Role


@pytest.fixture
def players(club: Guild) -> Role:
    return club.role("players", mentionable=True)


@pytest.mark.parametrize(
    ("content", "allowed", "expected"),
    [
        ("<@A> <@!B> <@&R> @everyone", None, "A B R"),
        ("<@A> <@&R> @here", {"parse": []}, ""),
        ("<@A> <@B> <@&R>", {"parse": ["users"]}, "A B"),
        ("<@A> <@B>", {"parse": [], "users": ["A"]}, "A"),
        ("<@B>", {"users": ["A"]}, ""),
        ("<@A> <@&R>", {"parse": ["roles"]}, "R"),
        ("`<@A>` ```\n@everyone <@B>```", None, ""),
        ("@ everyone <@ A> ann", None, ""),
    ],
)
async def test_pings(
    raw: RawBot, ann: Person, bob: Person, players: Role, content: str, allowed: Json | None, expected: str
) -> None:
    ids = {"A": ann.id, "B": bob.id, "R": players.id}
    for letter, id in ids.items():
        content = content.replace(f"@{letter}>", f"@{id}>").replace(f"!{letter}>", f"!{id}>")
        content = content.replace(f"&{letter}>", f"&{id}>")
    body: Json = {"content": content}
    if allowed is not None:
        body["allowed_mentions"] = allowed | {"users": [ids[each] for each in allowed.get("users", [])]}
    await raw.call("POST", f"/channels/{ann.channel.id}/messages", body)
    (message,) = ann.sees()
    wanted = {ids[letter] for letter in expected.split()}
    assert message.pings.users | message.pings.roles == wanted
    assert not message.pings.everyone
    assert bool(message.pings) == bool(wanted)


async def test_everyone_is_for_those_who_may(discord: StandIn, raw: RawBot) -> None:
    loud = discord.guild("Loud", granted=int(P.MENTION_EVERYONE))
    quiet_role = loud.role("quiet")
    ann = discord.person("ann", loud)
    path = f"/channels/{ann.channel.id}/messages"
    await raw.call("POST", path, {"content": f"@everyone <@&{quiet_role.id}>"})
    await raw.call("POST", path, {"content": "@here", "allowed_mentions": {"parse": ["users"]}})
    assert [each.pings for each in ann.sees()] == [Pings(set(), {quiet_role.id}, True), Pings()]


async def test_a_reply_pings_the_author_if_it_may(raw: RawBot, ann: Person, bob: Person) -> None:
    said = ann.say("hello")
    path = f"/channels/{ann.channel.id}/messages"
    reply = {"content": "hi", "message_reference": {"message_id": said.id}}
    await raw.call("POST", path, reply)
    await raw.call("POST", path, reply | {"allowed_mentions": {"parse": []}})
    await raw.call("POST", path, reply | {"allowed_mentions": {"replied_user": True}})
    assert [each.pings.users for each in ann.sees()[1:]] == [{ann.id}, set(), {ann.id}]
    gone = await raw.call("POST", path, {"content": "hi", "message_reference": {"message_id": "1"}})
    assert gone.wrong == ["message_reference REPLIES_UNKNOWN_MESSAGE"]


async def test_edits_and_messages_for_one_ping_nobody_else(
    raw: RawBot, socket: Socket, ann: Person, bob: Person
) -> None:
    await raw.command("ping")
    text = {"content": f"<@{ann.id}> <@{bob.id}>"}
    shown, interaction = await raw.meet(socket, ann.slash("ping"), 4, {"content": "x"})
    await raw.hook("PATCH", interaction, "/messages/@original", text)
    assert not shown.message.pings
    shown, _ = await raw.meet(socket, ann.slash("ping"), 4, text | {"flags": 64})
    assert shown.message.pings == Pings({ann.id})
    shown, interaction = await raw.meet(socket, ann.slash("ping"), 5)
    none = {"parse": []}
    await raw.hook("PATCH", interaction, "/messages/@original", text | {"allowed_mentions": none})
    assert not shown.message.pings, "what was thinking is edited"
    assert shown.message.allowed == none
    await raw.hook("POST", interaction, body=text)
    assert shown.followups[0].pings == Pings({ann.id, bob.id})
