"""milena export: see help."""

import typer


def register(app: typer.Typer) -> None:
    pass
