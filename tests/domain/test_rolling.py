"""Dice notation: what is read, what is thrown, what counts."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.domain.rolling import MOST_AGAIN, MOST_DICE, parse, throw, written


def showing(*pips: int) -> Callable[[int], int]:
    """Dice that show these, one after the other."""
    following = iter(pips)
    return lambda sides: next(following)


@pytest.mark.parametrize(
    ("text", "pips", "shown", "total"),
    [
        ("3d6+2", (2, 4, 6), "[2 4 6] + 2", 14),
        ("d6", (3,), "[3]", 3),
        ("d%", (100,), "[100]", 100),
        ("4d6kh3", (2, 5, 1, 6), "[2 5 (1) 6]", 13),
        ("2d20kl", (12, 7), "[(12) 7]", 7),
        ("2d6kh", (4, 4), "[4 (4)]", 4),
        ("3d6!", (6, 2, 6, 6, 1, 2), "[6 2 6 6 1 2]", 23),
        ("1d6!", (6, 6, 3), "[6 6 3]", 15),
        ("2d6!kh1", (6, 1, 5), "[6 (1) (5)]", 6),
        ("2d6kl1!", (6, 1, 5), "[(6) 1 (5)]", 1),
        (" 2D6 - 1d4 - 3 ", (1, 2, 4), "[1 2] - [4] - 3", -4),
        ("-1d6", (5,), "- [5]", -5),
        ("7", (), "7", 7),
    ],
)
def test_what_is_thrown_and_what_it_comes_to(
    text: str, pips: tuple[int, ...], shown: str, total: int
) -> None:
    thrown = throw(parse(text), showing(*pips))
    assert (written(thrown), sum(each.value for each in thrown)) == (shown, total)


@pytest.mark.parametrize(
    "text",
    ["", "+", "3d", "d", "3x6", "3d6+", "3d6 or so", "0d6", "101d6", "1d1", "1d1001", "2d6kh3", "2d6kh0",
     "1d6+100001", "60d6+41d6", "+".join(["1"] * 11), "³d6", "1d6;drop", "@everyone", "1d6" * 2],
)  # fmt: skip
def test_what_is_no_dice_notation_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.code in ("bad_dice", "too_many_dice")


def test_dice_that_always_explode_come_to_an_end() -> None:
    [thrown] = throw(parse("100d2!"), lambda sides: sides)
    assert len(thrown.dice) == MOST_DICE + MOST_AGAIN


@given(st.integers(1, 20), st.integers(2, 20), st.data())
def test_the_highest_and_the_lowest_together_are_all(number: int, sides: int, data: st.DataObject) -> None:
    pips = data.draw(st.lists(st.integers(1, sides), min_size=number, max_size=number))
    kept = data.draw(st.integers(1, number))
    [high] = throw(parse(f"{number}d{sides}kh{kept}"), showing(*pips))
    assert high.value == sum(sorted(pips)[-kept:])
    [low] = throw(parse(f"{number}d{sides}kl{kept}"), showing(*pips))
    assert low.value == sum(sorted(pips)[:kept])


@given(st.text(alphabet="0123456789d+-khl!% ", max_size=30))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        parts = parse(text)
    except Refused:
        return
    assert throw(parts, lambda sides: 1)
