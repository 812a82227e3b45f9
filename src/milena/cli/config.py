"""milena config: what is set, and why; what differs; whether it is right; a file to begin with."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import EXIT_REFUSED, Data, Json, complain, console, data_directory, print_json
from milena.cli.config_diff import diff

if TYPE_CHECKING:
    from milena.domain.command import Scope

File = Annotated[Path | None, typer.Argument(help="Default: milena.toml in the data directory.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file that is there.")]


def show(data: Data = None, json: Json = False) -> None:
    """Show every setting, its value, and where that comes from."""
    from msgspec import to_builtins

    from milena.ops.config import FILE, gather, settings

    declared = _declared()
    config, sources, _ = gather(data_directory(data) / FILE, os.environ, *declared)
    values = to_builtins(config)
    rows = [
        {
            "name": setting.name,
            "value": values[setting.section].get(setting.key, setting.default),
            "default": setting.default,
            "source": sources.get(setting.name, "default"),
            "variable": setting.variable,
            "wanted": setting.wanted,
            "meaning": setting.meaning,
        }
        for setting in settings(*declared)
    ]
    if json:
        print_json(rows)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("setting", "value", "from", "meaning"):
        table.add_column(heading, justify="right" if heading == "value" else "left", overflow="fold")
    for row in rows:
        table.add_row(row["name"], str(row["value"]), row["source"], row["meaning"])
    console().print(table)


def check(file: File = None, data: Data = None) -> int:
    """Check the configuration, or one file.

    Exit status 0 if all of it is right, 1 if not."""
    from milena.ops.config import FILE, BadConfig, gather

    if file is not None and not os.path.exists(file):
        raise typer.BadParameter(f"there is no file {file}.", param_hint="FILE")
    path = file or data_directory(data) / FILE
    try:
        # A file that is checked by itself need not fit the environment of whoever checks it.
        _, sources, _ = gather(path, os.environ if file is None else {}, *_declared())
    except BadConfig as error:
        for problem in error.problems:
            complain(problem)
        return EXIT_REFUSED
    count = f"{len(sources)} setting{'s' * (len(sources) != 1)}"
    typer.echo(
        f"{path}: good, {count}." if os.path.exists(path) else f"There is no {path}; {count}, all good."
    )
    return 0


def init(data: Data = None, force: Force = False) -> None:
    """Write a milena.toml that shows every setting with its default."""
    from milena.domain.refusal import Refused
    from milena.ops.config import FILE, settings
    from milena.ops.settings import template
    from milena.store import Unavailable

    path = data_directory(data) / FILE
    if os.path.exists(path) and not force:
        raise Refused("exists", f"{path} is there already; --force replaces it.")
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            new.write_text(template(settings(*_declared())), "utf-8")
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        where = f"{path} can't be written ({error.strerror})"
        raise Unavailable(f"{where}; check the rights and room there, or use --data.") from error
    typer.echo(f"Wrote {path}; edit it, then run 'milena config check'.")


def _declared() -> "tuple[dict[str, float], dict[str, Scope]]":
    """How long each command rests by default, and whose that is."""
    from milena.commands import cooldowns, scopes

    return cooldowns(), scopes()


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Show, compare, check or begin the configuration.", no_args_is_help=True)
    for verb in (show, diff, check, init):
        group.command()(verb)
    app.add_typer(group, name="config")
