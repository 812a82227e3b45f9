"""A leaderboard as it is read: who is ahead, with bars for what was won, drawn and lost."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from milena.readside import Answered
from milena.telling import Name, join
from milena.terminal.clock import ago

WON, DRAWN, LOST = "█", "▒", "░"
TAKEN = 57
"""Columns that the bar can't have, beside those of the name."""
NARROW = 66
"""Columns of a terminal below which the bar alone tells what was won and lost."""
NARROWEST, WIDEST = 6, 24
LONGEST_NAME = 16
LEGEND = (
    "score: a win 1, a draw 1/2 · share: of all that could be won ("
    f"{WON} won {DRAWN} drawn {LOST} lost) · streak: wins in a row (the longest)"
)


class Rating(Struct, frozen=True):
    """How strong a player is, and how far that may be off."""

    rating: float
    deviation: float


class Leader(Struct, frozen=True):
    """Who is ahead in one game. ``played``: games that ended with a result; ``record``: the most points in
    one of them, where it counts any."""

    game: str
    title: str
    played: int
    players: int
    last: int
    leaders: tuple[str, ...] = ()
    score: float | None = None
    games: int | None = None
    record: int | None = None
    record_player: str | None = None


def standings(
    answered: Answered, ratings: dict[str, Rating], name: Name, width: int, marked: str | None = None
) -> Table:
    """The rows of the questions top and around_player. ``marked``: the player that is looked for."""
    rows = [dict(zip(answered.columns, row, strict=True)) for row in answered.rows]
    with_points = any(row.get("points") is not None for row in rows)
    with_streaks = "streak" in answered.columns and width >= NARROW
    counted = ("won", "drawn", "lost") if width >= NARROW else ()
    longest = min(
        LONGEST_NAME, max(cell_len(each) for each in ["player", *(name(row["player"]) for row in rows)])
    )
    room = width - TAKEN - longest - 8 * with_points + 11 * (not ratings) + 8 * (not with_streaks)
    bar_width = max(NARROWEST, min(WIDEST, room))
    made = Table(box=None, pad_edge=False, header_style="dim")
    made.add_column("#", justify="right", no_wrap=True)
    made.add_column(
        "player", no_wrap=True, overflow="ellipsis", max_width=LONGEST_NAME if width < 100 else None
    )
    for heading in ("score", *counted):
        made.add_column(heading, justify="right", no_wrap=True)
    made.add_column("share", no_wrap=True)
    if with_streaks:
        made.add_column("streak", justify="right", no_wrap=True)
    if with_points:
        made.add_column("points", justify="right", no_wrap=True)
    if ratings:
        made.add_column("rating", justify="right", no_wrap=True)
    for row in rows:
        cells: list[Any] = [
            str(row["rank"]),
            Text(harmless(name(row["player"])), "bold reverse" if row["player"] == marked else "bold"),
            f"{row['score']:g}",
            *(str(row[each]) for each in counted),
            Text(f"{share(row):4.0%} ").append(bar(row, bar_width)),
        ]
        if with_streaks:
            cells.append(f"{row['streak']} ({row['best_streak']})")
        if with_points:
            cells.append("" if row.get("points") is None else str(row["points"]))
        if ratings:
            rating = ratings.get(row["player"])
            cells.append("" if rating is None else f"{rating.rating:.0f} ±{rating.deviation:.0f}")
        made.add_row(*cells)
    return made


def share(row: dict[str, Any]) -> float:
    """How much of all that could be won."""
    return float(row["score"] / row["games"]) if row["games"] else 0.0


def bar(row: dict[str, Any], width: int) -> Text:
    """What was won, drawn and lost, in ``width`` characters: told apart by their shade, where there is no
    colour, too."""
    total = max(1, row["won"] + row["drawn"] + row["lost"])
    won = round(row["won"] / total * width)
    drawn = round((row["won"] + row["drawn"]) / total * width) - won
    text = Text(WON * won, "green")
    text.append(DRAWN * drawn, "yellow")
    return text.append(LOST * (width - won - drawn), "dim")


def points(answered: Answered, name: Name, now: int) -> Table:
    """The rows of the question points: the best game of each player."""
    rows = [dict(zip(answered.columns, row, strict=True)) for row in answered.rows]
    most: dict[str, int] = {}
    for row in rows:
        most[row["kind"]] = max(most.get(row["kind"], 1), row["points"])
    several = len(most) > 1
    made = Table(box=None, pad_edge=False, header_style="dim")
    if several:
        made.add_column("game", no_wrap=True)
    made.add_column("#", justify="right", no_wrap=True)
    made.add_column("player", no_wrap=True, overflow="ellipsis", max_width=LONGEST_NAME)
    made.add_column("points", justify="right", no_wrap=True)
    made.add_column("", no_wrap=True)
    for heading in ("games", "total"):
        made.add_column(heading, justify="right", no_wrap=True)
    made.add_column("when", no_wrap=True)
    for row in rows:
        part = max(0, round(row["points"] / most[row["kind"]] * 16))
        made.add_row(
            *([row["kind"]] if several else []),
            str(row["rank"]),
            Text(harmless(name(row["player"])), "bold"),
            str(row["points"]),
            Text(WON * part, "green"),
            str(row["games"]),
            str(row["total"]),
            Text(ago(row["time"], now), "dim"),
        )
    return made


def overview(leaders: Sequence[Leader], name: Name, now: int, width: int) -> Table:
    """Who leads each game, in ``width`` columns."""
    wide = width >= NARROW
    made = Table(box=None, pad_edge=False, header_style="dim")
    made.add_column("game", no_wrap=True)
    made.add_column("played", justify="right", no_wrap=True)
    made.add_column("leads", overflow="fold")
    made.add_column("score", justify="right", no_wrap=True)
    if wide:
        made.add_column("most points", overflow="fold")
        made.add_column("last game", no_wrap=True)
    for each in leaders:
        record = ""
        if each.record is not None and each.record_player is not None:
            record = f"{each.record} {harmless(name(each.record_player))}"
        made.add_row(
            Text(harmless(each.game), "bold"),
            str(each.played),
            Text(harmless(join([name(leader) for leader in each.leaders])) if each.leaders else ""),
            "" if each.score is None else f"{each.score:g} of {each.games}",
            *([Text(record), Text(ago(each.last, now), "dim")] if wide else []),
        )
    return made


def harmless(text: str) -> str:
    """Nothing that a terminal would obey: names are those of players."""
    return "".join(char if char.isprintable() else "?" for char in text)
