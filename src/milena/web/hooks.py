"""Where Datasette asks us: what may be seen, how a cell is shown, which pages are ours."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import Response

from milena.readside import Behind
from milena.web import charts, front, rating
from milena.web.asked import LABELS
from milena.web.door import FRONT

if TYPE_CHECKING:
    from milena.web.site import Site

TOO_LONG = "This question took too long and was stopped: ask for less, such as a shorter time."
log = logging.getLogger(__name__)


class Hooks:
    """A plugin of Datasette's; the names of the methods, and of what they take, are its own."""

    __name__ = "milena"

    def __init__(self, site: "Site") -> None:
        self._site = site

    @hookimpl  # type: ignore[untyped-decorator]
    def register_routes(self) -> list[tuple[str, Callable[..., Any]]]:
        return [
            (f"^{FRONT}$", front.page(self._site)),
            ("^/-/charts$", charts.page(self._site)),
            ("^/-/rating$", rating.page(self._site)),
        ]

    @hookimpl  # type: ignore[untyped-decorator]
    def permission_allowed(self, action: str, resource: Any) -> bool | None:
        """Tables that are a model's own are closed, and those that no model has."""
        if action == "view-table":
            database, table = resource
            return None if table in self._site.open_tables.get(database, ()) else False
        if action == "view-database":
            return None if resource in self._site.open_tables else False
        return None

    @hookimpl  # type: ignore[untyped-decorator]
    def render_cell(self, value: Any, column: str) -> Any:
        return self._site.cells.show(column, value)

    @hookimpl  # type: ignore[untyped-decorator]
    def extra_template_vars(self, request: Any, view_name: str | None) -> dict[str, Any]:
        """What the templates need besides."""
        if request is None or view_name not in ("database", "table"):
            return {}
        given = {name: request.args.get(name) for name in request.args}
        return {"labels": LABELS, "notes": self._site.typed.notes(given)}

    @hookimpl  # type: ignore[untyped-decorator]
    def handle_exception(self, request: Any, exception: Exception) -> Any:
        """A model that is being made is no error; what we did not think of is logged, and not shown."""
        if isinstance(exception, Behind):
            return self._failed(request, 503, "Not now", str(exception))
        if getattr(exception, "title", None) == "SQL Interrupted":
            return self._failed(request, 400, "Stopped", TOO_LONG)
        if status := getattr(exception, "status", None):
            return self._failed(request, status, "Error", str(getattr(exception, "message", exception)))
        log.error("page %s failed", request.path, exc_info=exception)
        sentence = "This page can't be shown; what went wrong is in Milena's log."
        return self._failed(request, 500, "Error", sentence)

    async def _failed(self, request: Any, status: int, title: str, sentence: str) -> Response:
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": sentence, "status": status}, status=status)
        values = {"title": title, "error": sentence, "status": status}
        page = await self._site.render_template("error.html", values, request=request)
        return Response.html(page, status=status)
