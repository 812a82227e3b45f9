"""Which games there are: those that ship with Milena, and those that installed packages add."""

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from milena.domain.refusal import Refused
from milena.domain.rules import Rules
from milena.games import load, names

PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "counting-games"
version = "1.0"

[tool.setuptools]
py-modules = ["counting"]

[project.entry-points."milena.games"]
twenty-one = "counting:rules"
tictactoe = "counting:rules"
forgotten = "not_there:rules"
unfinished = "counting:unfinished"
nameless = "counting:TwentyOne"
mistaken = "counting:rules"
"""

MODULE = '''
"""Twenty-one: by turns add 1, 2 or 3; whoever says 21 has lost."""

from msgspec import Struct

from milena.domain.refusal import Refused
from milena.domain.rules import NoOptions, Outcome, Rules, Seats
from milena.domain.view import View


class State(Struct, frozen=True):
    said: int = 0
    turn: int = 0


class TwentyOne(Rules[State, NoOptions]):
    name = "twenty-one"
    title = "Twenty-one"
    seats = Seats(2, 2)
    bound = 21
    notation = "Type 1, 2 or 3."

    def start(self, seats, options):
        return State()

    def actors(self, state):
        return () if state.said >= 21 else (state.turn,)

    def legal(self, state, seat):
        return ["1", "2", "3"] if seat in self.actors(state) else []

    def play(self, state, seat, move):
        if move not in ("1", "2", "3"):
            raise Refused("no_such_number", "Add 1, 2 or 3.")
        return State(state.said + int(move), 1 - seat)

    def outcome(self, state):
        if state.said < 21:
            return None
        return Outcome((1.0, 0.0) if state.turn == 0 else (0.0, 1.0), "said 21")

    def view(self, state, seat):
        return View(lines=(str(state.said),))


rules = TwentyOne()


def __getattr__(name):
    raise RuntimeError(f"{name} is still to be written")
'''


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package that adds games, built and installed as anybody would."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    (source / "pyproject.toml").write_text(PROJECT)
    (source / "counting.py").write_text(MODULE)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--target", target, source], check=True)
    return target


def run(plugins: Path, script: str) -> str:
    """What a Python process that has the package installed prints."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(script)],
        env={**os.environ, "PYTHONPATH": str(plugins)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_game_loads_and_knows_its_name() -> None:
    assert {"tictactoe", "connect4", "rock-paper-scissors", "hangman", "2048"} <= set(names())
    for name in names():
        rules = load(name)
        assert isinstance(rules, Rules)
        assert rules.name == name


def test_names_are_sorted_and_do_not_include_folders_or_this_package_itself() -> None:
    assert names() == sorted(names())
    assert not {"words", "__init__", "init", ""} & set(names())


def test_naming_the_games_imports_none_of_them() -> None:
    script = (
        "import sys; from milena.games import names; names(); "
        "print([module for module in sys.modules if module.startswith('milena.games.')])"
    )

    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "[]\n"


def test_an_unknown_game_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused) as caught:
        load("chequers")

    assert caught.value.code == "unknown_game"
    assert caught.value.sentence == f"There is no game 'chequers'. There are: {', '.join(names())}."


@pytest.mark.parametrize(
    "name", ["", "__init__", "_2048", "words", "../domain/rules", "rock_paper_scissors", "x" * 999]
)
def test_what_is_no_name_of_a_game_is_refused(name: str) -> None:
    with pytest.raises(Refused) as caught:
        load(name)

    assert len(caught.value.sentence) < 1000


def test_an_installed_package_adds_a_game_that_can_be_played(plugins: Path) -> None:
    printed = run(
        plugins,
        """
        import json
        from milena.games import load, names

        rules = load("twenty-one")
        state = rules.start(2, rules.options_type())
        while actors := rules.actors(state):
            state = rules.play(state, actors[0], rules.legal(state, actors[0])[-1])
        print(json.dumps([names(), rules.title, state.said, rules.outcome(state).scores]))
        """,
    )

    known, title, said, scores = json.loads(printed)
    assert set(known) == {*names(), "twenty-one", "forgotten", "unfinished", "nameless", "mistaken"}
    assert (title, said, scores) == ("Twenty-one", 21, [0.0, 1.0])  # seven turns: the first player says 21


def test_no_package_replaces_a_game_that_ships_with_milena(plugins: Path) -> None:
    assert run(plugins, "from milena.games import load; print(load('tictactoe').title)") == "Tic-tac-toe\n"


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("forgotten", "can't be loaded: ModuleNotFoundError(\"No module named 'not_there'\")"),
        ("unfinished", "can't be loaded: RuntimeError('unfinished is still to be written')"),
        ("nameless", "counting:TwentyOne is not an instance of Rules"),
        ("mistaken", "calls itself 'twenty-one'"),
    ],
)
def test_a_broken_game_names_its_package_and_the_trouble(plugins: Path, name: str, trouble: str) -> None:
    printed = run(
        plugins,
        f"""
        from milena.games import BadGame, load

        try:
            load({name!r})
        except BadGame as error:
            print(error)
        """,
    )

    assert printed.startswith(f"game '{name}' of package counting-games")
    assert trouble in printed
