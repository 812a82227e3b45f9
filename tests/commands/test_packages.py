"""Commands of installed packages: those that are good are there, the others are left out and named."""

import json
import os
import subprocess
import sys
from typing import Annotated

import pytest
from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.commands import broken, commands
from milena.commands.checking import problem
from milena.domain.command import Command

PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "odd-commands"
version = "1.0"

[tool.setuptools]
py-modules = ["odd"]

[project.entry-points."milena.commands"]
hello = "odd:hello"
roll = "odd:roll"
config = "odd:config"
gone = "not_there:command"
late = "odd:late"
leaves = "odd:leaves"
"""

MODULE = """
from msgspec import Struct
from milena.domain.command import Command


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk, options):
    return {"says": f"Hello, <{desk.invocation.player}>."}


hello = Command("hello", "fun", "Say hello.", Options, run, cooldown=60)
roll = Command("roll", "fun", "Roll loaded dice.", Options, run)
config = Command("config", "fun", "Be in the way.", Options, run)


def __getattr__(name):
    if name == "leaves":
        raise SystemExit("a package must not end what loads it")
    raise RuntimeError(f"{name} is still to be written")
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where such a package is installed, as anybody would."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    (source / "pyproject.toml").write_text(PROJECT)
    (source / "odd.py").write_text(MODULE)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--target", target, source], check=True)
    return {**os.environ, "PYTHONPATH": str(target), "MILENA_DATA": str(target / "data")}


def milena(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "milena", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_good_one_can_be_called_and_rests(environment: dict[str, str]) -> None:
    called = milena(environment, "call", "hello", "--as", "ann")
    assert called.stdout == "Hello, ann.\n", called.stderr
    assert "is left out" in called.stderr, "the log names the others"
    again = milena(environment, "call", "hello", "--as", "ann")
    assert "/hello can be used again in " in again.stderr


def test_none_takes_the_place_of_one_of_ours(environment: dict[str, str]) -> None:
    listed = milena(environment, "call", "--json")
    descriptions = {each["name"]: each["description"] for each in json.loads(listed.stdout)}
    assert set(descriptions) == {name for name, each in commands().items() if not each.internal} | {"hello"}
    assert descriptions["roll"] == commands()["roll"].description


def test_the_doctor_names_each_that_is_left_out_and_its_package(environment: dict[str, str]) -> None:
    done = milena(environment, "doctor", "--json")
    assert done.returncode == 1
    found = {each["name"]: each["found"] for each in json.loads(done.stdout) if each["finding"] == "problem"}
    assert found == {
        "command config": "Command 'config' of package odd-commands is left out: its name can't stand beside "
        f"that of the command {next(name for name in commands() if name.startswith('config '))!r}.",
        "command gone": "Command 'gone' of package odd-commands is left out: it can't be loaded "
        "(ModuleNotFoundError(\"No module named 'not_there'\")).",
        "command late": "Command 'late' of package odd-commands is left out: it can't be loaded "
        "(RuntimeError('late is still to be written')).",
        "command leaves": "Command 'leaves' of package odd-commands is left out: it can't be loaded "
        "(SystemExit('a package must not end what loads it')).",
        "command roll": "Command 'roll' of package odd-commands is left out: there is a command 'roll' "
        "already.",
    }


# ---------------------------------------------------------------------------------- what is checked


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, Meta(description="what")] = ""


class Open(Struct, frozen=True):
    pass


class Silent(Struct, frozen=True, forbid_unknown_fields=True):
    text: str = ""


GOOD = Command("say it", "fun", "Say it.", Options, lambda desk, options: {})


def test_a_good_one_has_no_problem() -> None:
    assert problem(GOOD, "say-it", {}) == ""
    assert broken() == {}


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (Options, "it is not an instance of milena.domain.command.Command"),
        (replace(GOOD, name="Say it"), "its name 'Say it' is not one to three words"),
        (replace(GOOD, name="say it to me now"), "is not one to three words"),
        (replace(GOOD, name="say"), "it calls itself 'say'"),
        (replace(GOOD, category="work"), "'work' is none of admin, fun, games, utility"),
        (replace(GOOD, permission="owner"), "'owner' is none of everyone, moderator, admin"),
        (replace(GOOD, scope="world"), "'world' is none of member, channel, guild"),
        (replace(GOOD, internal=True), "internal commands are Milena's own"),
        (replace(GOOD, description=""), "its description has 1 to 100 characters"),
        (replace(GOOD, description="x" * 101), "its description has 1 to 100 characters"),
        (replace(GOOD, options=dict), "its options are no msgspec.Struct"),
        (replace(GOOD, options=Open), "its options have to forbid unknown fields"),
        (replace(GOOD, options=Silent), "its option 'text' needs a description"),
    ],
)
def test_what_is_wrong_with_one_is_told(command: object, wrong: str) -> None:
    assert wrong in problem(command, "say-it", {})
