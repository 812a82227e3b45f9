"""Secrets: what is hidden in a game is nowhere in the data directory until the game tells it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine
from milena.home import Home
from milena.store.snapshot import policies

Invoke = Callable[..., Answer]


def found(directory: Path, text: str) -> list[str]:
    """The files that hold this text, in any capitals, the write-ahead log and all others included."""
    while True:
        try:
            files = {path.name: path.read_bytes().lower() for path in directory.rglob("*")}
        except FileNotFoundError:  # one was renamed meanwhile: look again, or its text would be missed
            continue
        return [name for name, data in files.items() if text.encode().lower() in data]


@pytest.fixture
def duel(invoke: Invoke, ann: PlayerId, bob: PlayerId) -> str:
    """Rock, paper, scissors, over so many rounds that snapshots come due."""
    options = {"best_of": 9}
    game: str = invoke("open", ann, game="rock-paper-scissors", options=options).result["game"]
    invoke("join", bob, game=game)
    return game


@pytest.mark.parametrize("typed", ["scissors", " Scissors ", "s"])
def test_a_choice_is_in_no_file_until_the_last_one_is_in(
    duel: str, invoke: Invoke, home: Home, ann: PlayerId, bob: PlayerId, typed: str
) -> None:
    answer = invoke("move", ann, game=duel, move=typed)

    assert answer.verdict == "accepted"
    assert "scissors" not in str(answer)
    assert found(home.path, "game.choice_sealed") != []
    assert found(home.path, '"scissors"') == found(home.path, f'"{typed}"') == []

    invoke("move", bob, game=duel, move="paper")
    assert found(home.path, '"scissors"') != []


def test_the_choice_of_the_last_seat_is_recorded_with_the_others_only(
    duel: str, invoke: Invoke, home: Home, ann: PlayerId, bob: PlayerId
) -> None:
    invoke("move", bob, game=duel, move="paper")
    answer = invoke("move", ann, game=duel, move="rock")

    stored = home.store.invocation(answer.invocation)

    assert stored is not None
    assert "rock" not in stored.payload


def test_a_choice_that_is_refused_because_it_was_made_already_tells_nothing(
    duel: str, invoke: Invoke, home: Home, ann: PlayerId
) -> None:
    invoke("move", ann, game=duel, move="scissors")
    again = invoke("move", ann, game=duel, move="paper")

    assert again.code == "not_your_turn"
    assert found(home.path, '"scissors"') == []


def test_no_snapshot_tells_a_choice(
    duel: str, invoke: Invoke, home: Home, engine: Engine, ann: PlayerId, bob: PlayerId
) -> None:
    interval = policies()["game"].interval
    while engine.read("game", duel).version < interval - 1:
        invoke("move", ann, game=duel, move="rock")
        invoke("move", bob, game=duel, move="rock")
    assert engine.read("game", duel).version == interval - 1

    invoke("move", ann, game=duel, move="scissors")

    assert engine.read("game", duel).state.choices == ((0, "scissors"),)
    assert found(home.path, '"scissors"') == []


def word_game(invoke: Invoke, engine: Engine, ann: PlayerId) -> tuple[str, str]:
    """A game of hangman whose word is too long to be in a file by chance, and that word."""
    while True:
        game = invoke("open", ann, game="hangman", seats=1).result["game"]
        word = engine.read("game", game).state.board.word
        if len(word) > 6:
            return game, word


def test_the_word_is_in_no_file_until_it_is_found(
    invoke: Invoke, engine: Engine, home: Home, ann: PlayerId
) -> None:
    game, word = word_game(invoke, engine, ann)
    letters = sorted(set(word))
    for letter in letters[:-1]:
        invoke("move", ann, game=game, move=letter)
        assert found(home.path, word) == []

    assert invoke("move", ann, game=game, move=letters[-1]).result["status"] == "ended"
    assert found(home.path, word) != []


def test_an_abort_reveals_the_seed_and_with_it_the_word(
    invoke: Invoke, engine: Engine, home: Home, ann: PlayerId
) -> None:
    game, word = word_game(invoke, engine, ann)
    seed = home.vault.seed(game).hex()
    assert found(home.path, seed) == []

    invoke("abort", ann, game=game)

    assert found(home.path, seed) != []
    drawn = next(row for row in home.store.stream(f"game:{game}") if row.tag == "game.chance_hidden")
    assert word not in drawn.payload
    assert getattr(home.store.event(drawn), "outcome") == word  # noqa: B009


def test_no_snapshot_tells_the_word(
    invoke: Invoke, engine: Engine, home: Home, ann: PlayerId, bob: PlayerId
) -> None:
    interval = policies()["game"].interval
    carol = home.vault.player("terminal", "carol")
    word = ""
    while len(word) <= 6:
        game = invoke("open", ann, game="hangman", seats=3).result["game"]
        while engine.read("game", game).version < interval - 5:
            invoke("join", bob, game=game)
            invoke("leave", bob, game=game)
        invoke("join", bob, game=game)
        invoke("join", carol, game=game)
        word = engine.read("game", game).state.board.word
    wrong = iter(letter for letter in "qjxzvkwy" if letter not in word)
    while engine.read("game", game).version < interval:
        invoke("move", ann, game=game, move=next(wrong))

    assert engine.read("game", game).state.status == "playing"
    assert found(home.path, word) == []
