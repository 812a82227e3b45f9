"""milena export: the whole log as JSON Lines."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from milena.cli.common import Data, open_home
from milena.cli.progress import progress_bar
from milena.streams import writing

File = Annotated[str, typer.Argument(metavar="FILE|-", help="Where to; - is standard output.")]
Upto = Annotated[
    int | None, typer.Option("--upto", min=1, help="The last position to export.", show_default=False)
]


def register(app: typer.Typer) -> None:
    @app.command()
    def export(file: File = "-", upto: Upto = None, data: Data = None) -> None:
        """Write the whole log as JSON Lines, without loss.

        'milena import' reads it. Such as: milena export log.jsonl, or: milena export | gzip > log.gz
        """
        from milena.replay.export import export as write
        from milena.store import Unavailable
        from milena.store.reading import MAX

        with open_home(data, make=False) as home:
            if file == "-":
                with writing():
                    write(home.store, sys.stdout.buffer, upto or MAX)
                    sys.stdout.buffer.flush()
                return
            path = Path(file)
            # A file appears under its name when it is complete; what is no file is written to as it is.
            special = path.exists() and not path.is_file()
            part = path if special else path.with_name(path.name + ".part")
            try:
                with part.open("wb") as out, progress_bar("Exporting") as progress:
                    header = write(home.store, out, upto or MAX, progress)
                part.replace(path)
            except OSError as error:
                raise Unavailable(f"{path} can't be written: {error.strerror}; choose another.") from error
            finally:
                if not special:
                    with suppress(OSError):
                        part.unlink(missing_ok=True)
            typer.echo(f"Exported {header.events} events to {file}. Head: {header.head}")
