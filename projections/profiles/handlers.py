"""What a dungeon says that its heroes have achieved: only its state tells, not the event that ends it."""

from milena.domain.game import Game
from milena.games.dungeon import State, achieved, rules
from milena.readside.model import Folding, Handler
from milena.store import Envelope


def note_feats(folding: Folding, ended: Envelope) -> None:
    """fold.sql has been here: of a game that was voided in the same batch there is nothing to add to."""
    key = ended.stream.removeprefix("game:")
    heroes = folding.db.execute(
        "SELECT seat, position, time, guild, kind, player FROM main.results "
        "WHERE game = ? AND kind = ? AND whole ORDER BY seat",
        (key, rules.name),
    ).fetchall()
    if not heroes:
        return
    game = folding.game(key)
    if game is None:  # not with the rules of this release
        return
    folding.db.executemany(
        "INSERT INTO main.feats VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(key, seat, feat, *rest) for seat, *rest in heroes for feat in _feats(game, seat)],
    )


def _feats(game: Game, seat: int) -> list[str]:
    return achieved(game.board)[seat] if isinstance(game.board, State) else []


HANDLERS: dict[str, Handler] = {"game.ended": note_feats}
