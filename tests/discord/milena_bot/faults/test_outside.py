"""What others do."""

import subprocess
import sys

from page import fault
from scene import Scene
from standin import Person, StandIn

LOCKS = """
import sqlite3, sys
log = sqlite3.connect(sys.argv[1], isolation_level=None)
log.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@fault(
    "The log is locked",
    "Another program holds SQLite's lock for writing on `DATA/events.db`, for more than five seconds.",
    "what only looks something up is answered",
    "by itself, within two seconds",
)
async def test_locked(scene: Scene, ann: Person) -> None:
    bot = await scene.begin()
    await scene.works(ann)
    command = [sys.executable, "-c", LOCKS, str(scene.home / "events.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        shown = await ann.slash("coin")
        assert shown.how == "thinking"
        scene.tell("`/coin`", "“Milena is thinking ...”, says Discord")
        await scene.refused(shown, "`/coin`, after five seconds")
        other.stdin.close()
    await bot.says("the log can be written again")
    await scene.works(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards("the next command works; the bot was not started again")


@fault(
    "Discord is gone",
    "Every connection to Discord is cut, and new ones are refused, for a while.",
    "Discord says that she does not respond",
    "by itself, when Discord is back",
)
async def test_gone(scene: Scene, discord: StandIn, ann: Person) -> None:
    bot = await scene.begin()
    await scene.works(ann)
    await discord.refuse()
    discord.gateway.drop()
    await bot.says("has lost the gateway")
    shown = await ann.slash("coin")
    assert shown.how == "did not respond"
    scene.tell("`/coin`", "“The application did not respond”, says Discord")
    await scene.warns("shard 0 has lost the gateway")
    await discord.accept()
    await discord.ready()
    await scene.works(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards("she connects again, and the next command works")
