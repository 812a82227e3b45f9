"""Battleship: placing in secret, shooting, sinking, and what a player can know of the other's sea."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE
from milena.domain.view import View
from milena.games.battleship import FLEETS, HIDDEN, LENGTHS, Options, State, has_room, places_of, rules

SMALL = Options(size=7, fleet="small")
APART = Options(touching=False)
OPTIONS = [
    Options(size, fleet, touching, again)
    for size in range(6, 11)
    for fleet in ("classic", "small")
    for touching in (True, False)
    for again in (True, False)
]
PLAYABLE = [options for options in OPTIONS if has_room(options)]

LEFT_EDGE = ("A1 across", "B1 across", "C1 across", "D1 across", "E1 across")
"""A fleet in the top left corner, each ship below the one before."""


def placed(first: tuple[str, ...], second: tuple[str, ...], options: Options | None = None) -> State:
    state = rules.start(2, options or Options())
    for seat, fleet in enumerate((first, second)):
        for place in fleet:
            state = rules.play(state, seat, place)
    return state


def edge(options: Options | None = None) -> State:
    """Both fleets at the left edge, the first player to shoot."""
    fleet = LEFT_EDGE[: len(FLEETS[(options or Options()).fleet])]
    return placed(fleet, fleet, options)


def shoot(state: State, *cells: str) -> State:
    """By turns, whosever turn it is."""
    for cell in cells:
        (seat,) = rules.actors(state)
        state = rules.play(state, seat, cell)
    return state


def refusal(state: State, seat: int, move: str) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


def seen(state: State, seat: int | None) -> View:
    return rules.view(rules.hide(state, seat), seat)


def drawn(view: View) -> list[str]:
    return ["".join(cell.text or "." for cell in row) for row in view.grid]


def draw_all(state: State, random: Random) -> State:
    while rules.actors(state) == (CHANCE,):
        state = rules.resolve(state, random.choice(rules.chances(state))[0])
    return state


def ready(options: Options, random: Random) -> State:
    """A game whose fleets chance has placed."""
    state = rules.start(2, options)
    for seat in (1, 0):
        state = draw_all(rules.play(state, seat, "random"), random)
    return state


def cells_of(options: Options, fleet: tuple[str, ...]) -> list[set[tuple[int, int]]]:
    """Rows and columns of each ship, computed from its name alone."""
    ships = []
    for name, place in zip(FLEETS[options.fleet], fleet, strict=False):
        cell, way = place.split()
        row, column = "ABCDEFGHIJ".index(cell[0]), int(cell[1:]) - 1
        ships.append(
            {(row + n * (way == "down"), column + n * (way == "across")) for n in range(LENGTHS[name])}
        )
    return ships


# Placing


def test_the_fleet_is_that_of_the_published_game() -> None:
    assert LENGTHS == {"carrier": 5, "battleship": 4, "destroyer": 3, "submarine": 3, "patrol boat": 2}


@pytest.mark.parametrize("options", OPTIONS)
def test_a_ship_of_n_cells_has_two_ways_to_lie_in_each_line_that_is_long_enough(options: Options) -> None:
    for ship, name in enumerate(FLEETS[options.fleet]):
        starts = options.size - LENGTHS[name] + 1
        every = places_of(options, ship)

        assert len(every) == 2 * options.size * starts
        assert all(place.cells.bit_count() == LENGTHS[name] for place in every.values())


def test_both_place_their_ships_at_the_same_time_in_any_order() -> None:
    state = rules.start(2, Options())
    assert rules.actors(state) == (0, 1)

    state = rules.play(state, 1, "A1 across")
    for place in LEFT_EDGE:
        state = rules.play(state, 0, place)
    assert rules.actors(state) == (1,)
    assert rules.legal(state, 0) == []

    for place in LEFT_EDGE[1:]:
        assert rules.secret(state)
        state = rules.play(state, 1, place)
    assert rules.actors(state) == (0,)
    assert not rules.secret(state)


def test_a_ship_lies_across_or_down_from_its_first_cell() -> None:
    state = rules.play(rules.start(2, SMALL), 0, "B2 down")
    state = rules.play(state, 0, "G5 across")

    assert drawn(seen(state, 0))[:2] == ["." * 15, ".B............."]
    assert [row[:7] for row in drawn(seen(state, 0))] == [
        *(".......", ".B.....", ".B.....", ".B.....", ".B....."),
        *(".......", "....SSS"),
    ]


def test_a_ship_stays_on_the_board() -> None:
    legal = rules.legal(rules.start(2, Options()), 0)

    assert "A6 across" in legal
    assert "A7 across" not in legal
    assert "F10 down" in legal
    assert "G10 down" not in legal
    refused = refusal(rules.start(2, Options()), 0, "A7 across")
    assert refused.code == "no_such_place"
    assert refused.sentence == (
        "The carrier is 5 long and can't lie there. "
        "Name its first cell and across or down, such as A1 across, or random for all that are left."
    )


def test_no_two_ships_of_one_player_share_a_cell() -> None:
    state = rules.play(rules.start(2, Options()), 0, "C3 across")

    assert refusal(state, 0, "A5 down").code == "in_the_way"
    assert "A5 down" not in rules.legal(state, 0)
    assert "A5 down" in rules.legal(state, 1), "the other has a sea of his or her own"
    assert "D3 across" in rules.legal(state, 0), "side by side"


def test_ships_that_may_not_touch_keep_a_cell_apart_at_the_corners_too() -> None:
    state = rules.play(rules.start(2, APART), 0, "C3 across")

    for near in ("B3 across", "D3 across", "D7 across", "D8 down", "B8 down", "D2 down"):
        assert refusal(state, 0, near).code == "in_the_way"
    for far in ("A3 across", "E3 across", "D9 down", "D1 down"):
        assert far in rules.legal(state, 0)


def test_chance_places_all_ships_that_are_left_one_by_one_and_in_secret() -> None:
    state = rules.play(rules.start(2, Options()), 1, "C3 across")
    state = rules.play(state, 1, "random")

    for count in (1, 2, 3, 4):
        assert rules.actors(state) == (CHANCE,)
        assert rules.secret(state)
        assert len(state.fleets[1]) == count
        outcomes = rules.chances(state)
        assert {weight for _, weight in outcomes} == {1}
        state = rules.resolve(state, outcomes[-1][0])

    assert rules.actors(state) == (0,)
    assert rules.chances(state) == []
    assert state.fleets[1][0] == "C3 across"
    assert len(set().union(*cells_of(Options(), state.fleets[1]))) == 17


@given(options=st.sampled_from(PLAYABLE), seed=st.integers(0, 2**32))
def test_however_ships_are_placed_there_is_room_for_the_next(options: Options, seed: int) -> None:
    random = Random(seed)
    state = rules.start(2, options)
    for _ in FLEETS[options.fleet]:
        state = rules.play(state, 0, random.choice(rules.legal(state, 0)[1:]))

    ships = cells_of(options, state.fleets[0])
    assert len(set().union(*ships)) == sum(map(len, ships))
    if not options.touching:
        for ship in ships:
            around = {(row + i, column + j) for row, column in ship for i in (-1, 0, 1) for j in (-1, 0, 1)}
            assert not any(around & other for other in ships if other is not ship)


def test_a_board_that_may_be_too_small_for_the_fleet_is_refused_before_the_game() -> None:
    refused = {(o.size, o.fleet, o.touching) for o in OPTIONS if not has_room(o)}

    assert refused == {
        *((size, "classic", False) for size in (6, 7, 8, 9)),
        (6, "classic", True),
        (6, "small", False),
    }
    with pytest.raises(Refused, match="choose a larger size, the small fleet, or let ships touch"):
        rules.start(2, Options(size=8, touching=False))


# Shooting


def test_a_miss_and_a_hit_are_told_and_each_player_shoots_once() -> None:
    state = shoot(edge(), "J10")
    assert "Player 1 shot at J10: a miss" in seen(state, None).lines
    assert rules.actors(state) == (1,)

    state = shoot(state, "B4")
    assert "Player 2 shot at B4: hit the battleship" in seen(state, None).lines
    assert rules.actors(state) == (0,)


def test_a_ship_that_is_hit_all_over_is_sunk() -> None:
    state = shoot(edge(), "E1", "J1", "E2")

    assert seen(state, None).lines[1:] == (
        "Player 1 shot at E2: sank the patrol boat",
        "Player 2 lost: patrol boat",
    )


def test_a_hit_shoots_again_where_the_players_want_it_so() -> None:
    state = shoot(edge(Options(again=True)), "A1")
    assert rules.actors(state) == (0,)
    state = shoot(state, "A2", "J1")
    assert rules.actors(state) == (1,)
    assert rules.actors(shoot(state, "A1")) == (1,)


def test_no_cell_is_shot_at_twice_by_one_player() -> None:
    state = shoot(edge(), "A1", "A1")

    refused = refusal(state, 0, "A1")
    assert refused.code == "shot_before"
    assert refused.sentence == "A1 was shot at before; choose another cell, such as A2."
    assert "A1" not in rules.legal(state, 0)
    assert len(rules.legal(state, 0)) == 99


@pytest.mark.parametrize("move", ["", "K1", "A11", "A0", "a1", "A1 across", "random", "A", "1", "A１", "AA"])
def test_what_is_no_cell_is_refused(move: str) -> None:
    refused = refusal(shoot(edge(), "B1", "B1"), 0, move)

    assert refused.code == "no_such_cell"
    assert refused.sentence == "Shoot at a cell by its row and column, such as A1."


@pytest.mark.parametrize(
    ("typed", "move"),
    [
        *((" b7 ", "B7"), ("E-7", "E7"), ("b07", "B7"), ("j10", "J10")),
        *(("b7 a", "B7 across"), ("b7d", "B7 down"), ("B7  Down", "B7 down"), ("b7 h", "B7 across")),
        *(("b7 vertical", "B7 down"), ("r", "random"), ("Rand", "random"), ("", ""), ("b 7", "B7")),
    ],
)
def test_moves_are_read_leniently(typed: str, move: str) -> None:
    assert rules.read(edge(), 0, typed) == move


def test_whoever_sinks_the_whole_fleet_wins_and_points_are_the_ships_sunk() -> None:
    fleet = [
        f"{row}{column}"
        for row, length in zip("ABC", (4, 3, 2), strict=True)
        for column in range(1, 1 + length)
    ]
    water = ["E1", "E2", "C1", "C2", "E3", "E4", "E5", "E6"]
    state = edge(SMALL)
    for at, cell in enumerate(fleet):
        assert rules.outcome(state) is None
        state = shoot(state, cell, *water[at : at + 1])

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((1.0, 0.0), (3, 1))
    assert rules.actors(state) == ()
    assert rules.legal(state, 1) == []


def test_the_second_player_can_win() -> None:
    state = edge(SMALL)
    fleet = ("A1", "A2", "A3", "A4", "B1", "B2", "B3", "C1", "C2")
    water = ("E1", "E2", "E3", "E4", "E5", "E6", "E7", "F1", "F2")
    for missed, hit in zip(water, fleet, strict=True):
        state = shoot(state, missed, hit)

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0.0, 1.0), (0, 3))


def test_the_longest_game_stays_within_the_bound() -> None:
    # Each ship but one is placed by hand, and both shoot at every cell of the water first
    state = rules.start(2, Options())
    plies = 0
    for seat in (0, 1):
        for place in LEFT_EDGE[:-1]:
            state = rules.play(state, seat, place)
        state = rules.resolve(rules.play(state, seat, "random"), LEFT_EDGE[-1])
        plies += 6
    while actors := rules.actors(state):
        state = rules.play(state, actors[0], rules.legal(state, actors[0])[-1])
        plies += 1

    assert plies == 12 + 199
    assert plies <= rules.bound


# Secrets


def test_places_are_known_to_their_owner_only() -> None:
    state = shoot(placed(LEFT_EDGE, tuple(place.replace("1 ", "3 ") for place in LEFT_EDGE)), "A1", "A1")

    assert rules.hide(state, 0).fleets == (LEFT_EDGE, (HIDDEN,) * 5)
    assert rules.hide(state, 1).fleets[0] == (HIDDEN,) * 5
    assert rules.hide(state, None).fleets == ((HIDDEN,) * 5,) * 2


def test_the_own_sea_is_on_the_left_and_the_target_on_the_right() -> None:
    second = tuple(place.replace("1 ", "4 ") for place in LEFT_EDGE)
    state = shoot(placed(LEFT_EDGE, second), "A4", "E1", "A1", "E2")

    assert drawn(seen(state, 0))[:5] == [
        "CCCCC......o..c......",
        "BBBB.................",
        "DDD..................",
        "SSS..................",
        "pp...................",
    ]
    assert drawn(seen(state, 1))[0] == "o..cCCCC............."
    assert drawn(seen(state, 1))[4] == "...PP......pp........"
    assert drawn(seen(state, None))[0] == "...........o..c......"
    assert drawn(seen(state, None))[4] == "pp..................."
    assert seen(state, 0).columns[9:12] == ("10", "", "1")
    assert seen(state, 0).rows == tuple("ABCDEFGHIJ")


def test_pressing_a_cell_of_the_target_shoots_at_it() -> None:
    view = seen(shoot(edge(), "A1", "A1"), 0)
    pressed = [cell.move for cell in view.grid[0]]

    assert pressed == ["", *[""] * 9, "", "", *[f"A{column}" for column in range(2, 11)]]
    assert not any(cell.move for row in seen(shoot(edge(), "A1"), 0).grid for cell in row)


def test_while_ships_are_placed_the_others_are_told_how_many_only() -> None:
    one = rules.play(rules.play(rules.start(2, Options()), 0, "A1 across"), 0, "C1 across")
    two = rules.play(rules.play(rules.start(2, Options()), 0, "F2 down"), 0, "A9 down")

    for watcher in (1, None):
        assert rules.hide(one, watcher) == rules.hide(two, watcher)
    assert seen(one, None).lines[1:] == (
        "Player 1 has placed 2 of 5 ships",
        "Player 2 has placed 0 of 5 ships",
    )
    assert seen(one, 0).lines[2] == "Next: the destroyer, 3 long: B2 across, B2 down, or random"


def test_all_is_shown_at_the_end() -> None:
    state = edge(SMALL)
    while actors := rules.actors(state):
        state = rules.play(state, actors[0], rules.legal(state, actors[0])[0])

    assert rules.hide(state, None) == state
    assert drawn(seen(state, None))[:3] == ["bbbbooo.bbbbooo", "sssoooo.sssoooo", "pP......pp....."]
    assert rules.outcome(state) == rules.outcome(rules.hide(state, 1))


@given(options=st.sampled_from(PLAYABLE), seed=st.integers(0, 2**32))
def test_lines_fit_a_screen(options: Options, seed: int) -> None:
    random = Random(seed)
    state = ready(options, random)
    while actors := rules.actors(state):
        state = rules.play(state, actors[0], random.choice(rules.legal(state, actors[0])))
    for seat in (None, 0, 1):
        assert all(len(line) <= 70 for line in seen(state, seat).lines)


# Imagining


def test_what_is_imagined_could_be_so() -> None:
    # Given a carrier hit in the middle with water on both sides of it, so that it must lie down
    state = placed(
        LEFT_EDGE, ("C5 down", *(place.replace("1 ", "7 ") for place in LEFT_EDGE[1:4]), "J9 across")
    )
    state = shoot(state, "E5", "J1", "E4", "J2", "E6", "J3", "D5", "J4", "H5", "J5", "J9", "J6", "J10", "J7")
    random = Random(1)

    imagined = [rules.imagine(rules.hide(state, 0), 0, random.randrange).fleets[1] for _ in range(200)]

    assert {fleet[0] for fleet in imagined} == {"A5 down", "B5 down", "C5 down"}
    assert {fleet[4] for fleet in imagined} == {"J9 across"}, "it is sunk, and so known"
    assert len({fleet[1] for fleet in imagined}) > 20


@settings(max_examples=60)
@given(options=st.sampled_from(PLAYABLE), seed=st.integers(0, 2**32), hunting=st.booleans())
def test_at_any_time_a_seat_can_imagine_a_state_that_looks_the_same_to_it(
    options: Options, seed: int, hunting: bool
) -> None:
    random = Random(seed)
    state = rules.start(2, options)
    while actors := rules.actors(state):
        if actors == (CHANCE,):
            state = rules.resolve(state, random.choice(rules.chances(state))[0])
            continue
        seat = random.choice(actors)
        hidden = rules.hide(state, seat)
        imagined = rules.imagine(hidden, seat, random.randrange)

        assert rules.hide(imagined, seat) == hidden
        assert rules.legal(imagined, seat) == rules.legal(state, seat)
        other = 1 - seat
        ships = cells_of(options, imagined.fleets[other])
        assert len(ships) == len(state.fleets[other])
        assert len(set().union(*ships)) == sum(map(len, ships))
        for row in range(options.size):
            for column in range(options.size):
                mark = imagined.seas[other][row * options.size + column]
                here = [str(n) for n, ship in enumerate(ships) if (row, column) in ship]
                assert mark == "." or [mark] == (here or ["o"])

        moves = rules.legal(state, seat)
        if hunting and not rules.secret(state):  # at a ship, as far as one can know
            targets = {f"{'ABCDEFGHIJ'[row]}{column + 1}" for ship in ships for row, column in ship}
            moves = sorted(targets & set(moves))
        state = rules.play(state, seat, random.choice(moves))


@given(options=st.sampled_from(PLAYABLE), seed=st.integers(0, 2**32), shots=st.integers(0, 60))
def test_what_is_imagined_can_be_played_to_its_end(options: Options, seed: int, shots: int) -> None:
    random = Random(seed)
    state = ready(options, random)
    for _ in range(shots):
        if actors := rules.actors(state):
            state = rules.play(state, actors[0], random.choice(rules.legal(state, actors[0])))
    for seat in (0, 1):
        imagined = rules.imagine(rules.hide(state, seat), seat, random.randrange)
        while actors := rules.actors(imagined):
            imagined = rules.play(imagined, actors[0], random.choice(rules.legal(imagined, actors[0])))
        assert rules.outcome(imagined) is not None
