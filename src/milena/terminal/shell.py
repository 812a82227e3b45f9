"""The shell: slash commands as they are typed, answered in words and with boards.

Beside every command that people can call it knows three of its own: ``/as NAME`` (another person types now),
``/in GUILD/CHANNEL`` (somewhere else), ``/quit``. What a line may go on as, it knows too.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from rich.console import RenderableType

from milena.commands import offered
from milena.domain.command import Result
from milena.domain.ids import Place, PlayerId
from milena.domain.refusal import Refused
from milena.engine import Engine
from milena.home import Home
from milena.seeing import Seeing
from milena.slash import Option, Slash, Sources, complete
from milena.slash.installed import installed
from milena.slash.localising import described
from milena.store import StoreError
from milena.suggesting import Suggestions
from milena.terminal.boards import Boards
from milena.terminal.calling import PLACE, Caller
from milena.terminal.results import drawn
from milena.terminal.seating import BadName, check_names
from milena.terminal.typed import Reader

OWN = {
    "as": "NAME: type as somebody else",
    "in": "GUILD/CHANNEL: go somewhere else",
    "quit": "leave",
}


class Leave(Exception):
    """The one who types wants to go."""


class Going(NamedTuple):
    """What a line may go on as, and that in words, where they say more."""

    line: str
    words: str = ""


class Shell:
    """One who types, somewhere. ``find_game`` gives a game's id by a part of it; ``boards`` draws them."""

    def __init__(
        self,
        home: Home,
        engine: Engine,
        find_game: Callable[[str], str],
        who: str,
        seeing: Seeing | None = None,
        suggestions: Suggestions | None = None,
        boards: Boards | None = None,
    ) -> None:
        self.who = who
        self._known = [who]
        self._home = home
        self._boards = boards
        self._suggestions = suggestions or Suggestions(home)
        self._slashes = {slash.name: slash for slash in installed()}
        self._reader = Reader(offered(), self._slashes, find_game, self._id_of, self._sources)
        self._caller = Caller(engine, home.vault.name, PLACE, seeing)

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
                self._known = [*dict.fromkeys([*self._known, self.who])]
                return [f"You are {self.who} now."]
            case "in", [place]:
                self._caller.place = place_of(place)
                return [f"You are in {place} now."]
            case ("as" | "in" | "quit") as word, _:
                raise Refused("bad_option", f"/{word} {OWN[word]}.")
        called, options = self._reader.read(list(_joined(words)))
        player = self._id_of(self.who)
        return self._shown(self._caller.must(called, player, **options), player)

    def _shown(self, result: Result, player: PlayerId) -> list[RenderableType]:
        if self._boards is None or "game" not in result:
            return drawn(result, self._caller.name)
        name = self._caller.name
        said = drawn(
            {"says": "", **{key: result[key] for key in ("says", "chart", "table") if key in result}}, name
        )
        board = self._boards.drawn(result["game"], player, result.get("at"))
        return [*said, *board, *drawn({key: result.get(key, []) for key in ("picks", "actions")}, name)]

    def _sources(self) -> Sources:
        return self._suggestions.of(self._id_of(self.who), self.place, moderator=True)

    def _id_of(self, name: str) -> PlayerId:
        return self._home.vault.player("terminal", self._named(name))

    def _named(self, name: str) -> str:
        try:
            return check_names([name])[0]
        except BadName as error:
            raise Refused("bad_name", str(error)) from None

    # -------------------------------------------------------------------------------------- completion

    def completions(self, line: str) -> list[Going]:
        """What a line may go on as: names of commands, then options that are not given yet, or the value of
        the one that is being typed."""
        text = line.lstrip().removeprefix("/")
        called = max((name for name in self._slashes if text.startswith(f"{name} ")), key=len, default="")
        names = [*self._slashes, *OWN]
        longer = [Going(f"/{name}") for name in names if name.startswith(text) and name != called]
        if not called:
            return longer
        slash, (before, _, last) = self._slashes[called], text.rpartition(" ")
        given = [word.partition("=")[0] for word in before.split() if "=" in word]
        if "=" in last:
            name, _, typed = last.partition("=")
            option = next((option for option in slash.options if option.name == name), None)
            return self._values(slash, option, before, typed) if option else []
        new = [each for each in slash.options if each.name not in given and each.name.startswith(last)]
        return longer + [Going(f"/{before} {each.name}=", f"{each.name}= {_about(each)}") for each in new]

    def _values(self, slash: Slash, option: Option, before: str, typed: str) -> list[Going]:
        typed = typed.lstrip("'\"")
        if option.kind == "player":
            found = [(name, "") for name in self._known if name.casefold().startswith(typed.casefold())]
        else:
            values = self._given(slash, before)
            choices = complete(slash, option.name, typed, values, self._sources())
            found = [(str(choice.value), choice.name) for choice in choices]
        return [Going(f"/{before} {option.name}={shlex.quote(value)}", words) for value, words in found]

    def _given(self, slash: Slash, before: str) -> dict[str, object]:
        """The values that were typed already: empty ones, as long as they can't be read. Nobody becomes a
        player by them."""
        known = {option.name for option in slash.options if option.kind != "player"}
        pairs: list[str] = []
        with suppress(Refused, StoreError):
            given = [word for word in _joined(_words(before)) if "=" in word]
            pairs = [pair for pair in given if pair.partition("=")[0] in known]
            return self._reader.values(slash, pairs)
        return {pair.partition("=")[0]: "" for pair in pairs}


def _about(option: Option) -> str:
    need = " (needed)" if option.required else ""
    return described(option.description, option.default, len(option.description) + 40) + need


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
