"""Connect Four: where discs fall, what wins, and the number of ways to play."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.games.connect4 import COLUMNS, ROWS, NoOptions, State, rules

Place = tuple[int, int]
"""Column and height, both from 0."""


def after(moves: str) -> State:
    """The state after these columns, played by turns."""
    state = rules.start(2, NoOptions())
    for move in moves:
        (seat,) = rules.actors(state)
        state = rules.play(state, seat, move)
    return state


def refusal(state: State, move: str) -> Refused:
    (seat,) = rules.actors(state)
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


def discs(places: set[Place]) -> int:
    return sum(1 << 7 * column + height for column, height in places)


def has_four(places: set[Place]) -> bool:
    """The rule as a child would check it."""
    return any(
        all((column + n * right, height + n * up) in places for n in range(4))
        for column, height in places
        for right, up in ((1, 0), (0, 1), (1, 1), (1, -1))
    )


EVERY_FOUR = [
    {(column + n * right, height + n * up) for n in range(4)}
    for column in range(COLUMNS)
    for height in range(ROWS)
    for right, up in ((1, 0), (0, 1), (1, 1), (1, -1))
    if column + 3 * right < COLUMNS and 0 <= height + 3 * up < ROWS
]


def test_a_board_has_69_places_for_a_row_of_four_and_each_wins() -> None:
    assert len(EVERY_FOUR) == 69
    for four in EVERY_FOUR:
        outcome = rules.outcome(State(first=discs(four)))
        assert outcome is not None, four
        assert (outcome.scores, outcome.reason) == ((1.0, 0.0), "four in a row")
        for place in four:
            assert rules.outcome(State(first=discs(four - {place}))) is None, four


places = st.sets(st.tuples(st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1)), min_size=1)


@given(held=places)
def test_discs_win_exactly_where_four_of_them_stand_in_a_row(held: set[Place]) -> None:
    won = rules.outcome(State(first=discs(held))) is not None

    assert won == has_four(held)


@given(choices=st.lists(st.integers(0, COLUMNS - 1), max_size=ROWS * COLUMNS))
def test_a_game_goes_as_it_does_on_a_board_of_lists(choices: list[int]) -> None:
    # Given a board kept as seven lists of seats
    board: list[list[int]] = [[] for _ in range(COLUMNS)]
    state, seat = rules.start(2, NoOptions()), 0

    def held(seat: int) -> set[Place]:
        return {(c, h) for c, column in enumerate(board) for h, owner in enumerate(column) if owner == seat}

    for choice in choices:
        free = [str(column + 1) for column in range(COLUMNS) if len(board[column]) < ROWS]
        assert rules.actors(state) == (seat,)
        assert rules.legal(state, seat) == free

        # When a disc is dropped on both
        move = free[choice % len(free)]
        state = rules.play(state, seat, move)
        board[int(move) - 1].append(seat)

        # Then both boards look the same, and the same games are over
        assert (state.first, state.second) == (discs(held(0)), discs(held(1)))
        won, full = has_four(held(seat)), sum(map(len, board)) == ROWS * COLUMNS
        assert (rules.outcome(state) is not None) == (won or full) == (rules.actors(state) == ())
        if won or full:
            break
        seat = 1 - seat


@pytest.mark.parametrize(
    ("plies", "sequences"),
    [(1, 7), (2, 49), (3, 343), (4, 2401), (5, 16807), (6, 117649), (7, 823536)],
)
def test_the_number_of_ways_to_play(plies: int, sequences: int) -> None:
    # After seven plies it is 7^7 less the seven ways to drop all discs into one column.
    def count(state: State, left: int) -> int:
        if not left:
            return 1
        (seat,) = rules.actors(state)
        return sum(count(rules.play(state, seat, move), left - 1) for move in rules.legal(state, seat))

    assert count(after(""), plies) == sequences


def test_the_second_player_can_win_too() -> None:
    outcome = rules.outcome(after("12123272"))
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.0, 1.0), "four in a row")


def test_a_row_does_not_run_on_from_the_top_of_a_column_into_the_next() -> None:
    top_three_and_next_floor = {(0, 3), (0, 4), (0, 5), (1, 0)}

    assert rules.outcome(State(first=discs(top_three_and_next_floor))) is None


def test_a_full_board_without_four_is_a_draw() -> None:
    # Columns filled in pairs, the second pair of rows the other way round
    state = after("121212" + "212121" + "343434" + "434343" + "565656" + "656565" + "777777")

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.5, 0.5), "board full")
    assert rules.actors(state) == ()


def test_a_full_column_is_refused_with_the_others() -> None:
    refused = refusal(after("333333"), "3")

    assert refused.code == "column_full"
    assert refused.sentence == "Column 3 is full. Not full: 1, 2, 4, 5, 6, 7."


@pytest.mark.parametrize("move", ["", "0", "8", "01", "1 ", " 1", "５", "٣", "x", "-1", "1\n", "one", "1.0"])
def test_what_is_no_column_is_refused(move: str) -> None:
    refused = refusal(after(""), move)

    assert refused.code == "no_such_column"
    assert refused.sentence == "A move is the number of a column: 1, 2, 3, 4, 5, 6, 7."


def test_the_board_has_its_top_row_first_and_every_cell_drops_into_its_column() -> None:
    view = rules.view(after("443333331"), 0)

    assert view.columns == ("1", "2", "3", "4", "5", "6", "7")
    assert ["".join(cell.text or "." for cell in row) for row in view.grid] == [
        "..○....",
        "..●....",
        "..○....",
        "..●....",
        "..○○...",
        "●.●●...",
    ]
    assert [cell.move for cell in view.grid[0]] == ["1", "2", "", "4", "5", "6", "7"]
    assert [cell.move for cell in view.grid[5]] == ["1", "2", "", "4", "5", "6", "7"]
    assert (view.grid[5][2].tone, view.grid[4][2].tone) == ("first", "second")


def test_a_finished_board_shows_the_winning_four_and_nothing_to_press() -> None:
    grid = rules.view(after("1213141"), None).grid

    assert [row[0].tone for row in grid] == ["", "", "good", "good", "good", "good"]
    assert [cell.tone for cell in grid[5]] == ["good", "second", "second", "second", "", "", ""]
    assert not any(cell.move for row in grid for cell in row)
