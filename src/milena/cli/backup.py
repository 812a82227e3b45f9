"""milena backup: make backups, look at them, and go back to one."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from milena.cli.common import (
    EXIT_DAMAGED,
    EXIT_REFUSED,
    Data,
    Json,
    complain,
    console,
    count,
    data_directory,
    print_json,
    size,
)
from milena.cli.progress import progress_bar

if TYPE_CHECKING:
    from milena.ops.backup import BackupPolicy, Manifest

Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        envvar="MILENA_BACKUPS",
        help="Where the backups are. Default: the folder backups of the data directory.",
        show_default=False,
    ),
]
Name = Annotated[str, typer.Argument(metavar="BACKUP", help="A file, the beginning of a name, or 'last'.")]
Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="BACKUP",
        help="Files, beginnings of names, or 'last'.  [default: last]",
        show_default=False,
    ),
]
Rehearse = Annotated[bool, typer.Option("--check", help="Check all, say what would be done, change nothing.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only say which would be removed.")]


def _keep(what: str) -> Any:
    return typer.Option(
        f"--{what}", min=0, help=f"Default: backup.{what}, as configured.", show_default=False
    )


def create(folder: Folder = None, data: Data = None, json: Json = False) -> None:
    """Make a backup, also while Milena runs, and check it."""
    from milena.ops import backup

    now = time.time_ns() // 1_000_000
    to = _folder(folder, data) / backup.name_of(now)
    with progress_bar("Backing up (kB)") as progress:
        made = backup.make(data_directory(data), to, progress)
    if json:
        print_json({"file": str(made.path), "bytes": made.size, **_told(made.manifest)})
        return
    typer.echo(f"{made.path}: {_contents(made.manifest)}, {size(made.size)}.")


def list_(folder: Folder = None, data: Data = None, json: Json = False) -> None:
    """List the backups, the oldest first, and what they say is in them."""
    from milena.ops import backup
    from milena.store import StoreError

    where = _folder(folder, data)
    rows: list[dict[str, Any]] = []
    for path, made in backup.backups(where).items():
        row: dict[str, Any] = {"name": path.name, "time": int(made.timestamp() * 1000), "file": str(path)}
        try:
            told = backup.told(path)
            row |= {"bytes": told.size, **_told(told.manifest), "trouble": None}
        except StoreError as error:
            row |= {"trouble": str(error)}
        rows.append(row)
    if json:
        print_json(rows)
    elif rows:
        _print(rows)
    else:
        typer.echo(f"There are no backups in {where}; 'milena backup create' makes one.")


def check(names: Names = None, folder: Folder = None, data: Data = None, json: Json = False) -> int:
    """Check backups as if they were to be restored.

    Every byte, and the whole chain. Exit status 3 if one is damaged, 1 if one is not there.
    """
    from milena.ops import backup
    from milena.store import Damaged, StoreError

    status = 0
    rows: list[dict[str, Any]] = []
    for name in names or ["last"]:
        path = _found(name, folder, data)
        row: dict[str, Any] = {"file": str(path), "trouble": None}
        try:
            with progress_bar("Checking (kB)") as progress:
                manifest = backup.check(path, progress)
        except StoreError as error:
            row["trouble"] = str(error)
            status = max(status, EXIT_DAMAGED if isinstance(error, Damaged) else EXIT_REFUSED)
            if not json:
                complain(str(error))
        else:
            row |= _told(manifest)
            if not json:
                typer.echo(f"{path} is sound: {_contents(manifest)}.")
        rows.append(row)
    if json:
        print_json(rows)
    return status


def restore(
    name: Name, rehearse: Rehearse = False, folder: Folder = None, data: Data = None, json: Json = False
) -> None:
    """Go back to a backup, once it has been checked. What is there now is kept aside.

    Nothing else may use the data directory meanwhile.
    """
    from milena.ops import backup

    path, home = _found(name, folder, data), data_directory(data)
    with progress_bar("Checking (kB)" if rehearse else "Restoring (kB)") as progress:
        manifest, aside, in_use = backup.restore(path, home, progress, dry=rehearse)
    if json:
        print_json(
            {
                "file": str(path),
                "restored": not rehearse,
                "aside": str(aside) if aside else None,
                "in_use": in_use,
                **_told(manifest),
            }
        )
    elif rehearse:
        typer.echo(f"{path} is sound: {_contents(manifest)}. Nothing was changed.")
        if in_use:
            typer.echo("Milena is running on it now, and has to be stopped first.")
        typer.echo(f"What is in {home} now would be kept in {aside}." if aside else f"{home} is empty.")
    else:
        typer.echo(f"Restored {_contents(manifest)}, of {_when(manifest.time)}, into {home}.")
        if aside:
            typer.echo(f"What was there is in {aside}; remove it when all is well.")
        typer.echo("Read models are made from it when next asked; 'milena verify' checks every game.")


def prune(
    days: Annotated[int | None, _keep("days")] = None,
    weeks: Annotated[int | None, _keep("weeks")] = None,
    months: Annotated[int | None, _keep("months")] = None,
    dry: Dry = False,
    folder: Folder = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Remove old backups.

    The last one of each of the last days, weeks and months is kept. So is everything that is younger than
    the newest by a day at most.
    """
    from milena.ops import backup

    policy = _policy(data, days, weeks, months)
    where = _folder(folder, data)
    removed = backup.prune(where, policy, dry=dry)
    kept = len(backup.backups(where)) - (len(removed) if dry else 0)
    if json:
        print_json({"removed": [path.name for path in removed], "kept": kept, "dry_run": dry})
        return
    for path in removed:
        typer.echo(f"{'Would remove' if dry else 'Removed'} {path.name}")
    typer.echo(f"{count(len(removed), 'backup')} {'would go' if dry else 'removed'}, {kept} kept.")


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Make, list, check, prune and restore backups.", no_args_is_help=True)
    group.command()(create)
    group.command("list")(list_)
    for verb in (check, restore, prune):
        group.command()(verb)
    app.add_typer(group, name="backup")


def _folder(folder: Path | None, data: Path | None) -> Path:
    """The folder of the backups, of a data directory that is there, or was: its log may be lost."""
    from milena.commands import cooldowns
    from milena.ops.backup import folder_of
    from milena.ops.config import load
    from milena.store.errors import NoData

    home = data_directory(data)
    load(home, cooldowns())
    found = folder.expanduser() if folder else folder_of(home)
    if not found.is_dir() and not (home / "events.db").exists():
        raise NoData(home)
    return found


def _found(name: str, folder: Path | None, data: Path | None) -> Path:
    """The backup that is named. A path is a path, wherever the data is."""
    from milena.ops.backup import find

    return Path(name).expanduser() if os.sep in name else find(_folder(folder, data), name)


def _policy(data: Path | None, *given: int | None) -> "BackupPolicy":
    """The configured one, but for what was ``given``: days, weeks, months."""
    from msgspec.structs import replace

    from milena.commands import cooldowns
    from milena.ops.config import load

    policy = load(data_directory(data), cooldowns()).backup
    named = zip(("days", "weeks", "months"), given, strict=True)
    return replace(policy, **{name: value for name, value in named if value is not None})


def _told(manifest: "Manifest") -> dict[str, Any]:
    return {
        "milena": manifest.milena,
        "time": manifest.time,
        "position": manifest.position,
        "hash": manifest.hash,
        "games": manifest.games,
        "players": manifest.players,
        "installation": manifest.installation,
    }


def _contents(manifest: "Manifest") -> str:
    events, games = count(manifest.position, "event"), count(manifest.games, "game")
    return f"{events}, {games}, {count(manifest.players, 'player')}"


def _when(time: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("backup", no_wrap=True)
    table.add_column("made", no_wrap=True)
    for number in ("position", "games", "players", "size"):
        table.add_column(number, justify="right", no_wrap=True)
    for row in rows:
        name, made = row["name"].removesuffix(".tar.gz"), _when(row["time"])
        if row["trouble"] is None:
            numbers = (str(row[name]) for name in ("position", "games", "players"))
            table.add_row(name, made, *numbers, size(row["bytes"]))
        else:
            table.add_row(escape(name), made, "damaged", style="yellow")
    console().print(table)
    for row in rows:
        if row["trouble"] is not None:
            complain(row["trouble"])
