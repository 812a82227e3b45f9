"""What is said of a game, and of when it was."""

import pytest
from msgspec.structs import replace

from milena import telling
from milena.aggregates import GAMES
from milena.domain.game import Game, Seated
from milena.domain.game.events import How
from milena.domain.ids import PlayerId
from milena.domain.rules import Outcome
from milena.terminal.clock import ago, iso

NAMES = {"a1": "ann", "b2": "bob", "c3": "cyd"}


def name(player: str) -> str:
    return NAMES[player]


def ended(how: How, reason: str, *scores: float, points: tuple[int, ...] = ()) -> Game:
    seats = tuple(Seated(PlayerId(player), "salt") for player in list(NAMES)[: len(scores) or 2])
    return Game("1", "ended", "hangman", seats=seats, how=how, outcome=Outcome(scores, reason, points))


@pytest.mark.parametrize(
    ("game", "sentence"),
    [
        (ended("finished", "three in a row", 0, 1), "bob won: three in a row."),
        (ended("finished", "board full", 0.5, 0.5), "Draw: board full."),
        (ended("finished", "solved", 1, 0, 1), "ann and cyd won: solved."),
        (ended("finished", "level", 0.5, 0, 0.5), "ann and cyd share the win: level."),
        (ended("finished", "hanged", 0, 0, 0), "ann, bob and cyd lost: hanged."),
        (ended("finished", "no move left", 0), "ann lost: no move left."),
        (ended("resigned", "<a1> resigned", 0, 1), "bob won: ann resigned."),
        (ended("aborted", "<b2> aborted it"), "Aborted: bob aborted it."),
    ],
)
def test_a_result_is_one_sentence(game: Game, sentence: str) -> None:
    assert telling.result(game, name) == sentence


def test_points_are_told_where_there_are_any() -> None:
    assert telling.points(ended("finished", "solved", 1, 1, points=(7, 2)), name) == "ann 7, bob 2"
    assert telling.points(ended("finished", "solved", 1, 1), name) == ""


def test_whom_a_game_waits_for() -> None:
    waiting = Game("1", "waiting", "tictactoe", rules=1, seats=(Seated(PlayerId("a1"), "s"), None))
    assert telling.turn(GAMES, waiting, name) == "1 seat free"
    rules = GAMES.load("tictactoe")
    seats = (Seated(PlayerId("a1"), "s"), Seated(PlayerId("b2"), "s"))
    board = rules.start(2, rules.options_type())
    assert (
        telling.turn(GAMES, replace(waiting, status="playing", seats=seats, board=board), name)
        == "ann to move"
    )


def test_a_game_whose_rules_are_gone_is_called_by_its_name() -> None:
    assert telling.title(GAMES, Game("1", "waiting", "gone")) == "gone"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "just now"), (2, "just now"), (42, "42 s ago"), (120, "2 min ago"), (3600 * 5, "5 h ago"),
        (86400 * 3, "3 d ago"),
    ],
)  # fmt: skip
def test_how_long_ago(seconds: float, told: str) -> None:
    now = 1_800_000_000_000
    assert ago(round(now - seconds * 1000), now) == told


def test_times_for_programs_are_utc() -> None:
    assert iso(1_784_973_600_123) == "2026-07-25T10:00:00.123Z"
