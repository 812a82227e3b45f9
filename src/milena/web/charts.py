"""How Milena is used, as a page: commands an hour, refusals, how long commands take, how many people come."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from milena.domain.refusal import Refused
from milena.store import StoreError
from milena.web.asked import now
from milena.web.cells import minute
from milena.web.drawing import bar, columns
from milena.web.usage import WINDOWS, Usage, gather

if TYPE_CHECKING:
    from milena.web.site import Site


def page(site: "Site") -> Callable[..., Awaitable[Any]]:
    """The view of Datasette's that makes the page."""

    async def view(request: Any) -> Any:
        window = request.args.get("window") or "week"
        window = window if window in WINDOWS else "week"
        windows = {name: title for name, (title, _) in WINDOWS.items()}
        try:
            usage = await asyncio.to_thread(gather, site, window, now())
        except (Refused, StoreError) as error:
            return await site.page("charts.html", request, window=window, windows=windows, problem=str(error))
        drawn = _drawn(usage) if usage else {}
        return await site.page("charts.html", request, window=window, windows=windows, usage=usage, **drawn)

    return view


def _drawn(usage: Usage) -> dict[str, Any]:
    """The charts, and what is written around them."""
    spans, people = usage.spans, usage.people
    called = sum(span.called for span in spans)
    busiest = max(spans, key=lambda span: span.called)
    about = f"{called:,} commands; the most in one column are {busiest.called:,}."
    parts = [(span.accepted, span.refused, span.failed) for span in spans]
    most_people = max((count for _, count in people), default=0)
    return {
        "called": called,
        "busiest": busiest,
        "refused": sum(span.refused for span in spans),
        "failed": sum(span.failed for span in spans),
        "hours": columns(parts, f"Commands, a column for each {usage.span}", about),
        "people": columns(
            [(count,) for _, count in people], "People a day", f"At most {most_people:,} on one day."
        ),
        "most_people": most_people,
        "longest": max((latency.most for latency in usage.latencies), default=0) or 1,
        "bar": bar,
        "time": minute,
        "span_time": span_of_time,
    }


def span_of_time(us: int) -> str:
    """``0.40 ms``, ``12 ms``, ``1.5 s``."""
    if us >= 1_000_000:
        return f"{us / 1_000_000:.1f} s"
    return f"{us / 1000:.{2 if us < 1000 else 1 if us < 10_000 else 0}f} ms"
