"""The gateway: sessions that start, go on and end as the documentation of version 10 says."""

import asyncio
from contextlib import suppress

import pytest
from raw import GUILDS, RawBot, Socket
from standin import CannotDo, Guild, Person, Settings, StandIn
from standin.sessions import CONTENT, MEMBERS, MESSAGES


async def test_a_session_starts_with_its_guilds(discord: StandIn, club: Guild, raw: RawBot) -> None:
    socket = await raw.open()
    await socket.identify()
    ready = await socket.event("READY")
    assert ready["guilds"] == [{"id": club.id, "unavailable": True}]
    assert ready["resume_gateway_url"] == discord.resume_url
    guild = await socket.event("GUILD_CREATE")
    assert guild["id"] == club.id
    assert [each["name"] for each in guild["channels"]] == ["general"]
    assert [each["user"]["id"] for each in guild["members"]] == [raw.id]
    assert socket.sequence == 2


async def test_guilds_are_not_told_of_without_the_intent(discord: StandIn, raw: RawBot, club: Guild) -> None:
    socket = await raw.start(intents=0)
    discord.guild("Another")
    discord.gateway.ask_heartbeat()
    assert (await socket.next())["op"] == 1


async def test_heartbeats_are_acknowledged_until_the_connection_is_a_zombie(
    discord: StandIn, raw: RawBot, socket: Socket
) -> None:
    await socket.event("GUILD_CREATE")
    await socket.send(1, socket.sequence)
    assert (await socket.next())["op"] == 11
    discord.gateway.zombie()
    await socket.send(1, socket.sequence)
    discord.guild("Unheard of")
    with pytest.raises(TimeoutError):
        await socket.socket.receive(0.1)
    again = await raw.open()
    await again.resume(socket.session, socket.sequence)
    assert (await again.event("GUILD_CREATE"))["name"] == "Unheard of"


async def test_who_sends_no_heartbeats_is_timed_out(
    settings: Settings, discord: StandIn, raw: RawBot
) -> None:
    settings.heartbeat = 0.05
    socket = await raw.start()
    assert await socket.code() == 4009


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"shard": (2, 2)}, 4010),
        ({"shard": (0, 1), "intents": 1 << 40}, 4013),
        ({"intents": GUILDS | CONTENT}, 4014),
        ({"intents": GUILDS | MEMBERS}, 4014),
        ({"properties": None}, 4002),
        ({"presence": {"padding": "x" * 5000}}, 4002),
    ],
)
async def test_a_wrong_identify_closes(
    discord: StandIn, raw: RawBot, said: dict[str, object], code: int
) -> None:
    socket = await raw.open()
    await socket.identify(**said)  # type: ignore[arg-type]
    assert await socket.code() == code
    assert [each.code for each in discord.record.refused] == [code]
    assert discord.record.violations


async def test_other_wrong_payloads_close(discord: StandIn, raw: RawBot) -> None:
    async def code(op: int, said: object, *, identified: bool = False) -> int | None:
        socket = await (raw.start() if identified else raw.open())
        await socket.send(op, said)
        return await socket.code()

    assert await code(99, None) == 4001
    assert await code(3, {}) == 4003
    assert await code(2, {}, identified=True) == 4005
    assert await code(6, {"token": "wrong"}) == 4004
    socket = await raw.open()
    await socket.socket.send_str("{")
    assert await socket.code() == 4002
    old = await raw.http.ws_connect(discord.gateway_url + "?v=6")
    assert await Socket(discord, old).code() == 4012


async def test_too_many_payloads_close(raw: RawBot, socket: Socket) -> None:
    for _ in range(125):
        with suppress(ConnectionError):
            await socket.send(1, None)
    assert await socket.code() == 4008


async def test_fewer_shards_than_needed_close(settings: Settings, discord: StandIn, raw: RawBot) -> None:
    settings.shards_required = 2
    socket = await raw.open()
    await socket.identify(shard=(0, 1))
    assert await socket.code() == 4011


async def test_a_resume_brings_what_was_missed(discord: StandIn, raw: RawBot, socket: Socket) -> None:
    await socket.event("GUILD_CREATE")
    discord.gateway.drop()
    assert await socket.code() is None
    await discord.until(lambda: not discord.gateway.connected())
    for name in ("one", "two", "three"):
        discord.guild(name)
    again = await raw.open(discord.resume_url)
    await again.resume(socket.session, socket.sequence)
    missed = [await again.next() for _ in range(4)]
    assert [(each["s"], each["d"].get("name")) for each in missed[:3]] == [
        (3, "one"),
        (4, "two"),
        (5, "three"),
    ]
    assert (missed[3]["t"], missed[3]["s"]) == ("RESUMED", 6)
    assert len(discord.gateway.identifies) == 1


async def test_a_resume_in_another_order(discord: StandIn, raw: RawBot, socket: Socket) -> None:
    discord.gateway.drop()
    await discord.until(lambda: not discord.gateway.connected())
    for number in range(8):
        discord.guild(str(number))
    discord.faults.shuffle_next_resume(seed=1)
    again = await raw.open()
    await again.resume(socket.session, 2)
    names = [(await again.next())["d"]["name"] for _ in range(8)]
    assert sorted(names) == [str(number) for number in range(8)]
    assert names != sorted(names)


async def test_sessions_that_cannot_be_resumed(discord: StandIn, raw: RawBot, socket: Socket) -> None:
    unknown = await raw.open()
    await unknown.resume("of nobody", 1)
    refused = await unknown.next()
    assert (refused["op"], refused["d"]) == (9, False)
    ahead = await raw.open()
    await ahead.resume(socket.session, 1000)
    assert await ahead.code() == 4007
    await socket.socket.close(code=1000)
    await discord.until(lambda: not discord.gateway.live())
    ended = await raw.open()
    await ended.resume(socket.session, 1)
    assert (await ended.next())["op"] == 9


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session(discord: StandIn, raw: RawBot, socket: Socket, resumable: bool) -> None:
    discord.gateway.invalidate(resumable=resumable)
    await socket.event("GUILD_CREATE")
    told = await socket.next()
    assert (told["op"], told["d"]) == (9, resumable)
    again = await raw.open()
    await again.resume(socket.session, socket.sequence)
    assert (await again.next())["op"] == (0 if resumable else 9)


async def test_it_asks_to_reconnect_and_closes_with_any_code(
    discord: StandIn, raw: RawBot, socket: Socket
) -> None:
    await socket.event("GUILD_CREATE")
    discord.gateway.reconnect()
    assert (await socket.next())["op"] == 7
    discord.gateway.close(4000)
    assert await socket.code() == 4000
    again = await raw.open()
    await again.resume(socket.session, socket.sequence)
    await again.event("RESUMED")
    discord.gateway.close(4009)
    assert await again.code() == 4009
    assert not discord.gateway.live()


async def test_each_shard_hears_of_its_own_guilds(discord: StandIn, raw: RawBot) -> None:
    guilds = [discord.guild(str(number)) for number in range(4)]
    for shard in (0, 1):
        socket = await raw.open()
        await socket.identify(shard=(shard, 2))
        names = [(await socket.event("GUILD_CREATE"))["name"] for _ in range(2)]
        assert names == [str(shard), str(shard + 2)]
    ann = discord.person("ann", guilds[1])
    await raw.command("ping")
    asking = asyncio.ensure_future(ann.slash("ping"))
    told = await socket.event("INTERACTION_CREATE")
    assert told["guild_id"] == guilds[1].id
    await raw.answer(told, 4, {"content": "pong"})
    assert (await asking).text == "pong"


async def test_identifies_of_one_bucket_keep_their_distance(
    settings: Settings, discord: StandIn, raw: RawBot
) -> None:
    settings.identify_interval = 5.0
    settings.max_concurrency = 2
    await raw.start(shard=(0, 4))
    await raw.start(shard=(1, 4))
    early = await raw.open()
    await early.identify(shard=(2, 4))
    assert (await early.next())["op"] == 9
    assert "too early" in discord.record.violations[0]
    discord.clock.advance(5)
    await raw.start(shard=(2, 4))


async def test_the_transport_is_packed_on_request(discord: StandIn, raw: RawBot, club: Guild) -> None:
    socket = await raw.open(query="?v=10&encoding=json&compress=zlib-stream")
    await socket.identify()
    assert (await socket.event("GUILD_CREATE"))["id"] == club.id
    assert 0 < discord.record.gateway_out < 3000


async def test_refused_connections_and_handshakes(discord: StandIn, raw: RawBot, socket: Socket) -> None:
    discord.faults.refuse_handshakes(503)
    with pytest.raises(Exception, match="503"):
        await raw.open()
    await discord.refuse()
    fresh = RawBot(discord, type(raw.http)())
    with pytest.raises(OSError, match="Cannot connect"):
        await fresh.open()
    await socket.send(1, None)
    await socket.event("GUILD_CREATE")
    assert (await socket.next())["op"] == 11
    await discord.accept()
    await fresh.open()
    await fresh.http.close()


async def test_messages_of_others_come_without_their_words(
    settings: Settings, discord: StandIn, raw: RawBot, ann: Person
) -> None:
    socket = await raw.start(intents=GUILDS | MESSAGES)
    ann.say("hello")
    told = await socket.event("MESSAGE_CREATE")
    assert (told["content"], told["author"]["username"]) == ("", "ann")
    settings.privileged = CONTENT
    socket = await raw.start(intents=GUILDS | MESSAGES | CONTENT)
    ann.say("hello")
    assert (await socket.event("MESSAGE_CREATE"))["content"] == "hello"


async def test_being_thrown_out_of_a_guild(
    discord: StandIn, raw: RawBot, socket: Socket, club: Guild, ann: Person
) -> None:
    discord.remove_bot(club)
    assert await socket.event("GUILD_DELETE") == {"id": club.id}
    answer = await raw.call("POST", f"/channels/{ann.channel.id}/messages", {"content": "still here?"})
    assert (answer.status, answer.code) == (404, 10003)
    assert (await raw.call("GET", f"/guilds/{club.id}")).code == 10004
    with pytest.raises(CannotDo, match="not in Club"):
        await ann.slash("ping")
    discord.invite_bot(club)
    assert (await socket.event("GUILD_CREATE"))["id"] == club.id
