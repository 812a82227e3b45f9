"""Answers of many rows, a page at a time, with what leads to the pages beside it."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct, to_builtins
from msgspec.structs import fields

from milena.domain.command import Action, Result, Rows, Sight, picked

PAGE = 10
"""Rows of one page: Discord has no room for more."""
Number = Annotated[int, Meta(ge=1, le=1000)]


def paged(
    sight: Sight, options: Struct, rows: Rows, columns: Sequence[str], title: str, empty: str
) -> Result:
    """A page of ``rows``, of which ``columns`` are shown. The command called has an option ``page``; it is
    called again for the pages beside, with its other ``options``."""
    page: int = options.page  # type: ignore[attr-defined]
    there = [column for column in columns if column in rows.columns]
    given = {
        field.encode_name: value
        for field in fields(options)
        if (value := getattr(options, field.name)) != field.default and field.name != "page"
    }
    name = sight.invocation.command
    actions = []
    if page > 1:
        actions.append(Action("Previous", name, {**to_builtins(given), "page": page - 1}))
    if rows.more:
        actions.append(Action("Next", name, {**to_builtins(given), "page": page + 1}))
    if not rows.rows:
        return {"says": f"{title}\n{empty if page == 1 else 'There are no more.'}", "actions": actions}
    shown = [list(row) for row in picked(rows, *there)]
    said = f"{title} Page {page}." if actions else title
    return {"says": said, "table": {"columns": there, "rows": shown}, "actions": actions}
