"""The machine."""

import asyncio
import os
import resource
import subprocess
import sys
from pathlib import Path

from page import fault
from processes import Bot
from scene import Scene
from standin import Guild, Person, StandIn


@fault(
    "The processors are busy",
    "As many processes as there are processors do nothing but count, while twenty people toss coins at once.",
    "nobody notices",
    "nothing to do",
)
async def test_busy(scene: Scene, discord: StandIn, club: Guild) -> None:
    await scene.begin()
    people = [discord.person(f"person {number}", club) for number in range(20)]
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        await asyncio.gather(*map(scene.works, people))
    finally:
        for each in busy:
            each.kill()
            each.wait()
    scene.tell("`/coin`", "is answered, within Discord's three seconds")
    await scene.end()
    await scene.kept()
    scene.afterwards("all is as before")


def limit_memory(bot: Bot, more: int) -> None:
    """Let it have so many bytes more than it has."""
    pages = int(Path(f"/proc/{bot.pid}/statm").read_text().split()[0])
    size = pages * os.sysconf("SC_PAGE_SIZE")
    resource.prlimit(bot.pid, resource.RLIMIT_AS, (size + more, resource.RLIM_INFINITY))


@fault(
    "Memory is used up",
    "`ulimit -v` at the size that the bot has (`prlimit`, while it runs): no more threads, no more files in "
    "memory.",
    "commands work; what is counted, and boards, may wait",
    "by itself, when there is memory",
)
async def test_memory(scene: Scene, discord: StandIn, ann: Person, bob: Person) -> None:
    bot = await scene.begin()
    await scene.works(ann)
    board = (await ann.slash("play 2048")).message
    limit_memory(bot, 0)
    for who in (ann, bob):
        await scene.works(who)
        await scene.looks(who)
    scene.tell("`/coin`, `/help`", "are answered as ever")
    resource.prlimit(bot.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await scene.works(ann)
    before = board.content
    scene.done(await ann.slash("game resign"))
    await discord.until(lambda: board.content != before)
    while "Nobody yet" not in (await (await ann.slash("leaderboard")).settled()).text:
        await asyncio.sleep(0.1)
    await scene.end()
    await scene.kept()
    scene.afterwards("boards are drawn and `/leaderboard` is answered; the bot was not started again")


@fault(
    "There is too little memory to start",
    "`ulimit -v` at 60 MB, before `milena run`.",
    "she does not start",
    "allow her more",
)
async def test_little_memory(scene: Scene, discord: StandIn, ann: Person) -> None:
    await scene.begin()
    await scene.works(ann)
    await scene.end()
    words = f"ulimit -v 60000; exec {sys.executable} -m milena run"
    environment = {"MILENA_DATA": str(scene.home), "DISCORD_TOKEN": discord.settings.token}
    bot = Bot.start(["bash", "-c", words], environment, scene.folder / "little.log")
    assert await bot.ends() == 1
    (line,) = bot.log.splitlines()
    scene.tell("`milena run`", f"“{line}” Exit status 1.")
    await scene.begin()
    await scene.works(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards("with more memory she starts, and the next command works")
