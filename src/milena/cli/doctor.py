"""milena doctor: whether this installation is well. It looks and never touches."""

import os
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from milena.cli.common import EXIT_DAMAGED, EXIT_REFUSED, Data, Json, console, data_directory, print_json

if TYPE_CHECKING:
    from milena.ops.health import Check

MARKS = {
    "ok": "[green]ok[/]",
    "note": "[cyan]note[/]",
    "problem": "[yellow]problem[/]",
    "damaged": "[red]damaged[/]",
}


def doctor(data: Data = None, json: Json = False) -> int:
    """Check all that Milena needs, and say what to do about it.

    The machine, paths, disk, settings, the log, the vault, backups, games, read models and Discord.

    With a token in the environment, the last line is the link by which Milena is invited to a server.

    Exit status: 0 all is well (a note is worth knowing), 1 something was found, 3 something is damaged.
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
    from milena.ops import health, health_backups, health_machine, health_models, health_place, status
    from milena.ops.config import FILE, BadConfig, Config, gather, load
    from milena.ops.health_digest import check_digest
    from milena.ops.resources import MB, store_sizes

    def overriding() -> dict[str, str]:
        found = gather(directory / FILE, os.environ, cooldowns(), scopes())
        return {name: found.sources[name] for name in found.overridden}

    try:
        config = load(directory)
    except BadConfig:  # which is told below
        config = Config()
    log, now = directory / "events.db", time.time()
    yield from health.check_versions()
    yield from health_machine.check_clock(log, now)
    yield from health_machine.check_memory(health_machine.memory(), config.budgets.memory * MB)
    yield from health_machine.check_limits(max([0, *store_sizes(directory).values()]))
    yield from health_place.check_directory(directory, config.budgets.disk * MB)
    yield from health_place.check_file_system(directory)
    yield from health_place.check_owner(directory)
    yield from health_place.check_use(directory)
    yield from health.check_configuration(overriding, BadConfig)
    yield from health.check_log(log)
    yield from health.check_archives(log)
    yield from health.check_vault(directory / "vault.db", log)
    yield from health_backups.check_backups(directory, config.backup, now)
    yield from health.check_games(games.names(), games.load, games.BadGame)
    yield from health.check_commands(offered(), broken())
    models = readside.names(), readside.load, readside.BadModel
    running = any(not each.is_stale(now) for each in status.read(directory))
    yield from health_models.check_read_models(directory / "projections", *models, log, running)
    yield from check_digest(log, config.digest.channel)
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
