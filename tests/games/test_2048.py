"""2048: sliding and merging, new tiles, winning and losing."""

from importlib import import_module
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome

game = import_module("milena.games._2048")
Options, State, rules = game.Options, game.State, game.rules


def board(*rows: str, target: int = 2048, points: int = 0) -> Any:
    """A state from its rows, ``.`` for an empty cell; it is the player's move."""
    cells = tuple(int(cell.replace(".", "0")) for row in rows for cell in row.split())
    return State(len(rows), target, cells, due=0, points=points)


def rows(state: Any) -> list[str]:
    texts = [str(tile or ".") for tile in state.cells]
    return [" ".join(texts[at : at + state.size]) for at in range(0, len(texts), state.size)]


@pytest.mark.parametrize(
    ("line", "slid", "points"),
    [
        ("2 . . .", "2 . . .", 0),
        (". . 2 .", "2 . . .", 0),
        ("2 2 . .", "4 . . .", 4),
        ("2 . . 2", "4 . . .", 4),
        ("2 2 2 2", "4 4 . .", 8),  # a tile merges once a move
        ("2 2 4 .", "4 4 . .", 4),  # and what has merged does not merge again
        ("4 2 2 .", "4 4 . .", 4),
        ("2 2 2 .", "4 2 . .", 4),  # the pair nearest to the wall merges
        ("4 4 8 8", "8 16 . .", 24),
        ("2 4 2 4", "2 4 2 4", 0),
    ],
)
def test_a_line_slides_and_merges(line: str, slid: str, points: int) -> None:
    assert game.slide(tuple(int(cell) for cell in line.replace(".", "0").split())) == (
        tuple(int(cell) for cell in slid.replace(".", "0").split()),
        points,
    )


@pytest.mark.parametrize(
    ("move", "moved"),
    [
        ("left", ["4 2 .", "8 . .", "2 . ."]),
        ("right", [". 2 4", ". . 8", ". . 2"]),
        ("up", ["2 4 2", "4 . 4", ". . ."]),
        ("down", [". . .", "2 . 2", "4 4 4"]),
    ],
)
def test_each_move_slides_its_own_way(move: str, moved: list[str]) -> None:
    state = rules.play(board("2 2 2", "4 . 4", ". 2 ."), 0, move)

    assert rows(state) == moved


def test_the_game_begins_with_two_tiles() -> None:
    state = rules.start(1, Options())
    assert rules.actors(state) == (CHANCE,)
    state = rules.resolve(state, "7=4")
    assert rules.actors(state) == (CHANCE,)
    state = rules.resolve(state, "1=2")

    assert rows(state) == ["2 . . .", ". . 4 .", ". . . .", ". . . ."]
    assert rules.actors(state) == (0,)


def test_a_tile_may_appear_in_every_empty_cell_a_2_nine_times_as_often_as_a_4() -> None:
    state = rules.play(board("2 2 8", "8 4 2", "2 8 4"), 0, "left")

    assert rows(state) == ["4 8 .", "8 4 2", "2 8 4"]
    assert rules.chances(state) == [("3=2", 9), ("3=4", 1)]
    assert rules.chances(board("2 2 8", "8 4 2", "2 8 .")) == []


def test_points_are_the_values_of_merged_tiles() -> None:
    state = rules.play(board("2 2 .", "8 8 .", ". . .", points=100), 0, "left")

    assert state.points == 100 + 4 + 16


def test_a_move_that_changes_nothing_is_refused_with_those_that_do() -> None:
    state = board("2 . .", "4 . .", "2 . .")
    assert rules.legal(state, 0) == ["right"]

    with pytest.raises(Refused) as caught:
        rules.play(state, 0, "left")
    assert caught.value.code == "nothing_moves"
    assert caught.value.sentence == "No tile can move left. Possible: right."


@pytest.mark.parametrize("move", ["", "u", "UP", "up ", "north", "５", "0", "None", "up\n"])
def test_what_is_no_move_is_refused(move: str) -> None:
    with pytest.raises(Refused) as caught:
        rules.play(board("2 . .", ". . .", ". . ."), 0, move)

    assert caught.value.code == "no_such_move"
    assert caught.value.sentence == "A move is one of: down, right."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("u", "up"), ("D", "down"), (" l ", "left"), ("r", "right"), ("Up", "up"), ("x", "x")],
)
def test_a_move_may_be_shortened(typed: str, meant: str) -> None:
    assert rules.read(rules.start(1, Options()), 0, typed) == meant


def test_the_target_tile_wins_at_once() -> None:
    state = rules.play(board("1024 1024 .", ". . .", ". . ."), 0, "left")

    assert rules.actors(state) == ()
    outcome = rules.outcome(state)
    assert (outcome.scores, outcome.reason, outcome.points) == ((1.0,), "made 2048", (2048,))


def test_a_board_where_nothing_can_move_is_lost() -> None:
    almost = board("2 4 8", "16 32 64", "2 4 .", points=7)
    assert rules.outcome(almost) is None

    stuck = rules.resolve(msgspec.structs.replace(almost, due=1), "9=2")
    assert rules.actors(stuck) == ()
    outcome = rules.outcome(stuck)
    assert (outcome.scores, outcome.reason) == ((0.0,), "no move left, largest tile 64")
    assert outcome.points == (7,)


def test_a_full_board_with_equal_neighbours_goes_on() -> None:
    assert rules.outcome(board("2 4 8", "16 32 64", "2 4 64")) is None
    assert rules.outcome(board("2 4 8", "16 32 64", "4 4 2")) is None


def test_equal_tiles_at_the_end_of_a_row_and_the_start_of_the_next_are_no_neighbours() -> None:
    assert rules.outcome(board("2 4 8", "8 2 4", "4 8 2")) is not None


@pytest.mark.parametrize(("largest", "score"), [(1024, 0.0), (2048, 1.0), (4096, 1.0)])
def test_an_endless_game_is_won_if_it_made_2048(largest: int, score: float) -> None:
    going_on = board(f"{largest} . .", ". . .", ". . .", target=0)
    stuck = board(f"{largest} 4 8", "16 32 64", "2 4 2", target=0)

    assert rules.outcome(going_on) is None
    assert rules.outcome(stuck).scores == (score,)


@pytest.mark.parametrize(("size", "target"), [(3, 2048), (3, 4096), (3, 131072)])
def test_a_target_that_cannot_be_made_is_refused(size: int, target: int) -> None:
    with pytest.raises(Refused) as caught:
        rules.start(1, Options(size=size, target=target))

    assert caught.value.code == "target_too_high"
    assert caught.value.sentence == (
        "The largest tile that fits this board is 1024: "
        "choose a target up to that, 0 for an endless game, or a larger board."
    )


def original(cells: tuple[int, ...], size: int, move: str) -> tuple[tuple[int, ...], int]:
    """A move as game_manager.js makes it: tile by tile from the wall on, each as far as it gets."""
    right, down = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}[move]
    grid = {(at % size, at // size): tile for at, tile in enumerate(cells)}
    merged, points = set(), 0
    for start in sorted(grid, key=lambda at: -at[0] * right - at[1] * down):
        tile, grid[start] = grid[start], 0
        x, y = start
        while grid.get((x + right, y + down)) == 0:
            x, y = x + right, y + down
        following = (x + right, y + down)
        if tile and grid.get(following) == tile and following not in merged:
            grid[following] = 2 * tile
            merged.add(following)
            points += 2 * tile
        elif tile:
            grid[x, y] = tile
    return tuple(grid[at % size, at // size] for at in range(size * size)), points


def boards(size: int) -> st.SearchStrategy[tuple[int, ...]]:
    tiles = st.sampled_from([0, 0, 0, 2, 2, 4, 8, 16])
    return st.lists(tiles, min_size=size**2, max_size=size**2).filter(any).map(tuple)


@pytest.mark.parametrize("move", ["up", "down", "left", "right"])
@pytest.mark.parametrize("size", [3, 4, 5, 6])
@given(data=st.data())
def test_every_board_moves_as_in_the_original(size: int, move: str, data: st.DataObject) -> None:
    cells = data.draw(boards(size))

    assert game.shift(cells, size, move) == original(cells, size, move)


@given(cells=boards(3) | st.lists(st.sampled_from([2, 4, 8]), min_size=9, max_size=9).map(tuple))
def test_a_board_is_stuck_exactly_where_no_move_changes_it(cells: tuple[int, ...]) -> None:
    unmoved = all(original(cells, 3, move)[0] == cells for move in game.MOVES)

    assert game.stuck(cells, 3) == unmoved


# A game on three by three to 64: moves and new tiles as they came. Its end is what ``original`` makes.
RECORD = """
7=2 8=2 r 7=4 r 6=2 l 3=2 l 5=4 d 9=2 u 5=2 r 7=2 l 9=2 l 6=4 d 6=2 u 5=2 d 3=2 l 3=2 l 2=2 u 9=2 l
9=4 l 6=2 d 6=2 d 6=2 l 2=2 l 9=2 l 3=2 r 7=2 l 3=2 d 3=2 d 3=2 u 9=2 l 6=2 l 6=2 l 6=2 d 2=2 r 1=2
d 2=2 l 2=2 d 6=2 l 2=2 r 1=2 u
"""


def test_a_recorded_game_ends_as_it_did() -> None:
    state = rules.start(1, Options(size=3, target=64))

    for step in RECORD.split():
        if "=" in step:
            state = rules.resolve(state, step)
        else:
            state = rules.play(state, 0, rules.read(state, 0, step))

    assert rows(state) == ["4 4 2", ". 64 4", ". . 8"]
    assert rules.outcome(state) == Outcome((1.0,), "made 64", (332,))


def test_the_board_shows_its_tiles_and_the_points() -> None:
    view = rules.view(board("2 . 16", ". 256 .", "1024 . 2048", target=4096, points=12), 0)

    assert [[cell.text for cell in row] for row in view.grid] == [
        ["2", "", "16"],
        ["", "256", ""],
        ["1024", "", "2048"],
    ]
    assert [view.grid[r][c].tone for r, c in ((0, 0), (0, 2), (1, 1), (2, 0), (2, 2))] == [
        *("dim", "first", "second", "accent", "good"),
    ]
    assert view.lines == ("Make 4096. Points: 12",)
