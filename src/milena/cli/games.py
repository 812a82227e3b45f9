"""milena games: the games of this data directory, and those that can be played."""

import time
from itertools import islice
from typing import Annotated

import typer

from milena.cli.common import EXIT_REFUSED, Data, Json, complain, console, open_home, print_json


def register(app: typer.Typer) -> None:
    app.command(name="games")(games)


def games(
    all_: Annotated[bool, typer.Option("--all", help="List all of them, however many.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="List this many, the newest.")] = 20,
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are not over.")] = False,
    only_ended: Annotated[bool, typer.Option("--ended", help="Only those that are over.")] = False,
    available: Annotated[
        bool, typer.Option("--available", help="Show what can be played, and its options.")
    ] = False,
    rules: Annotated[
        str | None, typer.Option(metavar="GAME", help="Show one game that can be played, and its options.")
    ] = None,
    as_json: Json = False,
    data: Data = None,
) -> int | None:
    """List the games, newest first; or what can be played."""
    if available or rules is not None:
        return _show_rules(rules, as_json)
    if only_open and only_ended:
        raise typer.BadParameter("--open and --ended leave nothing: give one of them.")
    from milena.terminal.listing import listing, plain, table

    with open_home(data, make=False) as home:
        found = listing(home, "open" if only_open else "ended" if only_ended else "all")
        shown = list(found if all_ else islice(found, limit))
        more = next(found, None) is not None
    if as_json:
        print_json([plain(listed) for listed in shown])
    elif shown:
        out = console()
        out.print(table(shown, round(time.time() * 1000), out.width))
        if more:
            out.print(f"... and older ones: --all lists every game, --limit {2 * limit} some more.")
    else:
        console().print("No such games. 'milena games --available' tells what can be played.")
    return None


def _show_rules(name: str | None, as_json: bool) -> int:
    from milena.games import load
    from milena.terminal.rulebook import describe, load_all, plain

    found, broken = load_all() if name is None else ([load(name)], [])
    if as_json:
        print_json([plain(rules) for rules in found])
    else:
        for number, rules in enumerate(found):
            console().print(*([""] if number else []), *describe(rules), sep="\n")
    for sentence in broken:
        complain(sentence)
    return EXIT_REFUSED if broken else 0
