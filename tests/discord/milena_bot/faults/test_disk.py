"""The disk."""

import resource
import subprocess
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from disks import SmallFileSystem
from page import fault
from scene import Scene
from standin import Guild, Person, Shown, StandIn

FULL = 400
"""SQLite had room for so many commands at the most, in what its files had already."""
BY_ITSELF = "by itself, within two seconds"


async def until_full(scene: Scene, *people: Person) -> Shown:
    """They toss coins by turns until somebody can't: what that one saw. (The next one may again: SQLite
    begins its WAL anew when it can.)"""
    for who in islice(cycle(people), FULL):
        shown = await (await who.slash("coin")).settled()
        if shown.ephemeral:
            return shown
        scene.done(shown)
    raise AssertionError("the disk never became full")


@fault(
    "The disk is full",
    "The data directory is on a file system of 48 MB, which is filled to its last byte while the bot runs.",
    "what only looks something up is answered",
    BY_ITSELF,
)
async def test_full(scene: Scene, disk: SmallFileSystem, discord: StandIn, club: Guild, ann: Person) -> None:
    scene.at(disk.path / "data")
    bot = await scene.begin()
    await scene.works(ann)
    disk.fill()
    await scene.refused(await until_full(scene, ann), "`/coin`")
    await scene.looks(ann)
    scene.tell("`/help`", "is answered as ever")
    strangers = [discord.person(f"person {number}", club) for number in range(FULL)]
    refused = await until_full(scene, *strangers)
    await scene.refused(refused, "`/coin`, by somebody new")
    await scene.warns("the log can't be written")
    disk.make_room()
    await bot.says("the log can be written again")
    for who in (ann, refused.person):
        await scene.works(who)
    await scene.end()
    await scene.kept()
    scene.afterwards("the next command works, also of who was new; the bot was not started again")


@fault(
    "No file may grow",
    "`ulimit -f` at the size that the largest file of the data directory has (`prlimit`, while it runs).",
    "what only looks something up is answered",
    BY_ITSELF,
)
async def test_limit(scene: Scene, ann: Person) -> None:
    bot = await scene.begin()
    await scene.works(ann)
    largest = max(file.stat().st_size for file in scene.home.rglob("*") if file.is_file())
    before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    await scene.refused(await until_full(scene, ann), "`/coin`")
    await scene.looks(ann)
    scene.tell("`/help`", "is answered as ever")
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)
    await bot.says("the log can be written again")
    await scene.works(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards("the next command works; the bot was not started again")


@pytest.fixture
def ext4(tmp_path: Path) -> Iterator[Path]:
    """An ext4 of its own, which becomes read-only after an error, as most do."""
    image, path = tmp_path / "ext4.img", tmp_path / "ext4"
    path.mkdir()
    with image.open("wb") as file:
        file.truncate(32 << 20)
    try:
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
        mount(image, path)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nobody may mount an ext4 here")
    yield path
    subprocess.run(["umount", "--lazy", str(path)], check=True)


def mount(image: Path, path: Path) -> None:
    subprocess.run(["mount", "-o", "loop,errors=remount-ro", str(image), str(path)], check=True)


def meet_an_error(path: Path) -> None:
    """Let the kernel believe that a block of the file system there can't be read."""
    device = subprocess.run(
        ["findmnt", "--noheadings", "--output", "SOURCE", str(path)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("a test")


@fault(
    "The file system becomes read-only",
    "The data directory is on an ext4, which meets an error of the disk (`trigger_fs_error`) and is made "
    "read-only by the kernel, under the files that the bot has open.",
    "what only looks something up is answered",
    "repair, mount, start again",
)
async def test_read_only(scene: Scene, ext4: Path, ann: Person) -> None:
    scene.at(ext4 / "data")
    await scene.begin()
    await scene.works(ann)
    meet_an_error(ext4)
    await scene.fails(ann)
    await scene.looks(ann)
    scene.tell("`/help`", "is answered as ever")
    await scene.end()
    await scene.refuses_to_start(1)
    subprocess.run(["umount", str(ext4)], check=True)
    repaired = subprocess.run(["fsck.ext4", "-y", str(ext4.with_suffix(".img"))], capture_output=True)
    assert repaired.returncode in (0, 1), repaired.stdout
    mount(ext4.with_suffix(".img"), ext4)
    await scene.begin()
    await scene.works(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards(
        "SIGTERM ended the bot with status 0; after `fsck` and a mount it starts, and the next command works"
    )


@fault(
    "The disk of the log files is full",
    "`DATA/logs` is a file system of its own, and full from the start.",
    "nobody notices",
    "by itself, with the next line",
)
async def test_log_files(scene: Scene, discord: StandIn, club: Guild, ann: Person) -> None:
    scene.home.mkdir(mode=0o700)
    logs = scene.home / "logs"
    try:
        disk = SmallFileSystem(logs).__enter__()
    except subprocess.CalledProcessError:
        pytest.skip("nobody may mount here")
    try:
        disk.fill()
        bot = await scene.begin()
        await scene.works(ann)
        await scene.looks(ann)
        scene.tell("`/coin`, `/help`", "are answered as ever")
        await scene.warns("milena: the log file")
        disk.make_room()
        discord.remove_bot(club)
        await bot.says("was removed from guild")
        discord.invite_bot(club)
        await bot.says("was invited to guild")
        await scene.works(ann)
        await scene.end()
        said = (logs / "milena.jsonl").read_text()
        assert "lines before this one could not be written" in said
        assert '"Milena ends"' in said
        await scene.kept()
    finally:
        disk.__exit__()
    scene.afterwards("the log file goes on, and tells how many lines are missing in it")
