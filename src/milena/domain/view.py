"""What one seat, or a spectator, may see of a game: plain data that every front end draws."""

from typing import Literal

from msgspec import Struct

Tone = Literal["", "first", "second", "accent", "dim", "good", "bad"]
"""How a cell or line should strike the eye; each front end has its own colours for these."""


class Cell(Struct, frozen=True, omit_defaults=True):
    """One field of a board.

    ``text`` is what stands there (a mark, a number, an emoji; at most a few columns wide),
    ``move`` the move that pressing this cell makes, empty where pressing it means nothing.
    """

    text: str = ""
    tone: Tone = ""
    move: str = ""


class View(Struct, frozen=True, omit_defaults=True):
    """A game as one seat sees it. Every part may be empty.

    ``grid``      rows of cells, top row first
    ``columns``   a heading for each column of the grid
    ``rows``      a heading for each row of the grid
    ``lines``     sentences below the board, one a line
    ``hand``      what this seat alone holds (cards, dice, a secret)
    ``choices``   the moves this seat may make now, in the game's notation
    """

    grid: tuple[tuple[Cell, ...], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    hand: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
