"""Milena's client of the REST API, against the stand-in with its limits and its faults."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from kit import CALLBACK, CALLBACKS
from standin import Channel, Guild, Person, StandIn

from milena.discord.breaker import PATIENCE
from milena.discord.calls import ApiError
from milena.discord.message import File, Message
from milena.discord.rest import Rest
from milena.ops.errors import classify

POSTED = "POST /channels/{channel}/messages"


@pytest.fixture
async def rest(discord: StandIn) -> AsyncIterator[Rest]:
    async with Rest(discord.settings.token, "DiscordBot (https://example.org, 1)", discord.api) as rest:
        yield rest
    assert not discord.record.violations


@pytest.fixture
def channel(club: Guild) -> Channel:
    return next(iter(club.channels.values()))


def _said(text: str, **more: object) -> dict[str, object]:
    return Message(text).body() | more


async def _post(rest: Rest, channel: Channel, text: str, **more: object) -> dict[str, str]:
    answer: dict[str, str] = await rest.request(
        "POST", f"/channels/{channel.id}/messages", _said(text, **more)
    )
    return answer


async def test_a_burst_into_one_channel_meets_no_limit(
    discord: StandIn, rest: Rest, channel: Channel
) -> None:
    discord.limits.numbers[POSTED] = (5, 0.3)
    await asyncio.gather(*(_post(rest, channel, str(number)) for number in range(18)))
    assert {call.status for call in discord.record.of(POSTED)} == {200}
    assert sorted(int(each.content) for each in channel.shown()) == list(range(18))


async def test_a_full_channel_does_not_hold_up_another(
    discord: StandIn, rest: Rest, club: Guild, channel: Channel
) -> None:
    discord.limits.numbers[POSTED] = (2, 1.0)
    other = club.channel("other")
    full = asyncio.gather(*(_post(rest, channel, "busy") for _ in range(3)))
    await discord.until(lambda: len(discord.record.of(POSTED)) == 2)
    await _post(rest, other, "here")
    assert not full.done()
    await full


async def test_all_calls_together_keep_to_the_limit_for_all(
    discord: StandIn, rest: Rest, club: Guild
) -> None:
    await asyncio.gather(*(rest.request("GET", f"/guilds/{club.id}") for _ in range(100)))
    assert not discord.record.refused


async def test_answers_to_interactions_do_not_wait_for_the_others(
    discord: StandIn, rest: Rest, club: Guild
) -> None:
    waiting = asyncio.gather(*(rest.request("GET", f"/guilds/{club.id}") for _ in range(100)))
    await discord.until(lambda: len(discord.record.calls) >= 45)
    with pytest.raises(ApiError) as raised:
        await rest.request("POST", "/interactions/1/token/callback", {"type": 6})
    assert raised.value.code == 10062
    assert not waiting.done()
    await waiting
    discord.record.refused.clear()


async def test_what_waits_for_a_connection_is_not_taken_for_lost(
    discord: StandIn, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milena.discord.connections.MOST", 2)
    monkeypatch.setattr("milena.discord.rest.ONE_ANSWER", 0.4)
    # Given a Discord that is slow, and more answers than can be on their way at once,
    discord.faults.slow(0.15, CALLBACKS, times=8)
    asked = [discord.desk.make(2, ann.user, ann.channel, {"name": "ping"}) for _ in range(8)]
    async with Rest(discord.settings.token, "DiscordBot (https://example.org, 1)", discord.api) as rest:
        await asyncio.gather(
            *(
                rest.request("POST", f"/interactions/{each.id}/{each.token}/callback", {"type": 5})
                for each in asked
            )
        )
    # then none is sent twice.
    assert len(discord.record.of(CALLBACK)) == 8


@pytest.mark.parametrize(
    "fault", ["500", "502", "503", "504", "limited", "global", "cloudflare", "reset", "answer lost"]
)
async def test_what_fails_once_is_tried_again(discord: StandIn, rest: Rest, club: Guild, fault: str) -> None:
    match fault:
        case "limited":
            discord.faults.limited(0.1)
        case "global":
            discord.faults.limited(0.1, scope="global")
        case "cloudflare":
            discord.faults.limited(0.1, cloudflare=True)
        case "reset" | "answer lost":
            discord.faults.reset(after=fault == "answer lost")
        case status:
            discord.faults.status(int(status))
    assert (await rest.request("GET", f"/guilds/{club.id}"))["name"] == "Club"
    assert len(discord.record.calls) == 2


async def test_what_may_have_been_done_is_not_done_twice(
    discord: StandIn, rest: Rest, channel: Channel
) -> None:
    discord.faults.reset(after=True)
    with pytest.raises(ApiError):
        await _post(rest, channel, "once")
    assert [each.content for each in channel.shown()] == ["once"]
    # With a nonce Discord knows it again.
    discord.faults.reset(after=True)
    await _post(rest, channel, "twice", nonce="7", enforce_nonce=True)
    assert [each.content for each in channel.shown()] == ["once", "twice"]


async def test_what_was_certainly_not_done_is_tried_again(
    discord: StandIn, rest: Rest, channel: Channel
) -> None:
    await discord.refuse()
    posting = asyncio.ensure_future(_post(rest, channel, "late"))
    await asyncio.sleep(0)
    await discord.accept()
    await posting
    discord.faults.limited(0.1, POSTED)
    await _post(rest, channel, "later")
    assert [each.content for each in channel.shown()] == ["late", "later"]


async def test_a_refusal_is_told_in_discords_words(discord: StandIn, rest: Rest, channel: Channel) -> None:
    with pytest.raises(ApiError) as raised:
        await _post(rest, channel, "x" * 2001)
    assert (raised.value.status, raised.value.code) == (400, 50035)
    assert "content" in raised.value.message
    assert len(discord.record.calls) == 1
    discord.record.refused.clear()


@pytest.mark.parametrize(("fault", "kind"), [("refused", "discord"), ("reset", "network")])
async def test_what_discord_refuses_is_told_from_what_did_not_reach_it(
    discord: StandIn, rest: Rest, channel: Channel, fault: str, kind: str
) -> None:
    if fault == "refused":
        discord.faults.refuse_with(match=POSTED)
    else:
        discord.faults.reset(POSTED, after=True)
    with pytest.raises(ApiError) as raised:
        await _post(rest, channel, "x")
    assert classify(raised.value) == kind


async def test_patience_ends(discord: StandIn, rest: Rest, club: Guild) -> None:
    discord.faults.slow(30.0)
    with pytest.raises(ApiError) as raised:
        await rest.request("GET", f"/guilds/{club.id}", patience=0.1)
    assert raised.value.status == 0


async def test_files_go_with_a_message(discord: StandIn, rest: Rest, channel: Channel) -> None:
    picture = File("board.png", b"\x89PNG picture", "a board, and on it a king")
    message = Message("see", files=(picture,))
    await rest.request("POST", f"/channels/{channel.id}/messages", message.body(), message.files)
    (call,) = discord.record.of(POSTED)
    assert call.files == {"files[0]": picture.data}
    (shown,) = channel.shown()
    assert shown.attachments[0]["description"] == picture.description


async def test_a_reason_is_any_text(discord: StandIn, rest: Rest, club: Guild) -> None:
    person = discord.person("carl", club)
    reason = "sp\u00e4m & \u4e0d\u597d, 100%\n" + "x" * 600
    path = f"/guilds/{club.id}/bans/{person.id}"
    with pytest.raises(ApiError):  # the bot of this test may not ban
        await rest.request("PUT", path, {}, reason=reason)
    assert discord.record.calls[-1].reason == reason[:512]


async def test_while_discord_fails_only_one_asks(
    discord: StandIn, rest: Rest, club: Guild, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    discord.faults.status(503, times=PATIENCE + 1)
    asked = [asyncio.ensure_future(rest.request("GET", f"/guilds/{club.id}")) for _ in range(PATIENCE + 1)]
    await asyncio.gather(*asked)
    told = [record.message for record in caplog.records]
    assert len([each for each in told if "failed" in each]) == 1
    assert "answers again" in told[-1]


async def test_the_token_is_told_to_nobody(
    discord: StandIn, rest: Rest, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    discord.faults.status(500, times=2)
    discord.faults.reset()
    await rest.request("GET", f"/channels/{channel.id}")
    token = "a-secret-of-the-interaction"
    with pytest.raises(ApiError) as raised:
        await rest.request("PATCH", f"/webhooks/1/{token}/messages/@original", _said("x"))
    said = caplog.text + str(raised.value) + repr(rest.__dict__["_breaker"])
    assert token not in said
    assert discord.settings.token not in said
    discord.record.refused.clear()
