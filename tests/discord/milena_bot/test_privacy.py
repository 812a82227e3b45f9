"""A person on Discord gets all that is kept, and becomes somebody new, through the real bot."""

from pathlib import Path

import msgspec
from kit import StartMilena, opened, recorded
from standin import Guild, Person, StandIn

from milena.domain.poll import PollOpened
from milena.home import Home
from milena.terminal.clock import now


async def test_who_is_erased_is_nowhere_and_comes_back_as_somebody_new(
    discord: StandIn, start_milena: StartMilena, club: Guild, home_dir: Path, bob: Person
) -> None:
    ann = discord.person("Zephyrine", club)
    bot = await start_milena()
    await discord.ready()
    await opened(ann, bob)
    await ann.slash("remind me", when="in 2h", text="swordfish")
    await bob.slash("poll create", question=f"Shall <@{ann.id}> and <@!{ann.id}> begin?", choices="yes, no")

    told = await ann.slash("privacy export")

    assert told.ephemeral
    [file] = told.message.attachments
    document = msgspec.json.decode(discord.uploads[file["url"]])
    assert document["vault"] == {"source": "discord", "outside": ann.id, "name": "Zephyrine", "key": True}
    assert [each["text"] for each in document["reminders"][0]["open"]] == ["swordfish"]

    asked = await ann.slash("privacy erase")
    assert asked.ephemeral
    done = await ann.press(asked.message, "Erase me")
    assert done.ephemeral
    assert "You are erased. 1 game was given up, 1 reminder was cancelled." in done.text
    bot.terminate()
    assert await bot.ends() == 0

    files = [file.read_bytes() for file in home_dir.rglob("*") if file.is_file()]
    for secret in ("Zephyrine", "zephyrine", ann.id, "swordfish"):
        assert not any(secret.encode() in content for content in files)
    [(_, poll)] = recorded(home_dir, "poll.opened")
    assert isinstance(poll, PollOpened)
    assert poll.question == f"Shall <{document['player']}> and <{document['player']}> begin?"


async def test_the_bot_that_runs_knows_at_once_whom_another_process_erased(
    discord: StandIn, start_milena: StartMilena, ann: Person, home_dir: Path
) -> None:
    await start_milena()
    await discord.ready()
    assert "number 1" in (await ann.slash("remind me", when="in 2h", text="tea")).text
    with Home(home_dir) as home, home.engine() as engine:
        [before] = home.vault.find("Ann")
        assert home.eraser(engine).erase(before, now()).reminders == 1
    assert "Nothing to come" in (await ann.slash("remind list")).text
    with Home(home_dir) as home:
        [after] = home.vault.find("Ann")
    assert after != before
