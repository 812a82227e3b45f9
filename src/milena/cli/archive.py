"""milena archive: move ended games out of the log, into files that can be checked and replayed."""

import re
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
    open_home,
    print_json,
    size,
)
from milena.cli.progress import progress_bar

if TYPE_CHECKING:
    from milena.archiving import Done
    from milena.store.archive import Archive

MONTHS = 6
DAYS = {"d": 1, "w": 7, "mo": 30, "y": 365}
_AGE = re.compile(r"([0-9]{1,4}) ?(?:(d)(?:ays?)?|(w)(?:eeks?)?|(mo)(?:nths?)?|(y)(?:ears?)?)")

Age = Annotated[
    str | None,
    typer.Option(
        "--older-than",
        metavar="AGE",
        help="Games that nothing has happened in for so long: 90d, 12w, 6mo, 1y. "
        f"[default: archive.older_than, as configured, or {MONTHS}mo]",
        show_default=False,
    ),
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only say what would be moved.")]
Compact = Annotated[
    bool, typer.Option("--compact", help="Make the log's file smaller, or fail where it is in use.")
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(invoke_without_command=True)
    group.callback()(archive)
    group.command("list")(list_)
    group.command()(check)
    app.add_typer(group, name="archive")


def archive(
    context: typer.Context,
    older_than: Age = None,
    dry: Dry = False,
    compact: Compact = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Move ended games out of the log into compressed files.

    Also while Milena runs. They can be replayed and verified as before, and not be changed any more.
    Where nobody else has the log open, its file is made smaller then.
    """
    if context.invoked_subcommand is not None:
        return
    from milena.aggregates import GAMES
    from milena.archiving import archive as move

    with open_home(data, make=False) as home:
        days = (
            _days(older_than)
            if older_than is not None
            else home.config.archive.older_than or MONTHS * DAYS["mo"]
        )
        with progress_bar("Measuring" if dry else "Archiving") as progress:
            done = move(home.store, GAMES, before(days), progress, dry=dry)
    sizes = None if dry else make_smaller(data_directory(data), compact)
    if json:
        print_json(_plain(done, dry, sizes))
    else:
        _print(done, dry, sizes, days)


def list_(data: Data = None, json: Json = False) -> None:
    """List the archives, the oldest first."""
    from milena.store.moving import archives

    with open_home(data, make=False) as home:
        found, folder = archives(home.store), home.store.archives
    if json:
        print_json([_told(each) | {"missing": not (folder / each.file).exists()} for each in found])
        return
    if not found:
        typer.echo("There are no archives; 'milena archive' makes one.")
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("file", no_wrap=True)
    for number in ("games", "events", "size"):
        table.add_column(number, justify="right", no_wrap=True)
    for each in found:
        missing = not (folder / each.file).exists()
        bytes = "missing" if missing else size(each.size)
        table.add_row(each.file, str(each.games), str(each.events), bytes, style="yellow" if missing else "")
    console().print(table)


def check(data: Data = None, json: Json = False) -> int:
    """Check the archives: every byte, every hash, and every game.

    Exit status 3 if one is damaged, 1 if one is missing.
    """
    from milena import archiving
    from milena.aggregates import GAMES

    with open_home(data, make=False) as home:
        with progress_bar("Checking") as progress:
            found = list(archiving.check(home.store, GAMES, progress))
        strays = archiving.strays(home.store)
    if json:
        rows = [_told(each.archive) | {"trouble": each.trouble or None} for each in found]
        print_json({"archives": rows, "strays": [str(path) for path in strays]})
    else:
        for each in found:
            if each.trouble:
                complain(each.trouble)
            else:
                typer.echo(f"{each.archive.file} is sound: {contents(each.archive)}.")
        for path in strays:
            typer.echo(
                f"Note: the log does not name {path}: it belongs to another one, or a later state of this."
            )
        if not found:
            typer.echo("There are no archives.")
    if any(each.trouble and not each.missing for each in found):
        return EXIT_DAMAGED
    return EXIT_REFUSED if any(each.missing for each in found) else 0


def before(days: int) -> int:
    return time.time_ns() // 1_000_000 - days * 86_400_000


def _days(text: str) -> int:
    """Raises Refused."""
    from milena.domain.refusal import Refused

    found = _AGE.fullmatch(text.strip().lower())
    if found is None:
        raise Refused("bad_time", f"{text[:40]!r} is no age: write 90d, 12w, 6mo or 1y.")
    [unit] = filter(None, found.groups()[1:])
    return int(found[1]) * DAYS[unit]


def make_smaller(home: Path, wanted: bool) -> tuple[int, int] | None:
    """The bytes of the log before and after; None where it stays as it is, as nothing was moved since it was
    last made smaller, or others use it. Raises Unavailable where it was ``wanted`` nevertheless, or there is
    no room."""
    from milena.store import Unavailable, locking
    from milena.store.compacting import compact, has_room

    if not wanted and not has_room(home / "events.db"):
        return None
    try:
        lock = locking.alone(home)
    except Unavailable:
        if wanted:
            raise
        return None
    with lock:
        return compact(home / "events.db")


def _told(archive: "Archive") -> dict[str, Any]:
    return archive._asdict() | {"sha256": archive.sha256.hex()}


def _plain(done: "Done", dry: bool, sizes: tuple[int, int] | None) -> dict[str, Any]:
    return {
        "archives": [_told(each) for each in done.archives],
        "kept": [each._asdict() for each in done.kept],
        "dry_run": dry,
        "before": sizes[0] if sizes else None,
        "after": sizes[1] if sizes else None,
    }


def _print(done: "Done", dry: bool, sizes: tuple[int, int] | None, days: int) -> None:
    for each in done.archives:
        moved = "Would move" if dry else "Moved"
        typer.echo(f"{moved} {contents(each)} to archive/{each.file} ({size(each.size)}).")
    if not done.archives:
        typer.echo(f"No game has ended, and rested for {count(days, 'day')}: nothing is moved.")
    for kept in done.kept[:10]:
        complain(f"game {kept.game} stays in the log: {kept.reason}")
    if len(done.kept) > 10:
        complain(f"{len(done.kept) - 10} more stay; --json names all.")
    if sizes:
        typer.echo(f"The log's file was {size(sizes[0])}, and is {size(sizes[1])}.")
    elif done.archives and not dry:
        typer.echo("The log is in use: 'milena archive --compact' makes its file smaller when it is not.")


def contents(archive: "Archive") -> str:
    return f"{count(archive.games, 'game')} ({count(archive.events, 'event')})"
