"""milena errors: what failed, how often, and one failure in full."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from milena.cli.answering import moment
from milena.cli.common import Data, Json, console, count, data_directory, print_json

if TYPE_CHECKING:
    from milena.ops.errors_db import Group

LONGEST = 80
"""Characters of a message that the list shows."""
UNSHOWN = ("time", "level", "logged")
"""Of what else was known, that the lines above it tell."""

Id = Annotated[str, typer.Argument(metavar="ID", help="As a person was told it, or the beginning of it.")]
Since = Annotated[
    str | None, typer.Option(metavar="WHEN", help="What failed since: '2 days ago', yesterday, 2026-07-25.")
]
KindOption = Annotated[
    str | None,
    typer.Option("--kind", metavar="KIND", help="One kind: user, bug, network, discord, resource or data."),
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Show what failed, and how often.", no_args_is_help=True)
    group.command("list")(_list)
    group.command("show")(_show)
    app.add_typer(group, name="errors")


def _list(since: Since = None, kind: KindOption = None, data: Data = None, json: Json = False) -> None:
    """List what failed, the newest first.

    All failures of one type in one place are one line."""
    from milena.ops.errors import KINDS
    from milena.ops.errors_db import groups

    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(
            f"{kind[:40]!r} is no kind; there are {', '.join(KINDS)}.", param_hint="--kind"
        )
    now = round(time.time() * 1000)
    from_ = moment("--since", since, now) or 0
    found = groups(_file(data), from_, kind)
    if json:
        print_json([_plain(group) for group in found])
    elif found:
        _table(found)
    else:
        typer.echo("Nothing failed.")


def _show(id: Id, data: Data = None, json: Json = False) -> None:
    """Show one failure: what the person saw, and where it happened."""
    from milena.domain.refusal import Refused
    from milena.ops.errors_db import find

    wanted = id.strip().lower()
    found = find(_file(data), wanted) if wanted else []
    if not found:
        raise Refused("unknown_error", f"There is no error {id[:40]!r}; 'milena errors list' lists them.")
    if len(found) > 1:
        some = ", ".join(failure["id"] for failure, _ in found[:4]) + (", ..." if len(found) > 4 else "")
        raise Refused("ambiguous_id", f"{id[:40]!r} fits {len(found)} errors ({some}); type more of the id.")
    ((failure, times),) = found
    if json:
        print_json({**failure, "count": times})
    else:
        _tell(failure, times)


def _file(data: Path | None) -> Path:
    """The record of errors, which is read without opening the log: that may be what failed. Raises BadConfig,
    and Unavailable where there is no data directory."""
    from milena.ops.config import load
    from milena.ops.errors import FILE
    from milena.store.errors import NoData

    path = data_directory(data)
    load(path)
    if not (path / "events.db").exists():
        raise NoData(path)
    return path / FILE


def _plain(group: "Group") -> dict[str, Any]:
    from msgspec import to_builtins

    from milena.terminal.clock import iso

    return {**to_builtins(group), "first": iso(group.first), "last": iso(group.last)}


def _table(found: "list[Group]") -> None:
    from rich.markup import escape
    from rich.table import Table

    from milena.terminal.clock import local

    table = Table(box=None, pad_edge=False)
    for heading in ("newest", "last", "count", "kind", "where", "what"):
        table.add_column(heading, justify="right" if heading == "count" else "left", overflow="fold")
    for group in found:
        what = _one_line(f"{group.type}: {group.message}")
        what = what if len(what) <= LONGEST else f"{what[:LONGEST]}…"
        last = f"{local(group.last):%Y-%m-%d %H:%M}"
        table.add_row(group.id, last, str(group.count), group.kind, escape(group.place), escape(what))
    console().print(table)
    typer.echo(f"{count(len(found), 'cause')}. 'milena errors show ID' tells all of one.")


def _tell(failure: dict[str, Any], times: int) -> None:
    from milena.terminal.clock import local

    context = failure["context"]
    lines = [
        f"Error {failure['id']} ({failure['kind']}), {local(failure['time']):%Y-%m-%d %H:%M:%S}, "
        f"one of {count(times, 'failure')} like it",
        f"{failure['type']}: {failure['message']}",
        f"in {failure['place']}; the log said: {context.get('logged', '')}",
    ]
    for title, name in (("The person saw", "told"), ("What was done", "recovery")):
        if failure[name]:
            lines.append(f"{title}: {failure[name]}")
    lines += [f"  {name}: {value}" for name, value in context.items() if name not in UNSHOWN]
    for line in lines:
        typer.echo(_one_line(line))
    for line in failure["stack"].splitlines():
        typer.echo(_one_line(line, indent=True))
    if "invocation" in context:
        typer.echo(f"'milena trace {context['invocation']}' shows what led to it.")


def _one_line(text: str, *, indent: bool = False) -> str:
    line = text if indent else text.replace("\n", " ")
    return "".join(char if char.isprintable() else "?" for char in line)
