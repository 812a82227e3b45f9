"""What the verbs that ask read models share: players, dates and guilds as typed, and printing of answers."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import complain, console, print_json

if TYPE_CHECKING:
    from milena.domain.ids import PlayerId
    from milena.home import Home
    from milena.readside import Answered

Since = Annotated[
    str | None,
    typer.Option("--since", metavar="WHEN", help="From then on: 2026-07-25, yesterday, '2 days ago', 3h."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Before that.")]
Guild = Annotated[
    str | None,
    typer.Option("--guild", help="What this guild may see.  [default: terminal]", show_default=False),
]
Everywhere = Annotated[bool, typer.Option("--all", help="As an operator: all guilds.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="Rows a page.")]
Page = Annotated[int, typer.Option("--page", min=1, help="Which page.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV, for spreadsheets.")]


def moment(option: str, text: str | None, now: int) -> int | None:
    """A date in ms since 1970. Raises BadParameter, which names the option."""
    from milena.terminal.when import BadWhen, when

    try:
        return None if text is None else when(text, now)
    except BadWhen as error:
        raise typer.BadParameter(f"{option}: {error}") from None


def scope(guild: str | None, everywhere: bool) -> str | None:
    """The guild that is asked for, None for all. Nothing given: the terminal's."""
    if everywhere and guild is not None:
        raise typer.BadParameter("--guild and --all: give one of them.")
    return None if everywhere else guild or "terminal"


def find_player(home: "Home", text: str) -> "PlayerId":
    """The player with this name, or this id. Raises Refused: none, or several."""
    from milena.domain.ids import ALPHABET, PlayerId
    from milena.domain.refusal import Refused

    found = home.vault.find(text)
    if len(found) == 1:
        return found[0]
    if found:
        some = ", ".join(found[:4]) + (", ..." if len(found) > 4 else "")
        raise Refused(
            "ambiguous_player", f"{len(found)} players are called {text[:40]!r} ({some}); give an id instead."
        )
    is_id = len(text) == 12 and text[0].isdigit() and set(text) <= set(ALPHABET)
    if is_id or home.vault.source(text) is not None:  # who was erased has an id still
        return PlayerId(text)
    raise Refused(
        "unknown_player", f"There is no player {text[:40]!r}; give a name as it is shown, or an id."
    )


def print_answered(answered: "Answered", home: "Home", *, json: bool, csv: bool, page: int = 1) -> None:
    """The rows in the form that is asked for; for people, with a word on what is not shown."""
    from milena.terminal import answers

    if json:
        print_json(answers.records(answered, home.vault.name))
    elif csv:
        sys.stdout.write(answers.csv_text(answered, home.vault.name))
    elif answered.rows:
        console().print(answers.table(answered, home.vault.name))
        if answered.more:
            complain(f"there is more: --page {page + 1} shows it.")
    else:
        typer.echo("Nothing." if page == 1 else "Nothing more.")
