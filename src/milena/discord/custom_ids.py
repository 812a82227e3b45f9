"""Custom ids: what a button, a menu or a modal says when it is used, at most 100 characters.

Everything is in the id, so it works after a restart and on old messages. The grammar, version 1::

    1:p:GAME:PLY:TURN:MOVE   play a move               1:h:GAME:PAGE        show what I see, and my moves
    1:n:GAME:PLY:INDEX       play a move by number     1:c:GAME:WORD:OFFER  anything else about a game
    1:s:GAME:PLY:TURN:PAGE   play what a menu says     1:a:OPTIONS:COMMAND  call a command
    1:t:GAME:PLY:TURN        ask for a move in a modal 1:x:POSITION:INDEX   do what an answer offers
    1:w:GAME:PLY:TURN        play what the modal says

    1:m:OPTIONS:OPTION:COMMAND  call a command with what a menu says

PLY and TURN are what the player looked at (see :meth:`milena.domain.game.Games.looked_at`), empty where that
does not matter: an older board's button is told from one of today.
"""

import re
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from milena.discord.text import size
from milena.domain.command import Action
from milena.domain.game import Offer

LONGEST = 100
VERSION = "1"

Word = Literal[
    "join", "begin", "leave", "accept", "decline", "draw", "takeback", "rematch", "abort", "resign",
    "abort?", "resign?", "stay",
]  # fmt: skip
"""What can be pressed beside moves, as the commands are called. A question mark: it is to be confirmed;
``stay`` is the answer no."""
WORDS: tuple[Word, ...] = get_args(Word)
OFFERS: tuple[Offer, ...] = get_args(Offer)


class Play(Struct, frozen=True):
    game: str
    ply: int | None
    turn: int | None
    move: str


class Numbered(Struct, frozen=True):
    """The move ``index`` of those that are legal at ``ply``: for moves that are too long for an id."""

    game: str
    ply: int
    index: int


class Menu(Struct, frozen=True):
    """A menu of moves; ``page`` tells those of one message from one another."""

    game: str
    ply: int | None
    turn: int | None
    page: int


class Ask(Struct, frozen=True):
    """Open a modal to type a move."""

    game: str
    ply: int | None
    turn: int | None


class Typed(Struct, frozen=True):
    """The modal."""

    game: str
    ply: int | None
    turn: int | None


class Hand(Struct, frozen=True):
    """Show me what I see of the game; ``page`` of the moves, from 0."""

    game: str
    page: int


class Control(Struct, frozen=True):
    """``offer``: what is accepted or declined, so that nobody agrees to what came in its place."""

    game: str
    word: Word
    offer: Offer = ""


class Call(Struct, frozen=True):
    """Call ``command`` with ``options``."""

    command: str
    options: dict[str, Any]


class Choose(Struct, frozen=True):
    """Call ``command`` with ``options``, and what is chosen of the menu as its ``option``."""

    command: str
    option: str
    options: dict[str, Any]


class Offered(Struct, frozen=True):
    """The action ``index`` of the answer whose ``command.invoked`` is at ``position`` of the log."""

    position: int
    index: int


CustomId = Play | Numbered | Menu | Ask | Typed | Hand | Control | Call | Choose | Offered

_GAME = r"([0-9a-z]{1,20})"
_NUMBER = r"(0|[1-9][0-9]{0,14})"
_MAYBE = r"(-?[1-9][0-9]{0,8}|0|)"
_GRAMMAR: dict[str, tuple[type[CustomId], str]] = {
    "p": (Play, f"{_GAME}:{_MAYBE}:{_MAYBE}:(.+)"),
    "n": (Numbered, f"{_GAME}:{_NUMBER}:{_NUMBER}"),
    "s": (Menu, f"{_GAME}:{_MAYBE}:{_MAYBE}:{_NUMBER}"),
    "t": (Ask, f"{_GAME}:{_MAYBE}:{_MAYBE}"),
    "w": (Typed, f"{_GAME}:{_MAYBE}:{_MAYBE}"),
    "h": (Hand, f"{_GAME}:{_NUMBER}"),
    "c": (Control, f"{_GAME}:({'|'.join(map(re.escape, WORDS))}):({'|'.join(OFFERS)})"),
    "a": (Call, r"(\{.*\}):([0-9a-z_ -]+)"),
    "m": (Choose, r"(\{.*\}):([0-9a-z_-]+):([0-9a-z_ -]+)"),
    "x": (Offered, f"{_NUMBER}:{_NUMBER}"),
}
_PATTERNS = {tag: re.compile(pattern, re.DOTALL) for tag, (_, pattern) in _GRAMMAR.items()}
_TAGS = {kind: tag for tag, (kind, _) in _GRAMMAR.items()}


class TooLong(ValueError):
    """It does not fit into an id."""


def format(id: CustomId) -> str:
    """Raises TooLong; moves of up to 64 characters always fit, but for rare ones that count double."""
    if isinstance(id, Call | Choose):
        named = [id.option] if isinstance(id, Choose) else []
        fields: list[Any] = [msgspec.json.encode(id.options).decode(), *named, id.command]
    else:
        fields = ["" if value is None else value for value in msgspec.structs.astuple(id)]
    text = ":".join((VERSION, _TAGS[type(id)], *map(str, fields)))
    if size(text) > LONGEST:
        raise TooLong(text)
    return text


def parse(text: str) -> CustomId | None:
    """What an id says; None where it is none of ours, or of a version that nobody knows any more."""
    version, _, rest = text.partition(":")
    tag, _, rest = rest.partition(":")
    pattern = _PATTERNS.get(tag)
    found = pattern.fullmatch(rest) if version == VERSION and pattern is not None else None
    if found is None:
        return None
    kind = _GRAMMAR[tag][0]
    if kind is Call:
        options = _options(found[1])
        return None if options is None else Call(found[2], options)
    if kind is Choose:
        options = _options(found[1])
        return None if options is None else Choose(found[3], found[2], options)
    values = zip(kind.__struct_fields__, kind.__annotations__.values(), found.groups(), strict=True)
    return msgspec.convert({name: _value(value, type) for name, type, value in values}, kind)


def _value(text: str, type: object) -> str | int | None:
    if type is int:
        return int(text)
    if type == int | None:
        return int(text) if text else None
    return text


def _options(text: str) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        return None


def of_action(action: Action, position: int, index: int) -> Call | Offered:
    """The id of what an answer offers: by what it does, or by where the answer is found where that is too
    long. ``index`` is the action's number in the answer at ``position``."""
    call = Call(action.command, action.options)
    try:
        return call if parse(format(call)) == call else Offered(position, index)
    except TooLong:
        return Offered(position, index)
