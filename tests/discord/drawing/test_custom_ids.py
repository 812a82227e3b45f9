"""A custom id says what a button means, in at most 100 characters, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.discord.custom_ids import (
    LONGEST,
    OFFERS,
    WORDS,
    Ask,
    Call,
    Choose,
    Control,
    CustomId,
    Hand,
    Menu,
    Numbered,
    Offered,
    Play,
    Typed,
    format,
    of_action,
    parse,
)
from milena.domain.command import Action
from milena.domain.game import LONGEST_MOVE
from milena.domain.ids import ALPHABET

GAME = st.text(ALPHABET, min_size=12, max_size=12)
COUNT = st.integers(0, 999_999)
OPTIONS = st.dictionaries(GAME, COUNT | GAME, max_size=2)
MAYBE = st.none() | st.integers(-9999, 999_999)
MOVE = st.text(
    st.characters(max_codepoint=0xFFFF, exclude_categories=["C"]), min_size=1, max_size=LONGEST_MOVE
)
IDS: st.SearchStrategy[CustomId] = st.one_of(
    st.builds(Play, GAME, MAYBE, MAYBE, MOVE),
    st.builds(Numbered, GAME, COUNT, COUNT),
    st.builds(Menu, GAME, MAYBE, MAYBE, COUNT),
    st.builds(Ask, GAME, MAYBE, MAYBE),
    st.builds(Typed, GAME, MAYBE, MAYBE),
    st.builds(Hand, GAME, COUNT),
    st.builds(Control, GAME, st.sampled_from(WORDS), st.sampled_from(OFFERS)),
    st.builds(Call, st.sampled_from(["ping", "remind cancel"]), OPTIONS),
    st.builds(Choose, st.sampled_from(["setup", "config set"]), st.sampled_from(["value", "a_b"]), OPTIONS),
    st.builds(Offered, st.integers(0, 10**12), COUNT),
)  # fmt: skip


@given(IDS)
def test_what_is_written_is_read(id: CustomId) -> None:
    text = format(id)
    assert len(text) <= LONGEST
    assert parse(text) == id


@given(
    st.text(max_size=100) | st.builds("1:{}:{}".format, st.sampled_from("pnstwhcamxy"), st.text(max_size=60))
)
def test_whatever_is_read_is_written_the_same(text: str) -> None:
    id = parse(text)
    assert id is None or isinstance(id, Call | Choose) or format(id) == text


@pytest.mark.parametrize(
    "text",
    ["", "p", "1:p", "2:h:2q4610vyh0k3:0", "1:h:2q4610vyh0k3:01", "1:h:2q4610vyh0k3:-1", "1:q:2q4610vyh0k3",
     "1:c:2q4610vyh0k3:void:", "1:p:2q4610vyh0k3:1::", "1:a:{]:ping", "1:a:[]:ping", "page_next",
     "1:m:[]:value:setup", "1:m:{}:setup"],
)  # fmt: skip
def test_what_is_not_ours_is_told_from_it(text: str) -> None:
    assert parse(text) is None


def test_an_action_is_called_by_what_it_does_where_that_fits() -> None:
    assert of_action(Action("Cancel", "remind cancel", {"id": "k3"}), 7, 0) == Call(
        "remind cancel", {"id": "k3"}
    )
    long = Action("Say", "quote", {"text": "x" * 90})
    assert of_action(long, 7, 1) == Offered(7, 1)
