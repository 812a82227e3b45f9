"""The front page: what is here, and how fresh it is, in plain words."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from milena.domain.refusal import Refused
from milena.readside import Model, Question, Status
from milena.store import StoreError
from milena.web.asked import now

if TYPE_CHECKING:
    from milena.web.site import Site

COUNTING = 0.3
"""Seconds that counting a table may take."""
FIRST = ("leaderboard", "ratings", "profiles", "games", "audit", "usage", "cooldowns")
"""In this order; others come behind."""


class Shown(Struct):
    """A read model on the front page. ``state``: good, busy or bad; ``counts``: of its tables, None where
    there are too many rows to count them."""

    model: Model
    about: str
    state: str
    said: str
    counts: dict[str, int | None]
    questions: list[Question]
    position: int


def page(site: "Site") -> Callable[..., Awaitable[Any]]:
    """The view of Datasette's that makes the page."""

    async def view(request: Any) -> Any:
        return await site.page("front.html", request, **await asyncio.to_thread(_gather, site))

    return view


def order(models: Iterable[str]) -> list[str]:
    """What most people come for is first."""
    places = {name: number for number, name in enumerate(FIRST)}
    return sorted(models, key=lambda name: (places.get(name, len(places)), name))


def _gather(site: "Site") -> dict[str, Any]:
    head = site.home.store.head().position
    last = site.home.store.rows("SELECT time FROM events WHERE position = ?", (head,))
    found = {status.model: status for status in site.readside.status()}
    return {
        "head": head,
        "last": site.cells.show("time", last[0][0]) if last else None,
        "now": site.cells.show("time", now()),
        "models": [_shown(site, found[name]) for name in order(found)],
    }


def _shown(site: "Site", status: Status) -> Shown:
    model = site.readside.models[status.model]
    state, words = said(status)
    return Shown(
        model=model,
        about=first_sentence(model.about),
        state=state,
        said=words,
        counts=dict(_counts(site, status)),
        questions=sorted(model.questions.values(), key=lambda question: "player" in question.parameters),
        position=status.position,
    )


def said(status: Status) -> tuple[str, str]:
    """How a model is, in words."""
    letters = ""
    if status.letters:
        few = "1 event" if status.letters == 1 else f"{status.letters:,} events"
        letters = f"; {few} could not be taken in (milena projections dead-letters)"
    match status.condition:
        case "good" if not status.lag:
            return ("bad" if letters else "good"), f"Up to date{letters}"
        case "good":
            return ("bad" if letters else "busy"), f"{status.lag:,} events behind{letters}"
        case "newer":
            return "bad", "Made by a newer Milena, and left alone: upgrade this one"
        case "missing":
            return "busy", "Being made"
    return "busy", f"Being made anew ({status.condition})"


def _counts(site: "Site", status: Status) -> Iterator[tuple[str, int | None]]:
    """How many rows each table has that can be looked at."""
    tables = sorted(site.open_tables[status.model])
    try:
        with site.readside.asking(status.model, None, seconds=COUNTING) as asking:
            for table in tables:
                try:
                    yield table, asking.select(f'SELECT count(*) FROM "{table}"', ()).rows[0][0]  # noqa: S608
                except Refused:  # it takes too long, or an older version of the model has no such table
                    yield table, None
    except StoreError:  # it is not there yet
        return


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    whole = " ".join(text.split())
    return whole.partition(". ")[0].rstrip(".") + "."
