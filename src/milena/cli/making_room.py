"""Room in the log, made before Milena starts: nobody has it open then."""

import time
from pathlib import Path

import typer

from milena.cli.archive import before, contents, make_smaller
from milena.cli.common import complain, count, data_directory, open_home, size
from milena.cli.progress import progress_bar

NEAR = 0.9
"""The part of its budget from which on the store nears it."""
SECONDS = 10
"""For so long games are written to archives before a start; to move them takes about twice as long again."""


def make_room(data: Path | None) -> None:
    """Before Milena starts: archive what may be, where the store nears its budget, and make the log's file
    smaller. Where that can't be done, it is told, and she starts nevertheless."""
    from milena.ops.config import load

    path = data_directory(data)
    config = load(path)
    days, most = config.archive.older_than, config.budgets.store
    if not days or not most or not (path / "events.db").exists():
        return
    from milena.ops.resources import MB, store_sizes

    if sum(store_sizes(path).values()) >= NEAR * most * MB:
        _make_room(data, days)


def _make_room(data: Path | None, days: int) -> None:
    from milena.aggregates import GAMES
    from milena.archiving import archive as move
    from milena.store import StoreError

    path = data_directory(data)
    typer.echo("The store nears its budget: ended games are archived before Milena starts.", err=True)
    until = time.monotonic() + SECONDS
    try:
        with open_home(data) as home, progress_bar("Archiving") as progress:
            done = move(home.store, GAMES, before(days), progress, enough=lambda: time.monotonic() > until)
        sizes = make_smaller(path, wanted=False)
        for each in done.archives:
            typer.echo(f"Moved {contents(each)} to archive/{each.file}.", err=True)
        if done.left:
            typer.echo(
                f"{count(done.left, 'more game')} can be moved: at the next starts, so that none takes long, "
                "or by 'milena archive', also while Milena runs.",
                err=True,
            )
        if sizes:
            typer.echo(f"The log's file was {size(sizes[0])}, and is {size(sizes[1])}.", err=True)
    except StoreError as error:
        complain(f"ended games could not be archived: {error}")
