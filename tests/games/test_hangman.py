"""Hangman: guessing, hanging, giving up, and the word that stays hidden."""

import re
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE
from milena.games.hangman import CATEGORIES, Category, Difficulty, Options, State, difficulty, rules, words


def drawn(word: str, seats: int = 1, wrong: int = 6) -> State:
    """A game whose word has been drawn."""
    return rules.resolve(rules.start(seats, Options(wrong=wrong)), word)


def after(state: State, *guesses: str, seat: int = 0) -> State:
    for guess in guesses:
        state = rules.play(state, seat, guess)
    return state


def shown(state: State) -> str:
    """What a spectator reads of the word."""
    return rules.hide(state, None).word


def refusal(state: State, move: str) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, 0, move)
    return caught.value


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_lists_hold_plain_words_in_order_and_each_once(category: str) -> None:
    listed = (files("milena.games") / "words" / f"{category}.txt").read_text().splitlines()

    assert len(listed) >= 60
    assert listed == sorted(set(listed))
    assert all(re.fullmatch("[a-z]{3,20}", word) for word in listed)


@pytest.mark.parametrize("level", get_args(Difficulty))
@pytest.mark.parametrize("category", get_args(Category))
def test_there_are_words_of_every_category_and_difficulty(category: Category, level: Difficulty) -> None:
    state = rules.start(1, Options(category=category, difficulty=level))
    drawable = [word for word, _ in rules.chances(state)]

    assert len(drawable) >= 15
    assert drawable == sorted(set(drawable))
    assert {weight for _, weight in rules.chances(state)} == {1}
    assert all(difficulty(word) == level for word in drawable)


def test_any_category_is_all_of_them() -> None:
    assert set(words("any", "hard")) == {word for category in CATEGORIES for word in words(category, "hard")}


def test_long_words_of_common_letters_are_easy_and_short_ones_of_rare_letters_hard() -> None:
    assert [difficulty(word) for word in ("rhinoceros", "giraffe", "lynx")] == ["easy", "medium", "hard"]


def test_the_word_is_drawn_first_and_in_secret() -> None:
    start = rules.start(2, Options())

    assert rules.actors(start) == (CHANCE,)
    assert rules.secret(start)
    assert not rules.secret(rules.resolve(start, "zebra"))
    assert rules.chances(drawn("zebra")) == []


def test_everybody_may_guess_at_any_time() -> None:
    state = drawn("zebra", seats=3)

    assert rules.actors(state) == (0, 1, 2)
    assert rules.actors(after(state, "z", seat=1)) == (0, 1, 2)


def test_a_letter_shows_wherever_it_stands() -> None:
    assert shown(drawn("banana")) == "______"
    assert shown(after(drawn("banana"), "a")) == "_a_a_a"
    assert shown(after(drawn("banana"), "a", "x", "n")) == "_anana"


def test_words_of_one_pattern_look_alike_until_the_end() -> None:
    bat, rat = (after(drawn(word, seats=2), "a", "x") for word in ("bat", "rat"))

    for seat in (None, 0, 1):
        assert rules.hide(bat, seat) == rules.hide(rat, seat)
        assert rules.view(rules.hide(bat, seat), seat) == rules.view(rules.hide(rat, seat), seat)


@given(word=st.sampled_from(words("any", "medium")), guesses=st.permutations("etaoinsrlcdu"))
def test_hiding_shows_found_letters_and_no_others(word: str, guesses: list[str]) -> None:
    state = drawn(word, wrong=12)
    for guess in guesses:
        if not rules.actors(state):
            break
        state = rules.play(state, 0, guess)
        hidden = rules.hide(state, 0)
        assert rules.hide(hidden, 0) == hidden
        if rules.actors(state):
            assert set(hidden.word) <= {*state.found, "_"}
            assert rules.legal(hidden, 0) == rules.legal(state, 0)
        else:
            assert hidden.word == word


def test_the_last_letter_wins_for_all_and_points_are_the_places_uncovered() -> None:
    # Given "banana", where one finds all the "a" and another the rest
    state = after(drawn("banana", seats=3), "a", seat=0)
    state = after(state, "n", "b", seat=2)

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((1.0, 1.0, 1.0), (3, 0, 3))
    assert outcome.reason == "the word was banana"
    assert rules.actors(state) == ()


def test_the_whole_word_may_be_guessed_at_once() -> None:
    state = after(drawn("banana"), "a", "banana")

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((1.0,), (6,))


def test_a_wrong_word_costs_one_miss_as_a_wrong_letter_does() -> None:
    state = after(drawn("zebra"), "x", "horse")

    assert state.wrong == ("x", "horse")
    assert rules.outcome(state) is None
    assert "h" in rules.legal(state, 0), "its letters may still be guessed"


@pytest.mark.parametrize("limit", [1, 6, 12])
def test_the_last_wrong_guess_hangs_everybody(limit: int) -> None:
    misses = "bcdfghijklmn"[:limit]
    almost = after(drawn("tray", seats=2, wrong=limit), "t", *misses[:-1])
    assert rules.outcome(almost) is None

    outcome = rules.outcome(after(almost, misses[-1]))
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0.0, 0.0), (1, 0))
    assert outcome.reason == "hanged, the word was tray"


def test_the_others_play_on_when_one_gives_up() -> None:
    state = rules.resign(drawn("bat", seats=3), 1)
    assert rules.actors(state) == (0, 2)
    assert rules.legal(state, 1) == []

    outcome = rules.outcome(after(state, "bat"))
    assert outcome is not None
    assert outcome.scores == (1.0, 0.0, 1.0)


def test_the_game_is_lost_when_all_have_given_up() -> None:
    state = rules.resign(rules.resign(drawn("bat", seats=2), 1), 0)

    assert rules.actors(state) == ()
    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.0, 0.0), "nobody is left, the word was bat")


@pytest.mark.parametrize("again", ["a", "x", "rat"])
def test_a_guess_made_before_is_refused(again: str) -> None:
    refused = refusal(after(drawn("bat"), "a", "x", "rat"), again)

    assert refused.code == "repeated"
    assert refused.sentence == (
        f"{again.capitalize()} was guessed before. Guess one of "
        "b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, y, z, or a word of 3 letters."
    )


def test_a_word_that_cannot_fit_is_refused_and_costs_nothing() -> None:
    refused = refusal(drawn("bat"), "zebra")

    assert refused.code == "wrong_length"
    assert refused.sentence.startswith("That has 5 letters. Guess one of a, b, c,")
    assert refused.sentence.endswith("or a word of 3 letters.")


@pytest.mark.parametrize(
    "move", ["", " ", "A", "é", "ß", "1", "５", "_", "___", "b t", "a\n", "а", "-", "b_t"]
)
def test_what_is_not_made_of_a_to_z_is_refused(move: str) -> None:
    refused = refusal(drawn("bat"), move)

    assert refused.code == "not_a_guess"
    assert refused.sentence.startswith("That is not made of the letters a to z. Guess one of")


def test_capitals_are_read_as_small_letters() -> None:
    assert rules.read(drawn("bat"), 0, " Bat ") == "bat"


def test_the_gallows_tell_how_it_stands() -> None:
    view = rules.view(rules.hide(after(drawn("banana"), "a", "x", "y", "cabana"), 0), 0)

    assert view.lines == (
        "+---+",
        "|   |",
        "|   O",
        "|  /|",
        "|",
        "+------",
        "_ a _ a _ a",
        "Wrong: x, y, cabana (3 of 6)",
        "Medium",
    )


@pytest.mark.parametrize("limit", range(1, 13))
def test_the_man_is_complete_with_the_last_wrong_guess_and_not_before(limit: int) -> None:
    misses = "bcdfghijklmn"[:limit]
    hanged = after(drawn("tray", wrong=limit), *misses)
    spared = after(drawn("tray", wrong=limit), *misses[:-1])

    assert rules.view(hanged, None).lines[4] == "|  / \\"
    assert rules.view(spared, None).lines[4] != "|  / \\"
