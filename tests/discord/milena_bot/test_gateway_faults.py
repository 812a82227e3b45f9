"""The gateway fails in every way, and Milena comes back."""

import asyncio

from processes import Bot
from standin import Guild, Person, Settings, StandIn


async def _answers(person: Person) -> None:
    assert (await person.slash("ping")).how == "message"


async def test_a_lost_connection_is_resumed_and_nothing_is_missed(
    discord: StandIn, milena: Bot, ann: Person
) -> None:
    gateway = discord.gateway
    for number, fault in enumerate((gateway.drop, gateway.reconnect, lambda: gateway.close(4000)), start=1):
        fault()
        asking = asyncio.ensure_future(ann.slash("ping"))
        assert (await asking).how == "message", "what was missed is sent after"
        await milena.says("has resumed", times=number)
    assert len(gateway.identifies) == 1
    assert {each.path for each in gateway.opened[1:]} == {"/resume"}


async def test_a_connection_that_has_died_in_silence_is_noticed(
    settings: Settings, discord: StandIn, start_milena: object, ann: Person
) -> None:
    settings.heartbeat = 1.0
    milena = await start_milena()  # type: ignore[operator]
    await discord.ready()
    discord.gateway.zombie()
    asking = asyncio.ensure_future(ann.slash("ping"))
    await milena.says("no heartbeat was acknowledged")
    assert (await asking).how == "message"


async def test_a_session_that_may_be_resumed_is(discord: StandIn, milena: Bot, ann: Person) -> None:
    discord.gateway.invalidate(resumable=True)
    await milena.says("has resumed")
    await _answers(ann)
    assert len(discord.gateway.identifies) == 1


async def test_a_session_that_is_given_up_is_replaced(discord: StandIn, milena: Bot, ann: Person) -> None:
    discord.gateway.invalidate()
    await milena.says("has a new session")
    await _answers(ann)
    assert len(discord.gateway.identifies) == 2


async def test_handshakes_that_fail_are_tried_again(discord: StandIn, milena: Bot, ann: Person) -> None:
    discord.faults.refuse_handshakes(503, times=3)
    discord.gateway.drop()
    await milena.says("has resumed")
    await _answers(ann)
    assert milena.log.count("has lost the gateway") == 1, "one outage is told once"


async def test_a_discord_that_is_gone_for_a_while_is_waited_for(
    discord: StandIn, milena: Bot, ann: Person
) -> None:
    await discord.refuse()
    discord.gateway.drop()
    await milena.says("has lost the gateway")
    await discord.accept()
    await milena.says("has resumed")
    await _answers(ann)


async def test_it_ends_while_there_is_no_gateway(discord: StandIn, milena: Bot) -> None:
    await discord.refuse()
    discord.gateway.drop()
    await milena.says("has lost the gateway")
    milena.terminate()
    assert await milena.ends(patience=10) == 0


async def test_a_heartbeat_that_is_asked_for_is_sent(discord: StandIn, milena: Bot) -> None:
    (connection,) = discord.gateway.connections
    before = connection.heartbeats
    discord.gateway.ask_heartbeat()
    await discord.until(lambda: connection.heartbeats > before)


async def test_what_cannot_be_read_costs_nothing_else(
    discord: StandIn, milena: Bot, club: Guild, ann: Person
) -> None:
    # Half of a character of two halves is no text.
    discord.gateway.tell(club.id, "GUILD_UPDATE", {"name": "\ud83d"})
    await _answers(ann)
    assert milena.log.count("can't be read, and is passed over") == 1
    assert "has lost the gateway" not in milena.log
