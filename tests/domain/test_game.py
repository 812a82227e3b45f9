"""The Game aggregate: given what happened, when something is asked, then these events follow."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from milena import games
from milena.domain.game import Abort, Games, LeaveSeat, Open, Play, Rematch, Resign, TakeSeat
from milena.domain.game.events import (
    ChanceDrawn,
    ChanceHidden,
    ChoiceSealed,
    ChoicesRevealed,
    Ended,
    MovePlayed,
    Opened,
    Rematched,
    Resigned,
    SeatLeft,
    SeatTaken,
    Started,
)
from milena.domain.ids import PlayerId
from milena.domain.view import View

if TYPE_CHECKING:
    from tests.domain.conftest import Case

    Given = Callable[..., Case]

ANN, BOB, CAROL = PlayerId("ann"), PlayerId("bob"), PlayerId("carol")
SEED = bytes(range(32))
COMMITMENT = sha256(SEED).hexdigest()


def opened(name: str = "tictactoe", seats: int | None = None, **options: Any) -> Open:
    return Open(ANN, name, options, seats, SEED)


def takes(player: PlayerId, seat: int | None = None) -> TakeSeat:
    return TakeSeat(player, f"salt{player}", SEED, seat)


def plays(player: PlayerId, *moves: str) -> list[Play]:
    return [Play(player, move, SEED) for move in moves]


def started(name: str = "tictactoe", **options: Any) -> list[Any]:
    return [opened(name, **options), takes(ANN), takes(BOB)]


def test_opening_commits_to_the_seed_and_writes_every_option_down(given: "Given") -> None:
    assert given().when(opened("rock-paper-scissors")) == [
        Opened("rock-paper-scissors", 1, {"best_of": 3, "choices": "three"}, 2, ANN, COMMITMENT)
    ]


def test_options_that_come_as_text_are_read_as_numbers(given: "Given") -> None:
    (event,) = given().when(opened("2048", size="5", target="64"))
    assert isinstance(event, Opened)
    assert event.options == {"size": 5, "target": 64}


def test_a_seat_can_be_chosen_or_is_the_first_that_is_free(given: "Given") -> None:
    case = given(opened())
    assert case.when(takes(BOB, 1)) == [SeatTaken(1, BOB, "saltbob")]
    assert case.when(takes(ANN))[0] == SeatTaken(0, ANN, "saltann")
    assert case.game.salts == ["saltann", "saltbob"]


def test_a_seat_that_was_left_can_be_taken_by_another(given: "Given") -> None:
    case = given(opened(), takes(ANN))
    assert case.when(LeaveSeat(ANN, SEED)) == [SeatLeft(0, ANN)]
    assert case.when(takes(BOB)) == [SeatTaken(0, BOB, "saltbob")]
    assert case.game.seat_of(ANN) is None


def test_the_game_starts_when_the_last_seat_is_taken(given: "Given") -> None:
    assert given(opened(), takes(ANN)).game.status == "waiting"
    case = given(opened(), takes(ANN))
    assert case.when(takes(BOB)) == [SeatTaken(1, BOB, "saltbob"), Started(2)]
    assert case.game.status == "playing"


def test_moves_are_played_in_turn_and_counted(given: "Given") -> None:
    case = given(*started())
    assert case.when(*plays(ANN, " 5 ")) == [MovePlayed(1, 0, "5")]
    assert case.when(Play(BOB, "1", SEED, ply=1)) == [MovePlayed(2, 1, "1")]
    assert case.game.ply == 2


def test_the_move_that_wins_ends_the_game_and_reveals_the_seed(given: "Given") -> None:
    moves = [*plays(ANN, "1"), *plays(BOB, "4"), *plays(ANN, "2"), *plays(BOB, "5")]
    case = given(*started(), *moves)
    assert case.when(*plays(ANN, "3")) == [
        MovePlayed(5, 0, "3"),
        Ended("finished", "three in a row", SEED.hex(), (1, 0)),
    ]
    assert case.game.status == "ended"
    assert case.game.seed == SEED.hex()


def test_whoever_resigns_has_lost_and_all_others_have_won(given: "Given") -> None:
    case = given(*started(), *plays(ANN, "1"))
    assert case.when(Resign(ANN, SEED)) == [
        Resigned(1, 0),
        Ended("resigned", "<ann> resigned", SEED.hex(), (0, 1)),
    ]


def test_in_hangman_the_others_play_on(given: "Given") -> None:
    case = given(*started("hangman", seats=2))
    assert case.when(Resign(ANN, SEED)) == [Resigned(2, 0, plays_on=True)]
    assert case.refusal(*plays(ANN, "e")).code == "gave_up"
    last = case.when(Resign(BOB, SEED))
    assert last[0] == Resigned(3, 1, plays_on=True)
    assert isinstance(last[1], Ended)
    assert (last[1].how, last[1].scores) == ("finished", (0, 0))


@pytest.mark.parametrize("commands", [[], [takes(ANN)], [takes(ANN), takes(BOB)]])
def test_an_abort_ends_a_game_without_a_result_at_any_time(given: "Given", commands: list[Any]) -> None:
    case = given(opened(), *commands)
    assert case.when(Abort(ANN, SEED)) == [Ended("aborted", "<ann> aborted it", SEED.hex())]
    assert case.game.status == "ended"


def test_whoever_sits_there_may_abort_though_another_opened_it(given: "Given") -> None:
    assert given(*started()).when(Abort(BOB, SEED)) != []


def test_a_rematch_that_was_never_begun_can_be_replaced_by_another(given: "Given") -> None:
    case = given(*started(), Resign(ANN, SEED), Rematch(ANN, "again1"))
    assert case.refusal(Rematch(BOB, "again2")).code == "rematched"
    assert case.when(Rematch(BOB, "again2", instead_of="again1")) == [Rematched("again2")]
    assert case.game.rematch == "again2"


def test_chance_draws_when_it_is_due(given: "Given") -> None:
    case = given(opened("2048"))
    events = case.when(takes(ANN))
    assert [type(event) for event in events] == [SeatTaken, Started, ChanceDrawn, ChanceDrawn]
    assert [(event.ply, event.draw) for event in events if isinstance(event, ChanceDrawn)] == [(1, 1), (2, 2)]


def test_a_secret_draw_is_recorded_as_one(given: "Given") -> None:
    events = given(opened("hangman")).when(takes(ANN))
    assert [type(event) for event in events] == [SeatTaken, Started, ChanceHidden]


def test_choices_wait_until_the_last_one_is_in(given: "Given") -> None:
    case = given(*started("rock-paper-scissors"))
    assert case.when(*plays(BOB, "r")) == [ChoiceSealed(1, "rock")]
    assert case.game.ply == 0
    assert case.when(*plays(ANN, "paper")) == [
        ChoiceSealed(0, "paper"),
        ChoicesRevealed(1, ((0, "paper"), (1, "rock"))),
    ]
    assert case.game.choices == ()


def test_a_view_before_the_start_is_empty(given: "Given") -> None:
    assert Games(games.load).view(given(opened()).game, None) == View()


def test_a_command_or_an_event_that_no_game_knows_is_a_bug(given: "Given") -> None:
    case = given(*started())
    aggregate = Games(games.load)
    with pytest.raises(TypeError, match="knows no View"):
        aggregate.decide(case.game, View())
    with pytest.raises(AssertionError):
        aggregate.evolve(aggregate.initial("x"), Started(2))
