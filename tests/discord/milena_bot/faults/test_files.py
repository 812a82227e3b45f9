"""Files that are taken away."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from page import fault
from scene import Scene
from standin import Guild, Person, StandIn

READING = "what only looks something up is answered"


def moved(folder: Path, begins: str, aside: Path) -> Callable[[], None]:
    """Move the files of ``folder`` whose names begin so; what is given moves them back."""
    aside.mkdir()
    files = list(folder.glob(f"{begins}*"))
    assert files
    for file in files:
        file.rename(aside / file.name)

    def back() -> None:
        for file in files:
            assert not file.exists(), f"{file} was made anew"
            (aside / file.name).rename(file)

    return back


@fault(
    "The log is moved away",
    "`mv DATA/events.db* ELSEWHERE`, while the bot runs; and back.",
    READING,
    "by itself, within two seconds after it is back",
)
async def test_moved(scene: Scene, discord: StandIn, club: Guild, ann: Person) -> None:
    people = [ann, *(discord.person(f"person {number}", club) for number in range(20))]
    bot = await scene.begin()
    await scene.works(ann)
    back = moved(scene.home, "events.db", scene.folder / "aside")
    await scene.fails(ann)
    await asyncio.gather(*map(scene.looks, people))
    scene.tell("`/help`, of twenty people at once", "is answered as ever: the file is open still")
    await scene.warns("the log can't be written")
    back()
    await bot.says("the log can be written again")
    await asyncio.gather(*map(scene.works, people))
    await asyncio.gather(*map(scene.looks, people))
    await scene.end()
    await scene.kept()
    scene.afterwards("the next command works; the bot was not started again")


@fault(
    "The log is removed",
    "`rm DATA/events.db*`, while the bot runs; there is a backup.",
    READING,
    "restore a backup, start again",
)
async def test_removed(scene: Scene, ann: Person) -> None:
    await scene.begin()
    await scene.works(ann)
    await scene.backed_up()
    for file in scene.home.glob("events.db*"):
        file.unlink()
    await scene.fails(ann)
    await scene.end()
    await scene.refuses_to_start(1)
    await scene.goes_on_from_the_backup(ann)
    scene.afterwards("after `milena backup restore last` the bot starts, and the next command works")


@fault(
    "The vault is removed",
    "`mv DATA/vault.db* ELSEWHERE`, while the bot runs; it is put back when the bot has ended.",
    READING,
    "put it back",
)
async def test_vault(scene: Scene, ann: Person) -> None:
    await scene.begin()
    await scene.works(ann)
    back = moved(scene.home, "vault.db", scene.folder / "aside")
    await scene.fails(ann)
    await scene.looks(ann)
    scene.tell("`/help`", "is answered as ever")
    await scene.end()
    await scene.refuses_to_start(1)
    back()
    await scene.begin()
    await scene.works(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards("with the vault in its place the bot starts, and the next command works")


@fault(
    "A read model is removed",
    "`rm DATA/projections/leaderboard*`, while the bot runs; then all of `DATA/projections`.",
    "nobody notices",
    "by itself",
)
async def test_read_model(scene: Scene, ann: Person) -> None:
    await scene.begin()
    await scene.works(ann)
    assert "Nobody yet" in (await ann.slash("leaderboard")).text
    for file in (scene.home / "projections").glob("leaderboard*"):
        file.unlink()
    assert "Nobody yet" in (await (await ann.slash("leaderboard")).settled()).text
    # At once: while files are removed one by one, she may make another there.
    shutil.rmtree((scene.home / "projections").rename(scene.home / "gone"))
    await scene.works(ann)
    assert "Nobody yet" in (await (await ann.slash("leaderboard")).settled()).text
    scene.tell("`/coin`, `/leaderboard`", "are answered as ever: the files are open still")
    await scene.end()
    await scene.begin()
    assert "Nobody yet" in (await (await ann.slash("leaderboard")).settled()).text
    await scene.works(ann)
    await scene.end()
    assert (scene.home / "projections" / "leaderboard.db").exists()
    await scene.kept()
    scene.afterwards("the next start makes all read models anew from the log")


@fault(
    "The data directory is moved away",
    "`mv DATA ELSEWHERE`, while the bot runs; and back.",
    READING,
    "by itself, within two seconds after it is back",
)
async def test_directory(scene: Scene, ann: Person) -> None:
    bot = await scene.begin()
    await scene.works(ann)
    back = moved(scene.home.parent, scene.home.name, scene.folder / "aside")
    await scene.fails(ann)
    await scene.looks(ann)
    scene.tell("`/help`", "is answered as ever")
    await bot.says("the log can't be written")
    back()
    await bot.says("the log can be written again")
    await scene.works(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards("the next command works; nothing was made in its place meanwhile")
