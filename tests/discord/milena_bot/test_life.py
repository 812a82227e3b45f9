"""How ``milena run`` starts, tells Discord its commands, and ends."""

import asyncio
from pathlib import Path

import pytest
from kit import CALLBACKS, COMMANDS, StartMilena, commands
from processes import Bot
from standin import Guild, Person, Settings, StandIn

from milena.failing import EXIT_REFUSED, EXIT_USAGE


async def test_it_starts_answers_and_ends_on_sigterm(
    discord: StandIn, start_milena: StartMilena, ann: Person
) -> None:
    milena = await start_milena(cold=True)
    await discord.ready()
    assert "here" in (await ann.slash("ping")).text
    milena.terminate()
    assert await milena.ends(patience=10) == 0
    assert not discord.gateway.live(), "it said good-bye"
    assert "SIGTERM" in milena.log


async def test_it_ends_on_sigterm_while_discord_was_never_reached(start_milena: StartMilena) -> None:
    milena = await start_milena(MILENA_DISCORD_API="http://127.0.0.1:9/api/v10")  # nobody listens there
    await milena.says("failed 5 times in a row")
    milena.terminate()
    assert await milena.ends(patience=10) == 0


async def test_commands_are_told_once_and_again_only_when_they_changed(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild
) -> None:
    first = await start_milena()
    await discord.ready()
    await first.says("commands were told to Discord")
    await first.kill()

    second = await start_milena()
    await second.says("commands are as Discord knows them")
    assert len(discord.record.of(COMMANDS)) == 1
    await second.kill()

    # Given that Discord was told something else last, say by another release:
    (home_dir / "discord-commands.json").unlink()
    discord.commands[None]["1"] = {**next(iter(discord.commands[None].values())), "id": "1", "name": "gone"}
    await start_milena()
    await discord.until(lambda: len(discord.record.of(COMMANDS)) == 2)
    await discord.until(lambda: "gone" not in {each["name"] for each in discord.commands[None].values()})


async def test_who_asks_before_the_commands_are_told_is_answered(
    discord: StandIn, start_milena: StartMilena, ann: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    await first.says("commands were told")
    await first.kill()
    (Path(first._log).parent / "data" / "discord-commands.json").unlink()
    discord.faults.status(500, "PUT *", times=1000)
    second = await start_milena()
    await second.says("shard 0 is connected")
    assert (await ann.slash("ping")).how == "message"


async def test_what_is_begun_is_finished_before_it_ends(
    discord: StandIn, milena: Bot, home_dir: Path, ann: Person
) -> None:
    discord.faults.slow(0.5, CALLBACKS, times=20)
    asked = [asyncio.ensure_future(ann.slash("coin")) for _ in range(20)]
    await discord.until(lambda: discord.record.of("POST /interactions/{interaction}/{token}/callback"))
    milena.terminate()
    shown = await asyncio.gather(*asked)
    assert await milena.ends(patience=10) == 0
    # Each either happened and was seen to happen, or was refused in words.
    told = sum("again" not in each.text for each in shown)
    assert {each.how for each in shown} == {"message"}
    assert len(commands(home_dir)) == told


async def test_a_second_one_of_the_same_shards_is_refused(
    discord: StandIn, milena: Bot, start_milena: StartMilena, ann: Person
) -> None:
    for shards in ((), ("--shards", "0/2")):
        second = await start_milena(*shards)
        assert await second.ends() == EXIT_REFUSED
        assert second.log.splitlines()[-1].startswith("milena: Another Milena runs on")
    assert len(discord.gateway.identifies) == 1
    assert (await ann.slash("ping")).how == "message"


async def test_a_wrong_token_ends_it_in_one_line(discord: StandIn, start_milena: StartMilena) -> None:
    milena = await start_milena(DISCORD_TOKEN="wrong.token.indeed")
    assert await milena.ends() == EXIT_USAGE, "which no supervisor tries again"
    assert milena.log.count("does not accept") == 1
    assert "wrong.token" not in milena.log
    assert {each.kind for each in discord.record.refused} == {"auth"}
    discord.record.refused.clear()


@pytest.mark.parametrize("code", [4004, 4014])
async def test_what_no_try_can_change_ends_it(discord: StandIn, milena: Bot, code: int) -> None:
    discord.gateway.close(code)
    assert await milena.ends() == EXIT_USAGE
    assert milena.log.splitlines()[-1].startswith("milena: Discord does not")


async def test_what_may_pass_may_be_tried_again(discord: StandIn, start_milena: StartMilena) -> None:
    discord.faults.status(403, "GET /gateway/bot")
    milena = await start_milena()
    assert await milena.ends() == EXIT_REFUSED
    assert milena.log.splitlines()[-1].startswith("milena: Discord refuses: ")


async def test_the_token_may_be_in_a_file(
    discord: StandIn, start_milena: StartMilena, tmp_path: Path, club: Guild
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{discord.settings.token}\n")
    file.chmod(0o644)
    exposed = await start_milena(DISCORD_TOKEN="", DISCORD_TOKEN_FILE=str(file))
    assert await exposed.ends() == EXIT_USAGE
    assert exposed.log.splitlines()[-1].endswith(f"chmod 600 {file}")
    file.chmod(0o600)
    await start_milena(DISCORD_TOKEN="", DISCORD_TOKEN_FILE=str(file))
    await discord.ready()


@pytest.mark.parametrize(
    ("environment", "said"),
    [({"DISCORD_TOKEN": ""}, "DISCORD_TOKEN is not set"), ({"DISCORD_TOKEN": "Bot abc"}, "is not a token")],
)
async def test_without_a_token_it_says_so(
    start_milena: StartMilena, environment: dict[str, str], said: str
) -> None:
    milena = await start_milena(**environment)
    assert await milena.ends() == EXIT_USAGE
    assert said in milena.log
    assert len(milena.log.splitlines()) == 1


async def test_shards_in_two_processes_share_the_data(
    settings: Settings, discord: StandIn, start_milena: StartMilena
) -> None:
    settings.identify_interval = 0.0
    guilds = [discord.guild(f"guild {number}") for number in range(2)]
    people = [discord.person("ann", guild) for guild in guilds]
    bots = [await start_milena("--shards", f"{number}/2") for number in range(2)]
    await discord.ready(shards=2)
    for person in people:
        assert (await person.slash("ping")).how == "message"
    assert (await people[1].at(None).slash("ping")).how == "message"
    assert len(discord.record.of(COMMANDS)) == 1, "one of them tells the commands"
    for bot in bots:
        bot.terminate()
    assert [await bot.ends() for bot in bots] == [0, 0]


async def test_as_many_shards_as_discord_wants(
    settings: Settings, discord: StandIn, start_milena: StartMilena
) -> None:
    settings.shards, settings.max_concurrency = 4, 2
    settings.identify_interval = 0.0
    people = [discord.person("ann", discord.guild(f"guild {number}")) for number in range(4)]
    milena = await start_milena()
    await discord.ready(shards=4)
    for person in people:
        assert (await person.slash("ping")).how == "message"
    assert {shard for _, shard in discord.gateway.identifies} == {0, 1, 2, 3}
    assert milena.running
