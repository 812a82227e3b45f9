"""milena doctor: whether this installation is well. It looks and never touches."""

import os
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from milena.cli.common import EXIT_DAMAGED, EXIT_REFUSED, Data, Json, console, data_directory, print_json

if TYPE_CHECKING:
    from milena.ops.health import Check

MARKS = {"ok": "[green]ok[/]", "problem": "[yellow]problem[/]", "damaged": "[red]damaged[/]"}


def doctor(data: Data = None, json: Json = False) -> int:
    """Check versions, paths, disk, settings, the log, the vault, the games, the read models and Discord.

    With a token in the environment, the last line is the link by which Milena is invited to a server.

    Exit status: 0 all is well, 1 something was found, 3 something is damaged.
    """
    checks = list(_checks(data_directory(data)))
    if json:
        print_json(checks)
    else:
        _print(checks)
    findings = {check.finding for check in checks}
    if "damaged" in findings:
        return EXIT_DAMAGED
    return EXIT_REFUSED if "problem" in findings else 0


def _checks(directory: Path) -> Iterator["Check"]:
    from milena import games, readside
    from milena.commands import broken, cooldowns, offered, scopes
    from milena.discord.health import check_discord
    from milena.ops import health
    from milena.ops.config import BadConfig, load
    from milena.ops.health_digest import check_digest

    yield from health.check_versions()
    yield from health.check_directory(directory)
    yield from health.check_configuration(lambda: load(directory, cooldowns(), scopes()), BadConfig)
    yield from health.check_log(directory / "events.db")
    yield from health.check_archives(directory / "events.db")
    yield from health.check_vault(directory / "vault.db", directory / "events.db")
    yield from health.check_games(games.names(), games.load, games.BadGame)
    yield from health.check_commands(offered(), broken())
    models = readside.names(), readside.load, readside.BadModel
    yield from health.check_read_models(directory / "projections", *models)
    with suppress(BadConfig):  # which was told above
        yield from check_digest(directory / "events.db", load(directory).digest.channel)
    installed = all(find_spec(package) is not None for package in ("aiohttp", "interactions"))
    yield from check_discord(os.environ, installed)


def _print(checks: list["Check"]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    links = [check for check in checks if check.found.startswith("https://")]
    for check in checks:
        if check in links:
            continue
        remedy = f"; {check.remedy}" if check.remedy else ""
        table.add_row(MARKS[check.finding], check.name, escape(check.found + remedy))
    console().print(table)
    for check in links:  # in one piece, however narrow the terminal is
        console().print(f"{check.name}: {check.found}", soft_wrap=True, markup=False)


def register(app: typer.Typer) -> None:
    app.command()(doctor)
