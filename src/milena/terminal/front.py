"""What a session needs of whatever shows a game and reads what players type."""

from typing import Protocol

from msgspec import Struct

from milena import telling
from milena.domain.game import Game, asking
from milena.domain.refusal import fill_names
from milena.domain.rules import AnyRules
from milena.domain.view import View
from milena.replay.history import History
from milena.telling import Name


class Scene(Struct, frozen=True):
    """A game as it is to be shown.

    ``view``     for the eyes that look now; ``seat`` whose they are, None for everybody's
    ``players``  the names, in seat order; ``marks`` what stands for each on the board, if anything does
    ``actors``   the seats that may move now
    ``asking``   what somebody asks of the others, such as a draw; empty where nobody does
    ``words``    what can be asked for now beside moves, such as "resign"
    """

    title: str
    history: History
    view: View
    players: list[str]
    marks: tuple[str, ...]
    actors: tuple[int, ...]
    seat: int | None = None
    asking: str = ""
    words: tuple[str, ...] = ()


def scene(history: History, name: Name, seat: int | None = None) -> Scene:
    """A game as it stands, for the eyes of ``seat``; None: of a spectator."""
    games, game = history.games, history.game
    rules = games.rules(game)
    players = telling.players(game, name)
    return Scene(
        rules.title,
        history,
        telling.with_names(games.view(game, seat), players),
        players,
        rules.marks(game.board),
        games.actors(game),
        seat,
        fill_names(asking(game), name),
        words(game, rules, seat),
    )


def words(game: Game, rules: AnyRules, seat: int | None) -> tuple[str, ...]:
    """What ``seat`` can ask for, beside moves."""
    if seat is None or game.status != "playing" or seat in game.gave_up:
        return ()
    can = ["abort" if len(game.moved) < len(game.seats) else "resign"]
    if game.takeback is not None or game.draw_offers:
        return (*can, "accept", "decline")
    if rules.draws and len(game.seats) > 1 and seat not in game.no_draw:
        can.append("draw")
    if any(before.seat == seat for before in game.earlier) and seat not in game.no_takeback:
        can.append("takeback")
    return tuple(can)


class Front(Protocol):
    """A screen and its keyboard, or a script and its output."""

    def show(self, scene: Scene) -> None:
        """Show the game as it stands."""

    def ask(self, scene: Scene, hidden: bool) -> str | None:
        """What the player of ``scene.seat`` types; None to leave. ``hidden``: others may look on. An empty
        text where the game went on meanwhile, by itself or by others."""

    def hand_over(self, name: str) -> None:
        """Let the keyboard pass to this player, before anything is shown that the others must not see."""

    def say(self, text: str) -> None:
        """Tell something in answer to what was typed."""

    def close(self, scene: Scene) -> None:
        """Show the game as it stands when the session ends."""

    def refuse(self, sentence: str) -> None:
        """Tell why what was typed can't be. Raises Refused where nobody can be asked again."""
