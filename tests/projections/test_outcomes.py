"""The view that leaderboard, ratings and profiles are made of: who sat where when a game ended."""

from typing import Any

from book import KINDS, sat, sessions
from folding import cuts, fold
from hypothesis import event, example, given
from hypothesis import strategies as st

from milena.domain.game.events import Started

HANDED_BACK = [
    *(("sit", who, 0) for who in (2, 1)),
    *(("begin", who, 0) for who in range(5)),
    *(("hand over", who, to) for who, to in ((2, 0), (0, 2))),
]


@example([("hangman", HANDED_BACK, True, "8")], set())
@given(st.lists(sessions, min_size=1, max_size=4), cuts)
def test_each_seat_is_that_of_whoever_the_game_says(played: list[Any], cuts: set[int]) -> None:
    """Whoever left before it began, moved up, took over, or came in late."""
    book, sittings = sat(played)
    expected = []
    for sitting in sittings:
        game = sitting.game
        outcome = game.outcome
        if outcome is None or not outcome.scores:
            continue
        began = next(each.seats for each in sitting.events if isinstance(each, Started))
        event("somebody came in late", len(game.seats) > began)
        event("a seat was handed over", bool(game.former))
        event("it began with fewer", began < KINDS[sitting.kind])
        for seat, score in enumerate(outcome.scores):
            player, whole = sitting.counts_for(seat)
            # Also where it was handed back in the end: others may have made the points.
            own = sitting.whole[seat] or score != 0 or seat >= len(sitting.first)
            event("a loss was handed over", not own)
            expected.append(
                {
                    "game": sitting.key, "kind": sitting.kind, "guild": sitting.guild,
                    "seats": len(game.seats), "seat": seat, "player": player, "score": score,
                    "result": {1.0: "won", 0.0: "lost"}.get(score, "drawn"),
                    "points": outcome.points[seat] if own and outcome.points else None,
                    "whole": int(whole), "plies": game.ply,
                }
            )  # fmt: skip
    columns = "game, kind, guild, seats, seat, player, score, result, points, whole, plies"
    with book.kept(), fold(book, "profiles", cuts) as folded:
        assert folded.rows(f"SELECT {columns} FROM results ORDER BY game, seat") == expected
