"""Word chain: what goes on from what, who may speak, strikes, dead ends, late comers, and the dictionary."""

import re
from hashlib import sha256
from importlib.resources import files
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE
from milena.games.wordchain import (
    MOST_PLAYERS,
    NO_WORD,
    OFFERED,
    SHOWN,
    Dictionary,
    Options,
    State,
    beginnings,
    following,
    known,
    rules,
)
from milena.games.words import listed

RELEASED = {
    "en-1": "bbdfe85d68f9ce029c0749ddd2eb1f8a60e53d7db9cf4bee7035ba97a00ec818",
}
"""The SHA-256 of each dictionary that was ever released: games were played by it, so no line ever changes."""


def begun(due: str, seats: int = 2, **options: Any) -> State:
    """A game in which chance has named the beginning."""
    return rules.resolve(rules.start(seats, Options(letters=len(due), **options)), due)


def after(state: State, *words: str) -> State:
    """The state after words as ``"1 soup"``: the player, counted from 1, and what is typed."""
    for word in words:
        player, typed = word.split()
        seat = int(player) - 1
        assert seat in rules.actors(state)
        state = rules.play(state, seat, rules.read(state, seat, typed))
    return state


def refusal(state: State, move: str, seat: int = 0) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


def lines(state: State) -> tuple[str, ...]:
    return rules.view(state, None).lines


# -------------------------------------------------------------------------------------- dictionary


@pytest.mark.parametrize("name", get_args(Dictionary))
def test_a_released_dictionary_never_changes(name: str) -> None:
    data = (files("milena.games") / "words" / f"{name}.txt").read_bytes()

    assert sha256(data).hexdigest() == RELEASED[name]


def test_every_released_dictionary_can_still_be_played_by() -> None:
    assert set(RELEASED) == set(get_args(Dictionary))


@pytest.mark.parametrize("name", get_args(Dictionary))
def test_a_dictionary_holds_plain_words_in_order_and_each_once(name: Dictionary) -> None:
    words = listed(name)

    assert len(words) > 50_000
    assert list(words) == sorted(set(words))
    assert all(re.fullmatch("[a-z]{3,15}", word) for word in words)


@pytest.mark.parametrize("name", get_args(Dictionary))
def test_the_source_of_each_dictionary_is_told_beside_it(name: Dictionary) -> None:
    told = (files("milena.games") / "words" / "SOURCES.txt").read_text("ascii")

    _, _, entry = told.partition(f"\n{name}.txt\n")
    assert f"{len(listed(name)):,} English words" in entry


def test_both_spellings_are_known_and_names_are_not() -> None:
    assert all(known("en-1", word) for word in ("favourite", "favorite", "realise", "realize", "cats"))
    assert not any(known("en-1", word) for word in ("london", "alice", "zzz", "ab", "zzzz", "a", ""))


def test_the_dictionary_is_an_option_that_the_log_keeps() -> None:
    assert Options().dictionary == "en-1"


@given(word=st.sampled_from(listed("en-1")), letters=st.integers(1, 3), shortest=st.integers(3, 8))
def test_what_follows_is_every_long_enough_word_with_that_beginning(
    word: str, letters: int, shortest: int
) -> None:
    due = word[:letters]

    assert list(following("en-1", due, shortest)) == [
        other for other in listed("en-1") if other.startswith(due) and len(other) >= shortest
    ]


# -------------------------------------------------------------------------------------- beginnings


def test_chance_names_the_first_letter() -> None:
    start = rules.start(2, Options())

    assert rules.actors(start) == (CHANCE,)
    assert rules.actors(rules.resolve(start, "s")) == (0, 1)
    assert rules.chances(rules.resolve(start, "s")) == []


@pytest.mark.parametrize("shortest", range(3, 9))
@pytest.mark.parametrize("letters", [1, 2, 3])
def test_a_beginning_is_as_likely_as_it_has_words(letters: int, shortest: int) -> None:
    chances = rules.chances(rules.start(1, Options(letters=letters, shortest=shortest)))

    assert chances == sorted(chances)
    assert 20 <= len(chances) <= 1000
    assert all(len(due) == letters for due, _ in chances)
    assert all(weight >= 20 for _, weight in chances)
    for due, weight in chances[::50]:
        assert weight == len(following("en-1", due, shortest))


def test_no_chain_begins_with_x_which_too_few_words_do() -> None:
    assert "x" not in dict(beginnings("en-1", 1, 3))
    assert 0 < len(following("en-1", "x", 3)) < 20


def test_words_that_were_said_make_their_beginning_less_likely() -> None:
    fresh = rules.start(2, Options())
    said = replace(fresh, words=("soup", "peas", "sugar"), players=(0, 1, 0))
    before, now = dict(rules.chances(fresh)), dict(rules.chances(said))

    assert now.pop("s") == before.pop("s") - 2
    assert now.pop("p") == before.pop("p") - 1
    assert now == before


def test_a_beginning_whose_words_were_all_said_is_not_named() -> None:
    due, count = min(beginnings("en-1", 3, 3), key=lambda each: each[1])
    words = following("en-1", due, 3)
    used_up = replace(rules.start(2, Options(letters=3)), words=words, players=(0,) * count)

    assert due not in dict(rules.chances(replace(used_up, options=Options(letters=3, words=200))))


# --------------------------------------------------------------------------------------- the chain


def test_each_word_begins_with_the_last_letter_of_the_one_before() -> None:
    state = after(begun("s"), "1 soup", "2 peas", "1 sugar", "2 rice")

    assert state.words == ("soup", "peas", "sugar", "rice")
    assert state.due == "e"
    assert state.points == (4 + 5, 4 + 4)


@pytest.mark.parametrize(
    ("due", "word", "next_due"), [("s", "soup", "p"), ("so", "soup", "up"), ("sou", "soup", "oup")]
)
def test_it_may_be_the_last_two_or_three_letters(due: str, word: str, next_due: str) -> None:
    state = rules.play(begun(due), 0, word)

    assert state.due == (next_due if following("en-1", next_due, 3) else "")


def test_a_word_may_be_no_longer_than_its_beginning() -> None:
    assert after(begun("bat"), "1 bathe", "2 the", "1 theatre").words == ("bathe", "the", "theatre")


@pytest.mark.parametrize(
    ("move", "code", "told"),
    [
        ("rice", "wrong_beginning", "That does not begin with S."),
        ("sea", "too_short", "That has 3 letters."),
        ("sssss", "unknown_word", "Sssss is not in the dictionary."),
        ("spain", "unknown_word", "Spain is not in the dictionary."),
        ("sauces", "said_before", "Sauces was said before."),
        ("", "not_a_word", "That is not made of the letters a to z."),
        ("s1lk", "not_a_word", "That is not made of the letters a to z."),
        ("Soup", "not_a_word", "That is not made of the letters a to z."),
        ("soup ", "not_a_word", "That is not made of the letters a to z."),
        ("soupé", "not_a_word", "That is not made of the letters a to z."),
        ("--", "not_a_word", "That is not made of the letters a to z."),
    ],
)
def test_what_does_not_count_is_refused_with_what_would(move: str, code: str, told: str) -> None:
    state = after(begun("s", shortest=4), "1 sauces")

    refused = refusal(state, move, seat=1)
    assert refused.code == code
    assert refused.sentence == f"{told} Say a word of at least 4 letters that begins with S, or - to pass."


def test_capitals_and_blanks_make_no_difference_and_any_dash_passes() -> None:
    state = begun("s")

    assert [rules.read(state, 0, typed) for typed in (" Soup ", "-", " – ", "—", "pass")] == [
        *("soup", NO_WORD, NO_WORD, NO_WORD, "pass"),
    ]
    assert after(begun("p"), "1 pass").words == ("pass",)


# ----------------------------------------------------------------------------------- who may speak


def test_anybody_may_say_the_first_word_and_nobody_two_in_a_row() -> None:
    state = begun("s", seats=3)
    assert rules.actors(state) == (0, 1, 2)

    state = after(state, "2 soup")
    assert rules.actors(state) == (0, 2)
    assert rules.legal(state, 1) == []

    assert rules.actors(after(state, "3 peas")) == (0, 1)


def test_alone_one_goes_on_by_oneself() -> None:
    state = after(begun("s", seats=1), "1 soup", "1 peas")

    assert rules.actors(state) == (0,)


def test_a_late_comer_speaks_at_once_and_then_nobody_is_alone() -> None:
    state = rules.enter(after(begun("s", seats=1), "1 soup"))

    assert state.points == (4, 0)
    assert rules.actors(state) == (1,)
    assert after(state, "2 peas", "1 sugar").points == (9, 4)


def test_some_words_are_listed_for_machines_always_the_same_and_none_twice() -> None:
    state = begun("s")
    listed = rules.legal(state, 0)
    assert not rules.offers
    assert OFFERED // 2 < len(listed) <= OFFERED + 1
    assert listed[-1] == NO_WORD

    for _ in range(3):
        said = next(word for word in rules.legal(state, 0) if word.endswith("s"))
        state = replace(rules.play(state, 0, said), resting=None)
        listed.remove(said)
        assert rules.legal(state, 0) == listed


@given(letters=st.integers(1, 3), shortest=st.integers(3, 8), data=st.data())
def test_there_is_a_word_to_say_whatever_chance_names(
    letters: int, shortest: int, data: st.DataObject
) -> None:
    options = Options(letters=letters, shortest=shortest)
    due, _ = data.draw(st.sampled_from(rules.chances(rules.start(2, options))))
    words = rules.legal(rules.resolve(rules.start(2, options), due), 0)[:-1]

    assert words
    assert all(word.startswith(due) and len(word) >= shortest for word in words)


# ------------------------------------------------------------------------------- passes and strikes


def test_who_passes_is_waited_for_no_longer_until_there_is_a_word() -> None:
    state = after(begun("s", seats=3), "1 soup", "2 -")
    assert rules.actors(state) == (2,)

    assert rules.actors(after(state, "3 peas")) == (0, 1)


def test_it_is_a_strike_when_all_who_may_speak_have_passed() -> None:
    state = after(begun("s", seats=3), "1 soup", "2 -", "3 -")

    assert (state.strikes, state.due, state.passed) == (1, "", ())
    assert rules.actors(state) == (CHANCE,)
    assert rules.actors(rules.resolve(state, "a")) == (0, 1, 2), "the last speaker may go on too"


def test_a_turn_that_runs_out_is_a_pass() -> None:
    state = begun("s")
    assert rules.on_timeout == "skip"
    assert rules.skip(state, 0) == rules.play(state, 0, NO_WORD)

    assert rules.skip(rules.skip(state, 0), 1).strikes == 1


def test_the_time_begins_anew_for_all_with_each_word_and_each_strike() -> None:
    state = begun("s", seats=1)
    turns = [rules.turn(state)]
    for typed in ("1 soup", "1 peas", "1 -"):
        state = after(state, typed)
        turns.append(rules.turn(state))

    assert len(set(turns)) == 4
    state = begun("s", seats=3)
    assert rules.turn(state) == rules.turn(after(state, "1 -"))


def test_the_game_is_over_with_the_last_strike_and_most_points_win() -> None:
    state = after(begun("s", seats=3, strikes=2), "1 soup", "2 peas", "1 -", "3 -")
    assert rules.outcome(state) is None

    state = after(rules.resolve(state, "s"), "3 sugar", "1 -", "2 -")
    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0.0, 0.0, 1.0), (4, 4, 5))
    assert outcome.reason == "nobody knew a word, 2 times"
    assert rules.actors(state) == ()
    assert rules.chances(state) == []


def test_where_no_word_goes_on_chance_names_a_new_beginning_without_a_strike() -> None:
    assert following("en-1", "oup", 3) == ()
    state = after(begun("sou"), "1 soup")

    assert (state.due, state.strikes, state.resting) == ("", 0, 0)
    assert rules.actors(state) == (CHANCE,)
    assert rules.actors(rules.resolve(state, "pea")) == (1,)


def test_words_that_were_said_already_make_a_dead_end_too() -> None:
    assert following("en-1", "ugh", 3) == ("ugh",)
    state = after(begun("eno"), "1 enough")
    assert state.due == "ugh"

    state = after(state, "2 ugh")
    assert (state.due, state.strikes, rules.actors(state)) == ("", 0, (CHANCE,))
    assert rules.play(replace(begun("rou"), words=("ugh",), players=(1,)), 0, "rough").due == ""


def test_words_that_are_too_short_go_on_from_nothing() -> None:
    assert rules.play(begun("eno", shortest=4), 0, "enough").due == ""


# ------------------------------------------------------------------------------------------ endings


def test_the_chain_is_complete_with_the_number_of_words_agreed_on() -> None:
    state = after(begun("s", words=5), "1 soup", "2 peas", "1 sugar", "2 rice")
    assert rules.outcome(state) is None

    outcome = rules.outcome(after(state, "1 eggs"))
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((1.0, 0.0), (13, 8))
    assert outcome.reason == "the chain has its 5 words"


def test_the_points_agreed_on_end_it() -> None:
    state = after(begun("s", goal=9), "1 soup", "2 peas")
    assert rules.outcome(state) is None

    outcome = rules.outcome(after(state, "1 sugar"))
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((1.0, 0.0), "9 points are made")


def test_equal_points_share_the_win() -> None:
    state = after(begun("s", seats=3, strikes=1), "1 soup", "2 peas", "1 -", "3 -")

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.5, 0.5, 0.0), "nobody knew a word")


@pytest.mark.parametrize(
    ("said", "score"),
    [("1 soup|1 peas|1 sugar|1 rice|1 eggs", 1.0), ("1 soup|1 -", 0.0), ("1 -", 0.0)],
)
def test_alone_one_wins_by_filling_the_chain(said: str, score: float) -> None:
    outcome = rules.outcome(after(begun("s", seats=1, words=5, strikes=1), *said.split("|")))

    assert outcome is not None
    assert outcome.scores == (score,)


def test_the_others_play_on_when_one_gives_up_who_can_not_win_any_more() -> None:
    state = after(begun("s", seats=3, strikes=1), "1 sandwiches", "2 soup")
    state = rules.resign(state, 0)
    assert state is not None
    assert rules.actors(state) == (2,)

    outcome = rules.outcome(after(state, "3 -"))
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0.0, 1.0, 0.0), (10, 4, 0))


def test_it_is_a_strike_when_the_only_one_who_was_waited_for_gives_up() -> None:
    state = after(begun("s", seats=3), "1 soup", "2 -")
    state = rules.resign(state, 2)

    assert state is not None
    assert state.strikes == 1
    assert rules.actors(rules.resolve(state, "a")) == (0, 1)


def test_the_last_one_left_has_won() -> None:
    state = rules.resign(after(begun("s"), "1 soup"), 0)

    assert state is not None
    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.0, 1.0), "nobody else is left")
    assert rules.resign(begun("s", seats=1), 0) is None


def test_no_game_is_longer_than_the_bound() -> None:
    # The slowest that can be: all pass who may, each time, and each word is a dead end.
    options = Options(letters=3, shortest=3, words=200, strikes=9)
    state, plies = rules.start(MOST_PLAYERS, options), 0
    for turn in range(200 + 9):
        strikes = turn >= 200 - 1  # the 200th word would end it before the strikes do
        if rules.outcome(state) is not None:
            break
        state, plies = rules.resolve(state, rules.chances(state)[turn % 50][0]), plies + 1
        *others, last = rules.actors(state)
        for seat in others:
            state, plies = rules.skip(state, seat), plies + 1
        if strikes:
            state = rules.skip(state, last)
        else:
            state = replace(rules.play(state, last, rules.legal(state, last)[0]), due="")
        plies += 1

    assert rules.outcome(state) is not None
    assert (len(state.words), state.strikes) == (199, 9)
    assert 2400 < plies <= rules.bound


# --------------------------------------------------------------------------------------- the screen


def test_the_chain_and_what_is_due_are_told() -> None:
    state = after(begun("s", seats=3, goal=100), "1 soup", "2 peas", "3 -")

    assert lines(state) == (
        "  1. soup            player 1",
        "  2. peas            player 2",
        "Next: a word of at least 3 letters that begins with S",
        "Word 2 of 40, strike 0 of 3, 100 points end it",
        "player 1: 4, player 2: 4",
        "player 3: 0 (passed)",
    )


def test_only_the_last_words_of_a_long_chain_are_shown_and_it_fits_a_message() -> None:
    words = following("en-1", "c", 12)[:199]
    players = tuple(at % MOST_PLAYERS for at in range(199))
    long = replace(
        begun("s", seats=MOST_PLAYERS, words=200, goal=1000, strikes=9),
        words=words,
        players=players,
        points=(999,) * MOST_PLAYERS,
        passed=tuple(range(MOST_PLAYERS - 1)),
    )

    assert len(lines(long)) <= 20
    assert max(map(len, lines(long))) <= 70
    assert lines(long)[SHOWN - 1].startswith(f"199. {words[-1]}")
