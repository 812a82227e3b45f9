"""Minesweeper: a safe beginning, what opens, flags, and a field that nobody can see into."""

from collections import Counter
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE
from milena.games.minefields import field
from milena.games.minesweeper import MOST_FLAGS, Options, State, rules


def laid(first: str, *mines: str, **options: Any) -> State:
    """A field that was opened at ``first``, when chance had laid these mines."""
    state = rules.start(1, Options(mines=len(mines), **options))
    state = rules.play(state, 0, first)
    for mine in (*mines, "open"):
        assert mine in dict(rules.chances(state))
        state = rules.resolve(state, mine)
    return state


def after(state: State, *moves: str) -> State:
    for move in moves:
        assert move in rules.legal(state, 0)
        state = rules.play(state, 0, move)
    return state


def dealt(random: Random, options: Options) -> State:
    """A field with one cell open, and mines as they came."""
    state = rules.start(1, options)
    state = rules.play(state, 0, random.choice(field(state.width, state.height).names))
    while rules.actors(state) == (CHANCE,):
        state = rules.resolve(state, random.choice(rules.chances(state))[0])
    return state


def picture(state: State) -> list[str]:
    """What the player sees: ``.`` is covered, a blank open and without mines around."""
    grid = rules.view(rules.hide(state, 0), 0).grid
    return ["".join({"": " ", "■": "."}.get(cell.text, cell.text) for cell in row) for row in grid]


def refusal(state: State, move: str) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, 0, move)
    return caught.value


# ------------------------------------------------------------------------------------- the beginning


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (Options(), (9, 9, 10)),
        (Options(level="intermediate"), (16, 16, 40)),
        (Options(level="expert"), (30, 16, 99)),
        (Options(width=12, height=6), (12, 6, 8)),
        (Options(level="expert", width=10), (10, 16, 33)),
        (Options(level="expert", mines=50), (30, 16, 50)),
        (Options(width=4, height=4), (4, 4, 1)),
    ],
)
def test_a_level_gives_the_size_and_options_change_it_as_dense(
    options: Options, size: tuple[int, int, int]
) -> None:
    state = rules.start(1, options)

    assert (state.width, state.height, state.mines) == size
    assert rules.legal(state, 0) == list(field(state.width, state.height).names)


@pytest.mark.parametrize("options", [Options(width=3), Options(height=1), Options(width=2, height=2)])
def test_a_field_is_not_smaller_than_4_by_4(options: Options) -> None:
    with pytest.raises(Refused) as caught:
        rules.start(1, options)
    assert caught.value.code == "too_small"
    assert caught.value.sentence == "A field has 4 columns and 4 rows at least."


def test_a_field_has_room_for_so_many_mines() -> None:
    with pytest.raises(Refused) as caught:
        rules.start(1, Options(width=4, height=5, mines=12))  # nine cells stay free
    assert caught.value.code == "too_many_mines"
    assert caught.value.sentence == "A field of 4 x 5 has room for 1 to 11 mines."

    assert rules.start(1, Options(width=4, height=5, mines=11)).mines == 11
    assert rules.start(1, Options(width=4, height=5, mines=19, safe="cell")).mines == 19


def test_mines_are_laid_one_by_one_in_secret_and_the_first_cell_is_opened_then() -> None:
    state = rules.start(1, Options(width=4, height=4, mines=2))
    assert rules.actors(state) == (0,)
    assert rules.chances(state) == []

    state = rules.play(state, 0, "A1")
    free = ["A3", "A4", "B3", "B4", "C1", "C2", "C3", "C4", "D1", "D2", "D3", "D4"]
    assert rules.chances(state) == [(name, 1) for name in free], "A1 and what is around it stay free"
    assert rules.secret(state)

    state = rules.resolve(state, "C3")
    assert "C3" not in dict(rules.chances(state))
    assert len(rules.chances(state)) == 11

    state = rules.resolve(state, "A4")
    assert (rules.actors(state), rules.secret(state)) == ((CHANCE,), False)
    assert rules.chances(state) == [("open", 1)]
    assert picture(state) == ["....", "....", "....", "...."]

    state = rules.resolve(state, "open")
    assert picture(state) == ["  1.", " 12.", " 1..", " 1.."]
    assert rules.actors(state) == (0,)


def test_where_only_the_first_cell_is_safe_all_others_may_be_mined() -> None:
    state = rules.play(rules.start(1, Options(width=4, height=4, mines=15, safe="cell")), 0, "B2")

    assert set(dict(rules.chances(state))) == set(field(4, 4).names) - {"B2"}
    while rules.actors(state) == (CHANCE,):
        state = rules.resolve(state, rules.chances(state)[0][0])
    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((1.0,), (1,)), "won at once: nothing else is free"


@given(seed=st.integers(0, 10**6), level=st.sampled_from(["beginner", "intermediate", "expert"]))
def test_the_first_opening_shows_more_than_one_cell(seed: int, level: Any) -> None:
    state = dealt(Random(seed), Options(level=level))

    assert state.face[state.first] == "0"
    assert len(set(state.laid)) == state.mines


# ------------------------------------------------------------------------------- opening and flagging

# A field of 5 x 5 with mines in A4, D2 and E5, where A1 was opened:
#     .  .  1  *  1
#     .  .  1  1  1
#     1  1  1  .  .
#     1  *  1  1  1
#     1  1  1  1  *
SMALL = laid("A1", "A4", "D2", "E5", width=5, height=5)


def test_opening_shows_numbers_and_spreads_where_there_are_no_mines() -> None:
    assert picture(SMALL) == [
        "  1..",
        "  1..",
        "111..",
        ".....",
        ".....",
    ]
    assert picture(after(SMALL, "D4")) == [
        "  1..",
        "  1..",
        "111..",
        "...1.",
        ".....",
    ]
    assert picture(after(SMALL, "C4")) == [
        "  1..",
        "  111",
        "111  ",
        "..111",
        ".....",
    ]


def test_all_cells_without_a_mine_open_is_a_win() -> None:
    state = after(SMALL, "C4", "A5", "D1", "E1", "E2", "E3")
    assert rules.outcome(state) is None

    state = after(state, "E4")
    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason, outcome.points) == ((1.0,), "all mines found", (22,))
    assert rules.actors(state) == ()
    assert rules.legal(state, 0) == []


def test_a_mine_is_a_loss_and_then_everything_shows() -> None:
    state = after(SMALL, "flag D2", "flag A5", "D1", "E5")

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason, outcome.points) == ((0.0,), "a mine went off at E5", (10,))
    assert rules.hide(state, None) == state
    assert picture(state) == [
        "  1*x",  # A4 was not found, A5 was flagged and is free
        "  1..",
        "111..",
        "1F...",
        "....*",
    ]
    grid = rules.view(state, None).grid
    assert [grid[0][3].tone, grid[0][4].tone, grid[4][4].tone] == ["accent", "bad", "bad"]
    assert not any(cell.move for row in grid for cell in row)


def test_a_number_opens_what_is_around_it_once_its_mines_are_flagged() -> None:
    state = after(SMALL, "flag D2")
    assert "C2" in rules.legal(state, 0)
    assert "C2" not in rules.legal(SMALL, 0)
    assert rules.view(state, 0).grid[2][1].move == "C2"

    state = after(state, "C2")
    assert picture(state)[3] == "1F1.."
    assert "C2" not in rules.legal(state, 0), "nothing is left to open around it"


def test_a_wrong_flag_makes_it_a_loss() -> None:
    state = after(SMALL, "flag D1", "C2")

    outcome = rules.outcome(state)
    assert outcome is not None
    assert outcome.reason == "a mine went off at D2"


def test_a_flagged_cell_does_not_open_until_the_flag_is_taken_away() -> None:
    state = after(SMALL, "flag C4")
    assert picture(after(state, "C5"))[2] == "111F ", "what spreads leaves it covered"

    refused = refusal(state, "C4")
    assert refused.code == "flagged"
    assert refused.sentence == "C4 is flagged: to open it, take the flag away with flag C4."
    assert rules.view(state, 0).grid[2][3].move == "flag C4"
    assert after(state, "flag C4").face == SMALL.face


def test_there_are_as_many_flags_as_mines() -> None:
    state = after(SMALL, "flag D2", "flag D1", "flag D3")

    assert [move for move in rules.legal(state, 0) if "flag" in move] == ["flag D1", "flag D2", "flag D3"]
    refused = refusal(state, "flag D4")
    assert refused.code == "no_flag_left"
    assert refused.sentence == "All 3 flags are set: take one away, or open a cell."


def test_flags_can_be_set_so_often_and_always_be_taken_away() -> None:
    state = after(replace(SMALL, flags=MOST_FLAGS - 1), "flag D2")
    assert state.flags == MOST_FLAGS
    assert refusal(state, "flag D1").code == "flags_spent"

    state = after(state, "flag D2")
    assert not any("flag" in move for move in rules.legal(state, 0))
    assert rules.legal(state, 0)


def test_nothing_is_flagged_before_the_mines_are_laid() -> None:
    refused = refusal(rules.start(1, Options()), "flag A1")

    assert refused.code == "nothing_laid"
    assert refused.sentence == "The mines are laid after the first opening: open a cell, such as A1."


def test_what_is_open_is_refused() -> None:
    assert refusal(SMALL, "A1").code == refusal(SMALL, "C2").code == "already_open"
    assert refusal(SMALL, "C2").sentence == (
        "C2 is open. Open a covered cell, or a number with covered cells around it and as many flags "
        "as it says."
    )
    assert refusal(SMALL, "flag C2").code == "already_open"
    assert refusal(SMALL, "flag C2").sentence == "C2 is open: flag a covered cell."


@pytest.mark.parametrize(
    "move",
    ["", "A", "1", "A0", "A6", "F1", "a1", "A01", " A1", "A1 ", "flag", "flag ", "flag F1", "flag  A1"],
)
def test_what_is_no_cell_is_refused(move: str) -> None:
    refused = refusal(SMALL, move)

    assert refused.code == "no_such_cell"
    assert refused.sentence == "Type a cell from A1 to E5 to open it, or flag A1 to flag it."


@pytest.mark.parametrize(
    ("typed", "move"),
    [("b7", "B7"), (" B 07 ", "B7"), ("FLAG b7", "flag B7"), ("f b7", "flag B7"), ("f7", "F7"), ("?", "?")],
)
def test_moves_are_read_in_small_letters_and_short(typed: str, move: str) -> None:
    assert rules.read(SMALL, 0, typed) == move


def test_a_field_is_headed_by_letters_and_numbers() -> None:
    view = rules.view(rules.start(1, Options()), 0)
    assert (view.rows, view.columns) == (tuple("ABCDEFGHI"), tuple("123456789"))
    assert view.lines == (
        "Mines: 10   Flags: 0   To open: 71",
        "The mines are laid once you open a first cell, which is safe.",
    )

    wide = rules.view(rules.start(1, Options(level="expert")), 0)
    assert "".join(wide.columns) == "123456789012345678901234567890", "the last digits, one column each"


# ------------------------------------------------------------------------ what nobody may see, and guess


def fields(seed: int, openings: int, **options: Any) -> State:
    """A field that was played for a while, by someone who knows where the mines are."""
    random = Random(seed)
    state = dealt(random, Options(**options))
    for _ in range(openings):
        free = [at for at, shown in enumerate(state.face) if shown == "." and at not in state.laid]
        if not rules.actors(state) or not free:
            break
        state = rules.play(state, 0, field(state.width, state.height).names[random.choice(free)])
    return state


@given(
    seed=st.integers(0, 10**6),
    openings=st.integers(0, 12),
    level=st.sampled_from(["beginner", "intermediate", "expert"]),
    safe=st.sampled_from(["around", "cell"]),
)
def test_an_imagined_field_looks_the_same_and_can_be_played_to_its_end(
    seed: int, openings: int, level: str, safe: str
) -> None:
    state = fields(seed, openings, level=level, safe=safe)
    if not rules.actors(state):
        return
    hidden = rules.hide(state, 0)
    assert set(hidden.laid) == {-1}
    assert rules.legal(hidden, 0) == rules.legal(state, 0)

    imagined = rules.imagine(hidden, 0, Random(seed).randrange)
    assert len(set(imagined.laid)) == imagined.mines
    assert rules.hide(imagined, 0) == hidden
    near = field(state.width, state.height).near
    for at, shown in enumerate(imagined.face):
        if shown.isdigit():
            assert at not in imagined.laid
            assert sum(cell in imagined.laid for cell in near[at]) == int(shown)
    for at, name in enumerate(field(state.width, state.height).names):
        if at not in imagined.laid and imagined.face[at] == ".":
            imagined = rules.play(imagined, 0, name)
    outcome = rules.outcome(imagined)
    assert outcome is not None
    assert outcome.scores == (1.0,)


@given(seed=st.integers(0, 10**6), drawn=st.integers(0, 10))
def test_a_field_that_is_still_being_laid_can_be_imagined(seed: int, drawn: int) -> None:
    random = Random(seed)
    state = rules.play(rules.start(1, Options()), 0, "E5")
    for _ in range(drawn):
        state = rules.resolve(state, random.choice(rules.chances(state))[0])
    hidden = rules.hide(state, 0)
    imagined = rules.imagine(hidden, 0, random.randrange)

    assert rules.actors(hidden) == rules.actors(imagined) == (CHANCE,)
    assert len(set(imagined.laid)) == drawn
    assert not set(imagined.laid) & {at for at in range(81) if 3 <= at // 9 <= 5 and 3 <= at % 9 <= 5}
    assert rules.hide(imagined, 0) == hidden


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 6, 7])
def test_all_fields_that_fit_are_imagined_alike_often(seed: int) -> None:
    # Given a small field, and every way to lay its mines that agrees with what is seen
    random = Random(seed)
    state = fields(seed, 1 + seed % 2, width=5, height=4, mines=6, safe="cell")
    assert rules.actors(state) == (0,)
    near = field(5, 4).near
    numbers = [(at, int(shown)) for at, shown in enumerate(state.face) if shown.isdigit()]
    hidden = [at for at, shown in enumerate(state.face) if shown == "."]
    fitting = {
        mines
        for mines in combinations(hidden, state.mines)
        if all(sum(cell in mines for cell in near[at]) == count for at, count in numbers)
    }

    # When it is imagined many times
    masked = rules.hide(state, 0)
    many = 40 * len(fitting)
    seen = Counter(tuple(sorted(rules.imagine(masked, 0, random.randrange).laid)) for _ in range(many))

    # Then all of them came up, and no others, each about 40 times (6 standard deviations or less off)
    assert set(seen) == fitting
    assert len(fitting) > 1
    assert all(abs(count - 40) < 6 * 40**0.5 for count in seen.values())


def test_two_fields_that_look_the_same_hide_to_the_same_one() -> None:
    here = laid("A1", "D4", "E5", width=5, height=5)
    there = laid("A1", "E4", "D5", width=5, height=5)
    here, there = (replace(state, face="0" + "." * 24) for state in (here, there))

    for seat in (None, 0):
        assert rules.hide(here, seat) == rules.hide(there, seat)
    assert here != there


def test_a_state_being_played_says_nothing_of_its_mines() -> None:
    hidden = rules.hide(SMALL, 0)

    assert hidden.laid == (-1, -1, -1)
    assert rules.hide(hidden, 0) == hidden
    assert rules.imagine(SMALL, 0, Random(1).randrange) == SMALL, "what is known needs no imagination"
