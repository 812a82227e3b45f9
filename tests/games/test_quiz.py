"""Quiz: first right answer, wrong ones, time, late comers, secrets, and the questions themselves."""

from collections import Counter
from hashlib import sha256
from random import Random
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from milena.domain.clock import Clock
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome
from milena.games.questions import (
    CATEGORIES,
    EDITION,
    LETTERS,
    Category,
    Difficulty,
    Question,
    Shipped,
    bare,
    find,
    plain,
    pool,
    read_questions,
    shipped,
)
from milena.games.quiz import ORDERS, WIDTH, Options, State, rules

EDITIONS = {1: "ad83a372bd4533f9527b06be8b78df4c1572f6297737c761f5aa4c61a2f69557"}
"""What past games are replayed on. Never change a digest: see the head of a file of questions."""

OWN = tuple(
    Question(f"What is {n}?", f"It is {n}", (f"No {n}", f"Not {n}", f"Never {n}"), "ours", level)
    for n, level in ((1, "easy"), (2, "medium"), (3, "hard"))
)
FILE = """
[[question]]
text = "Where do we meet?"
answer = "At the well"
wrong = ["At the gate", "At the inn", "On the hill"]
"""


def asked(name: str = "own 2", order: str = "abcd", seats: int = 2, **options: Any) -> State:
    """A question is open; its right answer is at the first letter of ``order``."""
    return ask(rules.start(seats, Options(own=OWN, **options)), name, order)


def ask(state: State, name: str, order: str = "abcd") -> State:
    return rules.resolve(rules.resolve(state, order), name)


def refusal(state: State, move: str, seat: int = 0) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


def refused_file(text: str) -> str:
    with pytest.raises(Refused) as caught:
        read_questions(text)
    return caught.value.sentence


def ended(state: State) -> Outcome:
    outcome = rules.outcome(state)
    assert outcome is not None
    assert rules.actors(state) == ()
    return outcome


def shown(state: State, seat: int | None = None) -> tuple[str, ...]:
    return rules.view(rules.hide(state, seat), seat).lines


# ------------------------------------------------------------------------------------------- answers


def test_a_question_is_asked_to_all() -> None:
    state = asked(seats=3)

    assert rules.actors(state) == (0, 1, 2)
    assert all(rules.legal(state, seat) == ["a", "b", "c", "d"] for seat in range(3))


@pytest.mark.parametrize(("name", "worth"), [("own 1", 1), ("own 2", 2), ("own 3", 3)])
def test_the_first_right_answer_wins_the_points_of_its_difficulty(name: str, worth: int) -> None:
    state = rules.play(asked(name, "cabd"), 1, "c")

    assert state.points == (0, worth)
    assert rules.actors(state) == (CHANCE,)


def test_the_drawn_order_places_the_right_answer_first_and_the_wrong_ones_after_it() -> None:
    question = asked("own 1", "cabd").question

    assert question is not None
    assert question.answers == ("No 1", "Not 1", "It is 1", "Never 1")
    assert question.right == "c"


def test_a_wrong_answer_puts_its_player_out_of_this_question_only() -> None:
    state = rules.play(asked(), 0, "b")
    assert rules.actors(state) == (1,)
    assert rules.legal(state, 0) == []

    state = ask(rules.play(state, 1, "a"), "own 1")
    assert rules.actors(state) == (0, 1)


def test_nobody_may_repeat_a_wrong_answer() -> None:
    state = rules.play(asked(), 0, "b")
    refused = refusal(state, "b", seat=1)

    assert rules.legal(state, 1) == ["a", "c", "d"]
    assert (refused.code, refused.sentence) == (
        "tried_before",
        "Answer b was wrong already; choose a, c or d.",
    )


def test_when_all_are_wrong_the_answer_is_shown_and_nobody_has_the_points() -> None:
    state = rules.play(rules.play(asked(), 0, "b"), 1, "c")

    assert state.points == (0, 0)
    assert rules.actors(state) == (CHANCE,)
    assert shown(state)[0] == "Question 1: It is 2, 2 points to nobody."


def test_when_only_the_right_answer_is_left_it_is_nobodys() -> None:
    state = asked(seats=4)
    for seat, letter in enumerate("bcd"):
        state = rules.play(state, seat, letter)

    assert state.points == (0, 0, 0, 0)
    assert rules.actors(state) == (CHANCE,)


@pytest.mark.parametrize("move", ["", "e", "A", "ab", "bc", "abcd", " a", "1", "It is 2", "а"])
def test_what_is_not_a_letter_of_an_answer_is_refused(move: str) -> None:
    refused = refusal(asked(), move)

    assert refused.code == "no_such_answer"
    assert refused.sentence == "That is none of the answers; choose a, b, c or d."


@pytest.mark.parametrize(
    ("typed", "letter"),
    [
        ("a", "a"), (" B ", "b"), ("c)", "c"), ("(d)", "d"), ("D.", "d"),
        ("Émile Zola", "a"), ("EMILE ZOLA", "a"), ("emile  zola", "a"), ("emile-zola", "a"),
        ("The Who", "b"), ("who", "b"), ("søren", "c"), ("Soren", "c"), ("d'Artagnan", "d"),
        ("D’ARTAGNAN", "d"), ("dartagnan", "d"),
    ],
)  # fmt: skip
def test_an_answer_may_be_typed_without_capitals_accents_or_signs(typed: str, letter: str) -> None:
    question = Question("Who?", "Émile Zola", ("The Who", "Søren", "d'Artagnan"))
    state = ask(rules.start(1, Options(own=(question,))), "own 1")

    assert rules.read(state, 0, typed) == letter


@pytest.mark.parametrize("typed", ["zola", "e", "", "?", "abc", "x" * 64])
def test_what_is_no_answer_stays_what_was_typed(typed: str) -> None:
    assert rules.read(asked(), 0, typed) == typed


def test_signs_matter_where_they_make_the_difference() -> None:
    question = Question("At how many degrees?", "40", ("-40", "4.0", "400"))
    state = ask(rules.start(1, Options(own=(question,))), "own 1")

    assert [rules.read(state, 0, text) for text in ("40", "-40", "4.0", "4-0")] == ["a", "b", "c", "4-0"]


# ------------------------------------------------------------------------------- time, coming, going


def test_whoever_lets_the_time_go_by_is_out_of_this_question() -> None:
    state = rules.skip(asked(), 0)
    assert rules.actors(state) == (1,)

    assert shown(rules.skip(state, 1))[0] == "Question 1: It is 2, 2 points to nobody."


def test_the_clock_is_that_of_the_question() -> None:
    assert rules.clock(Options()) == Clock(turn=20)
    assert rules.clock(Options(seconds=90)) == Clock(turn=90)
    assert rules.on_timeout == "skip"


def test_the_time_begins_anew_with_each_question_and_only_then() -> None:
    first = asked()
    between = rules.play(first, 0, "a")
    second = ask(between, "own 1")

    assert rules.turn(first) == rules.turn(rules.play(first, 0, "b")) == 1
    assert rules.turn(second) == 2


def test_who_comes_late_may_answer_at_once() -> None:
    state = rules.enter(rules.play(asked(), 0, "b"))
    assert state is not None
    assert rules.actors(state) == (1, 2)

    assert rules.play(state, 2, "a").points == (0, 0, 2)


def test_nobody_comes_into_a_full_game_or_one_that_is_over() -> None:
    assert rules.enter(asked(seats=10)) is None
    assert rules.enter(rules.play(asked(questions=1), 0, "a")) is None


def test_the_others_play_on_when_one_gives_up() -> None:
    state = rules.resign(asked(seats=3), 1)

    assert state is not None
    assert rules.actors(state) == (0, 2)
    assert rules.actors(ask(rules.play(state, 0, "a"), "own 1")) == (0, 2)
    assert shown(state)[-1] == "player 1: 0 · player 2: left · player 3: 0"


def test_the_question_is_over_when_the_last_who_could_answer_gives_up() -> None:
    state = rules.resign(rules.play(rules.play(asked(seats=3), 0, "b"), 1, "c"), 2)

    assert state is not None
    assert rules.actors(state) == (CHANCE,)


def test_the_last_who_stays_has_won() -> None:
    state = rules.play(asked(seats=3), 0, "a")
    for seat in (0, 1):
        assert rules.outcome(state) is None
        resigned = rules.resign(state, seat)
        assert resigned is not None
        state = resigned

    assert ended(state) == Outcome((0.0, 0.0, 1.0), "all others gave up", (2, 0, 0))


def test_alone_giving_up_ends_the_game() -> None:
    assert rules.resign(asked(seats=1), 0) is None


# --------------------------------------------------------------------------------------------- ends


def test_most_points_win() -> None:
    state = rules.play(asked("own 1"), 0, "a")
    state = rules.play(ask(state, "own 2"), 1, "a")
    assert rules.outcome(state) is None

    state = rules.play(rules.play(ask(state, "own 3"), 0, "b"), 1, "c")
    assert ended(state) == Outcome((0.0, 1.0), "2 of 6 points", (1, 2))


def test_those_who_are_level_share() -> None:
    state = rules.play(asked("own 1", seats=3), 0, "a")
    state = rules.play(ask(state, "own 2"), 1, "a")
    state = replace(rules.play(ask(state, "own 3"), 2, "a"), points=(3, 2, 3))

    assert ended(state) == Outcome((0.5, 0.0, 0.5), "level at 3 of 6 points", (3, 2, 3))


def test_who_gave_up_has_lost_with_most_points_too() -> None:
    state = rules.resign(rules.play(asked("own 3", seats=3), 0, "a"), 0)
    assert state is not None
    state = rules.play(ask(state, "own 1"), 1, "a")
    state = rules.play(rules.play(ask(state, "own 2"), 1, "b"), 2, "c")

    assert ended(state) == Outcome((0.0, 1.0, 0.0), "1 of 6 points", (3, 1, 0))


@pytest.mark.parametrize(("right", "score"), [(0, 0.0), (1, 0.0), (2, 1.0), (3, 1.0)])
def test_alone_half_of_all_points_win(right: int, score: float) -> None:
    state = rules.start(1, Options(own=OWN))
    for n in (1, 2, 3):
        state = rules.play(ask(state, f"own {n}"), 0, "a" if n <= right else "b")
    points = right * (right + 1) // 2

    assert ended(state) == Outcome((score,), f"{points} of 6 points", (points,))


def test_no_game_is_longer_than_one_in_which_all_miss_everything() -> None:
    state, plies = rules.start(1, Options(questions=50)), 0
    draws = Random(1)
    while rules.outcome(state) is None and plies < rules.bound:
        if (entered := rules.enter(state)) is not None:
            state = entered
        elif rules.actors(state) == (CHANCE,):
            state = rules.resolve(state, draws.choice(rules.chances(state))[0])
        else:
            state = rules.skip(state, rules.actors(state)[0])
        plies += 1

    assert plies == 9 + 50 * (2 + 10)
    assert plies + 10 == rules.bound, "and each seat may give up once"


# ------------------------------------------------------------------------------------------ options


def test_no_question_comes_twice_and_the_game_ends_with_the_last() -> None:
    state, names = rules.start(1, Options(own=OWN, questions=50)), []
    while rules.actors(state):
        state = rules.resolve(state, "abcd")
        names.append(rules.chances(state)[0][0])
        state = rules.skip(rules.resolve(state, names[-1]), 0)

    assert names == ["own 1", "own 2", "own 3"]


@pytest.mark.parametrize("level", ["any", *get_args(Difficulty)])
@pytest.mark.parametrize("category", ["any", *get_args(Category)])
def test_only_questions_of_the_category_and_difficulty_are_drawn(category: Any, level: Any) -> None:
    state = rules.resolve(rules.start(1, Options(category=category, difficulty=level)), "abcd")
    drawn = [find(name, state.options.own) for name, _ in rules.chances(state)]

    assert len(drawn) >= 10
    assert all(category in ("any", question.category) for question in drawn)
    assert all(level in ("any", question.difficulty) for question in drawn)


def test_all_orders_and_all_questions_are_alike_likely() -> None:
    start = rules.start(1, Options())

    assert Counter(order[0] for order, _ in rules.chances(start)) == dict.fromkeys(LETTERS, 6)
    assert {weight for _, weight in rules.chances(start)} == {1}
    assert {weight for _, weight in rules.chances(rules.resolve(start, "abcd"))} == {1}


def test_questions_of_ones_own_are_asked_alone_or_among_those_of_milena() -> None:
    alone = rules.resolve(rules.start(1, Options(own=OWN)), "abcd")
    mixed = rules.resolve(rules.start(1, Options(own=OWN, mixed=True, category="science")), "abcd")

    assert [name for name, _ in rules.chances(alone)] == ["own 1", "own 2", "own 3"]
    assert [name for name, _ in rules.chances(mixed)][2:5] == ["own 3", "science 1", "science 2"]


def test_questions_of_ones_own_that_can_not_be_asked_are_refused_at_the_start() -> None:
    with pytest.raises(Refused, match=r"Question 2 \('Why\?'\): two of its answers are the same"):
        rules.start(1, Options(own=(OWN[0], Question("Why?", "So", ("so", "No", "Yes")))))


def test_options_can_be_recorded_and_read_again() -> None:
    options = Options(own=OWN)

    assert msgspec.json.decode(msgspec.json.encode(options), type=Options) == options


# ------------------------------------------------------------------------------------------ secrets


def test_the_order_is_drawn_in_secret_and_the_question_in_the_open() -> None:
    start = rules.start(2, Options())
    ordered = rules.resolve(start, "cabd")

    assert rules.actors(start) == rules.actors(ordered) == (CHANCE,)
    assert (rules.secret(start), rules.secret(ordered)) == (True, False)
    assert len({msgspec.json.encode(rules.hide(rules.resolve(start, order), 0)) for order in ORDERS}) == 1


def test_nobody_can_tell_from_what_is_shown_which_answer_is_right() -> None:
    """The same four answers in the same places, another of them right: nobody sees the difference."""
    first, *others = (asked("own 1", order) for order in ("abcd", "badc", "cbad"))
    assert first.question is not None
    for other in others:
        assert other.question is not None
        same = replace(other, question=replace(other.question, answers=first.question.answers))
        assert same != first
        for seat in (None, 0, 1):
            assert rules.hide(same, seat) == rules.hide(first, seat)


def test_a_hidden_state_has_no_answers_of_ones_own_questions_until_the_end() -> None:
    for state in (rules.start(1, Options(own=OWN)), asked("own 2", mixed=True)):
        told = msgspec.json.encode(rules.hide(state, 0))
        assert b"It is 1" not in told
        assert b"No 3" not in told
        assert msgspec.json.decode(told, type=State) == rules.hide(state, 0)

    over = rules.play(asked(questions=1), 0, "a")
    assert rules.hide(over, None) == over


@given(seed=st.integers(0, 2**32), seats=st.integers(1, 10), own=st.booleans(), mixed=st.booleans())
def test_what_is_imagined_looks_the_same_and_can_be_played_to_its_end(
    seed: int, seats: int, own: bool, mixed: bool
) -> None:
    random = Random(seed)
    options = Options(own=OWN if own else (), mixed=mixed, questions=random.randint(1, 5))
    state = rules.start(seats, options)
    while rules.outcome(state) is None:
        seat = random.randrange(len(state.points))
        hidden = rules.hide(state, seat)
        assert rules.hide(hidden, seat) == hidden
        assert rules.actors(hidden) == rules.actors(state)
        assert rules.legal(hidden, seat) == rules.legal(state, seat)
        imagined = rules.imagine(hidden, seat, random.randrange)
        assert rules.hide(imagined, seat) == hidden
        while rules.outcome(imagined) is None:
            imagined = _one_ply(imagined, random)
        assert len(imagined.asked) <= imagined.total
        state = _one_ply(state, random)
    assert rules.hide(state, None) == state


def test_any_answer_that_was_not_tried_may_be_imagined_right() -> None:
    state = rules.hide(rules.play(asked(), 0, "b"), 1)
    imagined = [rules.imagine(state, 1, lambda n, at=at: at).question for at in range(3)]  # type: ignore[misc]

    assert [question.right for question in imagined if question] == ["a", "c", "d"]


def _one_ply(state: State, random: Random) -> State:
    actors = rules.actors(state)
    if actors == (CHANCE,):
        return rules.resolve(state, random.choice(rules.chances(state))[0])
    seat = random.choice(actors)
    match random.randrange(12):
        case 0:
            return rules.skip(state, seat)
        case 1:
            return rules.resign(state, seat) or rules.skip(state, seat)
        case 2:
            return rules.enter(state) or rules.skip(state, seat)
    return rules.play(state, seat, random.choice(rules.legal(state, seat)))


# --------------------------------------------------------------------------------------------- view


def test_a_question_is_shown_with_its_answers_and_how_it_stands() -> None:
    state = ask(rules.play(asked("own 1", seats=5), 4, "a"), "own 2", "dcba")
    state = rules.play(rules.skip(state, 3), 0, "b")

    assert shown(state) == (
        "Question 1: It is 1, 1 point to player 5.",
        "",
        "Question 2 of 3, ours, 2 points",
        "What is 2?",
        "",
        "  a  Never 2",
        "x b  Not 2",
        "  c  No 2",
        "  d  It is 2",
        "",
        "player 1: 0 x · player 2: 0 · player 3: 0 · player 4: 0 x",
        "player 5: 1",
    )


def test_the_fullest_view_fits_a_screen() -> None:
    words = "Wherefore? " * 12
    longest = Question(words.strip()[:140], "x" * 40, ("y" * 40, "z" * 40, "w" * 40), "c" * 20, "hard")
    before = replace(longest, text="Before")
    state = ask(rules.start(10, Options(own=(before, longest))), "own 1")
    state = ask(rules.play(state, 9, "a"), "own 2")
    for seat in (0, 1):
        state = rules.play(state, seat, "bc"[seat])
    for seat in (2, 3, 4, 5, 6, 7, 8):
        state = rules.skip(state, seat)
    state = replace(state, points=(150,) * 10)

    lines = shown(state)
    assert len(lines) <= 20
    assert max(map(len, lines)) <= WIDTH


# ---------------------------------------------------------------------------------- a file of one's own


def test_a_file_of_questions_is_read() -> None:
    (question,) = read_questions(FILE)

    assert question == Question(
        "Where do we meet?", "At the well", ("At the gate", "At the inn", "On the hill")
    )
    assert ask(rules.start(1, Options(own=(question,))), "own 1").question is not None


def test_the_questions_of_a_file_may_be_called_as_the_option_is() -> None:
    assert read_questions(FILE.replace("[[question]]", "[[own]]")) == read_questions(FILE)


A_TEXT = "it has to be a text in quotes, of 1 to 40 characters."


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", f"answer is missing; {A_TEXT}"),
        ("answer = 5", f"answer does not fit; {A_TEXT}"),
        ("answer = ''", f"answer does not fit; {A_TEXT}"),
        (f"answer = '{'x' * 41}'", f"answer does not fit; {A_TEXT}"),
        ("answer = ' '", "a text in it is blank; write something there."),
        ("answer = 'on the HILL'", "two of its answers are the same; make all four different."),
        ("answer = 'Ön the hill'", "two of its answers are the same; make all four different."),
        ("answer = 'B'", "one of its answers is but a letter from a to d, which could mean another; "
         "write it out."),
        (r'answer = "1\n2"', "it has a line break or another character that can't be shown; "
         "write each on one line."),
        ("answer = 'x'\ndifficulty = 'mean'", "difficulty does not fit; "
         "it has to be easy, medium or hard, in quotes."),
        ("answer = 'x'\nsince = 1", "since means nothing there; "
         "use text, answer, wrong, category, difficulty, source."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_question_is_told_with_its_number_and_text(line: str, sentence: str) -> None:
    second = FILE.replace("Where", "When").replace('answer = "At the well"', line)

    assert refused_file(FILE + second) == f"Question 2 ('When do we meet?'): {sentence}"


@pytest.mark.parametrize(
    "wrong",
    ["['x', 'y']", "['w', 'x', 'y', 'z']", "'x'", "[1, 2, 3]", "['', 'x', 'y']", f"['{'x' * 41}', 'y', 'z']"],
)
def test_wrong_answers_are_three_texts(wrong: str) -> None:
    text = f"[[question]]\ntext = 'Why?'\nanswer = 'So'\nwrong = {wrong}\n"

    assert refused_file(text) == (
        "Question 1 ('Why?'): wrong does not fit; "
        "it has to be a list of three texts in quotes, each of 1 to 40 characters."
    )


@pytest.mark.parametrize("text", ["", "question = []", "question = 5", "[question]\ntext = 'Why?'"])
def test_a_file_without_questions_is_refused(text: str) -> None:
    assert refused_file(text) == "There are no questions: each begins with a line [[question]]."


def test_a_file_that_is_not_toml_is_refused_with_the_place() -> None:
    assert (
        refused_file(FILE + "text = ")
        == "This is not TOML: Invalid value (at end of document). Correct it there."
    )


def test_a_question_that_is_none_at_all_is_refused() -> None:
    assert refused_file("question = [1]") == "Question 1: it has to have text, answer, wrong."


def test_the_same_question_twice_is_refused() -> None:
    again = FILE.replace("Where do we meet?", "where do  we meet?")

    assert refused_file(FILE + again).endswith("it is question 1 again; leave one of them out.")


def test_more_questions_than_a_game_can_record_are_refused() -> None:
    text = "".join(FILE.replace("Where", f"Where on day {n}") for n in range(201))

    assert refused_file(text) == "There are 201 questions; 200 are allowed."


# ------------------------------------------------------------------------------ the shipped questions


def test_there_are_more_than_three_hundred_questions_no_two_alike() -> None:
    texts = [question.text for category in CATEGORIES for question in shipped(category)]

    assert len({bare(text) for text in texts}) == len(texts) >= 300


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_category_has_questions_of_each_difficulty(category: Category) -> None:
    levels = Counter(question.difficulty for question in shipped(category))

    assert all(levels[level] >= 10 for level in get_args(Difficulty))


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_question_can_be_read_typed_and_looked_up(category: Category) -> None:
    for number, question in enumerate(shipped(category), start=1):
        answers = (question.answer, *question.wrong)
        assert question.text.endswith("?"), question
        assert len(question.source) >= 6, question
        assert all(text == " ".join(text.split()) for text in (question.text, *answers, question.source)), (
            question
        )
        assert len({plain(answer) for answer in answers}) == 4, question
        assert plain(question.answer) not in plain(question.text).split(), question
        state = ask(rules.start(1, Options()), f"{category} {number}", "dacb")
        assert state.question is not None
        read = [rules.read(state, 0, answer) for answer in state.question.answers]
        assert read == list(LETTERS), question


@pytest.mark.parametrize("edition", range(1, EDITION + 1))
def test_past_games_find_the_questions_that_they_were_played_with(edition: int) -> None:
    asked = [(name, find(name, ())) for name in pool("any", "any", edition)]
    kept = [[name, q.text, q.answer, q.wrong, q.category, q.difficulty] for name, q in asked]

    assert sha256(msgspec.json.encode(kept)).hexdigest() == EDITIONS[edition]


def test_an_edition_has_the_questions_from_since_to_until(monkeypatch: pytest.MonkeyPatch) -> None:
    text = FILE + "until = 1" + FILE.replace("Where", "When") + "since = 2" + FILE.replace("Where", "Why")
    kept = {"arts": read_questions(text, Shipped)}
    monkeypatch.setattr("milena.games.questions.shipped", lambda category: kept.get(category, ()))

    assert pool.__wrapped__("any", "any", 1) == ("arts 1", "arts 3")
    assert pool.__wrapped__("any", "any", 2) == ("arts 2", "arts 3")
