"""The audit as it is read: a line for what somebody did, and what came of it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.table import Table
from rich.text import Text

from milena.domain.refusal import fill_names
from milena.readside import Answered
from milena.readside.audit import Entry
from milena.telling import Name
from milena.terminal import answers
from milena.terminal.clock import local

STYLES = {"accepted": "green", "refused": "yellow", "failed": "bold red"}
WIDE = 110
"""Columns from which on ids and times are shown whole."""
NARROW = 60
"""Columns below which times and games are left out; ``milena trace`` tells them."""
SHORT_ID = 5
"""So many of the last characters of an id tell one game from another, and find it again."""
LONGEST = 300
"""Characters of what was asked for, or answered; ``--json`` has all of it."""
LONGEST_NAME = 16
UNSAID: tuple[Any, ...] = ("", None, False, [], {})
"""Values of options that say nothing."""


def table(entries: Sequence[Entry], name: Name, now: int, width: int, *, fixed: bool = False) -> Table:
    """The entries for people. ``now`` in ms since 1970. ``fixed``: whatever they are, the columns stand where
    they stand in the next table, which goes on below; then there are no headings."""
    wide, narrow = width >= WIDE, width < NARROW
    made = Table(box=None, pad_edge=False, header_style="dim", show_header=not fixed, expand=fixed)
    made.add_column("#", justify="right", no_wrap=True, style="dim", min_width=6 if fixed else None)
    if not narrow:
        made.add_column("time", no_wrap=True)
    longest = None if wide else LONGEST_NAME
    made.add_column(
        "player", no_wrap=True, overflow="ellipsis", max_width=longest, min_width=10 if fixed else None
    )
    with_games = not narrow and (fixed or any(entry.game for entry in entries))
    if with_games:
        made.add_column("game", no_wrap=True, style="dim", min_width=12 if wide else SHORT_ID)
    for heading, share in (("what", 2), ("outcome", 3)):
        made.add_column(heading, overflow="fold", min_width=10, ratio=share if fixed else None)
    for entry in entries:
        made.add_row(
            str(entry.position),
            *([] if narrow else [_time(entry.time, now, wide)]),
            Text(_one_line(name(entry.player)), "cyan"),
            *([_game(entry, wide)] if with_games else []),
            _what(entry, name),
            _outcome(entry, name),
        )
    return made


def _time(ms: int, now: int, wide: bool) -> str:
    then, today = local(ms), local(now)
    if wide:
        return f"{then:%Y-%m-%d %H:%M:%S}"
    if then.date() == today.date():
        return f"{then:   %H:%M:%S}"
    return f"{then:%m-%d %H:%M}" if then.year == today.year else f"{then:%Y-%m-%d}"


def _game(entry: Entry, wide: bool) -> Text:
    game = entry.game or ""
    return Text(_one_line(game if wide else game[-SHORT_ID:]))


def _what(entry: Entry, name: Name) -> Text:
    """``move 5``, ``void reason=by agreement``; what followed from a command, with an arrow."""
    if entry.command is None:
        word = entry.tag.partition(".")[2].replace("_", " ")
        text = Text(f"↳ {word}", "dim")
        if entry.detail:
            text.append(f": {_one_line(fill_names(entry.detail, name))}", "not dim")
        return text
    given = {option: value for option, value in entry.given.items() if option != "game" or not entry.game}
    if entry.command in ("open", "match"):  # there "game" is what is played
        given = entry.given
    said = " ".join(_option(option, value, name) for option, value in given.items() if value not in UNSAID)
    return Text(entry.command, "bold").append(Text(f" {said}" if said else "", "not bold"))


def _option(option: str, value: Any, name: Name) -> str:
    """``clock=5m``; the one option that says it all stands without its name."""
    if option in ("player", "invite"):
        players = value if isinstance(value, list) else [value]
        value = ",".join(name(each) if isinstance(each, str) else str(each) for each in players)
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return _one_line(text if option in ("move", "game", "text") else f"{option}={text}")


def _outcome(entry: Entry, name: Name) -> Text:
    text = Text(entry.verdict, STYLES[entry.verdict]) if entry.verdict else Text()
    if entry.verdict != "accepted" and entry.code:
        text.append(" " if entry.verdict else "").append(_one_line(entry.code), "bold")
    if entry.verdict != "accepted" and entry.sentence:
        text.append(": " if text else "").append(_one_line(fill_names(entry.sentence, name)), "not bold")
    return text


def _one_line(text: str) -> str:
    """Nothing that a terminal would obey, and not too much of it."""
    line = "".join(char if char.isprintable() else " " if char.isspace() else "?" for char in text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def as_entries(answered: Answered) -> list[Entry] | None:
    """The rows of a question that tells a part of the audit's own; None where it tells anything else."""
    columns = answered.columns
    if not {"position", "time", "player"} <= set(columns) <= set(Entry._fields):
        return None
    nothing = Entry(0, 0, "", "", "", "command.invoked", *(None,) * 7, "", None, None, None)
    return [nothing._replace(**dict(zip(columns, row, strict=True))) for row in answered.rows]


def records(entries: Sequence[Entry], name: Name) -> list[dict[str, Any]]:
    """The entries for programs: names stand for ids in sentences, options are data."""
    found = answers.records(_answered(entries, name), name)
    for record, entry in zip(found, entries, strict=True):
        record["options"] = entry.given if entry.options else None
    return found


def csv_text(entries: Sequence[Entry], name: Name, *, headings: bool = True) -> str:
    text = answers.csv_text(_answered(entries, name), name)
    return text if headings else text.partition("\r\n")[2]


def _answered(entries: Sequence[Entry], name: Name) -> Answered:
    told = [
        entry._replace(
            sentence=fill_names(entry.sentence, name) if entry.sentence else entry.sentence,
            detail=fill_names(entry.detail, name) if entry.detail else entry.detail,
        )
        for entry in entries
    ]
    return Answered(Entry._fields, [tuple(entry) for entry in told], False)
