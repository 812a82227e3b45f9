"""Whose turn it is, only the rules of a game know: the games that changed are looked at once a batch."""

from typing import NamedTuple

import msgspec

from milena import games
from milena.domain.game import Game, Games
from milena.readside.model import Folding
from milena.store.envelope import envelope

GAMES = Games(games.load)

CHANGED = """
    SELECT game FROM main.games
    WHERE status = 'playing' AND game IN (
        SELECT substr(stream, 6) FROM batch WHERE tag GLOB 'game.*'
        UNION SELECT payload ->> '$.game' FROM batch WHERE tag = 'lobby.game_listed'
    )
"""
NEWER = """
    SELECT * FROM log.events
    WHERE stream = ? AND version >= ? AND position <= (SELECT upto FROM temp.span)
    ORDER BY version
"""
LAST = """
    SELECT version, hash FROM log.events
    WHERE stream = ? AND position <= (SELECT upto FROM temp.span)
    ORDER BY version DESC LIMIT 1
"""

MOST_KEPT = 1024


class _Kept(NamedTuple):
    """A game as it stood at one of its events, which has this hash."""

    version: int
    hash: bytes
    game: Game


_kept: dict[str, _Kept] = {}
"""The games that were looked at lately. A batch has a few more events of each, and to fold all that came
before again would take three times as long. The hash tells whether the log is still the same."""


def settle(folding: Folding) -> None:
    changed = folding.db.execute(CHANGED).fetchall()
    turns = [(_turn(_game(folding, key)), key) for (key,) in changed]
    folding.db.executemany("UPDATE main.games SET turn = ? WHERE game = ?", turns)


def _turn(game: Game | None) -> str:
    """The players who may move now, as JSON; nobody in a game that can't be replayed."""
    seated = [game.seats[seat] for seat in GAMES.actors(game) if seat >= 0] if game is not None else []
    return msgspec.json.encode([each.player for each in seated if each is not None]).decode()


def _game(folding: Folding, key: str) -> Game | None:
    """A game as it stood at the end of this batch; None where it can't be replayed."""
    before = _kept.pop(key, None)
    now = _played_on(folding, before) if before is not None else None
    if now is None:
        game = folding.game(key)
        last = folding.db.execute(LAST, (f"game:{key}",)).fetchone()
        if game is None or last is None:
            return None
        now = _Kept(last[0], last[1], game)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = now
    return now.game


def _played_on(folding: Folding, before: _Kept) -> _Kept | None:
    """``before`` with what has happened since; None where the log does not lead on from there."""
    game = before.game
    rows = folding.db.execute(NEWER, (f"game:{game.key}", before.version)).fetchall()
    events = [envelope(row) for row in rows]
    if not events or (events[0].version, events[0].hash) != before[:2]:
        return None
    try:
        for each in events[1:]:
            game = GAMES.evolve(game, folding.event(each))
    except Exception:  # whatever it is, folding.game knows what to make of it
        return None
    return _Kept(events[-1].version, events[-1].hash, game)
