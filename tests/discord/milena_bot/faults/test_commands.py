"""Errors in the code."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest
from breaking import Breaks
from kit import recorded
from page import fault
from processes import Warm
from scene import Scene, plain
from standin import Guild, P, Person, StandIn

from milena.commands import offered

SAMPLES = {
    "member": "bob", "player": "bob", "reason": "spam", "command": "open", "name": "games", "value": "9",
    "case": "1", "count": "5", "number": "1", "during": "2h", "question": "Tea?", "choices": "'yes, no'",
    "among": "'tea, coffee'", "kind": "joke", "text": "Well", "credit": "Ann", "file": __file__,
    "title": "Fox", "on": "finish", "game": "last", "move": "5", "poll": "1", "choice": "1",
    "when": "'in 2h'",
}  # fmt: skip
"""A value for each option that has to be given."""
FOUND = re.compile(r"Tell the operator: (\w{8})\.")


@pytest.fixture(scope="module")
def breaks(tmp_path_factory: pytest.TempPathFactory) -> Breaks:
    return Breaks(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def warm_milena(breaks: Breaks) -> Iterator[Warm]:
    """All that runs here has the package."""
    warm = Warm("milena", **breaks.environment)
    yield warm
    warm.close()


async def told(scene: Scene, id: str) -> str:
    """What ``milena errors show`` tells of a failure."""
    status, said = await scene.milena("errors", "show", id)
    assert status == 0, said
    assert "ZeroDivisionError: the divisor is nought" in said
    return said


@fault(
    "An error in every command",
    "A package is installed (entry point `milena.commands`) which makes each command raise an exception "
    "where it decides. Each is called once, in `milena shell`; one of them also on Discord.",
    "each says that it failed, all else goes on",
    "mend the command",
)
async def test_every_command(scene: Scene, breaks: Breaks, ann: Person, bob: Person) -> None:
    bot = await scene.begin()
    await scene.works(ann)
    status, said = await scene.milena("call", "open", "game=tictactoe", "--as", "ann")
    assert status == 0, said
    breaks("run")
    shown = await scene.fails(ann)
    lines = []
    for name, command in offered().items():
        if name != "nothing":
            needed = [field.name for field in msgspec.structs.fields(command.options) if field.required]
            lines.append(" ".join([name, *(f"{each}={SAMPLES[each]}" for each in needed)]))
    called = subprocess.run(
        [sys.executable, "-m", "milena", "shell"],
        input="\n".join(["ping", *lines, "nothing"]), text=True, capture_output=True,
        env=os.environ | breaks.environment | {"MILENA_DATA": str(scene.home)},
    )  # fmt: skip
    failures = [line for line in called.stderr.splitlines() if line.startswith("milena: ")]
    assert [line for line in failures if not FOUND.search(line)] == []
    ids = [found[1] for line in failures if (found := FOUND.search(line))]
    assert len(ids) == len(failures) == len(lines) + 1, called.stderr
    assert called.returncode == 1
    assert "Traceback" not in called.stderr + called.stdout
    failed = Counter(
        event.command  # type: ignore[attr-defined]
        for row, event in recorded(scene.home, "command.invoked")
        if event.verdict == "failed" and row.place.startswith("terminal")  # type: ignore[attr-defined]
    )
    assert set(failed) == set(offered()) - {"nothing"}
    scene.tell("each command, in the terminal", f"“{failures[-1]}”")
    for id in (FOUND.search(shown.text)[1], ids[0], ids[-1]):  # type: ignore[index]
        assert "Something went wrong; nothing was changed" in await told(scene, id)
    scene.tell("`milena errors show ID`", "the exception, where it was raised, and what the person saw")
    status, said = await scene.milena("audit", "--verdict", "failed", "--all", "--json", "--limit", "500")
    assert status == 0
    assert {row["command"] for row in json.loads(said)} == set(failed) | {"coin"}
    scene.tell("`milena audit`", "each call, with the verdict `failed`")
    breaks()
    await scene.works(ann)
    await scene.end()
    assert "Traceback" not in bot.log
    await scene.kept()
    scene.afterwards("the next command works; nothing was started again")


@fault(
    "An error in what a command shows",
    "As before, but the exception is raised after the command is done, where its answer is looked up.",
    "it says so, all else goes on",
    "mend the command",
)
async def test_show(scene: Scene, breaks: Breaks, ann: Person) -> None:
    await scene.begin()
    breaks("show")
    shown = await ann.slash("help")
    scene.tell("`/help`", f"“{shown.text}”")
    assert "It was done" in await told(scene, FOUND.search(shown.text)[1])  # type: ignore[index]
    scene.done(shown)
    await scene.works(ann)
    scene.tell("`/coin`, which looks nothing up", "is answered as ever")
    breaks()
    await scene.looks(ann)
    await scene.end()
    await scene.kept()
    scene.afterwards("the next `/help` is answered")


@fault(
    "An error in the rules of a game",
    "As before, but each move of tic-tac-toe raises an exception.",
    "its moves fail, other games go on",
    "mend the rules",
)
async def test_rules(scene: Scene, breaks: Breaks, discord: StandIn, ann: Person, bob: Person) -> None:
    await scene.begin()
    board = (await ann.slash("play tictactoe", opponent=bob)).message
    await bob.press(board, "Accept")
    await discord.until(lambda: "to move" in board.content)
    cell = board.buttons[4]["custom_id"]
    breaks("rules")
    shown = await ann.press(board, cell)
    await scene.refused(shown, "a cell of the board")
    await told(scene, FOUND.search(shown.text)[1])  # type: ignore[index]
    assert (await ann.slash("play 2048")).how == "message"
    await scene.works(ann)
    breaks()
    before = board.content
    scene.done(await ann.press(board, cell))
    await discord.until(lambda: board.content != before)
    await scene.end()
    await scene.kept()
    scene.afterwards("the same cell is played; the game was not lost")


@fault(
    "An error in what is done on Discord",
    "As before, but the exception is raised where Milena kicks somebody.",
    "the moderator is told, all else goes on",
    "mend it, do it again",
)
async def test_acts(
    scene: Scene, breaks: Breaks, discord: StandIn, club: Guild, ann: Person, bob: Person
) -> None:
    club.roles[club.bot.roles[0]].permissions |= int(P.KICK_MEMBERS)
    mod = discord.person("mod", club, club.role("mods", int(P.MODERATE_MEMBERS | P.KICK_MEMBERS)))
    await scene.begin()
    breaks("act")
    scene.done(await mod.slash("kick", member=bob))
    await discord.until(lambda: any("Tell the operator" in each.text for each in mod.sees()))
    (seen,) = [each.text for each in mod.sees() if "Tell the operator" in each.text]
    scene.tell("the moderator", f"“{plain(seen)}”")
    await told(scene, FOUND.search(seen)[1])  # type: ignore[index]
    assert bob.id in club.members
    await scene.works(ann)
    breaks()
    scene.done(await mod.slash("kick", member=bob))
    await discord.until(lambda: bob.id not in club.members)
    await scene.end()
    await scene.kept()
    scene.afterwards("`/kick` works when it is given again")
