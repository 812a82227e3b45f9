"""What it means that a button was pressed, a menu used or a modal sent. Pure: nothing is done here.

A press says which board it was meant for, so an old one is refused by the engine and never plays a wrong
move; so is one of somebody else, and the second of two.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from milena.discord import custom_ids
from milena.discord.custom_ids import Ask, Call, Choose, Control, Hand, Menu, Numbered, Offered, Play, Typed
from milena.discord.drawing import FIELD
from milena.domain.game import Game, Games
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused

UNKNOWN = (
    "This button is from an older Milena, and nobody knows any more what it did. Use the newest message."
)


class Invoke(Struct, frozen=True):
    """Call ``command`` with ``options``. ``game``: the game that it is about, whose board, or hand, is the
    answer where it is accepted; empty where the command's own answer is."""

    command: str
    options: dict[str, Any]
    game: str = ""


class Nth(Struct, frozen=True):
    """Play the move ``index`` of those that were legal at ``ply``: :func:`nth` makes an Invoke of it."""

    game: str
    ply: int
    index: int


class ShowHand(Struct, frozen=True):
    """Show what this player sees; :func:`seat_of` says whether there is anything to see."""

    game: str
    page: int


class OpenModal(Struct, frozen=True):
    """Open the modal that ``ask`` describes, if :func:`check` does not refuse."""

    ask: Ask


class Confirm(Struct, frozen=True):
    """Ask whether they mean it."""

    game: str
    word: Literal["resign", "abort"]


class Dismiss(Struct, frozen=True):
    """They do not: the question goes away."""

    game: str


class Recall(Struct, frozen=True):
    """Do what the answer at ``position`` of the log offers as its action ``index``."""

    position: int
    index: int


class NotOurs(Struct, frozen=True):
    """Nothing that can be done: say so."""

    sentence: str = UNKNOWN


Meaning = Invoke | Nth | ShowHand | OpenModal | Confirm | Dismiss | Recall | NotOurs


def meaning(custom_id: str, values: Sequence[str] = (), typed: Mapping[str, str] | None = None) -> Meaning:
    """``values``: what was chosen of a menu. ``typed``: the texts of a modal, by their own custom ids."""
    match custom_ids.parse(custom_id):
        case Play(game, ply, turn, move):
            return _move(game, move, ply, turn)
        case Numbered(game, ply, index):
            return Nth(game, ply, index)
        case Menu() as menu:
            return _chosen(menu, values)
        case Typed(game, ply, turn) if typed and typed.get(FIELD):
            return _move(game, typed[FIELD], ply, turn)
        case Ask() as ask:
            return OpenModal(ask)
        case Hand(game, page):
            return ShowHand(game, page)
        case Control() as control:
            return _control(control)
        case Call(command, options):
            return Invoke(command, options)
        case Choose(command, option, options) if len(values) == 1:
            return Invoke(command, {**options, option: values[0]})
        case Offered(position, index):
            return Recall(position, index)
    return NotOurs()


def _move(game: str, move: str, ply: int | None, turn: int | None) -> Invoke:
    looked_at = {name: value for name, value in (("ply", ply), ("turn", turn)) if value is not None}
    return Invoke("move", {"game": game, "move": move, **looked_at}, game)


def _chosen(menu: Menu, values: Sequence[str]) -> Meaning:
    if len(values) != 1:
        return NotOurs()
    [value] = values
    if value.startswith("="):
        return _move(menu.game, value[1:], menu.ply, menu.turn)
    if menu.ply is not None and re.fullmatch("#[0-9]{1,9}", value):
        return Nth(menu.game, menu.ply, int(value[1:]))
    return NotOurs()


def _control(control: Control) -> Meaning:
    match control.word:
        case "resign?":
            return Confirm(control.game, "resign")
        case "abort?":
            return Confirm(control.game, "abort")
        case "stay":
            return Dismiss(control.game)
    offer = {"offer": control.offer} if control.offer else {}
    return Invoke(control.word, {"game": control.game, **offer}, control.game)


# ------------------------------------------------------------------------------- with a look at the game


def seat_of(game: Game, player: PlayerId) -> int:
    """The seat whose side of the board this player may see. Raises Refused."""
    seat = game.seat_of(player)
    if seat is None:
        raise Refused("not_seated", "You do not play here; the board in the channel is what you can see.")
    return seat


def check(games: Games, game: Game, player: PlayerId, ask: Ask) -> None:
    """That this player may move now, on the board that they look at, before a modal is opened for it.
    Raises Refused."""
    seat = seat_of(game, player)
    if game.status != "playing":
        raise Refused("not_playing", "This game is not being played now.")
    if seat not in games.actors(game):
        raise Refused("not_your_turn", "It is not your turn.")
    looked_at = {"ply": ask.ply, "turn": ask.turn}
    if any(looked_at[name] not in (None, now) for name, now in games.looked_at(game).items()):
        raise Refused("moved_on", "The board has moved on since you looked; look again, then move.")


def nth(games: Games, game: Game, player: PlayerId, meant: Nth) -> Invoke:
    """The move that was pressed by its number, while the board is still the one that it was meant for.
    Raises Refused."""
    check(games, game, player, Ask(meant.game, meant.ply, None))
    if meant.ply != game.ply:
        raise Refused("moved_on", "The board has moved on since you looked; look again, then move.")
    choices = games.view(game, seat_of(game, player)).choices
    if meant.index >= len(choices):
        raise Refused("moved_on", "The board has moved on since you looked; look again, then move.")
    return _move(meant.game, choices[meant.index], *map(games.looked_at(game).get, ("ply", "turn")))
