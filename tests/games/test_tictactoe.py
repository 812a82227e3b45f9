"""Tic-tac-toe: every game there is, and what a player meets on the way."""

from collections import Counter

import pytest

from milena.domain.refusal import Refused
from milena.games.tictactoe import Options, State, rules


def after(*moves: str, misere: bool = False) -> State:
    """The state after these moves, X and O in turn."""
    state = rules.start(2, Options(misere))
    for move in moves:
        (seat,) = rules.actors(state)
        state = rules.play(state, seat, move)
    return state


def refusal(state: State, move: str) -> Refused:
    (seat,) = rules.actors(state)
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


@pytest.mark.parametrize("misere", [False, True])
def test_all_games_end_as_the_literature_counts_them(misere: bool) -> None:
    ends: Counter[tuple[float, ...]] = Counter()
    states: set[State] = set()

    def explore(state: State) -> None:
        states.add(state)
        outcome = rules.outcome(state)
        actors = rules.actors(state)
        assert (actors == ()) == (outcome is not None)
        if outcome is not None:
            ends[outcome.scores] += 1
            return
        (seat,) = actors
        for move in rules.legal(state, seat):
            explore(rules.play(state, seat, move))

    explore(rules.start(2, Options(misere)))

    first, second = 131184, 77904  # games in which X, and O, has made a row
    if misere:
        first, second = second, first
    assert ends == {(1.0, 0.0): first, (0.0, 1.0): second, (0.5, 0.5): 46080}
    assert ends.total() == 255168
    assert len(states) == 5478


def test_x_moves_first_and_then_by_turns() -> None:
    assert rules.actors(after()) == (0,)
    assert rules.actors(after("5")) == (1,)
    assert rules.actors(after("5", "1")) == (0,)


def test_only_free_cells_are_legal_and_only_for_whose_turn_it_is() -> None:
    state = after("5", "1")

    assert rules.legal(state, 0) == ["2", "3", "4", "6", "7", "8", "9"]
    assert rules.legal(state, 1) == []


@pytest.mark.parametrize("line", ["123", "456", "789", "147", "258", "369", "159", "357"])
@pytest.mark.parametrize("winner", [0, 1])
def test_three_in_a_row_win(line: str, winner: int) -> None:
    # Given one player about to complete the row, and another whose moves make none
    others = [cell for cell in "123456789" if cell not in line]
    useless = next(
        trio
        for trio in (others[:3], [*others[:2], others[3]], others[1:4])
        if "".join(trio) not in ("123", "456", "789", "147", "258", "369", "159", "357")
    )
    first, second = (line, useless[:2]) if winner == 0 else (useless, line)
    moves = [move for pair in zip(first, [*second, ""], strict=False) for move in pair if move]

    # When they have moved
    outcome = rules.outcome(after(*moves))

    # Then the game is won
    assert outcome is not None
    assert outcome.scores == ((1.0, 0.0) if winner == 0 else (0.0, 1.0))
    assert outcome.reason == "three in a row"


def test_three_in_a_row_lose_where_that_is_agreed() -> None:
    x_made_it = rules.outcome(after(*"14253", misere=True))
    o_made_it = rules.outcome(after(*"415273", misere=True))

    assert x_made_it is not None
    assert o_made_it is not None
    assert (x_made_it.scores, x_made_it.reason) == ((0.0, 1.0), "three in a row lose")
    assert (o_made_it.scores, o_made_it.reason) == ((1.0, 0.0), "three in a row lose")


@pytest.mark.parametrize("misere", [False, True])
def test_best_play_is_a_draw(misere: bool) -> None:
    # Where three lose: X takes the middle and then always what lies opposite.
    known: dict[State, float] = {}

    def score(state: State) -> float:
        """What X scores."""
        outcome = rules.outcome(state)
        if outcome is not None:
            return outcome.scores[0]
        if state not in known:
            (seat,) = rules.actors(state)
            scores = [score(rules.play(state, seat, move)) for move in rules.legal(state, seat)]
            known[state] = min(scores) if seat else max(scores)
        return known[state]

    openings = {move: score(after(move, misere=misere)) for move in "123456789"}
    assert max(openings.values()) == 0.5
    assert [move for move, worth in openings.items() if worth == 0.5] == (["5"] if misere else [*"123456789"])


def test_a_full_board_without_a_row_is_a_draw() -> None:
    outcome = rules.outcome(after(*"123546879"))

    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.5, 0.5), "board full")


def test_the_last_cell_can_win() -> None:
    # X O X / O X O / . X O: the ninth move completes 3-5-7
    outcome = rules.outcome(after(*"123456897"))

    assert outcome is not None
    assert outcome.scores == (1.0, 0.0)


def test_a_taken_cell_is_refused_with_the_free_ones() -> None:
    refused = refusal(after(*"524678"), "5")

    assert refused.code == "occupied"
    assert refused.sentence == "Cell 5 is taken. Free: 1, 3, 9."


@pytest.mark.parametrize(
    "move", ["", "0", "10", "01", "1 ", " 1", "５", "٣", "x", "-1", "1\n", "one", "None"]
)
def test_what_is_no_cell_is_refused(move: str) -> None:
    refused = refusal(after("1"), move)

    assert refused.code == "no_such_cell"
    assert refused.sentence == "A move is the number of a free cell: 2, 3, 4, 5, 6, 7, 8, 9."


def test_the_board_shows_marks_and_numbers_to_press() -> None:
    grid = rules.view(after("5", "1"), 0).grid

    assert [[cell.text for cell in row] for row in grid] == [
        ["O", "2", "3"],
        ["4", "X", "6"],
        ["7", "8", "9"],
    ]
    assert (grid[0][0].tone, grid[1][1].tone, grid[2][2].tone) == ("second", "first", "dim")
    assert (grid[0][0].move, grid[2][2].move) == ("", "9")


def test_a_finished_board_shows_the_winning_row_and_nothing_to_press() -> None:
    grid = rules.view(after(*"14253"), None).grid

    assert [cell.tone for cell in grid[0]] == ["good", "good", "good"]
    assert [cell.tone for cell in grid[1]] == ["second", "second", ""]
    assert not any(cell.move for row in grid for cell in row)


def test_a_row_that_loses_is_shown_as_bad() -> None:
    view = rules.view(after(*"14253", misere=True), None)

    assert [cell.tone for cell in view.grid[0]] == ["bad", "bad", "bad"]
    assert view.lines == ("Three in a row lose.",)
    assert rules.view(after(), None).lines == ()


def test_the_variant_goes_on_as_it_began() -> None:
    assert after("5", "1", misere=True).misere
    assert not after("5", "1").misere
