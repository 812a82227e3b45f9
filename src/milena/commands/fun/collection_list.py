"""/collection list: the jokes and quotes of the server's own, the newest first."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, to_builtins

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.own_lines import Collection, Line
from milena.domain.paging import PAGE, Number

PREVIEW = 100
"""Characters of a text."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Annotated[Literal["", "joke", "quote"], Meta(description="only jokes, or only quotes")] = ""
    page: Annotated[Number, Meta(description="which page")] = 1


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    own: Collection = sight.state("collection", sight.invocation.place.partition("/")[0])
    those = sorted(own.of(options.kind).items(), reverse=True)
    begin = PAGE * (options.page - 1)
    page = those[begin : begin + PAGE]
    actions = []
    for label, number, there in (
        ("Previous", options.page - 1, options.page > 1),
        ("Next", options.page + 1, len(those) > begin + PAGE),
    ):
        if there:
            given = {"kind": options.kind, "page": number}
            actions.append(to_builtins(Action(label, "collection list", given)))
    lines = [_line(number, own.kinds[number], line) for number, line in page]
    return {"says": "\n".join(lines) or "There are none here.", "actions": actions}


def _line(number: int, kind: str, line: Line) -> str:
    text = line.text if len(line.text) <= PREVIEW else f"{line.text[:PREVIEW]}…"
    return f"{number}. {kind}, {line.category}: {text} ({line.credit})"


command = Command(
    "collection list", "fun", "List the jokes and quotes of this server's own.", Options, run,
    permission="moderator", discreet=True, show=show,
)  # fmt: skip
