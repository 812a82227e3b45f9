"""The compatibility corpus: recorded games that every release must replay.

A file holds one game, from its opening to its end, as JSON Lines. The first line is a header::

    {"format":1,"game":"tictactoe","rules":1,"key":"1g5k2m9xq4"}

and each further line an event, with its payload as it was stored and its time in ms since 1970. Where
the board has changed, the line goes on with what the event led to::

    {"tag":"game.move_played","payload":{"ply":1,"seat":0,"move":"5"},"time":1750000000000,
     "state":{...},"views":["0f3a5c0b9d1e2f47",...]}

``state`` is the state of the game's rules. ``views`` are digests, of what a spectator sees and then of
what each seat does: the first 16 hex digits of the SHA-256 of the View as JSON. Nothing else is needed
to replay a file: what is sealed opens with the seed that its end reveals.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec
from msgspec import Struct

from milena.domain.game import Game, Games
from milena.domain.game.events import Ended
from milena.domain.refusal import Refused
from milena.replay.referee import Referee
from milena.store.mapper import Mapper
from milena.store.sealing import sealing_key

FORMAT = 1
SUFFIX = ".jsonl"


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """``rules``: the version of the rules that the game was played by."""

    format: int
    game: str
    rules: int
    key: str


class Line(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One event; ``state`` and ``views`` where the board has changed."""

    tag: str
    payload: msgspec.Raw
    time: int
    state: Any = None
    views: tuple[str, ...] = ()


class Recording(Struct, frozen=True):
    """A file of the corpus."""

    header: Header
    lines: list[Line]


class Difference(Exception):
    """A recorded game does not replay as it was recorded; ``line`` is the first that differs."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line


def corpus() -> Traversable:
    """The corpus of this release."""
    return files("milena.snapshots")


def recordings(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    """The files of a corpus with their names, such as ``tictactoe/won.jsonl``, in order."""
    for folder in sorted((entry for entry in root.iterdir() if entry.is_dir()), key=lambda entry: entry.name):
        if folder.name == "logs":  # see milena.replay.recorded_log
            continue
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(SUFFIX):
                yield f"{folder.name}/{file.name}", file


def read(data: bytes) -> Recording:
    """A file of the corpus. Raises Difference where a line can't be read."""
    header: Header | None = None
    lines = []
    for number, text in enumerate(data.splitlines(), start=1):
        try:
            if header is None:
                header = msgspec.json.decode(text, type=Header)
            else:
                lines.append(msgspec.json.decode(text, type=Line))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Difference(number, f"it can't be read ({error}).") from None
    if header is None or header.format != FORMAT:
        raise Difference(1, f"it is no recording in format {FORMAT}.")
    return Recording(header, lines)


def write(recording: Recording) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in (recording.header, *recording.lines))


def record(games: Games, key: str, events: Sequence[tuple[str, str, int]]) -> Recording:
    """Record a game from its events: tag, payload as stored, and time. Raises Refused where the game has
    not ended: what is sealed in it could not be opened."""
    if Ended.tag not in [tag for tag, _, _ in events]:
        raise Refused("not_over", f"The game {key} goes on; it can be recorded when it has ended.")
    lines = [Line(tag, msgspec.Raw(payload), time) for tag, payload, time in events]
    recorded = []
    game = games.initial(key)
    for line, before, game in _replayed(games, key, lines):
        if _shows(before, game):
            line = msgspec.structs.replace(line, state=game.board, views=_views(games, game))
        recorded.append(line)
    return Recording(Header(FORMAT, game.name, game.rules, key), recorded)


def again(games: Games, recording: Recording) -> Recording:
    """The same game with the views as they are now, where these were changed on purpose. The states have
    to be as recorded: raises Difference where they are not."""
    check(games, recording, views=False)
    events = [(line.tag, bytes(line.payload).decode(), line.time) for line in recording.lines]
    anew = record(games, recording.header.key, events)
    pairs = zip(recording.lines, anew.lines, strict=True)
    lines = [msgspec.structs.replace(new, state=old.state) for old, new in pairs]
    return Recording(recording.header, lines)


def check(games: Games, recording: Recording, *, views: bool = True) -> int:
    """Replay a recorded game; returns its number of plies. Raises Difference where an event can't follow,
    a draw is not what the seed gives, or a state or view is not as it was recorded."""
    header = recording.header
    number = 1
    game = games.initial(header.key)
    for number, (line, before, game) in enumerate(_replayed(games, header.key, recording.lines), start=2):
        if (game.name, game.rules) != (header.game, header.rules):
            raise Difference(number, "it opens another game than the header says.")
        if not _shows(before, game):
            continue
        if not _same(line.state, game.board):
            raise Difference(number, f"the state after ply {game.ply} is not the recorded one.")
        if views and line.views != _views(games, game):
            raise Difference(number, f"the views after ply {game.ply} are not the recorded ones.")
    if game.status != "ended":
        raise Difference(number, "the recording stops before the end of its game.")
    return game.ply


def _replayed(games: Games, key: str, lines: list[Line]) -> Iterator[tuple[Line, Game, Game]]:
    """Each line with the game before and after it."""
    stream = f"{games.kind}:{key}"
    seed = _seed(lines)
    codec = Mapper(games.events, lambda _: [sealing_key(seed)])
    referee = Referee(games, [seed])
    game = games.initial(key)
    for number, line in enumerate(lines, start=2):
        before = game
        try:
            event = codec.decode(line.tag, bytes(line.payload).decode(), stream)
            objection = referee.objection(game, event)
            if objection is None:
                game = games.evolve(game, event)
        except Exception as error:  # whatever the rules of today make of the game of then
            raise Difference(number, f"{line.tag} can't be replayed: {error}") from error
        if objection is not None:
            raise Difference(number, objection)
        yield line, before, game


def _seed(lines: list[Line]) -> bytes:
    """The seed that the end reveals."""
    try:
        end = next(line for line in lines if line.tag == Ended.tag)
        return bytes.fromhex(msgspec.json.decode(end.payload, type=Ended).seed)
    except (StopIteration, ValueError):
        raise Difference(len(lines) + 1, "the recording stops before the end of its game.") from None


def _shows(before: Game, game: Game) -> bool:
    """Whether there is something new to see: a start, a ply, an end."""
    return game.board is not None and (before.ply != game.ply or before.status != game.status)


def _same(recorded: Any, board: Struct) -> bool:
    """Whether a recorded state is read as ``board``: a field with a default may have come since."""
    try:
        return bool(msgspec.convert(recorded, type(board)) == board)
    except msgspec.ValidationError:
        return False


def _views(games: Games, game: Game) -> tuple[str, ...]:
    seats = (None, *range(len(game.seats)))
    views = (msgspec.json.encode(games.view(game, seat)) for seat in seats)
    return tuple(sha256(view).hexdigest()[:16] for view in views)
