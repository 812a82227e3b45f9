"""What moderators ask most: who did what, where and when, and what came of it; newest first, by filters.

Values reach SQLite as parameters and never as text of a statement, and whoever asks for one guild sees its
rows only (see :mod:`milena.readside.asking`). Pages are cut by position, so that they stand still while new
rows come.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

import msgspec
from msgspec import Struct

from milena.domain.refusal import Refused
from milena.readside.asking import Asking

Verdict = Literal["accepted", "refused", "failed"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

TOLD = (
    "command.invoked", "game.ended", "game.voided", "game.timed_out", "lobby.game_set_aside",
    "command.throttled", "guild.setting_changed", "guild.permission_changed", "guild.restricted",
    "guild.restriction_lifted", "guild.maintenance_changed",
    "case.opened", "case.amended", "effect.done", "effect.failed",
)  # fmt: skip
"""Tags that are always told. What else there is follows from the commands: each move, each seat."""
BOOKKEEPING = ("board post", "board lose", "effect settle")
"""Commands by which Milena notes what she did outside. What came of it is told by events, if at all."""

LONGEST_TEXT = 200
MOST_NAMED = 4
"""Games that are named where an id fits several."""
_WORDS = re.compile(r'"([^"]*)"?|([^\s"]+)')


class Filter(Struct, frozen=True):
    """What is wanted.

    ``player``        the id of who asked for it
    ``commands``      the names of commands, any of them
    ``code``          the reason of a refusal or failure; how a game ended
    ``since, until``  ms since 1970: from (with it) and to (without it)
    ``text``          words that all have to be there; see :func:`match`
    ``events``        all that the commands led to, too
    ``moves``         moves that were accepted, too: nine of ten rows are such
    """

    player: str | None = None
    commands: tuple[str, ...] | None = None
    channel: str | None = None
    game: str | None = None
    verdict: Verdict | None = None
    code: str | None = None
    since: int | None = None
    until: int | None = None
    text: str | None = None
    events: bool = False
    moves: bool = True

    @property
    def is_quiet(self) -> bool:
        """Whether no move that was accepted can fit; those that can't are found through an index."""
        return (
            not self.moves
            or self.verdict in ("refused", "failed")
            or (self.commands is not None and "move" not in self.commands)
            or bool(self.code)
            or self.text is not None
        )


class Entry(NamedTuple):
    """A row of the audit; projections/audit/schema.sql says what the columns are."""

    position: int
    time: int
    guild: str
    channel: str
    player: str
    tag: str
    command: str | None
    verdict: Verdict | None
    code: str | None
    sentence: str | None
    game: str | None
    detail: str | None
    options: str | None
    correlation: str
    causation: int | None
    ready: int | None
    duration_us: int | None

    @property
    def given(self) -> dict[str, Any]:
        """The options, decoded."""
        found: dict[str, Any] = msgspec.json.decode(self.options) if self.options else {}
        return found


class Page(NamedTuple):
    """``more``: there are rows beyond these."""

    entries: list[Entry]
    more: bool


_CONDITIONS = {
    "player": "player = :player",
    "channel": "channel = :channel",
    # What is no routine is found through an index, moves in the span of their game.
    "game": (
        "entries.position IN (SELECT position FROM entries WHERE routine = 0 AND game = :game UNION ALL "
        "SELECT entries.position FROM games JOIN entries ON entries.position >= games.first "
        "AND entries.position <= coalesce(games.last, 9e18) "
        "WHERE games.game = :game AND entries.game = :game AND entries.routine = 1)"
    ),
    "verdict": "verdict = :verdict",
    "code": "code = :code",
    "since": "time >= :since",
    "until": "time < :until",
    "before": "entries.position < :before",
    "after": "entries.position > :after",
    "text": "words MATCH :text",
}
_SELECT = f"SELECT {', '.join(f'entries.{name}' for name in Entry._fields)} FROM "  # noqa: S608
_TOLD = f"tag IN ({', '.join(map(repr, TOLD))})"
_BY_PEOPLE = (
    f"NOT (routine = 0 AND tag = 'command.invoked' AND verdict = 'accepted' "
    f"AND command IN ({', '.join(map(repr, BOOKKEEPING))}))"
)


def find(
    asking: Asking, wanted: Filter, *, before: int | None = None, after: int | None = None, limit: int = 20
) -> Page:
    """The newest entries that fit, newest first; those at positions below ``before``. With ``after``, the
    oldest at positions above it, oldest first. Raises Refused; see :class:`milena.readside.asking.Asking`."""
    values: dict[str, Any] = {
        **msgspec.structs.asdict(wanted), "before": before, "after": after,
        "text": None if wanted.text is None else match(wanted.text),
    }  # fmt: skip
    conditions = [condition for name, condition in _CONDITIONS.items() if values[name] is not None]
    if wanted.commands is not None:
        names = {f"command{number}": name for number, name in enumerate(wanted.commands)}
        conditions.append(f"command IN ({', '.join(f':{name}' for name in names)})")
        values |= names
    if not wanted.events:
        conditions += (_TOLD, "played = 0")  # the second follows from the first, which SQLite can't see
        if wanted.commands is None:
            conditions.append(_BY_PEOPLE)
    if wanted.is_quiet:
        conditions.append("routine = 0")
    # What the words are in is found first, from its end: it is little, wherever they are not everywhere.
    source, position = "entries", "entries.position"
    if wanted.text is not None:
        source, position = "words CROSS JOIN entries ON entries.position = words.rowid", "words.rowid"
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"{_SELECT}{source}{where} ORDER BY {position} {'ASC' if after is not None else 'DESC'}"
    columns, rows, more = asking.select(sql, values, limit)
    assert columns == Entry._fields, "the columns of the audit are those of its schema"
    return Page([Entry(*row) for row in rows], more)


def match(text: str) -> str:
    """What to look for, as FTS5 wants it: each word quoted, so that none of it means anything to SQLite.

    ``"two words"`` in quotes have to stand together; a word that ends with ``*`` is the beginning of one.
    Raises Refused where there is no word in it.
    """
    if len(text) > LONGEST_TEXT:
        raise Refused("bad_text", f"A text to look for has at most {LONGEST_TEXT} characters.")
    words = []
    for phrase, word in _WORDS.findall(text):
        said = phrase or word
        if any(char.isalnum() for char in said):
            quoted = "".join(char if char.isprintable() else " " for char in said.rstrip("*"))
            words.append(f'"{quoted}"{"*" if said.endswith("*") else ""}')
    if not words:
        raise Refused("bad_text", f"There is no word to look for in {text[:40]!r}.")
    return " ".join(words)


def verdict(text: str) -> Verdict:
    """Raises Refused where there is no such verdict."""
    for known in VERDICTS:
        if text.strip().lower() == known:
            return known
    raise Refused("unknown_verdict", f"There is no verdict {text[:40]!r}. There are: {', '.join(VERDICTS)}.")


def named(asking: Asking, command: str, categories: Mapping[str, str]) -> tuple[str, ...]:
    """The command of that name; ``categories`` says which there are. One that this release has no more is
    found where it was called. Raises Refused where there is none."""
    if command in categories or asking.select("SELECT 1 FROM entries WHERE command = ?", (command,), 1).rows:
        return (command,)
    known = ", ".join(categories)
    raise Refused("unknown_command", f"There is no command {command[:40]!r}. There are: {known}.")


def of_category(category: str, categories: Mapping[str, str]) -> tuple[str, ...]:
    """The commands of a category. Raises Refused where there is none."""
    found = tuple(name for name, its in categories.items() if its == category)
    if not found:
        known = ", ".join(sorted(set(categories.values())))
        raise Refused("unknown_category", f"There is no category {category[:40]!r}. There are: {known}.")
    return found


def game(asking: Asking, text: str) -> str:
    """The id of the game that ``text`` begins, or ends, or is ``last``, among those that may be seen. Raises
    Refused: none, or several."""
    wanted = text.strip().lower()
    more = False
    if wanted == "last":
        sql = "SELECT game FROM games ORDER BY game DESC LIMIT 1"
        ids = [row[0] for row in asking.select(sql, ()).rows]
    else:
        sql = (
            "SELECT game FROM games WHERE substr(game, 1, :length) = :text "
            "OR substr(game, -:length) = :text ORDER BY game <> :text, game"
        )
        _, rows, more = asking.select(sql, {"text": wanted, "length": max(1, len(wanted))}, MOST_NAMED)
        ids = [row[0] for row in rows]
    if ids and (len(ids) == 1 or ids[0] == wanted):
        return str(ids[0])
    if not ids:
        raise Refused("unknown_game_id", f"There is no game {text[:40]!r} here; 'milena games' lists them.")
    some = ", ".join(ids) + (", ..." if more else "")
    raise Refused("ambiguous_id", f"{text[:40]!r} fits several games ({some}); type more of the id.")


def reasons(asking: Asking) -> list[str]:
    """The reasons that there are, most frequent first."""
    sql = (
        "SELECT code FROM entries WHERE routine = 0 AND tag = 'command.invoked' AND verdict <> 'accepted' "
        "AND code <> '' GROUP BY code ORDER BY count(*) DESC, code"
    )
    return [row[0] for row in asking.select(sql, ()).rows]


def is_seen(asking: Asking, player: str) -> bool:
    """Whether somebody with this id did anything that may be seen."""
    return bool(asking.select("SELECT 1 FROM entries WHERE player = ?", (player,), 1).rows)
