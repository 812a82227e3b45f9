"""A named question: one SELECT statement in a .sql file of a read model's folder.

The comment at its head is its title, and the lines below that what it tells. Values come in as named
parameters. These may be used anywhere, and are NULL where nobody gave them:

``:player``         a player's id
``:game``           a game's id
``:kind``           what is played, such as tictactoe
``:command``        a command's name
``:channel``        a channel's id
``:position``       a position of the log
``:text``           words to look for
``:since, :until``  ms since 1970: from (with it) and to (without it)
``:now``            the time of asking, in ms since 1970
``:limit, :offset`` how many rows, after how many

There is no ``:guild``: whoever asks for one guild sees its rows only, whatever the question says (see
:mod:`milena.readside.asking`).
"""

import re
from typing import Literal, get_args

from msgspec import Struct

Parameter = Literal[
    "player", "game", "kind", "command", "channel", "position", "text", "since", "until", "now", "limit",
    "offset",
]  # fmt: skip
PARAMETERS: tuple[Parameter, ...] = get_args(Parameter)
_NAMED = re.compile(r"(?<![:\w]):([a-z_]+)")
_QUIET = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
"""Texts and comments, in which a colon means nothing."""


class BadQuestion(Exception):
    """A .sql file that is no question: which one, and why."""


class Question(Struct, frozen=True):
    """``about`` is empty where the title says it all; ``parameters`` in the order of PARAMETERS."""

    model: str
    name: str
    title: str
    about: str
    sql: str
    parameters: tuple[Parameter, ...]

    @property
    def asked(self) -> tuple[Parameter, ...]:
        """The parameters that a person is asked for."""
        return tuple(each for each in self.parameters if each not in ("now", "limit", "offset"))


def parse(model: str, name: str, text: str) -> Question:
    """The question in a file's text. Raises BadQuestion."""
    head = []
    lines = text.strip().splitlines()
    while lines and lines[0].startswith("--"):
        head.append(lines.pop(0).removeprefix("--").strip())
    sql = "\n".join(lines).strip()
    if not head or not head[0]:
        raise BadQuestion(f"{model}/{name}.sql: it begins with a comment that is its title.")
    if not sql:
        raise BadQuestion(f"{model}/{name}.sql: there is no statement in it.")
    used = set(_NAMED.findall(_QUIET.sub(" ", sql)))
    unknown = sorted(used - {*PARAMETERS})
    if unknown:
        known = ", ".join(f":{each}" for each in PARAMETERS)
        raise BadQuestion(f"{model}/{name}.sql: there is no parameter :{unknown[0]}; there are {known}.")
    parameters = tuple(each for each in PARAMETERS if each in used)
    return Question(model, name, head[0].rstrip("."), " ".join(head[1:]), sql, parameters)
