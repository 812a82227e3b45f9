"""Laws of views: what every front end can draw."""

import unicodedata
from collections.abc import Iterator

from milena.domain.view import View
from milena.laws.law import Found, Look, LookLaw, who

WIDTH = 80


def width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return wide - sum(unicodedata.combining(char) > 0 for char in text)


def a_view_fits_80_columns(look: Look) -> Found:
    for seat in look.watchers:
        view = look.views[seat]
        for text in dict.fromkeys(_texts(view)):
            if not isinstance(text, str) or not text.isprintable():
                yield f"{text!r}, shown to {who(seat)}, is no line of printable text."
            elif width(text) > WIDTH:
                yield f"{text!r}, shown to {who(seat)}, is {width(text)} columns wide."
        if view.grid:
            side = max((width(row) + 1 for row in view.rows), default=0)
            longest = max(width(text) for text in {*view.columns, *_cells(view)})
            across = side + max(map(len, view.grid)) * (max(1, longest) + 1) + 1
            if across > WIDTH:
                yield f"the grid shown to {who(seat)} is {across} columns wide."


def a_grid_is_rectangular_and_so_are_its_headings(look: Look) -> Found:
    for seat in look.watchers:
        view = look.views[seat]
        lengths = {len(row) for row in view.grid}
        if len(lengths) > 1 or 0 in lengths:
            yield f"its rows have {sorted(lengths)} cells."
        if len(view.columns) not in (0, *lengths) or len(view.rows) not in (0, len(view.grid)):
            yield f"it has {len(view.columns)} headings of columns and {len(view.rows)} of rows."


def a_cell_or_a_choice_names_a_move_only_where_somebody_may_make_it(look: Look) -> Found:
    movers = look.movers
    legal = {seat: look.rules.legal(look.state, seat) for seat in movers}
    for seat in look.watchers:
        view = look.views[seat]
        named = [*(cell.move for row in view.grid for cell in row if cell.move), *view.choices]
        may = set(legal[seat]) if seat is not None and seat in movers else set()
        if look.rules.open_input and seat in movers:
            continue
        wrong = [move for move in named if move not in may]
        if wrong:
            yield f"{who(seat)} is offered {wrong[0]!r}, which is not legal for that seat now."
        if may and look.rules.offers and not view.choices:
            yield f"{who(seat)} may move, and is offered nothing."


def a_spectator_has_no_hand(look: Look) -> Found:
    if hand := look.views[None].hand:
        yield f"it is {', '.join(hand)}."


def marks_are_short_and_one_a_seat(look: Look) -> Found:
    marks = look.rules.marks(look.state)
    if len(marks) not in (0, len(look.seats)) or any(not 0 < width(mark) <= 4 for mark in marks):
        yield f"they are {marks}; there are {len(look.seats)} seats."


def the_number_of_a_turn_is_a_whole_one(look: Look) -> Found:
    turn = look.rules.turn(look.state)
    if turn is not None and not isinstance(turn, int):
        yield f"turn gives {turn!r}; it has to be a whole number or None."


def _cells(view: View) -> Iterator[str]:
    for row in view.grid:
        for cell in row:
            yield cell.text


def _texts(view: View) -> Iterator[str]:
    yield from _cells(view)
    yield from (*view.columns, *view.rows, *view.lines, *view.hand)


OF_VIEWS: tuple[LookLaw, ...] = (
    a_view_fits_80_columns,
    a_grid_is_rectangular_and_so_are_its_headings,
    a_cell_or_a_choice_names_a_move_only_where_somebody_may_make_it,
    a_spectator_has_no_hand,
    marks_are_short_and_one_a_seat,
    the_number_of_a_turn_is_a_whole_one,
)
