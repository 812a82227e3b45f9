"""Othello: what a disc turns over, when to pass, and the number of ways to play."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.games.othello import BITS, BOARD, Options, State, rules

Square = tuple[int, int]
"""Column and row, both from 0."""

DIRECTIONS = [(right, down) for right in (-1, 0, 1) for down in (-1, 0, 1) if right or down]


def after(moves: str = "", **options: object) -> State:
    """The state after these moves, by turns."""
    state = rules.start(2, Options(**options))  # type: ignore[arg-type]
    for move in moves.split():
        (seat,) = rules.actors(state)
        state = rules.play(state, seat, move)
    return state


def board(*rows: str, turn: int = 0, goal: str = "most") -> State:
    """A state from a picture: ``x`` is black, ``o`` white."""
    black, white = (
        sum(BITS["abcdefgh"[column] + str(row + 1)] for row, text in enumerate(rows)
            for column, found in enumerate(text) if found == mark)
        for mark in "xo"
    )  # fmt: skip
    return State(black, white, turn, len(rows), goal)


def picture(state: State) -> list[str]:
    view = rules.view(state, None)
    marks = {"●": "x", "○": "o", "·": "+", "": "."}
    return ["".join(marks[cell.text] for cell in row) for row in view.grid]


def refusal(state: State, move: str) -> Refused:
    (seat,) = rules.actors(state)
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


# The published counts: A. Bik, "Perft for Reversi" (2009).
@pytest.mark.parametrize(
    ("plies", "sequences"), [(1, 4), (2, 12), (3, 56), (4, 244), (5, 1396), (6, 8200), (7, 55092)]
)
def test_the_number_of_ways_to_play(plies: int, sequences: int) -> None:
    def count(state: State, left: int) -> int:
        if not left:
            return 1
        (seat,) = rules.actors(state)
        return sum(count(rules.play(state, seat, move), left - 1) for move in rules.legal(state, seat))

    assert count(after(), plies) == sequences


def test_on_the_smallest_board_the_second_player_wins_by_eight() -> None:
    # Known: with best play, a game of 4 x 4 ends 3 to 11.
    known: dict[State, int] = {}

    def margin(state: State) -> int:
        outcome = rules.outcome(state)
        if outcome is not None:
            return outcome.points[0] - outcome.points[1]
        if state not in known:
            (seat,) = rules.actors(state)
            margins = [margin(rules.play(state, seat, move)) for move in rules.legal(state, seat)]
            known[state] = min(margins) if seat else max(margins)
        return known[state]

    assert margin(after(size=4)) == -8


@pytest.mark.parametrize(
    ("size", "moves"),
    [
        (8, ["d3", "c4", "f5", "e6"]),
        (6, ["c2", "b3", "e4", "d5"]),
        (4, ["b1", "a2", "d3", "c4"]),
    ],
)
def test_black_begins_with_one_of_four_moves(size: int, moves: list[str]) -> None:
    state = after(size=size)

    assert rules.actors(state) == (0,)
    assert rules.legal(state, 0) == moves
    assert rules.legal(state, 1) == []


def test_a_disc_turns_all_it_encloses_in_every_direction_and_nothing_else() -> None:
    state = board(
        "x..x..x.",
        ".o.o.o..",
        "..ooo...",
        "xoo.ooox",
        "..ooo...",
        ".o.o.o..",
        "o..x..x.",
        ".......o",
    )
    # The row to the lower left ends at the white disc on a7 and then at the edge: it stays.
    shown = picture(rules.play(state, 0, "d4"))
    assert [row.replace("+", ".") for row in shown] == [
        "x..x..x.",
        ".x.x.x..",
        "..xxx...",
        "xxxxxxxx",
        "..oxx...",
        ".o.x.x..",
        "o..x..x.",
        ".......o",
    ]


def test_a_row_does_not_run_on_past_the_edge_into_the_next() -> None:
    # In reading order a2 follows on h1, and a3 on h2.
    state = board(".....xoo", "........", "oox.....", *["........"] * 5)

    assert rules.legal(state, 0) == ["pass"]
    assert rules.legal(rules.play(state, 0, "pass"), 1) == ["e1", "d3"]


# ----------------------------------------------------------------- the rules as a child would check them


def name(square: Square) -> str:
    return "abcdefgh"[square[0]] + str(square[1] + 1)


def read_board(state: State) -> dict[Square, int]:
    held = {}
    for column in range(state.size):
        for row in range(state.size):
            bit = BITS[name((column, row))]
            if bit & (state.black | state.white):
                held[column, row] = 1 if bit & state.white else 0
    return held


def enclosed(held: dict[Square, int], seat: int, square: Square) -> set[Square]:
    turned = set()
    for right, down in DIRECTIONS:
        row = []
        at = (square[0] + right, square[1] + down)
        while held.get(at) == 1 - seat:
            row.append(at)
            at = (at[0] + right, at[1] + down)
        if held.get(at) == seat:
            turned.update(row)
    return turned


def legal_squares(held: dict[Square, int], seat: int, size: int) -> list[Square]:
    every = [(column, row) for row in range(size) for column in range(size)]
    return [square for square in every if square not in held and enclosed(held, seat, square)]


@given(size=st.sampled_from([4, 6, 8]), choices=st.lists(st.integers(0, 30), min_size=120, max_size=120))
def test_a_game_goes_as_it_does_on_a_board_of_squares(size: int, choices: list[int]) -> None:
    state = rules.start(2, Options(size=size))  # type: ignore[arg-type]
    held = read_board(state)
    discs = passes = seat = 0
    for choice in choices:
        squares = legal_squares(held, seat, size)
        if not squares and not legal_squares(held, 1 - seat, size):
            break

        # Given the same player to move, with the same moves
        assert rules.actors(state) == (seat,)
        assert rules.legal(state, seat) == ([name(square) for square in squares] or ["pass"])

        # When one of them is made on both
        if squares:
            square = squares[choice % len(squares)]
            turned = enclosed(held, seat, square)
            held.update(dict.fromkeys([square, *turned], seat))
            state = rules.play(state, seat, name(square))
            discs += 1
        else:
            state = rules.play(state, seat, "pass")
            passes += 1
        seat = 1 - seat

        # Then both boards look the same, and there were no more passes than discs
        assert read_board(state) == held
        assert not state.black & state.white
        assert not (state.black | state.white) & ~BOARD[size]
        assert passes <= discs <= size * size - 4

    # And both are over, with the same count
    outcome = rules.outcome(state)
    assert rules.actors(state) == ()
    assert outcome is not None
    assert outcome.points == (list(held.values()).count(0), list(held.values()).count(1))


# ------------------------------------------------------------------------------------- passing and ends

BLOCKED = board("xo..", "....", "...o", "...x", turn=1)
"""White can turn nothing here (b1 and d3 would have to turn black discs in corners); black can."""


def test_who_can_turn_nothing_passes_and_has_no_other_move() -> None:
    assert rules.actors(BLOCKED) == (1,)
    assert rules.legal(BLOCKED, 1) == ["pass"]

    state = rules.play(BLOCKED, 1, "pass")

    assert (state.black, state.white, state.turn) == (BLOCKED.black, BLOCKED.white, 0)
    assert rules.legal(state, 0) == ["c1", "d2"]


def test_a_pass_has_to_be_told() -> None:
    assert rules.view(BLOCKED, 1).lines == ("● 2   ○ 2", "Player 2 can't turn any disc and has to pass.")

    refused = refusal(BLOCKED, "c1")
    assert refused.code == "must_pass"
    assert refused.sentence == "You can't turn any disc now: the only move is pass."


def test_nobody_passes_who_can_move() -> None:
    refused = refusal(after(), "pass")

    assert refused.code == "no_pass"
    assert refused.sentence == "You may pass only where you can't turn any disc. Possible: d3, c4, f5, e6."


def test_it_is_over_when_neither_can_move_even_with_squares_free() -> None:
    state = board("xx..", "xx..", "....", "..oo")

    assert rules.actors(state) == ()
    assert rules.legal(state, 0) == rules.legal(state, 1) == []
    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((1.0, 0.0), "4 discs to 2")
    assert outcome.points == (4, 2), "the ten empty squares count for nobody"


def test_as_many_discs_for_both_are_a_draw() -> None:
    for goal in ("most", "fewest"):
        outcome = rules.outcome(board("xx..", "....", "....", "..oo", goal=goal))
        assert outcome is not None
        assert (outcome.scores, outcome.reason) == ((0.5, 0.5), "2 discs each")


def test_the_fewest_discs_win_where_that_is_the_goal() -> None:
    state = after("e6 f4 e3 f6 g5 d6 e7 f5 c5", goal="fewest")

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0.0, 1.0), (13, 0))
    assert outcome.reason == "0 discs to 13, the fewest win"
    assert rules.view(after(goal="fewest"), None).lines == ("● 2   ○ 2   The fewest discs win.",)


# -------------------------------------------------------------------------------- what is typed and shown


@pytest.mark.parametrize(("typed", "move"), [(" D3 ", "d3"), ("Pass", "pass"), ("p", "pass"), ("--", "pass")])
def test_moves_are_read_in_capitals_and_short(typed: str, move: str) -> None:
    assert rules.read(after(), 0, typed) == move


def test_a_square_that_is_taken_is_refused() -> None:
    assert refusal(after(), "d4").code == "occupied"
    assert refusal(after(), "d4").sentence == "There is a disc on d4. Possible: d3, c4, f5, e6."


def test_a_square_where_nothing_would_turn_is_refused() -> None:
    assert refusal(after(), "e3").code == "turns_nothing"
    assert refusal(after(), "a1").sentence == ("A disc on a1 would turn none over. Possible: d3, c4, f5, e6.")


@pytest.mark.parametrize(
    "move", ["", "d", "3", "d9", "i1", "d0", "d33", "D3", " d3", "d3\n", "ｄ3", "d٣", "4d"]
)
def test_what_is_no_square_is_refused(move: str) -> None:
    refused = refusal(after(), move)

    assert refused.code == "no_such_square"
    assert refused.sentence == "A move is a square, its column and row. Possible: d3, c4, f5, e6."


def test_a_square_beyond_a_small_board_is_refused() -> None:
    assert refusal(after(size=6), "g1").code == "no_such_square"
    assert refusal(after(size=4), "a5").code == "no_such_square"


def test_the_board_shows_discs_and_where_one_may_be_placed() -> None:
    state = after("d3")
    view = rules.view(state, 1)

    assert picture(state) == [
        "........",
        "........",
        "..+x+...",
        "...xx...",
        "..+xo...",
        "........",
        "........",
        "........",
    ]
    assert (view.columns, view.rows) == (tuple("abcdefgh"), tuple("12345678"))
    assert view.lines == ("● 4   ○ 1",)
    assert [cell.move for cell in view.grid[2] if cell.move] == ["c3", "e3"]
    assert (view.grid[3][3].tone, view.grid[4][4].tone) == ("first", "second")


def test_a_finished_board_has_nothing_to_press() -> None:
    grid = rules.view(after("e6 f4 e3 f6 g5 d6 e7 f5 c5"), None).grid

    assert not any(cell.move for row in grid for cell in row)


def test_nothing_is_hidden() -> None:
    state = after("d3 c5")
    assert rules.hide(state, 0) == rules.imagine(state, 0, lambda n: 0) == state
