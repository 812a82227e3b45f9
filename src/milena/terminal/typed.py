"""What is typed at a terminal: a command and its options ``OPTION=VALUE``, all of them texts.

Commands are known as they are typed behind a slash (``play connect4``, ``game join``), and by the names that
the log has for them (``open``, ``join``), which take every option there is.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct, inspect

from milena.domain.command import Command
from milena.domain.ids import PlayerId
from milena.domain.options import describe_error
from milena.domain.refusal import Refused
from milena.domain.spelling import typed
from milena.slash import Option, Slash, Sources, Values, meant
from milena.terminal.files import text_file

Find = Callable[[str], str]
Named = Mapping[str, Command | Slash]
"""Commands by their names, and slashes by their words."""
TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


class Reader(Struct, frozen=True):
    """Reads what is typed. ``find_game`` finds a game by a part of its id, ``player`` a player by the name;
    both raise Refused. ``sources`` tell which game is meant where none is said."""

    commands: Mapping[str, Command]
    slashes: Mapping[str, Slash]
    find_game: Find
    player: Find
    sources: Callable[[], Sources] | None = None

    @property
    def named(self) -> Named:
        """A command's own name goes before a slash of the same words: it takes more options."""
        return {**self.slashes, **self.commands}

    def read(self, words: list[str]) -> tuple[str, dict[str, Any]]:
        """The command that these words call, and its options. Raises Refused, naming what is wrong."""
        name, given = named(self.named, words)
        given = [*given, *self._meant(name, given)]
        if name in self.commands:
            return name, read_options(self.commands[name], given, self.find_game, self.player)
        slash = self.slashes[name]
        values = self.values(slash, given)
        for option in slash.options:
            if option.required and option.name not in values:
                raise Refused("bad_option", f"/{name} needs {option.name}=...")
        called, options = slash.invoke(values)
        _check(name, options, self.commands[called].options)
        return called, options

    def _meant(self, name: str, given: list[str]) -> list[str]:
        """The game, where it was left out and is known all the same."""
        slash = self.slashes.get(name) or self.slashes.get(typed(name))
        if slash is None or self.sources is None or any(word.startswith("game=") for word in given):
            return []
        values = meant(slash, {}, self.sources())
        return [f"game={values['game']}"] if "game" in values else []

    def values(self, slash: Slash, texts: list[str]) -> Values:
        """What was given for the options of a slash. Raises Refused, naming the option."""
        known = {option.name: option for option in slash.options}
        return {name: self._value(known[name], text) for name, text in _pairs(slash.name, texts, known)}

    def _value(self, option: Option, text: str) -> Any:
        """The value that is meant; the text itself where it is none of this kind: the command refuses it."""
        match option.kind:
            case "player":
                return self.player(text)
            case "boolean":
                return TRUTHS.get(text.strip().lower(), text)
            case "integer" | "number":
                return _number(text)
            case "file":
                return text_file(text)
        return self.find_game(text) if option.completes == "game" and text else text


def read_options(command: Command, texts: list[str], find_game: Find, player: Find) -> dict[str, Any]:
    """The options of ``command`` from what was typed. A game may be given by a part of its id, a player by
    the name; several by commas. Raises Refused, naming the option."""
    known = {field.encode_name: field for field in msgspec.structs.fields(command.options)}
    hints = get_type_hints(command.options)
    values: dict[str, Any] = {}
    for name, value in _pairs(command.name, texts, known):
        kinds = {hints[name], *get_args(hints[name])}
        if name == "game" and command.name not in ("open", "match"):
            values[name] = find_game(value)
        elif name == "file" and str in kinds:
            values[name] = text_file(value)
        elif PlayerId in kinds:
            names = [each.strip() for each in value.split(",")]
            found = [player(each) for each in names if each]
            values[name] = found if tuple[PlayerId, ...] in kinds else found[0] if found else ""
        else:
            values[name] = _as_declared(value, known[name])
    for name, field in known.items():
        if field.required and name not in values:
            raise Refused("bad_option", f"/{command.name} needs {name}=...")
    _check(command.name, values, command.options)
    return values


def named(commands: Mapping[str, object], words: list[str]) -> tuple[str, list[str]]:
    """The command whose name the words begin with (``config view``), and its options. Raises Refused."""
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).removeprefix("/")
        if name in commands:
            return name, words[count:]
    text = " ".join(word for word in words if "=" not in word).removeprefix("/")[:40]
    near = [name for name in commands if name.startswith(f"{text} ")] or get_close_matches(text, commands)
    remedy = f"Did you mean {' or '.join(near[:4])}?" if near else "'milena call' lists them."
    raise Refused("unknown_command", f"There is no command {text!r}. {remedy}")


def _pairs(command: str, texts: list[str], known: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Names and values. Raises Refused."""
    seen: set[str] = set()
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in known or name in seen:
            why = "has no =" if not equals else "is given twice" if name in seen else "is not known"
            there = ", ".join(f"{each}=" for each in known) or "no options"
            raise Refused("bad_option", f"{text[:40]!r} {why}. /{command} has: {there}.")
        seen.add(name)
        yield name, value


def _check(name: str, values: dict[str, Any], options: type[Struct]) -> None:
    try:
        msgspec.convert(values, options)
    except msgspec.ValidationError as error:
        raise Refused("bad_option", f"/{name}: {describe_error(error, options)}") from None


def _as_declared(text: str, field: msgspec.structs.FieldInfo) -> Any:
    """A text as the number, truth value, list or object that the field wants, where it is one."""
    kind = inspect.type_info(field.type)
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    plain = [each.type if isinstance(each, inspect.Metadata) else each for each in kinds]
    if any(isinstance(each, (inspect.VarTupleType, inspect.ListType)) for each in plain):
        return [each.strip() for each in text.split(",") if each.strip()]
    if any(isinstance(each, inspect.StrType) for each in plain):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _number(text: str) -> Any:
    try:
        number = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
    return number if isinstance(number, int | float) and not isinstance(number, bool) else text
