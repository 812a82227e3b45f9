"""/collection add: a joke or a quote of the server's own."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.own_lines import LONGEST_CATEGORY, LONGEST_CREDIT, LONGEST_TEXT, AddLines, Kind, Line


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Annotated[Kind, Meta(description="what it is")]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, description="how it goes")]
    credit: Annotated[
        str, Meta(min_length=1, max_length=LONGEST_CREDIT, description="whose it is, or where it is from")
    ]
    category: Annotated[
        str, Meta(min_length=1, max_length=LONGEST_CATEGORY, description="what it is about, in a word")
    ] = "ours"


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    guild = asked.place.partition("/")[0]
    line = Line(options.category, options.text, options.credit)
    added = desk.act("collection", guild, AddLines(options.kind, (line,), asked.player))
    return {"number": added.last, "says": f"/{options.kind} knows it from now on, as line {added.last}."}


command = Command(
    "collection add", "fun", "Add a joke or a quote of this server's own.", Options, run,
    permission="moderator", discreet=True,
)  # fmt: skip
