"""Which game is meant where nobody says it."""

from dataclasses import dataclass

import pytest

from milena.domain.refusal import Refused
from milena.slash import GameLine, is_left_out, meant
from milena.slash.installed import installed

SLASHES = {slash.name: slash for slash in installed()}
MINE = GameLine("mine", "othello", "playing", ("bob",), mine=True)
TURN = GameLine("turn", "connect4", "playing", ("cat",), mine=True, turn=True)
SECOND = GameLine("turn2", "othello", "playing", ("dan",), mine=True, turn=True)
ASKED = GameLine("asked", "othello", "playing", ("eve",), mine=True, asked=True)
INVITED = GameLine("invited", "quiz", "waiting", ("dan",), invited=True)
FREE = GameLine("free", "yahtzee", "waiting", ("dan",), free=2)
OPENED = GameLine("opened", "yahtzee", "waiting", (), mine=True, free=2)
OTHERS = GameLine("others", "tictactoe", "playing", ("bob", "cat"))
OVER = GameLine("over", "tictactoe", "over", ("bob",), mine=True)


@dataclass
class There:
    lines: list[GameLine]

    def games(self, over: bool) -> list[GameLine]:
        return [line for line in self.lines if over or line.standing != "over"]

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"nothing but games is looked at, and not {name}")


@pytest.mark.parametrize(
    ("name", "lines", "key"),
    [
        ("move", [MINE, TURN, ASKED, OTHERS], "turn"),
        ("move", [MINE, OTHERS, FREE], "mine"),
        ("game join", [MINE, FREE, OTHERS], "free"),
        ("game join", [FREE, INVITED], "invited"),
        ("game accept", [ASKED, MINE], "asked"),
        ("game decline", [INVITED, FREE], "invited"),
        ("game resign", [MINE, OTHERS], "mine"),
        ("game begin", [OPENED, FREE], "opened"),
        ("game show", [OTHERS, OVER, MINE], "mine"),
        ("game show", [OVER], "over"),
        ("game rematch", [MINE, OVER], "over"),
        ("game replay", [FREE, OTHERS, MINE], "mine"),
    ],
)
def test_the_game_that_it_must_be_is_meant(name: str, lines: list[GameLine], key: str) -> None:
    assert meant(SLASHES[name], {"move": "5"}, There(lines)) == {"move": "5", "game": key}


@pytest.mark.parametrize(
    ("name", "values", "is_so"),
    [
        ("move", {"move": "5"}, True),
        ("move", {"move": "5", "game": "mine"}, False),
        ("game show", {}, True),
        ("game void", {}, False),
        ("leaderboard", {}, False),
        ("play connect4", {}, False),
    ],
)
def test_a_game_is_looked_for_only_where_it_was_left_out(
    name: str, values: dict[str, object], is_so: bool
) -> None:
    assert is_left_out(SLASHES[name], values) is is_so


def test_a_game_that_is_named_is_meant() -> None:
    assert meant(SLASHES["move"], {"game": "mine"}, There([TURN])) == {"game": "mine"}


def test_nothing_is_meant_where_it_could_be_several() -> None:
    with pytest.raises(
        Refused, match=r"turn \(connect4 vs cat · your turn\), turn2 \(othello vs dan"
    ) as refused:
        meant(SLASHES["move"], {}, There([TURN, SECOND, MINE]))
    assert refused.value.code == "which_game"


def test_nothing_is_meant_where_there_is_nothing() -> None:
    with pytest.raises(Refused, match="There is no game here that /game resign is for"):
        meant(SLASHES["game resign"], {}, There([OTHERS, OVER]))


def test_what_has_to_be_said_is_not_guessed() -> None:
    assert meant(SLASHES["game void"], {}, There([TURN])) == {}
    assert meant(SLASHES["roll"], {}, There([TURN])) == {}
