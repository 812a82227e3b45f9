"""How the ratings of a player went: a line for each guild and kind of game."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from msgspec import Struct

from milena.domain.refusal import Refused
from milena.store import StoreError
from milena.web.drawing import lines

if TYPE_CHECKING:
    from milena.web.site import Site

_HISTORY = """
SELECT guild, kind, time, before, after FROM history WHERE player = ? AND after IS NOT NULL
ORDER BY guild, kind, position
"""


class Course(Struct):
    """One line, and what is written around it."""

    guild: str
    kind: str
    drawn: Markup
    last: int
    lowest: int
    highest: int
    first_time: Markup | None
    last_time: Markup | None
    games: int


def page(site: "Site") -> Callable[..., Awaitable[Any]]:
    """The view of Datasette's that makes the page."""

    async def view(request: Any) -> Any:
        typed = (request.args.get("player") or "").strip()
        courses, problem = await asyncio.to_thread(_gather, site, typed)
        notes = site.typed.notes({"player": typed})
        values = {"typed": typed, "courses": courses, "problem": problem, "notes": notes}
        return await site.page("rating.html", request, **values)

    return view


def _gather(site: "Site", typed: str) -> tuple[list[Course], str]:
    player = site.typed.player(typed)
    if player is None:
        return [], ""
    try:
        with site.readside.asking("ratings", None) as asking:
            rows = asking.select(_HISTORY, (player,)).rows
    except (Refused, StoreError) as error:
        return [], str(error)
    parts = groupby(rows, key=lambda row: (row[0], row[1]))
    courses = [_course(site, guild, kind, list(part)) for (guild, kind), part in parts]
    return sorted(courses, key=lambda course: -course.games), ""


def _course(site: "Site", guild: str, kind: str, rows: list[tuple[Any, ...]]) -> Course:
    values = [rows[0][3], *(row[4] for row in rows)]  # it begins with what one is rated at before any game
    first, last, low, high = values[0], values[-1], min(values), max(values)
    margin = max(10.0, (high - low) / 10)
    about = f"From {first:.0f} to {last:.0f} in {len(rows)} games; lowest {low:.0f}, highest {high:.0f}."
    return Course(
        guild=guild,
        kind=kind,
        drawn=lines([values], low - margin, high + margin, f"Rating at {kind}", about),
        last=round(last),
        lowest=round(low),
        highest=round(high),
        first_time=site.cells.show("time", rows[0][2]),
        last_time=site.cells.show("time", rows[-1][2]),
        games=len(rows),
    )
