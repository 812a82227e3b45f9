"""milena status: how the Milena that runs is, and what she used lately."""

import time
from typing import TYPE_CHECKING

import typer

from milena.cli.common import EXIT_REFUSED, Data, Json, console, data_directory, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from milena.ops.status import Status

WIDTH = 30
"""Bars of a graph."""
NONE = "No Milena runs here; 'milena run' starts one, and 'milena doctor' looks at what is there."
MORE = {
    "commands": "commands", "loop": "event loop late", "queue": "waiting", "lag": "read models behind",
    "growth": "store grows",
}  # fmt: skip
"""What is shown that has no budget, and what it is called."""


def register(app: typer.Typer) -> None:
    app.command()(status)


def status(data: Data = None, json: Json = False) -> int:
    """Show how the running Milena is: her load, and her budgets.

    Exit status: 0 all is well, 1 none runs, or something is not well.
    """
    from milena.ops.config import load
    from milena.ops.status import read
    from milena.store.errors import NoData

    now, path = time.time(), data_directory(data)
    load(path)
    found = read(path)
    if not found and not (path / "events.db").exists():
        raise NoData(path)
    live = [each for each in found if not each.is_stale(now)]
    if json:
        from msgspec.structs import asdict

        print_json([{**asdict(each), "stale": each.is_stale(now)} for each in found])
    elif not found:
        console().print(NONE, markup=False)
    else:
        for each in live or found[:1]:
            _print(each, now)
    well = live and not any(each.trouble or any(one.crossed for one in each.budgets) for each in live)
    return 0 if well else EXIT_REFUSED


def _print(found: "Status", now: float) -> None:
    from rich.markup import escape
    from rich.table import Table

    from milena.domain.spans import told

    shards = f", shards {found.shards}" if found.shards else ""
    console().print(f"Milena {found.version}, process {found.pid}{shards}", markup=False)
    if found.ended:
        console().print(f"[yellow]ended[/] {told(round(now - found.told))} ago; what follows was so then")
    elif found.is_stale(now):
        ago = told(round(abs(now - found.told)))
        console().print(f"[yellow]stale[/]: told {ago} ago; she was killed, hangs, or can't write it")
    else:
        console().print(f"up for {told(round(now - found.started))}")
    if found.trouble:
        console().print(f"[red]the log can't be written[/]: {escape(found.trouble)}")
    if found.samples:
        table = Table(box=None, pad_edge=False, show_header=False)
        _fill(table, found)
        console().print(table)


def _fill(table: "Table", found: "Status") -> None:
    from milena.domain.trend import trend
    from milena.ops.budgets import REMEDIES
    from milena.ops.sample import UNITS

    for _ in range(4):
        table.add_column(overflow="fold")
    for each in found.budgets:
        values = [sample.values[each.name] for sample in found.samples]
        of = f" {'at least' if each.least else 'of'} {each.limit:g}" if each.limit else ""
        does = [*each.actions, *filter(None, [REMEDIES.get(each.name)])]
        about = f"[red]crossed[/]: {', '.join(does)}" if each.crossed else ""
        top = 0.0 if each.least else each.limit
        table.add_row(each.title, trend(values, WIDTH, top), f"{values[-1]:.4g}{of} {each.unit}", about)
    for name, title in MORE.items():
        values = [sample.values[name] for sample in found.samples]
        table.add_row(title, trend(values, WIDTH), f"{values[-1]:.4g} {UNITS[name]}", "")
