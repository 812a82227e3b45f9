"""milena import: an export, back into an empty log."""

import sys
from typing import Annotated, BinaryIO

import typer

from milena.cli.common import Data, open_home
from milena.cli.progress import progress_bar

File = Annotated[str, typer.Argument(metavar="FILE|-", help="An export; - is standard input.")]


def register(app: typer.Typer) -> None:
    @app.command("import")
    def import_log(file: File, data: Data = None) -> None:
        """Read an export into an empty log, checking every line.

        All of it is read, or nothing.

        Names are not in an export: they are in vault.db.
        """
        from milena.store import Unavailable

        if file == "-":
            _import(sys.stdin.buffer, data)
            return
        try:
            source = open(file, "rb")  # noqa: SIM115  # closed below; only opening is explained
        except OSError as error:
            raise Unavailable(f"{file} can't be read: {error.strerror}.") from error
        with source:
            _import(source, data)


def _import(source: BinaryIO, data: Data) -> None:
    from milena.replay.export import import_
    from milena.store.heads import HeadKeeper

    with open_home(data) as home:
        with progress_bar("Importing") as progress:
            head = import_(home.store, source, progress)
        HeadKeeper(home.store).keep(head, now=True)
    typer.echo(f"Imported {head.position} events. Head: {head.hash.hex()}")
