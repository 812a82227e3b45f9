"""milena config diff: what is not as it is by default, who says so, and who wins."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from milena.cli.common import Data, Json, console, data_directory, open_home, print_json

NOTHING = "All is as it is by default."


def diff(data: Data = None, json: Json = False) -> None:
    """Show what differs from the defaults.

    By the file, the environment, and by /config set in each server. An environment
    variable wins over the file. A server can be stricter than both, and never laxer.
    """
    path = data_directory(data)
    rows = [*_operators(path), *_servers(path, data)]
    if json:
        print_json(rows)
    elif not rows:
        typer.echo(NOTHING)
    else:
        _print(rows)


def _operators(path: Path) -> Iterator[dict[str, Any]]:
    """A row for each setting that the file or the environment names, also where that changes nothing."""
    from msgspec import to_builtins

    from milena.commands import cooldowns, scopes
    from milena.ops.config import FILE, gather, settings

    declared = cooldowns(), scopes()
    effective, file = gather(path / FILE, os.environ, *declared), gather(path / FILE, {}, *declared)
    values, in_file = to_builtins(effective.config), to_builtins(file.config)
    for each in settings(*declared):
        if each.name not in effective.sources:
            continue
        value, source = values[each.section][each.key], effective.sources[each.name]
        filed = in_file[each.section][each.key] if each.name in file.sources else None
        variable = value if source == each.variable else None
        yield _row(each.name, None, each.default, filed, variable, None, value, source)


def _servers(path: Path, data: Path | None) -> Iterator[dict[str, Any]]:
    """A row for each setting of a server that was set there."""
    if not (path / "events.db").exists():
        return
    from milena.aggregates import GUILDS
    from milena.domain.guild.settings import LIMITS, SETTINGS, within

    with open_home(data, make=False) as home:
        limits = home.config.limits
        for key in home.store.streams(GUILDS.kind):
            guild = home.store.fold(GUILDS, key).state
            held = within(limits, guild)
            for name, own in sorted(guild.settings.items()):
                field = LIMITS.get(name)
                value = getattr(held, field) if field else own
                default = getattr(limits, field) if field else SETTINGS[name].default
                wins = "/config set" if value == own else f"limits.{field}, which is stricter"
                yield _row(name, key, default, None, None, own, value, wins)


def _row(
    name: str, server: str | None, default: Any, file: Any, variable: Any, own: Any, value: Any, wins: str
) -> dict[str, Any]:
    """``server``: which one set ``own``; there, ``default`` is what the operator has set."""
    return {
        "name": name, "server": server, "default": default, "file": file, "environment": variable, "own": own,
        "value": value, "wins": wins,
    }  # fmt: skip


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("setting", "server", "default", "file", "environment", "/config set", "holds", "by"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row.values()))
    console().print(table, markup=False)
