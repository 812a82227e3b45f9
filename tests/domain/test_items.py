"""Items in a fixed order: each change gives new ones, and leaves those there were as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.items import add, covered, either, in_rows, put, without

ITEMS = st.lists(st.integers(0, 9), min_size=1).map(tuple)


@given(items=ITEMS, data=st.data())
def test_an_item_is_put_in_place_of_another(items: tuple[int, ...], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(items) - 1))
    changed = put(items, at, 42)
    assert changed[at] == 42
    assert [*changed[:at], *changed[at + 1 :]] == [*items[:at], *items[at + 1 :]]


@given(counts=ITEMS, data=st.data())
def test_only_what_is_counted_there_grows(counts: tuple[int, ...], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(counts) - 1))
    grown = add(counts, at, -3)
    assert [after - before for before, after in zip(counts, grown, strict=True)] == [
        -3 if each == at else 0 for each in range(len(counts))
    ]


def test_one_of_several_alike_is_left_out() -> None:
    assert without(("2H", "8S", "2H", "KD"), "2H") == ("8S", "2H", "KD")


def test_what_is_not_there_cant_be_left_out() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        without(("2H", "8S"), "KD")


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (3, (("a", "b", "c"), ("d", "e", "f"))),
        (4, (("a", "b", "c", "d"), ("e", "f"))),
        (9, (tuple("abcdef"),)),
    ],
)
def test_rows_are_filled_one_after_the_other(width: int, rows: tuple[tuple[str, ...], ...]) -> None:
    assert in_rows("abcdef", width) == rows


def test_nothing_makes_no_rows() -> None:
    assert in_rows((), 4) == ()


def test_a_seat_sees_its_own_hand_and_how_many_cards_the_others_hold() -> None:
    hands = (("2H", "KD"), (), ("8S",))
    assert covered(hands, 0, "?") == (("2H", "KD"), (), ("?",))
    assert covered(hands, 2, "?") == (("?", "?"), (), ("8S",))


def test_a_spectator_sees_no_hand() -> None:
    assert covered((("2H", "KD"), ("8S",)), None, "?") == (("?", "?"), ("?",))


@pytest.mark.parametrize(
    ("items", "told"), [(["hit"], "hit"), (["hit", "stand"], "hit or stand"), (list("abc"), "a, b or c")]
)
def test_one_of_several_is_offered_in_words(items: list[str], told: str) -> None:
    assert either(items) == told
