"""/collection import: a file of jokes or quotes of the server's own. Whoever calls it hands over what is in
the file, so that what is decided depends on nothing else."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.own_lines import FORM, LONGEST_FILE, AddLines, Kind, read_file


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Annotated[Kind, Meta(description="what is in the file")]
    file: Annotated[str, Meta(max_length=LONGEST_FILE, description=f"a text file, each line {FORM}")]


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    lines = read_file(options.file)
    added = desk.act("collection", asked.place.partition("/")[0], AddLines(options.kind, lines, asked.player))
    says = f"/{options.kind} knows {len(lines)} more, as lines {added.last - len(lines) + 1} to {added.last}."
    return {"added": len(lines), "last": added.last, "says": says}


command = Command(
    "collection import", "fun", "Add a file of jokes or quotes of this server's own.", Options, run,
    permission="moderator", discreet=True,
)  # fmt: skip
