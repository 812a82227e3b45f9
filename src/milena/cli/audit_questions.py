"""The named questions of the audit: what is typed as filters are their parameters."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from milena.cli.common import console, print_json

if TYPE_CHECKING:
    from milena.home import Home
    from milena.readside import Answered, Asking, Question, ReadSide
    from milena.readside.audit import Filter

MODEL = "audit"
SAID = ("sentence", "detail")
"""Columns in which <id> stands for a player."""


class Page(NamedTuple):
    """Pages count from 1."""

    rows: int
    number: int


def show(readside: "ReadSide", as_json: bool) -> None:
    """List them."""
    questions = readside.model(MODEL).questions.values()
    if as_json:
        print_json(
            [
                {"name": each.name, "title": each.title, "about": each.about, "parameters": each.asked}
                for each in questions
            ]
        )
        return
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, header_style="dim")
    made.add_column("question", no_wrap=True)
    made.add_column("what it tells", overflow="fold")
    made.add_column("takes", overflow="fold")
    for each in questions:
        takes = " ".join(f"--{parameter}" for parameter in each.asked)
        made.add_row(Text(each.name, "bold"), Text(each.title), Text(takes, "dim"))
    console().print(made)


def ask(
    home: "Home",
    asking: "Asking",
    question: "Question",
    wanted: "Filter",
    position: int | None,
    page: Page,
    *,
    json: bool,
    csv: bool,
) -> None:
    """Print the answer. Raises BadParameter for what the question does not want, or misses."""
    from milena.cli.answering import print_answered
    from milena.domain.refusal import fill_names

    values = _values(question, wanted, position)
    answered = asking.ask(question, values, limit=page.rows, offset=page.rows * (page.number - 1))
    answered = answered._replace(
        rows=[
            tuple(
                fill_names(value, home.vault.name) if column in SAID and isinstance(value, str) else value
                for column, value in zip(answered.columns, row, strict=True)
            )
            for row in answered.rows
        ]
    )
    if not (json or csv) and _print_log(home, answered, page):
        return
    print_answered(answered, home, json=json, csv=csv, page=page.number)


def _print_log(home: "Home", answered: "Answered", page: Page) -> bool:
    """Print rows that are the audit's own as milena audit prints them; False where they are no such rows."""
    from milena.terminal import auditing
    from milena.terminal.clock import now

    entries = auditing.as_entries(answered)
    if not entries:
        return False
    out = console()
    out.print(auditing.table(entries, home.vault.name, now(), out.width))
    if answered.more:
        out.print(f"... and more: --page {page.number + 1} shows them.")
    return True


def _values(question: "Question", wanted: "Filter", position: int | None) -> dict[str, Any]:
    given = {
        "player": wanted.player,
        "command": wanted.commands[0] if wanted.commands and len(wanted.commands) == 1 else None,
        "category": wanted.commands if wanted.commands and len(wanted.commands) > 1 else None,
        "channel": wanted.channel,
        "game": wanted.game,
        "verdict": wanted.verdict,
        "reason": wanted.code,
        "since": wanted.since,
        "until": wanted.until,
        "text": wanted.text,
        "position": position,
    }
    takes = " ".join(f"--{each}" for each in question.asked) or "nothing"
    for name, value in given.items():
        if value is not None and name not in question.asked:
            raise typer.BadParameter(f"the question {question.name} takes {takes}, and no --{name}.")
    missing = [each for each in _needed(question) if given.get(each) is None]
    if missing:
        raise typer.BadParameter(f"the question {question.name} needs --{missing[0]}.")
    return {name: value for name, value in given.items() if name in question.asked}


def _needed(question: "Question") -> list[str]:
    """The parameters without which there is no answer: nothing is said of what their absence means."""
    return [
        each
        for each in question.asked
        if not re.search(rf":{each}\s+IS\s+NULL|coalesce\(\s*:{each}\b", question.sql, re.IGNORECASE)
    ]
