"""/quote: quote an author of old, with the source, or whom the server has added."""

from functools import cache
from importlib.resources import files
from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.collection import Entry, read
from milena.domain.command import Command, Desk, Result
from milena.domain.telling_lines import tell


@cache
def collection() -> list[Entry]:
    return read(files(__package__).joinpath("quotes.txt").read_text("utf-8"))


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    category: Annotated[str, Meta(max_length=40, description="about what; without it, anything")] = ""


def run(desk: Desk, options: Options) -> Result:
    return tell(desk, "quote", collection(), options.category)


command = Command("quote", "fun", "Quote somebody wise, or witty.", Options, run)
