"""What fails on Discord has an id: the person sees it, and the operator finds all the rest by it."""

import re
import subprocess
import sys
from pathlib import Path

from kit import StartMilena
from standin import Person, StandIn

MODULE = """
from msgspec import Struct
from milena.domain.command import Command


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk, options):
    raise ZeroDivisionError("the divisor is nought")


def done(desk, options):
    return {}


def show(sight, options, result):
    raise LookupError("nobody wrote this down")


breaks = Command("breaks", "fun", "Fail.", Options, run)
hides = Command("hides", "fun", "Be done, and fail to say so.", Options, done, show=show)
"""


def package(folder: Path) -> str:
    """A package that adds two commands, as it lies in site-packages; where that is."""
    info = folder / "breaks-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "breaks_of_tests.py").write_text(MODULE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: breaks\nVersion: 1.0\n")
    entries = "breaks = breaks_of_tests:breaks\nhides = breaks_of_tests:hides\n"
    (info / "entry_points.txt").write_text(f"[milena.commands]\n{entries}")
    return str(folder)


def milena(*arguments: str) -> str:
    """What the command line says; it has to succeed."""
    ran = subprocess.run([sys.executable, "-m", "milena", *arguments], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


async def test_the_operator_finds_what_failed_by_what_the_person_was_told(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, ann: Person, tmp_path: Path
) -> None:
    bot = await start_milena(cold=True, PYTHONPATH=package(tmp_path / "site"))
    await discord.ready()
    data = ("--data", str(home_dir))
    for command, error in (
        ("breaks", "ZeroDivisionError: the divisor is nought"),
        ("hides", "LookupError: nobody wrote this down"),
    ):
        shown = await ann.slash(command)
        assert shown.ephemeral
        found = re.search(r"Tell the operator: (\w{8})\.", shown.text)
        assert found is not None, shown.text
        id = found[1]
        assert error not in shown.text

        await bot.says(f"'milena errors show {id}'")
        told = milena("errors", "show", id, *data)
        assert error in told
        assert f"The person saw: {shown.text}" in told
        assert f"command: {command}" in told
    assert "command=hides options={} verdict=accepted" in milena("trace", id, *data)
    assert (await ann.slash("ping")).text, "and it goes on"
