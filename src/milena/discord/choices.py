"""The moves that can be made now, as something to press.

By cells of the board where these are few and carry all moves; else up to 20 buttons; else a menu of up to
25; beyond that, pages of menus for who asked for them, and a modal for who would rather type.
"""

from typing import NamedTuple

from milena.discord import custom_ids
from milena.discord.components import MENU, ROWS, TONES, WIDTH, Component, button, menu, row, rows
from milena.discord.custom_ids import CustomId, Hand, Menu, Numbered, Play, TooLong
from milena.discord.text import size
from milena.domain.game import Game, Games
from milena.domain.view import View

MOVES = ROWS - 1
"""Rows for moves: one is left for all else."""
_LABEL = 30
"""Characters of a button's label that can be read beside others."""


class Looked(NamedTuple):
    """Which board the moves belong to."""

    game: str
    at: int
    ply: int | None
    turn: int | None


def looked(games: Games, game: Game) -> Looked:
    at = games.looked_at(game)
    return Looked(game.key, game.ply, at.get("ply"), at.get("turn"))


def shared(games: Games, game: Game) -> View | None:
    """The view of those who may move, if it may be for all eyes: it tells nothing that a spectator must not
    know, and all of them can do the same. None where each has to look for themselves."""
    if not games.actors(game) or hides(games, game):
        return None
    first, *others = (games.view(game, seat) for seat in games.actors(game))
    return first if all(other.choices == first.choices for other in others) else None


def hides(games: Games, game: Game) -> bool:
    """Whether some seat knows, or is about to do, what a spectator must not know."""
    if game.status != "playing":
        return False
    rules = games.rules(game)
    if rules.secret(game.board) and not rules.simultaneous:
        return True
    seen = rules.hide(game.board, None)
    return any(rules.hide(game.board, seat) != seen for seat in range(len(game.seats)))


def on_cells(view: View, drawn: View) -> bool:
    """Whether the board itself can be pressed: it is small, has no headings, and its cells carry all moves.
    ``drawn`` is what everybody sees; a view that is turned round for a seat is nobody else's board."""
    if not view.grid or not view.choices or view.columns or view.rows:
        return False
    fits = len(view.grid) <= MOVES and len(view.grid[0]) <= WIDTH
    same = all(
        (cell.text, cell.tone) == (other.text, other.tone)
        for row, others in zip(view.grid, drawn.grid, strict=True)
        for cell, other in zip(row, others, strict=True)
    )
    return fits and same and set(view.choices) <= {cell.move for row in view.grid for cell in row}


def cells(view: View, at: Looked) -> list[Component]:
    """The board as buttons. A free cell has its move as the label; nobody can press the others."""
    made, number = [], len(view.choices)
    for line in view.grid:
        buttons = []
        for cell in line:
            number += 1
            id = play(view, at, cell.move) if cell.move else Numbered(at.game, at.at, number)
            text = cell.text or cell.move or "–"
            buttons.append(button(id, text, TONES[cell.tone], disabled=not cell.move))
        made.append(row(buttons))
    return made


def few(view: View, at: Looked) -> list[Component]:
    """Up to 20 buttons, or a menu of up to 25; nothing where there are more moves."""
    choices = view.choices
    if len(choices) <= MOVES * WIDTH and all(size(move) <= _LABEL for move in choices):
        return rows(button(play(view, at, move), move, "primary") for move in choices)
    return [_menu(view, at, 0)] if len(choices) <= MENU else []


def pages(view: View, at: Looked, page: int) -> list[Component]:
    """As :func:`few`; where there are more moves, one page of them, and buttons to turn it."""
    made = few(view, at)
    if made or not view.choices:
        return made
    last = (len(view.choices) - 1) // MENU
    page = min(page, last)
    turned = [
        button(Hand(at.game, max(0, page - 1)), "◀ Moves before", disabled=page == 0),
        button(Hand(at.game, page + 1), "Moves after ▶", disabled=page == last),
    ]
    return [_menu(view, at, page), row(turned)]


def play(view: View, at: Looked, move: str) -> CustomId:
    """The id of a button that plays ``move``."""
    id = Play(at.game, at.ply, at.turn, move)
    try:
        exact = custom_ids.parse(custom_ids.format(id)) == id
    except TooLong:
        exact = False
    return id if exact else Numbered(at.game, at.at, view.choices.index(move))


def value(move: str, index: int) -> str:
    """What a menu says when ``move`` is chosen, the move ``index`` of all."""
    return f"={move}" if size(move) < custom_ids.LONGEST else f"#{index}"


def _menu(view: View, at: Looked, page: int) -> Component:
    first = page * MENU
    part = view.choices[first : first + MENU]
    named = [(value(move, index), move) for index, move in enumerate(part, start=first)]
    about = "Choose a move"
    if len(part) < len(view.choices):
        about += f": {part[0]} to {part[-1]}, {first + 1}–{first + len(part)} of {len(view.choices)}"
    return menu(Menu(at.game, at.ply, at.turn, page), about, named)
