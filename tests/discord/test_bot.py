"""An unmodified bot on interactions.py, as a process, lives on the stand-in as it would on Discord."""

import asyncio
import sys
from signal import SIGINT, SIGKILL, SIGTERM

from processes import BARE_BOT, StartBot
from standin import Faults, Guild, Person, StandIn
from standin.sessions import CONTENT


async def test_commands_of_every_kind_are_answered(
    discord: StandIn, start_bot: StartBot, ann: Person, bob: Person
) -> None:
    bot = await start_bot()
    await bot.says("started")

    shown = await ann.slash("ping")
    assert (shown.how, shown.text) == ("message", "pong")
    assert 0 < shown.latency < 3
    assert bob.sees() == [shown.message]

    secret = await bob.slash("secret")
    assert secret.ephemeral
    assert secret.message not in ann.sees()

    thought = await (await ann.slash("think")).settled()
    assert (thought.text, thought.ephemeral) == ("thought", True)
    await discord.until(lambda: [each.text for each in thought.followups] == ["more"])

    started = await ann.slash("game start", opponent=bob, rounds=3, word="pear")
    assert started.text == f"<@{bob.id}> 3 pear"
    assert started.message.pings.users == {bob.id}
    offered = await ann.complete("game start", "word", "ap", opponent=bob)
    assert offered.choices == [("apple", "apple"), ("apricot", "apricot")]

    assert (await ann.menu("Greet", bob)).text == "Hello Bob"
    said = bob.say("to be")
    assert (await ann.menu("Quote", said)).text == "> to be"

    drawn = await ann.slash("draw")
    (board,) = drawn.message.attachments
    assert board["filename"] == "board.txt"
    assert discord.uploads[board["url"]] == b"a picture"

    assert (await ann.at(None).slash("ping")).message in ann.inbox
    assert not discord.record.violations
    assert bot.memory > 10_000_000
    assert bot.cpu > 0


async def test_buttons_menus_and_forms(
    discord: StandIn, start_bot: StartBot, ann: Person, bob: Person
) -> None:
    bot = await start_bot()
    await bot.says("started")
    board = (await ann.slash("game start", opponent=bob)).message
    assert board.labels == ["Play", "Nobody listens", "Form"]

    pressed = await bob.press(board, "Play")
    assert (pressed.how, board.content) == ("updated", "bob played")
    chosen = await bob.choose(board, "blue")
    assert (chosen.text, chosen.ephemeral) == ("bob chose blue", True)
    form = await ann.press(board, "Form")
    assert form.how == "form"
    assert (await ann.submit(form, {"Move": "e4"})).text == "moved e4"
    assert not discord.record.violations


async def test_it_is_killed_and_started_again(
    discord: StandIn, start_bot: StartBot, ann: Person, bob: Person
) -> None:
    first = await start_bot([sys.executable, str(BARE_BOT)])
    await first.says("started")
    board = (await ann.slash("game start", opponent=bob)).message
    assert await first.kill() == -SIGKILL
    await discord.until(lambda: not discord.gateway.connected())
    second = await start_bot()
    await second.says("started")
    await bob.press(board, "Play")
    assert board.content == "bob played"
    second.signal(SIGINT)
    await second.ends()
    await discord.until(lambda: not discord.gateway.live())
    # The commands had not changed, so they were not put again.
    assert len(discord.record.of("PUT /applications/{application}/commands")) == 1


async def test_it_answers_after_a_schedule_of_faults(
    discord: StandIn, start_bot: StartBot, ann: Person
) -> None:
    bot = await start_bot()
    await bot.says("started")
    survived = ("drop", "reconnect", "invalid session", "close 4000", "slow", "502", "limited", "redeliver")
    faults = asyncio.ensure_future(discord.faults.run(Faults.random(7, 20, kinds=survived)))
    while not faults.done():
        await asyncio.sleep(0.05)
        if discord.gateway.connected():
            await ann.slash("ping")
    await faults
    assert len(discord.faults.met) >= 20
    discord.faults.clear()
    await discord.ready()
    assert (await ann.slash("ping")).text == "pong"
    assert bot.running


async def test_two_shards_are_two_processes(discord: StandIn, start_bot: StartBot) -> None:
    guilds = [discord.guild(f"guild {number}") for number in range(2)]
    people = [discord.person("ann", guild) for guild in guilds]
    bots = [await start_bot(SHARDS=f"{number}/2") for number in range(2)]
    for bot in bots:
        await bot.says("started")
    for person in people:
        assert (await person.slash("ping")).text == "pong"
    assert [bot.log.count("ping\n") for bot in bots] == [1, 1]
    assert (await people[1].at(None).slash("ping")).text == "pong"
    assert [bot.log.count("ping\n") for bot in bots] == [2, 1]
    for bot in bots:
        bot.terminate()
        assert await bot.ends() == -SIGTERM


async def test_what_can_never_work_ends_it(discord: StandIn, start_bot: StartBot, club: Guild) -> None:
    wrong = await start_bot(DISCORD_TOKEN="wrong")
    greedy = await start_bot(INTENTS=str(1 | CONTENT))
    assert await wrong.ends() == 1
    assert "An improper token was passed" in wrong.log
    assert await greedy.ends() == 1
    assert "privileged intents" in greedy.log
    assert {each.code for each in discord.record.refused} == {0, 4014}
