"""Hangman: guessing, hanging, giving up, and the word that stays hidden."""

import re
from importlib.resources import files
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE
from milena.games.hangman import Options, State, rules
from milena.games.words import CATEGORIES, Category, Difficulty, difficulty, words


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


# ------------------------------------------------------------------------- a word that a player sets


def set_by_first(word: str, seats: int = 2, **options: Any) -> State:
    return rules.play(rules.start(seats, Options(word="set", **options)), 0, word)


def test_the_first_player_may_set_the_word_in_secret() -> None:
    start = rules.start(3, Options(word="set"))
    assert rules.actors(start) == (0,)
    assert rules.chances(start) == []
    assert rules.secret(start)

    state = rules.play(start, 0, "hangman")
    assert not rules.secret(state)
    assert rules.actors(state) == (1, 2), "whoever set it does not guess"
    assert rules.legal(state, 0) == []


def test_whoever_set_the_word_sees_it_and_nobody_else_does() -> None:
    bat, rat = (rules.play(set_by_first(word), 1, "a") for word in ("bat", "rat"))

    for seat in (None, 1):
        assert rules.hide(bat, seat) == rules.hide(rat, seat)
        assert rules.view(rules.hide(bat, seat), seat).hand == ()
    assert rules.hide(bat, 0) == bat
    assert rules.view(rules.hide(bat, 0), 0).hand == ("bat",)
    assert "_ a _" in rules.view(rules.hide(bat, 0), 0).lines


def test_a_set_word_needs_somebody_to_guess_it() -> None:
    with pytest.raises(Refused) as caught:
        rules.start(1, Options(word="set"))

    assert caught.value.code == "nobody_to_guess"


@pytest.mark.parametrize("move", ["", "ab", "a" * 21, "Bat", "ice cream", "bat1", "naïve", "a\n", "_____"])
def test_a_word_to_set_is_of_3_to_20_plain_letters(move: str) -> None:
    refused = refusal(rules.start(2, Options(word="set")), move)

    assert refused.code == "not_a_word"
    assert refused.sentence == "Set a word of 3 to 20 letters a to z, for the others to guess."


def test_some_words_are_offered_to_whoever_sets_one() -> None:
    start = rules.start(2, Options(word="set", category="food", difficulty="hard"))
    ideas = rules.legal(start, 0)

    assert 12 <= len(ideas) <= 24
    assert set(ideas) <= set(words("food", "hard"))
    assert rules.legal(start, 1) == []


def test_whoever_set_the_word_wins_when_the_man_hangs_and_loses_when_it_is_found() -> None:
    hanged = rules.outcome(after(set_by_first("bat", seats=3, wrong=1), "x", seat=1))
    found = rules.outcome(after(set_by_first("bat", seats=3), "bat", seat=2))

    assert hanged is not None
    assert found is not None
    assert hanged.scores == (1.0, 0.0, 0.0)
    assert found.scores == (0.0, 1.0, 1.0)
    assert found.points == (0, 0, 3)


def test_the_guessers_have_won_when_no_word_is_set() -> None:
    start = rules.start(3, Options(word="set"))
    assert rules.resign(start, 0) == rules.skip(start, 0)

    outcome = rules.outcome(rules.skip(start, 0))
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.0, 1.0, 1.0), "no word was set")


def test_the_guessers_go_on_when_whoever_set_the_word_gives_up() -> None:
    state = rules.resign(set_by_first("bat", seats=3, wrong=1), 0)
    assert rules.actors(state) == (1, 2)

    hanged = rules.outcome(after(state, "x", seat=1))
    assert hanged is not None
    assert hanged.scores == (0.0, 0.0, 0.0)


def test_whoever_set_the_word_has_won_when_all_guessers_give_up() -> None:
    start = rules.start(2, Options(word="set"))
    before, later = rules.outcome(rules.resign(start, 1)), rules.outcome(rules.resign(set_by_first("bat"), 1))

    assert before is not None
    assert later is not None
    assert (before.scores, before.reason) == ((1.0, 0.0), "nobody is left")
    assert (later.scores, later.reason) == ((1.0, 0.0), "nobody is left, the word was bat")


# ---------------------------------------------------------------------------- time, and late comers


def test_it_is_a_miss_when_the_time_of_all_is_up() -> None:
    state = rules.skip(drawn("bat", seats=3), 1)
    assert rules.actors(state) == (0, 2)
    assert state.wrong == ()

    state = rules.skip(rules.skip(state, 0), 2)
    assert state.wrong == ("too late",)
    assert rules.actors(state) == (0, 1, 2)


@pytest.mark.parametrize("guess", ["b", "x", "cat"])
def test_with_a_guess_everybody_has_time_again(guess: str) -> None:
    state = rules.skip(drawn("bat", seats=2), 1)
    before = rules.turn(state)

    state = rules.play(state, 0, guess)
    assert rules.actors(state) == (0, 1)
    assert rules.turn(state) != before


def test_the_time_to_guess_begins_when_the_word_is_set() -> None:
    start = rules.start(2, Options(word="set"))

    assert rules.turn(start) != rules.turn(rules.play(start, 0, "bat"))


def test_nobody_hangs_for_the_time_of_one_who_gave_up() -> None:
    state = rules.resign(rules.skip(drawn("bat", seats=3), 1), 0)
    assert state.wrong == ()

    assert rules.resign(state, 2).wrong == ("too late",), "the only one left has let the time pass"


def test_enough_time_that_is_up_hangs_everybody() -> None:
    state = drawn("bat", wrong=2)
    for _ in range(2):
        state = rules.skip(state, 0)

    outcome = rules.outcome(state)
    assert outcome is not None
    assert outcome.reason == "hanged, the word was bat"


def test_a_late_comer_guesses_with_the_others() -> None:
    state = rules.enter(after(drawn("banana"), "a"))

    assert state.points == (3, 0)
    assert rules.actors(state) == (0, 1)
    assert rules.enter(rules.start(1, Options())).points == (0, 0)


def test_no_game_is_longer_than_the_bound() -> None:
    # The slowest of all: eight let their time pass before every miss but the last guess of each turn.
    seats, plies = 8, 1
    state = drawn("uncopyrightable"[:15], seats=seats, wrong=12)
    while rules.outcome(state) is None:
        for seat in range(seats - 1):
            state, plies = rules.skip(state, seat), plies + 1
        wrong = [letter for letter in rules.legal(state, 7) if letter not in state.word]
        right = [letter for letter in rules.legal(state, 7) if letter in state.word]
        guess = wrong[0] if wrong and len(state.wrong) < 11 else right[0]
        state, plies = rules.play(state, 7, guess), plies + 1

    assert 200 < plies <= rules.bound


# --------------------------------------------------------------------------------------- imagining


@given(
    word=st.sampled_from(words("any", "medium")),
    seats=st.integers(1, 3),
    guesses=st.lists(st.sampled_from("etaoinsrlcdumpxzq"), unique=True, max_size=12),
    random=st.randoms(),
)
def test_an_imagined_word_fits_all_that_is_known(
    word: str, seats: int, guesses: list[str], random: Random
) -> None:
    state = drawn(word, seats=seats, wrong=12)
    for guess in [*guesses, "z" * len(word)]:
        if rules.actors(state):
            state = rules.play(state, seats - 1, guess)
    hidden = rules.hide(state, 0)
    imagined = rules.imagine(hidden, 0, random.randrange)

    assert rules.hide(imagined, 0) == hidden
    assert imagined.word in words("any", "medium")
    assert "_" not in imagined.word


def imaginable(state: State, seat: int, count: int) -> list[str]:
    """The words that come of the first ``count`` picks."""
    return [rules.imagine(rules.hide(state, seat), seat, lambda n, at=at: at % n).word for at in range(count)]


def test_all_words_that_fit_are_imagined_but_those_that_were_guessed() -> None:
    state = after(rules.resolve(rules.start(1, Options(category="animals", difficulty="hard")), "cod"), "o")
    fitting = [word for word in words("animals", "hard") if re.fullmatch("[^o]o[^o]", word)]
    assert len(fitting) > 2
    assert imaginable(state, 0, len(fitting)) == fitting

    wrong, *others = [word for word in fitting if word != "cod"]
    assert set(imaginable(after(state, wrong), 0, len(fitting))) == {"cod", *others}


def test_of_a_word_on_no_list_what_was_guessed_is_not_imagined() -> None:
    state = set_by_first("qqq")
    assert imaginable(state, 1, 1) != ["aaa"], "there are words of three letters on the lists"

    state = rules.play(set_by_first("zzqz"), 1, "q")
    assert imaginable(state, 1, 2) == ["aaqa", "aaqb"]
    assert imaginable(rules.play(state, 1, "aaqa"), 1, 1) == ["aaqb"]


@given(word=st.text("abc", min_size=3, max_size=5), guesses=st.permutations("abcdefgh"), random=st.randoms())
def test_a_set_word_that_is_on_no_list_is_imagined_too(word: str, guesses: list[str], random: Random) -> None:
    state = set_by_first(word, wrong=12)
    for guess in [*guesses[:3], *("aba", "abca", "cacab")]:
        if rules.actors(state) and len(guess) in (1, len(word)):
            state = rules.play(state, 1, guess)
    hidden = rules.hide(state, 1)
    imagined = rules.imagine(hidden, 1, random.randrange)

    assert rules.hide(imagined, 1) == hidden
    assert imagined.word not in state.wrong
    assert rules.imagine(rules.hide(state, 0), 0, random.randrange) == state, "whoever set it knows it"


def test_a_word_that_is_not_there_yet_is_not_imagined() -> None:
    for state in (rules.start(2, Options()), rules.start(2, Options(word="set"))):
        assert rules.imagine(rules.hide(state, 1), 1, lambda n: 0) == state
