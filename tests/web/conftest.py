"""What the tests of the pages share: data in which everything has happened, and a server that shows it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "projections"))

from scenario import STORIES, Scenario
from serving import Server, serving

EVIL = '<b>Eve</b> & "Co"'
"""The name of a player who would like to be part of the page."""


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Every story, one after the other, and a game that Eve wins against Ann. For reading only."""
    directory = tmp_path_factory.mktemp("web") / "data"
    with Scenario(directory) as scenario:
        for number, story in enumerate(STORIES):
            scenario.play([(story, number)])
        eve = scenario.home.vault.player("discord", "666", EVIL)
        ann = scenario.home.vault.player("discord", "777", "Ann")
        game = str(scenario.call("open", eve, "811/1", game="tictactoe").result["game"])
        scenario.call("join", ann, "811/1", about=game)
        for player, move in ((eve, "1"), (ann, "4"), (eve, "2"), (ann, "5"), (eve, "3")):
            scenario.call("move", player, "811/1", about=game, move=move)
        scenario.eve, scenario.won = eve, game  # type: ignore[attr-defined]
        scenario.directory = directory  # type: ignore[attr-defined]
    return scenario


@pytest.fixture(scope="session")
def server(played: Scenario) -> Iterator[Server]:
    """The pages of ``played``, without a password."""
    with serving(played.directory) as server:  # type: ignore[attr-defined]
        yield server.ready()
