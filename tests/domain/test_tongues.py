"""Languages in which times are typed: each says all there is, and no word of theirs means two things."""

import re
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from milena.domain.moments import parse
from milena.domain.refusal import Refused
from milena.domain.spans import UNITS, seconds
from milena.domain.tongues import DAYS, ENGLISH, NEAR, TONGUES, Tongue, tongues

NOON = 1_767_265_200_000
EACH = pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.locale)


def examples(said: str) -> list[str]:
    return re.split(r", | or | oder ", said)


@EACH
def test_examples_are_understood(tongue: Tongue) -> None:
    assert len(examples(tongue.moments)) == 6
    for text in examples(tongue.moments):
        assert parse(text, NOON, ZoneInfo("Europe/Berlin"), tongue.locale).at > NOON
    assert [seconds(text, tongue.locale) for text in examples(tongue.spans)] == [900, 7200, 129_600]


@EACH
def test_each_language_has_words_for_all_that_the_others_can_say(tongue: Tongue) -> None:
    needed = {*UNITS, "overmorrow", "every d"}
    if tongue is not ENGLISH:  # whose words those of the grammar are
        needed |= {*DAYS, *NEAR, "ago", "and", "on", "next", "every"}
    assert not needed - tongue.words.keys()
    assert len(tongue.numbers.split()) == 12
    for word, ways in tongue.words.items():
        for way in ways.split("|"):
            assert way == way.lower()
            assert tongue.grammar(f"x {way.upper()} 7") == f"x {word} 7"


def test_no_word_means_one_thing_here_and_another_there() -> None:
    for one, other in combinations(TONGUES, 2):
        both = one._meanings.keys() & other._meanings.keys()
        assert [way for way in both if one._meanings[way] != other._meanings[way]] == []


@pytest.mark.parametrize(
    ("locale", "first"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("", "en"), ("ja", "en")]
)
def test_the_own_language_comes_first(locale: str, first: str) -> None:
    assert tongues(locale)[0].locale == first
    assert len(tongues(locale)) == len(TONGUES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2 Wochen", 1_209_600), ("1 Tag, 12 Stunden", 129_600), ("1d12h", 129_600), ("two hours", 7200),
        ("eine Stunde und 5 Min", 3900), ("90s", 90), ("90 Sek", 90),
    ],
)  # fmt: skip
def test_spans_are_read_in_each_language(text: str, wanted: int) -> None:
    assert seconds(text) == seconds(text, "de") == wanted


@pytest.mark.parametrize("text", ["vor 3 Tagen", "3 days ago", "3 Tage", "3d"])
def test_how_far_back_may_say_so(text: str) -> None:
    assert seconds(text, back=True) == 259_200


@pytest.mark.parametrize(
    "text", ["", "2", "Tage", "2 Monate", "vor 3 Tagen", "2hx", "3 Tagesx", "0h", "400 Tage"]
)
def test_what_is_no_span_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Refused, match="15 Minuten, 2 Stunden oder 1 Tag 12 Stunden"):
        seconds(text, "de")
    with pytest.raises(Refused, match="15m, 2h or 1d 12h"):
        seconds(text, "en-US")
