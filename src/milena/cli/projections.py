"""milena projections: the read models, how they stand, and making them anew."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import (
    EXIT_REFUSED,
    Data,
    Json,
    complain,
    console,
    count,
    open_home,
    print_json,
)
from milena.cli.progress import progress_bar

if TYPE_CHECKING:
    from milena.readside import ReadSide, Status

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="Read models.  [default: all]", show_default=False),
]
Rollback = Annotated[
    bool,
    typer.Option("--rollback", help="Go back to the generation before; once more comes back to this one."),
]


def register(app: typer.Typer) -> None:
    from milena.cli import dead_letters, projections_ask, projections_follow

    projections = typer.Typer(help="Read models: what is made of the log, for who asks.")
    projections.command("list")(_list)
    projections.command("status")(_status)
    projections.command("rebuild")(_rebuild)
    projections.command("check")(_check)
    projections.command("follow")(projections_follow.follow)
    projections.command("ask")(projections_ask.ask)
    dead_letters.register(projections)
    app.add_typer(projections, name="projections", no_args_is_help=True)


def chosen(readside: "ReadSide", names: list[str] | None) -> list[str]:
    """Those that are named, or all. Raises Refused for one that there is not."""
    return [readside.model(name).name for name in dict.fromkeys(names or readside.models)]


def _list(data: Data = None, json: Json = False) -> None:
    """List the read models, and the questions that they answer."""
    with open_home(data, make=False) as home:
        readside = home.readside()
    models = readside.models.values()
    if json:
        print_json(
            [
                {
                    "model": model.name,
                    "title": model.title,
                    "about": model.about.strip(),
                    "version": model.version,
                    "questions": [
                        {"question": each.name, "title": each.title, "parameters": each.asked}
                        for each in model.questions.values()
                    ],
                }
                for model in models
            ]
        )
        return
    widest = max(len(question) for model in models for question in model.questions)
    for model in models:
        typer.echo(f"{model.name:<{widest}}    {model.title}, version {model.version}")
        for question in model.questions.values():
            typer.echo(f"  {question.name:<{widest}}  {question.title}")


def _status(data: Data = None, json: Json = False) -> None:
    """Show how far the read models are, and what is wrong.

    It looks and never touches."""
    with open_home(data, make=False) as home:
        found = home.readside().status()
    if json:
        print_json(found)
    else:
        _print_status(found)


def _print_status(found: list["Status"]) -> None:
    from rich.table import Table

    from milena.terminal.clock import ago, now

    table = Table(box=None, pad_edge=False)
    table.add_column("model", no_wrap=True, min_width=max((len(each.model) for each in found), default=0))
    table.add_column("condition", min_width=max((len(each.condition) for each in found), default=0))
    for number in ("position", "lag", "size", "version"):
        table.add_column(number, justify="right", no_wrap=True)
    table.add_column("made", no_wrap=True)
    table.add_column("dead letters", justify="right")
    for each in found:
        version = str(each.version)
        if each.made_with not in (None, each.version):
            version = f"{each.made_with}, not {each.version}"
        table.add_row(
            each.model,
            each.condition,
            f"{each.position}",
            f"{each.lag}",
            f"{each.size / 1e6:.1f} MB",
            version,
            ago(each.made, now()) if each.made else "",
            f"{each.letters}" + (f" + {each.dropped} dropped" if each.dropped else ""),
            style="" if each.condition == "good" and not each.letters else "yellow",
        )
    console().print(table)


def _rebuild(names: Names = None, rollback: Rollback = False, data: Data = None) -> int:
    """Make read models anew from the log.

    Beside the live ones, which are read and followed meanwhile.

    Stops at the first event that can't be taken in: then, and at Ctrl-C, the live model stays as it was.
    """
    from milena.readside import Poison

    with open_home(data, make=False) as home:
        readside = home.readside()
        for name in chosen(readside, names):
            if rollback:
                typer.echo(f"{name}: {readside.rollback(name).name} is the live one again.")
                continue
            try:
                _rebuild_one(readside, name)
            except Poison as poison:
                complain(f"{poison}.")
                complain(
                    f"{name} stays as it was. Mend the model; or 'milena projections dead-letters retry "
                    f"{name}' makes it anew without what it can't take in."
                )
                return EXIT_REFUSED
    return 0


def _rebuild_one(readside: "ReadSide", name: str) -> None:
    began = time.perf_counter()
    with progress_bar(f"Rebuilding {name}") as progress:
        readside.rebuild(name, progress)
    seconds = time.perf_counter() - began
    made = next(each for each in readside.status() if each.model == name)
    events = count(made.position, "event")
    typer.echo(
        f"{name}: {events} in {seconds:.1f} s, {made.position / seconds:,.0f} a second; "
        f"generation {made.generation}."
    )


def _check(names: Names = None, data: Data = None, json: Json = False) -> int:
    """Compare read models with what the log gives.

    They are made anew aside. Exit status 1 where one differs."""
    results: dict[str, str] = {}
    with open_home(data, make=False) as home:
        readside = home.readside()
        for name in chosen(readside, names):
            results[name] = _check_one(readside, name)
            if json:
                continue
            if results[name] == "same":
                typer.echo(f"{name} holds what the log gives.")
            else:
                complain(results[name])
    if json:
        print_json(
            [
                {"model": name, "same": found == "same", "problem": None if found == "same" else found}
                for name, found in results.items()
            ]
        )
    return 0 if set(results.values()) <= {"same"} else EXIT_REFUSED


def _check_one(readside: "ReadSide", name: str) -> str:
    from milena.readside import Behind, Poison

    try:
        with progress_bar(f"Checking {name}") as progress:
            if readside.check(name, progress):
                return "same"
    except Behind as behind:
        return str(behind)
    except Poison as poison:
        return f"{poison}, but the live model holds it; 'milena projections rebuild {name}' tells more."
    return f"{name} differs from what the log gives; 'milena projections rebuild {name}' makes it anew."
