"""How Milena is used: commands an hour, refusals, and how long commands take."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from milena.web.site import Site


def page(site: "Site") -> Callable[..., Awaitable[Any]]:
    """The view of Datasette's that makes the page."""

    async def view(request: Any) -> Any:
        return await site.page("charts.html", request)

    return view
