"""Rate what fold.sql found to be rated: new games, and those behind a voided one once more.

Both are the same: what is rated begins at a position, and goes on to the last game of its kind. So it is
always the same games in the same order, and a log that is cut otherwise leads to the same, to the last bit.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from math import log, sqrt
from operator import itemgetter
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

from milena.readside.model import Folding

if TYPE_CHECKING:
    from openskill.models import PlackettLuce

START = 1500.0
BETA = 400 / log(10) / sqrt(2)
"""How much the strength of one player varies from game to game: 400 between two who are well known means ten
to one."""
DEVIATION = 2 * BETA
"""Of who has not played yet. Its proportion to BETA, and that of the growth from game to game (1/100 of it),
are Weng and Lin's and the library's."""
DIGITS = 6
"""Behind the point. What is rounded is what is rated on with, so that another processor, whose last bits
differ, comes to the same."""
PAGE = 1000
"""Seats that are in memory at once; more than any game has."""


class Standing(NamedTuple):
    """How a player stands; ``position`` and ``time`` of the last rated game."""

    rating: float = START
    deviation: float = DEVIATION
    games: int = 0
    position: int = 0
    time: int = 0


def settle(folding: Folding) -> None:
    db = folding.db
    stale = db.execute("SELECT guild, kind, min(position) FROM main._stale GROUP BY guild, kind").fetchall()
    for guild, kind, position in stale:
        _rate_from(db, guild, kind, position)
    if stale:
        db.execute("DELETE FROM main._stale")


def _rate_from(db: Connection, guild: str, kind: str, position: int) -> None:
    """Rate all games of a kind from ``position`` on."""
    one = (guild, kind)
    gone = db.execute(
        "DELETE FROM main.ratings WHERE guild = ? AND kind = ? AND position >= ? RETURNING player",
        (*one, position),
    ).fetchall()
    standings = {player: _standing(db, guild, kind, player, position) for (player,) in gone}
    for rows in _pages(db, guild, kind, position):
        rated = []
        for played, seats in groupby(rows, itemgetter(0)):
            game = list(seats)
            for row in game:
                if row[3] not in standings:
                    standings[row[3]] = _standing(db, guild, kind, row[3], position)
            before = [standings[row[3]] for row in game]
            ratings = rate(before, [row[4] for row in game])
            for (_, seat, time, player, _), old, (rating, deviation) in zip(
                game, before, ratings, strict=True
            ):
                new = Standing(rating, deviation, old.games + 1, played, time)
                standings[player] = new
                rated.append((new.games, old.rating, rating, deviation, *one, played, seat))
        db.executemany(
            "UPDATE main.history SET games = ?, before = ?, after = ?, deviation = ? "
            "WHERE guild = ? AND kind = ? AND position = ? AND seat = ?",
            rated,
        )
    db.executemany(
        "INSERT OR REPLACE INTO main.ratings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*one, player, *standing) for player, standing in standings.items() if standing.games],
    )


def _pages(db: Connection, guild: str, kind: str, position: int) -> Iterator[list[tuple[Any, ...]]]:
    """What was played from ``position`` on, some games at a time: position, seat, time, player, score."""
    while True:
        rows = db.execute(
            "SELECT position, seat, time, player, score FROM main.history "
            "WHERE guild = ? AND kind = ? AND position >= ? ORDER BY position, seat LIMIT ?",
            (guild, kind, position, PAGE),
        ).fetchall()
        if len(rows) < PAGE:
            yield rows
            return
        position = rows[-1][0]  # that game may go on behind this page
        yield [row for row in rows if row[0] < position]


def _standing(db: Connection, guild: str, kind: str, player: str, position: int) -> Standing:
    """How a player stood before ``position``."""
    row = db.execute(
        "SELECT after, deviation, games, position, time FROM main.history INDEXED BY history_player "
        "WHERE guild = ? AND kind = ? AND player = ? AND position < ? ORDER BY position DESC LIMIT 1",
        (guild, kind, player, position),
    ).fetchone()
    return Standing(*row) if row else Standing()


def rate(before: list[Standing], scores: list[float]) -> list[tuple[float, float]]:
    """The rating and deviation of each seat after a game: a higher score beats a lower one."""
    model = _model()
    teams = [[model.rating(mu=each.rating, sigma=each.deviation)] for each in before]
    ranks = [float(sum(other > score for other in scores)) for score in scores]
    return [
        (round(team[0].mu, DIGITS), round(team[0].sigma, DIGITS)) for team in model.rate(teams, ranks=ranks)
    ]


@cache
def _model() -> "PlackettLuce":
    """Loaded when the first game is rated: it takes longer than all else that a start needs of this."""
    from openskill.models import PlackettLuce

    return PlackettLuce(mu=START, sigma=DEVIATION, beta=BETA, tau=DEVIATION / 100)
