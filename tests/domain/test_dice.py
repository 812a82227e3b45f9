"""Dice: what several show together, and in how many ways."""

from collections import Counter
from itertools import product

import pytest

from milena.domain.dice import rolls


@pytest.mark.parametrize("count", range(1, 7))
def test_each_roll_comes_about_in_as_many_ways_as_dice_can_fall(count: int) -> None:
    fallen = Counter("".join(sorted(faces)) for faces in product("123456", repeat=count))
    assert dict(rolls(count)) == fallen
    assert [roll for roll, _ in rolls(count)] == sorted(fallen)


def test_a_text_may_stand_between_the_dice() -> None:
    assert rolls(2, ",")[:2] == (("1,1", 1), ("1,2", 2))
