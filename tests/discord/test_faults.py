"""Faults come when they are asked for, where they are asked for, as often as they are asked for."""

import asyncio
import time

import pytest
from aiohttp import ClientError
from raw import RawBot, Socket
from standin import Faults, Person, Settings, StandIn
from standin.errors import EXPIRED_TOKEN, UNKNOWN_CHANNEL
from standin.faults import KINDS, Step

SEND = "POST /channels/*"


@pytest.fixture
def path(ann: Person) -> str:
    return f"/channels/{ann.channel.id}/messages"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_statuses(discord: StandIn, raw: RawBot, ann: Person, path: str, status: int) -> None:
    discord.faults.status(status, SEND, times=2)
    assert (await raw.call("GET", "/users/@me")).status == 200
    said = [(await raw.call("POST", path, {"content": "x"})).status for _ in range(3)]
    assert said == [status, status, 200]
    assert [call.fault for call in discord.record.calls if call.fault] == [f"status {status}"] * 2
    assert len(ann.sees()) == 1
    assert not discord.record.refused


async def test_limits_of_each_scope(discord: StandIn, raw: RawBot, path: str) -> None:
    discord.faults.limited(0.5, SEND)
    limited = await raw.call("POST", path, {"content": "x"})
    assert (limited.status, limited.said["retry_after"], limited.said["global"]) == (429, 0.5, False)
    assert limited.headers["X-RateLimit-Reset-After"] == "0.500"
    discord.faults.limited(0.5, scope="global")
    assert (await raw.call("GET", "/users/@me")).said["global"] is True
    discord.faults.limited(0.5, scope="shared")
    shared = await raw.call("GET", "/users/@me")
    assert shared.headers["X-RateLimit-Scope"] == "shared"
    assert discord.limits.invalid == 2
    discord.faults.limited(0.5, cloudflare=True)
    page = await raw.call("GET", "/users/@me")
    assert page.said.startswith("<!DOCTYPE html>")


async def test_resets_before_and_after_the_call(
    discord: StandIn, raw: RawBot, ann: Person, path: str
) -> None:
    discord.faults.reset(SEND)
    with pytest.raises(ClientError):
        await raw.call("POST", path, {"content": "never there"})
    assert ann.sees() == []
    discord.faults.reset(SEND, after=True)
    with pytest.raises(ClientError):
        await raw.call("POST", path, {"content": "there"})
    assert [each.text for each in ann.sees()] == ["there"]
    # aiohttp's client sends a GET again by itself, so these are of POST only.
    assert [call.status for call in discord.record.of("POST /channels/{channel}/messages")] == [0, 0]


async def test_what_a_fault_made_late_or_double_is_not_the_bots_doing(
    settings: Settings, discord: StandIn, raw: RawBot, socket: Socket, ann: Person
) -> None:
    await raw.command("ping")
    discord.faults.reset("* /interactions/*", after=True)
    asking = asyncio.ensure_future(ann.slash("ping"))
    interaction = await socket.event("INTERACTION_CREATE")
    with pytest.raises(ClientError):
        await raw.answer(interaction, 4, {"content": "pong"})
    assert (await raw.answer(interaction, 4, {"content": "pong"})).code == 40060
    assert (await asking).text == "pong"

    settings.answer_within = 0.2
    discord.faults.hold()
    asking = asyncio.ensure_future(ann.slash("ping"))
    assert (await asking).how == "did not respond"
    discord.faults.release()
    late = await socket.event("INTERACTION_CREATE")
    assert (await raw.answer(late, 4, {"content": "pong"})).code == 10062
    assert len(discord.record.refused) == 2
    assert not discord.record.violations


async def test_slow_answers(discord: StandIn, raw: RawBot) -> None:
    for after in (False, True):
        discord.faults.slow(0.1, after=after)
        began = time.monotonic()
        assert (await raw.call("GET", "/users/@me")).status == 200
        assert time.monotonic() - began >= 0.1


async def test_refusals_on_request_are_nobodys_fault(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person, path: str
) -> None:
    discord.faults.refuse_with(match=SEND)
    discord.faults.refuse_with(UNKNOWN_CHANNEL, SEND)
    assert [(await raw.call("POST", path, {"content": "x"})).code for _ in range(2)] == [50013, 10003]
    await raw.command("ping")
    _, interaction = await raw.meet(socket, ann.slash("ping"), 4, {"content": "x"})
    discord.faults.refuse_with(EXPIRED_TOKEN, "* /webhooks/*")
    late = await raw.hook("POST", interaction, body={"content": "x"})
    assert (late.status, late.code) == (401, 50027)
    assert not discord.record.violations
    assert len(discord.faults.met) == 3


def test_a_schedule_is_the_same_for_the_same_seed() -> None:
    assert Faults.random(7, 200) == Faults.random(7, 200)
    assert Faults.random(7, 200) != Faults.random(8, 200)
    assert {step.kind for step in Faults.random(7, 200)} == set(KINDS)


@pytest.mark.parametrize("kind", [*KINDS, "cloudflare", "zombie"])
async def test_every_kind_of_a_schedule_can_be_done(
    discord: StandIn, raw: RawBot, socket: Socket, kind: str
) -> None:
    await discord.faults.run([Step(0.0, kind, seed=1)])
    assert discord.faults.met[0] == kind


async def test_the_record_has_every_call(discord: StandIn, raw: RawBot, path: str) -> None:
    await raw.call("POST", path, {"content": "x" * 100})
    (call,) = discord.record.of("POST /channels/{channel}/messages")
    assert (call.path, call.status, call.body) == (path, 200, {"content": "x" * 100})
    assert call.ended > call.began
    assert 100 < call.bytes_in < 1000
    assert 100 < call.bytes_out < 2000
    assert discord.record.bytes_on_the_wire == call.bytes_in + call.bytes_out
    assert list(discord.record.bodies(call.name)) == [call.body]
