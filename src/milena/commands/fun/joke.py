"""/joke: tell a joke of our own, or one that the server has added."""

from functools import cache
from importlib.resources import files
from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.collection import Entry, read
from milena.domain.command import Command, Desk, Result
from milena.domain.telling_lines import tell


@cache
def collection() -> list[Entry]:
    return read(files(__package__).joinpath("jokes.txt").read_text("utf-8"))


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    category: Annotated[str, Meta(max_length=40, description="about what; without it, anything")] = ""


def run(desk: Desk, options: Options) -> Result:
    return tell(desk, "joke", collection(), options.category)


command = Command("joke", "fun", "Tell a joke.", Options, run)
