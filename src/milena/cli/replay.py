"""milena replay: a recorded game, ply by ply."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import EXIT_DAMAGED, Data, Json, complain, console, find_game, open_home, print_json

if TYPE_CHECKING:
    from milena.replay.history import History, Ply
    from milena.telling import Name


def register(app: typer.Typer) -> None:
    app.command()(replay)


def replay(
    game: Annotated[
        str, typer.Argument(metavar="ID", help="The game's id, a part of it that is unique, or last.")
    ],
    at_ply: Annotated[
        int | None, typer.Option("--at", metavar="PLY", help="Show the board after this ply; 0 is the start.")
    ] = None,
    step: Annotated[bool, typer.Option("--step", help="Step through it with the arrow keys.")] = False,
    as_json: Json = False,
    data: Data = None,
) -> int:
    """Show a game: who played, every ply, and the board. What is secret in it shows when it is over."""
    if step and (as_json or not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout))):
        raise typer.BadParameter("--step needs a terminal and no --json; use --at PLY, or --json alone.")
    from milena.aggregates import GAMES
    from milena.replay.at import at
    from milena.replay.history import History

    with open_home(data, make=False) as home:
        history = History(home.store, GAMES, find_game(home, game))
        history.catch_up()
        if history.version:
            shown = None if at_ply is None else at(history, at_ply)
            if step:
                _step(history, home.vault.name, at_ply)
            elif as_json:
                _print_json(history, home.vault.name, shown)
            else:
                _print(history, home.vault.name, shown)
    if history.problem:
        complain(history.problem)
        return EXIT_DAMAGED
    return 0


def _step(history: "History", name: "Name", at_ply: int | None) -> None:
    from milena.replay.at import at
    from milena.terminal.stepper import Stepper

    start = at(history, 0 if at_ply is None else at_ply)
    Stepper(history, name, console(), history.plies.index(start)).run()


def _print_json(history: "History", name: "Name", shown: "Ply | None") -> None:
    from milena.terminal.record import plain, plain_ply

    print_json(plain(history, name) if shown is None else plain_ply(history, shown, name))


def _print(history: "History", name: "Name", shown: "Ply | None") -> None:
    from milena import telling
    from milena.terminal.board import draw, lines
    from milena.terminal.record import header, plies

    out = console()
    if shown is None:
        out.print(header(history, name))
        if len(history.plies) > 1 or history.pending:
            out.print("", plies(history, name), sep="\n")
        shown = history.plies[-1] if history.plies else None
    else:
        number, _, said = telling.ply(history, shown, name).partition(" ")
        out.print(f"Ply {number} of {history.plies[-1].number}: {said}", markup=False)
    if shown is not None:
        view = telling.with_names(history.view(shown), telling.players(shown.game, name))
        out.print("", draw(view, lines(out)), sep="\n")
