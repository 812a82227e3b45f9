"""/joke: tell a joke of our own."""

from functools import cache
from importlib.resources import files
from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.collection import Entry, of_category, read
from milena.domain.command import Command, Desk, Result
from milena.domain.urn import Hand


@cache
def collection() -> list[Entry]:
    return read(files(__package__).joinpath("jokes.txt").read_text("utf-8"))


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    category: Annotated[str, Meta(max_length=40, description="about what; without it, anything")] = ""


def run(desk: Desk, options: Options) -> Result:
    hand, entries = Hand(desk), of_category(collection(), options.category)
    told = entries[hand.pick(len(entries))]
    return {"category": told.category, "draw": hand.close(), "says": told.text}


command = Command("joke", "fun", "Tell a joke.", Options, run)
