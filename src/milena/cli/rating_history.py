"""milena leaderboard --history: how a rating went, as a plot in the terminal or a picture."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from milena.cli.answering import find_player
from milena.cli.common import console
from milena.domain.refusal import Refused

if TYPE_CHECKING:
    from milena.cli.leaderboard_rows import Board
    from milena.readside import Answered

PAGE = 1000
WIDTH, HEIGHT = 80, 20
"""Characters of a plot that goes into a file; on a screen it is as wide as that is, within reason."""
WIDEST = 120


class Rated(NamedTuple):
    """A rated game, and what it made of a player's rating."""

    time: int
    before: float
    after: float
    deviation: float


def show(board: "Board", game: str, name: str, svg: str | None) -> None:
    """Raises Refused where no game of this player is rated, or the file can't be written."""
    player = find_player(board.home, name)
    answered = _all(board, game, player)
    if board.json or board.csv:
        board.plain(answered)
        return
    columns = [answered.columns.index(field) for field in Rated._fields]
    rated = [Rated(*(row[column] for column in columns)) for row in answered.rows][::-1]
    who = board.home.vault.name(player)
    if not rated:
        raise Refused("unrated", f"{who} has no rated game of {board.title(game)} here.")
    title = f"{board.title(game)}: the rating of {who}"
    if svg is None:
        _plot(title, rated)
    else:
        _write(svg, _picture(title, rated))


def _all(board: "Board", game: str, player: str) -> "Answered":
    """Every row of the question, newest first."""
    rows: list[tuple[Any, ...]] = []
    page = 1
    while True:
        answered = board.ask("ratings", "history", PAGE, page, kind=game, player=player)
        rows += answered.rows
        if not answered.more:
            return answered._replace(rows=rows)
        page += 1


def _plot(title: str, rated: list[Rated]) -> None:
    from rich.text import Text

    from milena.terminal.plot import plot

    out = console()
    width, height = WIDTH, HEIGHT
    if out.is_terminal:
        width, height = min(out.width, WIDEST), max(8, min(out.height - 5, HEIGHT))
    out.print(Text(title, "bold"))
    for line in plot(_values(rated), width, height):
        out.print(Text(line, "cyan"), no_wrap=True, overflow="crop")
    out.print(Text(_told(rated)))


def _picture(title: str, rated: list[Rated]) -> str:
    from milena.terminal.clock import local
    from milena.terminal.svg import Point, line_chart

    points = [Point(rated[0].before, 0.0, f"before the first game: {rated[0].before:.0f}")]
    for number, each in enumerate(rated, 1):
        about = f"game {number}, {local(each.time):%Y-%m-%d}: {each.after:.0f} ± {each.deviation:.0f}"
        points.append(Point(each.after, each.deviation, about))
    return line_chart(title, _told(rated), "games", points)


def _values(rated: list[Rated]) -> list[float]:
    return [rated[0].before, *(each.after for each in rated)]


def _told(rated: list[Rated]) -> str:
    """The same in words."""
    from milena.terminal.clock import local

    last, values = rated[-1], _values(rated)
    games = f"{len(rated)} game{'s' * (len(rated) > 1)}"
    days = " to ".join(dict.fromkeys(f"{local(each.time):%Y-%m-%d}" for each in (rated[0], last)))
    return (
        f"{values[0]:.0f} before, {last.after:.0f} ± {last.deviation:.0f} after {games} ({days}); "
        f"highest {max(values):.0f}, lowest {min(values):.0f}."
    )


def _write(file: str, text: str) -> None:
    if file == "-":
        sys.stdout.write(text)
        return
    try:
        Path(file).expanduser().write_text(text, "utf-8")
    except OSError as error:
        raise Refused("bad_file", f"{file} can't be written: {error.strerror}.") from None
