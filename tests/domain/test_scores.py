"""Scores of games that count points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.scores import most_win


@pytest.mark.parametrize(
    ("points", "among", "scores"),
    [
        ((3, 7, 5), (0, 1, 2), (0.0, 1.0, 0.0)),
        ((3, 7, 7), (0, 1, 2), (0.0, 0.5, 0.5)),
        ((3, 7, 5), (0, 2), (0.0, 0.0, 1.0)),
        ((-4, -9), (0, 1), (1.0, 0.0)),
        ((0, 0, 0), (0, 1, 2), (0.5, 0.5, 0.5)),
        ((9, 1), (1,), (0.0, 1.0)),
    ],
    ids=["the most", "level", "the most gave up", "below zero", "all level", "the last one"],
)
def test_the_most_points_win_of_those_among_whom_it_is_decided(
    points: tuple[int, ...], among: tuple[int, ...], scores: tuple[float, ...]
) -> None:
    assert most_win(points, among) == scores


@given(points=st.lists(st.integers(-20, 20), min_size=1, max_size=8), data=st.data())
def test_nobody_who_lost_has_more_points_than_who_won(points: list[int], data: st.DataObject) -> None:
    among = data.draw(st.sets(st.integers(0, len(points) - 1), min_size=1))
    scores = most_win(points, among)
    assert len(scores) == len(points)
    won = {seat for seat, score in enumerate(scores) if score}
    assert won
    assert won <= among
    assert all(points[winner] >= points[seat] for winner in won for seat in among)
    assert {scores[seat] for seat in won} == ({1.0} if len(won) == 1 else {0.5})
