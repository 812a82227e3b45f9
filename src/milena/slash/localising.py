"""What is said of slashes in other languages: one file a language in ``texts/``.

The English text in the code is the key; what a file does not have stays English. A file is named as Discord
names the language (https://docs.discord.com/developers/reference#locales), and has two tables: ``names`` of
options and choices, and ``descriptions``.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from msgspec import Struct, convert

DEFAULT = "(default: {})"
"""How a default is told behind a description; a text like any other."""


class Texts(Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of one language, by the English ones."""

    names: dict[str, str] = {}
    descriptions: dict[str, str] = {}


@cache
def languages() -> Mapping[str, Texts]:
    """The texts of each language but English, by its locale."""
    folder = files("milena.slash").joinpath("texts")
    found = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return {
        entry.name.removesuffix(".toml"): convert(tomllib.loads(entry.read_text("utf-8")), Texts)
        for entry in found
        if entry.name.endswith(".toml")
    }


def described(description: str, default: str, longest: int, texts: Texts | None = None) -> str:
    """A description, and behind it the default where there is one and room for it."""
    table = {} if texts is None else texts.descriptions
    said = table.get(description, description)
    if not default:
        return said
    whole = f"{said} {table.get(DEFAULT, DEFAULT).format(default)}"
    return whole if len(whole) <= longest else said
