"""Scores of games that count points."""

from collections.abc import Collection, Sequence


def most_win(points: Sequence[int], among: Collection[int]) -> tuple[float, ...]:
    """One score a seat: of those ``among`` whom it is decided, the one with the most points has won; several
    who are level share it. All others have lost."""
    best = max(points[seat] for seat in among)
    winners = [seat for seat in among if points[seat] == best]
    share = 1.0 if len(winners) == 1 else 0.5
    return tuple(share if seat in winners else 0.0 for seat in range(len(points)))
