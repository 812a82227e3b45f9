"""Files that are damaged."""

import asyncio
import gzip
from collections.abc import Callable
from pathlib import Path

from page import fault
from scene import Scene
from standin import Guild, Person, StandIn


def flip(file: Path, at: int, length: int = 1, bits: int = 0xFF) -> None:
    """Change bytes where they are."""
    with file.open("r+b") as opened:
        opened.seek(at)
        before = opened.read(length)
        opened.seek(at)
        opened.write(bytes(byte ^ bits for byte in before))


@fault(
    "A byte of the log is changed",
    "In a text that `DATA/events.db` holds one byte is changed, while nothing runs.",
    "`milena verify` finds it",
    "restore a backup",
)
async def test_one_byte(scene: Scene, ann: Person) -> None:
    await scene.begin()
    await scene.works(ann)
    await scene.end()
    await scene.backed_up()
    log = scene.home / "events.db"
    at = log.read_bytes().rindex(b'"verdict":"accepted"')
    flip(log, at + 11, bits=0x20)
    status, said = await scene.milena("verify")
    assert status == 3
    (line,) = [line for line in said.splitlines() if line.startswith("milena: ")]
    scene.tell("`milena verify`", f"“{line}” Exit status 3.")
    await scene.goes_on_from_the_backup(ann)
    scene.afterwards("after `milena backup restore last` the bot starts, and the next command works")


@fault(
    "The log is no database any more",
    "The first hundred bytes of `DATA/events.db` are changed, while nothing runs.",
    "she does not start",
    "restore a backup",
)
async def test_header(scene: Scene, ann: Person) -> None:
    await damaged(scene, ann, lambda log: flip(log, 0, 100))


async def damaged(scene: Scene, ann: Person, damage: Callable[[Path], None]) -> None:
    log = scene.home / "events.db"
    await scene.begin()
    await scene.works(ann)
    await scene.end()
    await scene.backed_up()
    damage(log)
    before = log.read_bytes()
    await scene.refuses_to_start(3)
    assert log.read_bytes() == before
    await scene.goes_on_from_the_backup(ann)
    scene.afterwards("the damaged file was not touched; after `milena backup restore last` she starts")


@fault(
    "Pages of the log are damaged",
    "Every page of `DATA/events.db` but the first is changed, while nothing runs.",
    "she does not start",
    "restore a backup",
)
async def test_pages(scene: Scene, ann: Person) -> None:
    await damaged(scene, ann, lambda log: flip(log, 4096, log.stat().st_size - 4096))


@fault(
    "A log file is damaged",
    "`DATA/logs/milena.jsonl` and a packed one beside it are filled with bytes that are no text, while the "
    "bot runs.",
    "nobody notices",
    "nothing to do",
)
async def test_log_file(scene: Scene, discord: StandIn, club: Guild, ann: Person) -> None:
    logs = scene.home / "logs"
    bot = await scene.begin()
    nonsense = bytes(range(256)) * 40
    (logs / "milena.jsonl").write_bytes(nonsense)
    (logs / "milena.2020-01-01_00-00-00_000000.jsonl.gz").write_bytes(gzip.compress(nonsense)[:-100])
    await scene.works(ann)
    discord.remove_bot(club)
    await bot.says("was removed from guild")
    discord.invite_bot(club)
    await bot.says("was invited to guild")
    await scene.end()
    await scene.begin()
    await scene.works(ann)
    await scene.looks(ann)
    scene.tell("`/coin`, `/help`", "are answered as ever")
    await scene.end()
    assert "Traceback" not in bot.log
    assert (logs / "milena.jsonl").read_bytes().endswith(b"\n")
    assert (logs / "milena.jsonl").read_bytes().count(b"was invited to guild") == 1
    await scene.kept()
    scene.afterwards("new lines are written behind what is there, also after a new start")


@fault(
    "A read model is damaged",
    "`DATA/projections/leaderboard.db` is filled with bytes that are no database, while nothing runs.",
    "nobody notices",
    "by itself",
)
async def test_read_model(scene: Scene, ann: Person) -> None:
    await scene.begin()
    await scene.works(ann)
    link = scene.home / "projections" / "leaderboard.db"
    async with asyncio.timeout(60):
        while not link.exists():  # it is made beside what is answered
            await asyncio.sleep(0.02)
    await scene.end()
    model = link.resolve()
    flip(model, 0, model.stat().st_size)
    await scene.begin()
    assert "Nobody yet" in (await (await ann.slash("leaderboard")).settled()).text
    scene.tell("`/leaderboard`", "is answered as ever")
    await scene.warns("leaderboard")
    await scene.works(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards("she has made it anew from the log")
