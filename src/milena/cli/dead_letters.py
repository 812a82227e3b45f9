"""milena projections dead-letters: events that a read model could not take in, and what to do with them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from milena.cli.common import EXIT_REFUSED, Data, Json, complain, count, open_home, print_json
from milena.cli.progress import progress_bar

if TYPE_CHECKING:
    from milena.readside import Letter

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="Read models.  [default: all]", show_default=False),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A read model.")]
Positions = Annotated[
    list[int] | None,
    typer.Argument(metavar="POSITION", help="Also these, which were dropped.", show_default=False),
]
Position = Annotated[int, typer.Argument(metavar="POSITION", min=1, help="Of the event, in the log.")]


def register(projections: typer.Typer) -> None:
    letters = typer.Typer(help="Events that a read model could not take in.")
    letters.command("list")(_list)
    letters.command("retry")(_retry)
    letters.command("drop")(_drop)
    projections.add_typer(letters, name="dead-letters", no_args_is_help=True)


def _list(names: Names = None, data: Data = None, json: Json = False) -> None:
    """List them: they wait to be retried, or were dropped."""
    from milena.cli.projections import chosen
    from milena.terminal.clock import local

    with open_home(data, make=False) as home:
        readside = home.readside()
        found = [(name, letter) for name in chosen(readside, names) for letter in readside.letters(name)]
    if json:
        print_json([_plain(name, letter) for name, letter in found])
        return
    for name, letter in found:
        state = "dropped" if letter.dropped else "waits"
        typer.echo(
            f"{name} {letter.position} {letter.tag}, {state} since {local(letter.time):%Y-%m-%d %H:%M}"
        )
        if letter.problem:
            typer.echo("    " + "".join(char if char.isprintable() else "?" for char in letter.problem))
    typer.echo(f"{count(len(found), 'dead letter')}.")


def _retry(name: Name, positions: Positions = None, data: Data = None) -> int:
    """Make a read model anew, with what waits tried in its place.

    Exit status 1 where something still waits.
    """
    with open_home(data, make=False) as home:
        readside = home.readside()
        before = {letter.position: letter for letter in readside.letters(name)}
        for position in positions or ():
            if position not in before:
                from milena.domain.refusal import Refused

                raise Refused("no_letter", f"{name} has no dead letter at position {position}.")
        tried = {at for at, letter in before.items() if not letter.dropped} | set(positions or ())
        with progress_bar(f"Rebuilding {name}") as progress:
            after = readside.retry(name, tried, progress)
    waiting = [letter for letter in after if not letter.dropped]
    for letter in waiting:
        complain(f"{name} can't take in position {letter.position} ({letter.tag}): {letter.problem}")
    done = tried - {letter.position for letter in after}
    typer.echo(f"{name}: {count(len(done), 'dead letter')} taken in, {len(waiting)} left.")
    return EXIT_REFUSED if waiting else 0


def _drop(name: Name, position: Position, data: Data = None) -> None:
    """Leave an event out of a read model, also when it is made anew.

    'retry' with its position undoes it.
    """
    with open_home(data, make=False) as home:
        letter = home.readside().drop(name, position)
    typer.echo(f"{name} leaves out position {letter.position} ({letter.tag}) from now on.")


def _plain(name: str, letter: "Letter") -> dict[str, Any]:
    from milena.terminal.clock import iso

    return {
        "model": name,
        "position": letter.position,
        "tag": letter.tag,
        "problem": letter.problem,
        "time": iso(letter.time),
        "dropped": bool(letter.dropped),
    }
