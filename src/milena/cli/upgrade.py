"""milena upgrade: what an older release left becomes what this one keeps."""

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
    open_home,
    print_json,
)
from milena.cli.progress import progress_bar

if TYPE_CHECKING:
    from milena.replay.report import Report
    from milena.upgrade.parts import Part
    from milena.upgrade.rehearsing import Rehearsal
    from milena.upgrade.upgrading import Upgraded

Dry = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done, and try it on a copy.")]
NoBackup = Annotated[
    bool, typer.Option("--no-backup", help="Make no backup first: there is no way back then.")
]


def register(app: typer.Typer) -> None:
    app.command()(upgrade)


def upgrade(dry_run: Dry = False, no_backup: NoBackup = False, data: Data = None, json: Json = False) -> int:
    """Upgrade the data of an older Milena.

    That is: make a backup, migrate, verify, make read models anew.

    What only adds something is upgraded by itself at the next start, after a backup.

    Exit status: 1 if something was written by a newer Milena, or is wrong; 3 if the log is damaged.
    """
    from milena.store.errors import NoData

    home = data_directory(data)
    if not (home / "events.db").exists() and not (home / "vault.db").exists():
        raise NoData(home)
    found = _parts(home)
    return _rehearse(home, found, json) if dry_run else _upgrade(home, found, not no_backup, json)


def _parts(home: Path) -> "list[Part]":
    from milena import readside
    from milena.commands import cooldowns, scopes
    from milena.ops.config import load
    from milena.upgrade.parts import parts

    models = []
    for name in readside.names():
        try:
            models.append(readside.load(name))
        except readside.BadModel as error:
            complain(str(error))
    return parts(home, models, lambda: load(home, cooldowns(), scopes()))


def _rehearse(home: Path, found: "list[Part]", json: bool) -> int:
    from milena.aggregates import AGGREGATES
    from milena.upgrade.rehearsing import rehearse

    tried: Rehearsal | None = None
    if any(part.action == "migrate" for part in found) and not _hindered(found):
        with progress_bar("Verifying a copy") as progress:
            tried = rehearse(home, AGGREGATES, progress)
    if json:
        print_json({"dry_run": True, "parts": found, "rehearsal": tried})
    else:
        _print(found)
        if tried is not None:
            typer.echo(
                f"Tried on a copy: migrated in {tried.migrated:.2f} s, verified in {tried.verified:.2f} s."
            )
            _print_report(tried.report)
        elif not _hindered(found):
            typer.echo("There is nothing to migrate.")
        typer.echo("Nothing was changed.")
    return max(_status(found), _level(tried.report) if tried else 0)


def _upgrade(home: Path, found: "list[Part]", backup: bool, json: bool) -> int:
    from milena.aggregates import AGGREGATES, EVENTS
    from milena.replay.verify import verify
    from milena.upgrade.upgrading import told, upgrade

    with progress_bar("Backing up (kB)") as progress:
        done = upgrade(home, EVENTS, backup=backup, tell=progress)
    with open_home(home) as opened:
        with progress_bar("Verifying") as progress:
            report = verify(opened.store, AGGREGATES, progress)
        anew = [part.name for part in found if part.action == "rebuild"]
        if not _level(report):
            from milena.cli.catching_up import take_in

            readside = opened.readside()
            take_in(readside, *(each.model for each in readside.status() if each.condition != "newer"))
    if json:
        print_json({"dry_run": False, "parts": found, "upgraded": _fields(done), "report": report})
    else:
        typer.echo(told(home, done) if done else "There was nothing to migrate.")
        _print_report(report)
        if anew and not _level(report):
            typer.echo(f"Made anew: {', '.join(anew)}.")
    return max(_status(found), _level(report))


def _hindered(found: "list[Part]") -> bool:
    """Whether the log, or what belongs to it, can't be migrated."""
    needed = ("events.db", "vault.db", "head.json")
    return any(part.action in ("too new", "wrong") for part in found if part.name in needed)


def _status(found: "list[Part]") -> int:
    return EXIT_REFUSED if any(part.action in ("too new", "wrong") for part in found) else 0


def _level(report: "Report") -> int:
    return {"damage": EXIT_DAMAGED, "doubt": EXIT_REFUSED}.get(report.level or "", 0)


def _fields(done: "Upgraded | None") -> dict[str, Any] | None:
    if done is None:
        return None
    files = {name: {"before": old, "now": new} for name, (old, new) in done.files.items()}
    return {"files": files, "backup": str(done.backup) if done.backup else None, "seconds": done.seconds}


def _print(found: "list[Part]") -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("file", "format", "this release", "to do", ""):
        table.add_column(column, overflow="fold")
    colours = {"migrate": "cyan", "rebuild": "cyan", "too new": "yellow", "wrong": "yellow"}
    for part in found:
        table.add_row(
            part.name,
            "" if part.format is None else str(part.format),
            "" if part.known is None else str(part.known),
            part.action,
            part.note,
            style=colours.get(part.action, ""),
        )
    console().print(table, markup=False)


def _print_report(report: "Report") -> None:
    for finding in report.findings:
        complain(str(finding))
    if not _level(report):
        games = report.streams.get("game", 0)
        typer.echo(f"The log is whole: {count(report.events, 'event')}, {count(games, 'game')}.")
