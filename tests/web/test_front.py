"""What the front page says of a read model, in words."""

import pytest

from milena.readside import Status
from milena.readside.status import Condition
from milena.web.front import first_sentence, order, said


@pytest.mark.parametrize(
    ("condition", "lag", "letters", "state", "words"),
    [
        ("good", 0, 0, "good", "Up to date"),
        ("good", 1234, 0, "busy", "1,234 events behind"),
        ("good", 0, 1, "bad", "Up to date; 1 event could not be taken in (milena projections dead-letters)"),
        (
            "good",
            2,
            3,
            "bad",
            "2 events behind; 3 events could not be taken in (milena projections dead-letters)",
        ),
        ("missing", 5, 0, "busy", "Being made"),
        ("damaged", 0, 0, "busy", "Being made anew (damaged)"),
        ("other version", 0, 0, "busy", "Being made anew (other version)"),
        ("newer", 0, 0, "bad", "Made by a newer Milena, and left alone: upgrade this one"),
    ],
)
def test_how_a_model_is(condition: Condition, lag: int, letters: int, state: str, words: str) -> None:
    status = Status("audit", "Audit", condition, 1, lag=lag, letters=letters)
    assert said(status) == (state, words)


def test_one_sentence_is_enough() -> None:
    assert first_sentence("Who won, and when: 1.5 points\ncount. The rest is silence.") == (
        "Who won, and when: 1.5 points count."
    )


def test_what_most_people_come_for_is_first() -> None:
    assert order(["zoo", "audit", "leaderboard", "another"]) == ["leaderboard", "audit", "another", "zoo"]
