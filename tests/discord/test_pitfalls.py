"""What interactions.py 5.16 does when it is left alone: why Milena's adapter does what it does.

These tests hold for the bare library. Where one fails after an upgrade, the library was mended and a
precaution of ours may go. ``milena run`` has to do better in each case, and has tests of its own for that.
"""

import asyncio

import pytest
from processes import Bot, StartBot
from raw import RawBot
from standin import Person, Settings, StandIn

CALLBACK = "POST /interactions/*"


async def started(start_bot: StartBot, **environment: str) -> Bot:
    bot = await start_bot(**environment)
    await bot.says("started")
    return bot


@pytest.mark.parametrize("refused", ["503", "refused"])
async def test_one_failed_reconnect_ends_the_process_as_if_all_were_well(
    discord: StandIn, start_bot: StartBot, ann: Person, refused: str
) -> None:
    bot = await started(start_bot)
    if refused == "503":
        discord.faults.refuse_handshakes(503)
    else:
        await discord.refuse()
    discord.gateway.drop()
    assert await bot.ends() == 0
    assert "ended" in bot.log


async def test_stop_while_connected_never_ends(discord: StandIn, start_bot: StartBot, ann: Person) -> None:
    bot = await started(start_bot, STOP_ON_SIGTERM="1")
    await asyncio.sleep(0.2)
    used = bot.cpu
    bot.terminate()
    await discord.until(lambda: bot.cpu > used + 0.7)
    assert bot.running


async def test_an_interaction_that_comes_twice_is_run_twice(
    discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    bot = await started(start_bot)
    discord.faults.repeat = 2
    assert (await ann.slash("ping")).text == "pong"
    await bot.says("ping\n", times=3)
    await discord.until(lambda: len(discord.record.violations) == 2)
    assert {each.code for each in discord.record.refused} == {40060}


async def test_an_invalid_session_is_never_resumed(
    discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    await started(start_bot)
    discord.gateway.invalidate(resumable=True)
    await discord.until(lambda: len(discord.gateway.identifies) == 2)


async def test_interactions_before_the_commands_are_synced_are_lost(
    settings: Settings, discord: StandIn, start_bot: StartBot, raw: RawBot, ann: Person
) -> None:
    await raw.command("ping")
    settings.answer_within = 0.5
    discord.faults.slow(2.0, "PUT *")
    bot = await start_bot()
    await discord.until(lambda: discord.record.of("PUT /applications/{application}/commands"))
    assert (await ann.slash("ping")).how == "did not respond"
    await bot.says("started")
    assert "ping\n" not in bot.log


async def test_an_answer_met_by_503_is_lost(
    settings: Settings, discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    settings.answer_within = 10.0
    bot = await started(start_bot)
    discord.faults.status(500, CALLBACK)
    assert (await ann.slash("ping")).latency > 0.9, "500 is tried again, after a second"
    settings.answer_within = 0.7
    discord.faults.status(503, CALLBACK)
    assert (await ann.slash("ping")).how == "did not respond"
    discord.faults.limited(0.1, CALLBACK, cloudflare=True)
    assert (await ann.slash("ping")).how == "did not respond"
    assert "AttributeError" in bot.log, "a 429 of Cloudflare has no JSON"


async def test_a_full_bucket_of_one_channel_holds_up_another(
    discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    await started(start_bot)
    assert ann.channel.guild
    other = ann.channel.guild.channel("other")
    discord.gateway.tell_channel("CHANNEL_CREATE", other)
    discord.limits.numbers["POST /channels/{channel}/messages"] = (2, 3.0)
    # It knows by then that both channels have a bucket of the same name, but not that there are two of them.
    await (await ann.slash("post", number=1, where=other)).settled()
    await (await ann.slash("post", number=2)).settled()
    await (await ann.slash("post", number=1, where=other)).settled()
    _, first, last, elsewhere = discord.record.of("POST /channels/{channel}/messages")
    assert elsewhere.path != first.path
    assert elsewhere.began - last.began > 1.5


async def test_it_remembers_something_of_every_interaction_for_ever(
    discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    await started(start_bot)
    before = int((await ann.slash("buckets")).text)
    for _ in range(5):
        await ann.slash("ping")
    await discord.until(
        lambda: len(discord.record.of("GET /webhooks/{application}/{token}/messages/{message}")) == 6
    )
    assert int((await ann.slash("buckets")).text) >= before + 5


async def test_localised_commands_are_put_again_at_every_start(
    discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    for number in (1, 2):
        bot = await started(start_bot, LOCALISED="1")
        assert len(discord.record.of("PUT /applications/{application}/commands")) == number
        await bot.kill()
    first, second = discord.record.bodies("PUT /applications/{application}/commands")
    assert {each["name"] for each in first} == {each["name"] for each in second}


async def test_forty_five_calls_a_second_hold_up_answers(
    discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    await started(start_bot)
    shown = await asyncio.gather(*(ann.slash("ping") for _ in range(60)))
    latencies = [each.latency for each in shown if each.how == "message"]
    assert max(latencies) > 0.7
    assert not discord.record.refused


async def test_a_button_that_nobody_listens_to_is_passed_over_in_silence(
    settings: Settings, discord: StandIn, start_bot: StartBot, ann: Person, bob: Person
) -> None:
    bot = await started(start_bot)
    board = (await ann.slash("game start", opponent=bob)).message
    settings.answer_within = 1.0
    logged = len(bot.log)
    assert (await bob.press(board, "Nobody listens")).how == "did not respond"
    assert "rror" not in bot.log[logged:]
    # And every message says a thing that Discord does not know.
    assert ("POST /interactions/{interaction}/{token}/callback", "data.pass_self_into_delete") in (
        discord.record.unknown_fields
    )


async def test_the_words_for_a_picture_are_lost_in_a_first_answer(
    discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    await started(start_bot)
    drawn = (await ann.slash("draw")).message.attachments
    (call,) = discord.record.of("POST /interactions/{interaction}/{token}/callback")
    # It writes them beside "data", where Discord documents nothing; in a follow-up or an edit they are right.
    assert call.body["attachments"][0]["description"] == "A board"
    assert drawn[0]["description"] is None
    assert (call.name, "attachments") in discord.record.unknown_fields


async def test_it_cannot_log_in_without_a_field_that_discord_may_drop(
    settings: Settings, discord: StandIn, start_bot: StartBot
) -> None:
    settings.summary = False
    bot = await start_bot()
    assert await bot.ends() == 1
    assert "summary" in bot.log
