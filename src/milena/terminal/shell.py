"""The shell: slash commands as they are typed, answered in words.

Beside every command that people can call it knows three of its own: ``/as NAME`` (another person types now),
``/in GUILD/CHANNEL`` (somewhere else), ``/quit``.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping

from rich.console import RenderableType

from milena.domain.command import Command
from milena.domain.ids import Place, PlayerId
from milena.domain.refusal import Refused
from milena.engine import Engine
from milena.seeing import Seeing
from milena.terminal.calling import PLACE, Caller
from milena.terminal.results import drawn
from milena.terminal.seating import BadName, check_names
from milena.terminal.telling import Name
from milena.terminal.typed import named, read_options

OWN = {
    "as": "NAME: type as somebody else",
    "in": "GUILD/CHANNEL: go somewhere else",
    "quit": "leave",
}


class Leave(Exception):
    """The one who types wants to go."""


class Shell:
    """One who types, somewhere. ``player`` gives the id of a name, ``find_game`` that of a part of an id."""

    def __init__(
        self,
        engine: Engine,
        commands: Mapping[str, Command],
        name: Name,
        player: Callable[[str], PlayerId],
        find_game: Callable[[str], str],
        who: str,
        seeing: Seeing | None = None,
    ) -> None:
        self.commands = commands
        self.who = who
        self._player = player
        self._find_game = find_game
        self._caller = Caller(engine, name, PLACE, seeing)

    @property
    def place(self) -> Place:
        return self._caller.place

    @property
    def prompt(self) -> str:
        return f"{self.who}@{self.place}> "

    def answer(self, line: str) -> list[RenderableType]:
        """What a line is answered, to be printed one below the other. Raises Refused or StoreError, and Leave
        for ``/quit``."""
        words = _words(line)
        if not words:
            return []
        match words[0].removeprefix("/"), words[1:]:
            case "quit" | "exit", []:
                raise Leave
            case "as", [name]:
                self.who = self._named(name)
                return [f"You are {self.who} now."]
            case "in", [place]:
                self._caller.place = place_of(place)
                return [f"You are in {place} now."]
            case ("as" | "in" | "quit") as word, _:
                raise Refused("bad_option", f"/{word} {OWN[word]}.")
        called, given = named(self.commands, words)
        options = read_options(self.commands[called], list(_joined(given)), self._find_game, self._id_of)
        return drawn(self._caller.must(called, self._id_of(self.who), **options), self._caller.name)

    def _id_of(self, name: str) -> PlayerId:
        return self._player(self._named(name))

    def _named(self, name: str) -> str:
        try:
            return check_names([name])[0]
        except BadName as error:
            raise Refused("bad_name", str(error)) from None

    def completions(self, line: str) -> list[str]:
        """What a line may go on as: names of commands, then the options that are not given yet."""
        text = line.lstrip().removeprefix("/")
        names = [*self.commands, *OWN]
        called = max((name for name in names if text.startswith(f"{name} ")), key=len, default="")
        longer = [f"/{name}" for name in names if name.startswith(text) and name != called]
        if called not in self.commands:
            return longer
        before = text.rpartition(" ")[0]
        known = self.commands[called].options.__struct_encode_fields__
        last = text.rpartition(" ")[2]
        new = [name for name in known if f" {name}=" not in f" {before} " and name.startswith(last)]
        return longer + [f"/{before} {name}=" for name in new]


def place_of(text: str) -> Place:
    """Raises Refused where it is none."""
    guild, slash, channel = text.partition("/")
    if not (guild and slash and channel and text.isprintable()) or len(text) > 80:
        raise Refused("bad_place", "A place is written GUILD/CHANNEL.")
    return Place(text)


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        raise Refused("bad_line", "A quotation mark is left open: close it.") from None


def _joined(words: Iterable[str]) -> Iterator[str]:
    """Options as ``name=value``, also where they were typed as on Discord: ``name: value``."""
    waiting = ""
    for word in words:
        if waiting:
            yield f"{waiting}={word}"
            waiting = ""
        elif word.endswith(":") and "=" not in word:
            waiting = word[:-1]
        else:
            yield word
    if waiting:
        yield f"{waiting}="
