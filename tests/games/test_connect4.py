"""Connect Four: where discs fall, what wins, and the number of ways to play."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.games.connect4 import BOARDS, MOST_POPS, Options, State, rules

COLUMNS, ROWS = 7, 6

Place = tuple[int, int]
"""Column and height, both from 0."""


def after(moves: str | list[str], **options: object) -> State:
    """The state after these columns, played by turns."""
    state = rules.start(2, Options(**options))  # type: ignore[arg-type]
    for move in moves:
        (seat,) = rules.actors(state)
        state = rules.play(state, seat, move)
    return state


def refusal(state: State, move: str) -> Refused:
    (seat,) = rules.actors(state)
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


def discs(places: set[Place], rows: int = ROWS) -> int:
    return sum(1 << (rows + 1) * column + height for column, height in places)


def has_four(places: set[Place]) -> bool:
    """The rule as a child would check it."""
    return any(
        all((column + n * right, height + n * up) in places for n in range(4))
        for column, height in places
        for right, up in ((1, 0), (0, 1), (1, 1), (1, -1))
    )


def every_four(columns: int, rows: int) -> list[set[Place]]:
    return [
        {(column + n * right, height + n * up) for n in range(4)}
        for column in range(columns)
        for height in range(rows)
        for right, up in ((1, 0), (0, 1), (1, 1), (1, -1))
        if column + 3 * right < columns and 0 <= height + 3 * up < rows
    ]


def test_a_board_has_69_places_for_a_row_of_four() -> None:
    assert len(every_four(COLUMNS, ROWS)) == 69


@pytest.mark.parametrize("popout", [False, True])
@pytest.mark.parametrize("board", BOARDS)
def test_each_place_for_a_row_of_four_wins(board: str, popout: bool) -> None:
    columns, rows = map(int, board.split("x"))
    for four in every_four(columns, rows):
        outcome = rules.outcome(State(discs(four, rows), 0, board, popout))
        assert outcome is not None, four
        assert (outcome.scores, outcome.reason) == ((1.0, 0.0), "four in a row")
        for place in four:
            assert rules.outcome(State(discs(four - {place}, rows), 0, board, popout)) is None, four


places = st.sets(st.tuples(st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1)), min_size=1)


@given(held=places)
def test_discs_win_exactly_where_four_of_them_stand_in_a_row(held: set[Place]) -> None:
    won = rules.outcome(State(first=discs(held))) is not None

    assert won == has_four(held)


@given(
    board=st.sampled_from(sorted(BOARDS)),
    popout=st.booleans(),
    choices=st.lists(st.integers(0, 17), max_size=80),
)
def test_a_game_goes_as_it_does_on_a_board_of_lists(board: str, popout: bool, choices: list[int]) -> None:
    # Given a board kept as lists of seats, one a column
    columns, rows = map(int, board.split("x"))
    stacks: list[list[int]] = [[] for _ in range(columns)]
    state, seat = rules.start(2, Options(board, popout)), 0  # type: ignore[arg-type]

    def held(seat: int) -> set[Place]:
        return {(c, h) for c, column in enumerate(stacks) for h, owner in enumerate(column) if owner == seat}

    for choice in choices:
        drops = [str(number) for number, stack in enumerate(stacks, start=1) if len(stack) < rows]
        pops = [f"pop {number}" for number, stack in enumerate(stacks, start=1) if stack[:1] == [seat]]
        assert rules.actors(state) == (seat,)
        assert rules.legal(state, seat) == drops + pops * popout

        # When a disc is dropped into both, or popped out
        move = rules.legal(state, seat)[choice % len(rules.legal(state, seat))]
        state = rules.play(state, seat, move)
        if move.startswith("pop "):
            del stacks[int(move[4:]) - 1][0]
        else:
            stacks[int(move) - 1].append(seat)

        # Then both boards look the same, and the same games are over
        assert (state.first, state.second) == (discs(held(0), rows), discs(held(1), rows))
        won = [has_four(held(0)), has_four(held(1))]
        full = sum(map(len, stacks)) == rows * columns
        stuck = full and not (popout and any(stack[:1] == [1 - seat] for stack in stacks))
        assert (rules.outcome(state) is not None) == (any(won) or stuck) == (rules.actors(state) == ())
        if any(won):
            outcome = rules.outcome(state)
            assert outcome is not None
            assert outcome.scores == ((0.5, 0.5) if all(won) else (float(won[0]), float(won[1])))
        if any(won) or stuck:
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


# ----------------------------------------------------------------------------------------------- pop out


def popped(moves: str) -> State:
    """The state after these moves of a game in which discs may be popped out."""
    return after([move.replace("p", "pop ") for move in moves.split()], popout=True)


def test_a_popped_disc_goes_and_those_above_come_down() -> None:
    state = popped("1 1 1 2 p1")

    assert (state.first, state.second) == (discs({(0, 1)}), discs({(0, 0), (1, 0)}))
    assert rules.actors(state) == (1,)
    assert rules.view(state, 1).lines == ("Discs popped out: 1 of at most 100",)


def test_only_own_discs_on_the_floor_may_be_popped_out() -> None:
    state = popped("1 2 2")

    assert rules.legal(state, 1) == ["1", "2", "3", "4", "5", "6", "7", "pop 2"]
    refused = refusal(state, "pop 1")
    assert refused.code == "no_pop"
    assert refused.sentence == "You can't pop out a disc there. Possible: 1, 2, 3, 4, 5, 6, 7, pop 2."
    for column in ("3", "0", "8", "", "2 ", "x"):
        assert refusal(state, f"pop {column}").code == "no_pop"


def test_discs_may_be_popped_out_only_where_that_was_agreed_on() -> None:
    assert rules.legal(after("12"), 0) == ["1", "2", "3", "4", "5", "6", "7"]
    assert refusal(after("12"), "pop 1").code == "no_such_column"


@pytest.mark.parametrize("typed", ["pop 3", "POP 3", "pop3", "p3", "p 3", " p  3 "])
def test_a_pop_is_read_short(typed: str) -> None:
    assert rules.read(popped("3 4"), 0, typed) == "pop 3"


def test_a_pop_can_make_a_row_for_the_other_player_who_has_won_then() -> None:
    # The first player's discs lie on 1, 2, 3 and 5, and on top of the other's on 4.
    state = popped("1 4 4 7 2 7 3 6 5 p4")

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((1.0, 0.0), "four in a row")


def test_a_pop_that_makes_a_row_for_both_is_a_draw() -> None:
    # Column 1 holds a disc of the first player, one of the second, one of the first; beside the upper
    # two lie three more of each.
    first = {(0, 0), (0, 2), (1, 1), (2, 1), (3, 1)}
    second = {(0, 1), (1, 0), (2, 0), (3, 0), (6, 0)}
    state = State(discs(first), discs(second), popout=True)
    assert rules.outcome(state) is None

    outcome = rules.outcome(rules.play(state, 0, "pop 1"))
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.5, 0.5), "four in a row for both")


def test_a_full_board_goes_on_while_the_next_player_can_pop() -> None:
    full = "121212" + "212121" + "343434" + "434343" + "565656" + "656565" + "777777"
    state = after(full, popout=True)

    assert rules.outcome(state) is None
    assert rules.legal(state, 0) == ["pop 1", "pop 3", "pop 5", "pop 7"]
    assert refusal(state, "1").sentence == "Column 1 is full. Possible: pop 1, pop 3, pop 5, pop 7."


def test_a_game_without_a_move_left_is_a_draw() -> None:
    full = after("121212" + "212121" + "343434" + "434343" + "565656" + "656565" + "777777")
    state = State(full.first, full.second, full.board, popout=True, pops=MOST_POPS)

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.5, 0.5), "no move left")
    assert rules.actors(state) == ()


def test_there_is_an_end_to_popping() -> None:
    state = State(discs({(0, 0)}), discs({(1, 0)}), popout=True, pops=MOST_POPS)

    assert rules.legal(state, 0) == ["1", "2", "3", "4", "5", "6", "7"]
    assert refusal(state, "pop 1").code == "no_pop"


def test_the_floor_is_pressed_to_pop_and_the_rest_of_the_column_to_drop() -> None:
    grid = rules.view(popped("1 2 1 2"), 0).grid

    assert [cell.move for cell in grid[5]] == ["pop 1", "2", "3", "4", "5", "6", "7"]
    assert [cell.move for cell in grid[4]] == ["1", "2", "3", "4", "5", "6", "7"]
