"""milena doctor: whether this installation is well. It looks and never touches."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from milena.cli.common import EXIT_DAMAGED, EXIT_REFUSED, Data, Json, console, data_directory, print_json

if TYPE_CHECKING:
    from milena.ops.health import Check

MARKS = {"ok": "[green]ok[/]", "problem": "[yellow]problem[/]", "damaged": "[red]damaged[/]"}


def doctor(data: Data = None, json: Json = False) -> int:
    """Check versions, paths, disk, settings, the log, the vault, the games and the read models.

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
    from milena.ops import health
    from milena.ops.config import BadConfig, load

    yield from health.check_versions()
    yield from health.check_directory(directory)
    yield from health.check_configuration(lambda: load(directory, cooldowns(), scopes()), BadConfig)
    yield from health.check_log(directory / "events.db")
    yield from health.check_vault(directory / "vault.db", directory / "events.db")
    yield from health.check_games(games.names(), games.load, games.BadGame)
    yield from health.check_commands(offered(), broken())
    models = readside.names(), readside.load, readside.BadModel
    yield from health.check_read_models(directory / "projections", *models)
    yield from _discord()


def _discord() -> Iterator["Check"]:
    """The bot's token, by its looks alone, and the link that invites Milena."""
    from milena.discord import inviting
    from milena.ops.health import Check

    token = os.environ.get("DISCORD_TOKEN", "").strip()
    application = os.environ.get("DISCORD_APPLICATION_ID", "").strip()
    if token:
        wrong = inviting.check(token)
        remedy = "copy it from the developer portal: Bot, Reset Token" if wrong else ""
        yield Check("Discord token", wrong or "looks like one", "problem" if wrong else "ok", remedy)
    elif application:
        yield Check("Discord token", "DISCORD_TOKEN is not set; milena run needs it")
    application = application or (inviting.application_of(token) if token else None) or ""
    if application:
        yield Check("Discord invitation", inviting.link(application))


def _print(checks: list["Check"]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for check in checks:
        remedy = f"; {check.remedy}" if check.remedy else ""
        table.add_row(MARKS[check.finding], check.name, escape(check.found + remedy))
    console().print(table)


def register(app: typer.Typer) -> None:
    app.command()(doctor)
