"""A player's profile as it is read: the record, what was achieved, and with whom it was played."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from milena.readside import Answered
from milena.telling import Name
from milena.terminal.clock import local
from milena.terminal.standings import WON, bar, harmless

BAR = 10
WIDE = 100
"""Columns from which on the bars are twice as long."""
NEXT = 3
"""Achievements that are nearest, and not reached yet."""
MOST_OPPONENTS = 5
LONGEST_NAME = 16


def profile(
    who: str, guild: str | None, parts: Mapping[str, Answered], name: Name, width: int
) -> RenderableType:
    """The answers of the questions that a profile consists of, one below the other."""
    rows = {part: _rows(answered) for part, answered in parts.items()}
    heading = Text(harmless(who), "bold").append(f" · {guild or 'all guilds'}", "not bold dim")
    if not rows["record"]:
        return Group(heading, Text("No game that ended with a result."))
    bar_width = BAR * (2 if width >= WIDE else 1)
    ratings = {row["kind"]: row for row in rows.get("ratings", [])}
    shares = {row["kind"]: row["share"] for row in rows["favourites"]}
    shown: list[RenderableType] = [heading, _record(rows["record"], shares, ratings, bar_width)]
    for title, table in (
        ("achievements", _achievements(rows["achievements"], bar_width)),
        ("opponents", _opponents(rows["opponents"], name, bar_width)),
    ):
        if table.row_count:
            shown += [Text(), Text(title, "bold"), table]
    return Group(*shown)


def _record(
    rows: list[dict[str, Any]],
    shares: Mapping[str, float],
    ratings: Mapping[str, dict[str, Any]],
    bar_width: int,
) -> Table:
    with_best = any(row["best"] is not None for row in rows)
    made = _table()
    made.add_column("game", no_wrap=True, overflow="ellipsis", max_width=LONGEST_NAME + 3)
    for heading in ("played", "won", "drawn", "lost"):
        made.add_column(heading, justify="right", no_wrap=True)
    made.add_column("", no_wrap=True)
    made.add_column("streak", justify="right", no_wrap=True)
    if with_best:
        made.add_column("points", justify="right", no_wrap=True)
    if ratings:
        made.add_column("rating", justify="right", no_wrap=True)
    for row in rows:
        cells: list[str | Text] = [Text(harmless(row["kind"]))]
        share = f" ({shares[row['kind']]:.0f}%)" if row["kind"] in shares else ""
        cells += [f"{row['played']}{share}", *(str(row[each]) for each in ("won", "drawn", "lost"))]
        cells += [
            bar(row, bar_width) if row["won"] + row["drawn"] + row["lost"] else "",
            str(row["best_streak"]),
        ]
        if with_best:
            cells.append("" if row["best"] is None else str(row["best"]))
        if ratings:
            rated = ratings.get(row["kind"])
            cells.append(f"{rated['rating']:.0f} ±{rated['deviation']:.0f}" if rated else "")
        made.add_row(*cells)
    return made


def _achievements(rows: list[dict[str, Any]], bar_width: int) -> Table:
    """Those that were reached, the newest first, then those that are nearest."""
    reached = sorted((row for row in rows if row["time"] is not None), key=lambda row: -row["time"])
    begun = [row for row in rows if row["time"] is None and row["have"] > 0]
    nearest = sorted(begun, key=lambda row: -row["have"] / row["need"])[:NEXT]
    made = _table(show_header=False)
    made.add_column(no_wrap=True)
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    for row in reached:
        day = Text(f"{local(row['time']):%Y-%m-%d}", "dim")
        made.add_row(Text(f"✓ {row['achievement']}", "green"), day, Text(row["about"]))
    for row in nearest:
        filled = round(row["have"] / row["need"] * bar_width)
        progress = Text(WON * filled, "cyan").append("░" * (bar_width - filled), "dim")
        made.add_row(
            Text(f"  {row['achievement']}"),
            progress,
            Text(f"{row['have']} of {row['need']}: {row['about']}", "dim"),
        )
    return made


def _opponents(rows: list[dict[str, Any]], name: Name, bar_width: int) -> Table:
    made = _table()
    made.add_column("player", no_wrap=True, overflow="ellipsis", max_width=LONGEST_NAME)
    for heading in ("games", "better", "level", "worse"):
        made.add_column(heading, justify="right", no_wrap=True)
    made.add_column("", no_wrap=True)
    made.add_column("last", no_wrap=True)
    for row in rows[:MOST_OPPONENTS]:
        compared = {"won": row["better"], "drawn": row["level"], "lost": row["worse"]}
        made.add_row(
            Text(harmless(name(row["opponent"])), "cyan"),
            *(str(row[each]) for each in ("games", "better", "level", "worse")),
            bar(compared, bar_width) if any(compared.values()) else "",
            Text(f"{local(row['last']):%Y-%m-%d}", "dim"),
        )
    return made


def _table(*, show_header: bool = True) -> Table:
    return Table(box=None, pad_edge=False, header_style="dim", show_header=show_header)


def _rows(answered: Answered) -> list[dict[str, Any]]:
    return [dict(zip(answered.columns, row, strict=True)) for row in answered.rows]
