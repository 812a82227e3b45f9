"""milena privacy: all that is kept of a person, and erasing a person."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from milena.cli.common import EXIT_REFUSED, Data, Json, complain, open_home, print_json

Player = Annotated[
    str, typer.Argument(metavar="PLAYER", help="A name, Milena's id, or the id on Discord of a person.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Tell what is kept of a person, or erase the person.", no_args_is_help=True)
    group.command("export")(_export)
    group.command("erase")(_erase)
    app.add_typer(group, name="privacy")


def _export(player: Player, data: Data = None) -> None:
    """Print all that is kept of a person, as one JSON document."""
    from milena.aggregates import AGGREGATES
    from milena.cli.answering import find_player
    from milena.cli.catching_up import catch_up
    from milena.privacy import document

    with open_home(data, make=False) as home:
        found = home.vault.outsider(player) or find_player(home, player)
        readside = home.readside()
        catch_up(readside, *readside.models)
        print_json(document(home.store, AGGREGATES, readside, found))


def _erase(player: Player, yes: Yes = False, data: Data = None, json: Json = False) -> int:
    """Erase a person: name, id elsewhere, and the key of private texts. This can't be undone.

    Games that the person plays in are given up. Backups of before hold the person still; they are listed.
    """
    import time

    from milena.cli.answering import find_player

    with open_home(data, make=False) as home:
        found = home.vault.outsider(player) or find_player(home, player)
        if not yes and not _confirmed(found, home.vault.name(found)):
            complain("nothing was erased.")
            return EXIT_REFUSED
        with home.engine() as engine:
            done = home.eraser(engine).erase(found, time.time_ns() // 1_000_000)
    if json:
        print_json(done._asdict() | {"copies": list(map(str, done.copies))})
        return 0
    typer.echo(
        f"{done.player} is erased. Games given up: {done.games}; reminders cancelled: {done.reminders}."
    )
    _tell_copies(done.copies)
    return 0


def _confirmed(player: str, name: str) -> bool:
    shown = "".join(char if char.isprintable() else "?" for char in name)
    typer.echo(f"This erases {shown} ({player}), and can't be undone. Type the id: ", nl=False, err=True)
    return sys.stdin.readline().strip() == player


def _tell_copies(copies: list[Path]) -> None:
    if not copies:
        return
    copy = "1 older copy" if len(copies) == 1 else f"{len(copies)} older copies"
    typer.echo(f"The vault as it was before is still in {copy}:")
    for path in copies:
        typer.echo(f"  {path}")
    typer.echo(
        "Make a new backup (milena backup create), then remove those; what is restored is erased again."
    )
