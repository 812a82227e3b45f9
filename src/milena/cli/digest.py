"""milena digest: what has happened, in a few lines; the same as the operator's channel is told."""

import time
from typing import Annotated

import typer

from milena.cli.answering import moment
from milena.cli.common import Data, Json, console, open_home, print_json

Since = Annotated[
    str, typer.Option("--since", metavar="WHEN", help="From then on: yesterday, '2 days ago', 2026-07-25.")
]


def register(app: typer.Typer) -> None:
    app.command()(digest)


def digest(since: Since = "1 day ago", data: Data = None, json: Json = False) -> None:
    """Show in a few lines what failed, and what was played."""
    from milena.cli.catching_up import take_in
    from milena.digest import lines, report
    from milena.ops.status import read

    now = round(time.time() * 1000)
    begin = moment("--since", since, now) or 0
    with open_home(data, make=False) as home:
        readside = home.readside()
        take_in(readside, *readside.models)
        running = [each for each in read(home.path) if not each.is_stale(now / 1000)]
        found = report(
            home, readside, begin, now, next((each.trouble for each in running if each.trouble), "")
        )
    if json:
        from msgspec import to_builtins

        print_json(to_builtins(found))
        return
    from milena.domain.refusal import fill_moments
    from milena.terminal.clock import local

    out = console()
    for line in lines(found):
        said = fill_moments(line, lambda ms: f"{local(ms):%Y-%m-%d %H:%M}")
        out.print(said, markup=False, soft_wrap=not out.is_terminal)
