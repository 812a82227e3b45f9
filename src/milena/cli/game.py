"""milena game: for those who write games. Try the laws on one, or begin a new one."""

import keyword
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from milena.cli.common import EXIT_REFUSED, Json, console, count, print_json

if TYPE_CHECKING:
    from milena.domain.rules import Rules
    from milena.laws import Report, Violation

STORY = 12
"""So many of the last moves are told to people; --json has them all."""

What = Annotated[
    str, typer.Argument(metavar="NAME|FILE", help="A game that can be played here, or a file of rules.")
]
Playouts = Annotated[int, typer.Option(min=1, help="How many games to play at random.")]
Seed = Annotated[
    int, typer.Option(min=0, help="What the first of them is played from; the next ones follow.")
]
Folder = Annotated[
    Path, typer.Option("--path", file_okay=False, help="The folder to write to.", show_default="here")
]


def register(app: typer.Typer) -> None:
    game = typer.Typer(help="For authors of games: try the laws on one, begin a new one.")
    game.command("check")(_check)
    game.command("new")(_new)
    app.add_typer(game, name="game", no_args_is_help=True)


# ------------------------------------------------------------------------------------------- check


def _check(game: What, playouts: Playouts = 300, seed: Seed = 0, json: Json = False) -> int:
    """Try all laws of games on one, in random play-outs.

    Exit status 1 where one is broken: it says which one, by what, and where.
    """
    from milena.cli.progress import progress_bar
    from milena.laws import LAWS, check

    rules = _find(game)
    with progress_bar("random games") as progress:
        report = check(rules, playouts, seed, progress)
    if json:
        print_json(report)
    elif report.violations:
        _tell(report, game)
    else:
        played = (
            f"{count(report.playouts, 'play-out')}, {count(report.plies, 'ply').replace('plys', 'plies')}"
        )
        typer.echo(f"{report.game} keeps all {len(LAWS)} laws ({played}).")
    if not json:
        for note in report.notes:
            typer.echo(f"Note: {note}")
    return EXIT_REFUSED if report.violations else 0


def _tell(report: "Report", game: str) -> None:
    from rich.text import Text

    told = console()
    for violation in report.violations:
        told.print(Text("Broken: ", "bold red").append(violation.law, "bold"))
        told.print(Text(f"  {violation.found}"))
        for line in _where(violation, game):
            told.print(Text(f"  {line}", "dim"))
    laws = count(len(report.violations), "law")
    played = f" in {count(report.playouts, 'play-out')}" if report.playouts else "; it was not played"
    told.print(f"{report.game} breaks {laws}{played}.")


def _where(violation: "Violation", game: str) -> list[str]:
    position = violation.position
    if position is None:
        return []
    options = ", ".join(f"{name}={value}" for name, value in position.options.items()) or "as they are"
    story = [f"{len(position.story) - STORY} more", *position.story[-STORY:]]
    shown = story if len(position.story) > STORY else position.story
    return [
        f"Seats: {position.seats}. Options: {options}.",
        f"So far: {'; '.join(shown) or 'nothing'}.",
        f"Again: milena game check {game} --seed {position.seed} --playouts 1",
    ]


def _find(game: str) -> "Rules[Any, Any]":
    """The rules of this name, or in this file."""
    if not (game.endswith(".py") or "/" in game):
        from milena.games import load

        return load(game)
    from milena.domain.refusal import Refused
    from milena.domain.rules import Rules

    path = Path(game)
    if not path.is_file():
        raise Refused("no_such_file", f"There is no file {game}.")
    rules = getattr(_import(path), "rules", None)
    if not isinstance(rules, Rules):
        raise Refused("no_rules", f"{game} has no 'rules = ...' that is an instance of Rules.")
    return rules


def _import(path: Path) -> Any:
    """The module in this file, which may import others beside it."""
    from importlib.util import module_from_spec, spec_from_file_location

    from milena.domain.refusal import Refused

    if path.suffix != ".py":
        raise Refused("no_rules", f"{path} is no file of rules: those end in .py.")
    name = f"milena_checks_{path.stem}"  # so that a game may be called as any module is
    spec = spec_from_file_location(name, path)
    assert spec is not None, "the path ends in .py"
    assert spec.loader is not None, "the path ends in .py"
    module = module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise Refused("broken_file", f"{path} can't be loaded: {error!r}.") from error
    finally:
        sys.path.pop(0)
    return module


# --------------------------------------------------------------------------------------------- new


def _new(
    name: Annotated[str, typer.Argument(help="Its name: small letters, digits, and - between words.")],
    path: Folder = Path(),
) -> None:
    """Write a small game that is complete, and its tests, to start from."""
    from milena.domain.refusal import Refused

    module = _module(name)
    game, tests = path / f"{module}.py", path / f"test_{module}.py"
    for file in (game, tests):
        if file.exists():
            raise Refused("exists", f"{file} is there already, and is left as it is.")
    folder = files("milena.cli")
    names = {
        "new_game": module,
        "NewGame": "".join(word.capitalize() for word in name.split("-")),
        "new-game": name,
        "New game": name.replace("-", " ").capitalize(),
    }
    try:
        path.mkdir(parents=True, exist_ok=True)
        for file, template in ((game, "game_template.py"), (tests, "game_template_test.txt")):
            text = (folder / template).read_text("utf-8")
            file.write_text(re.sub("|".join(names), lambda found: names[found[0]], text), "utf-8")
    except OSError as error:
        raise Refused("not_written", f"{path} can't be written: {error.strerror}.") from error
    typer.echo(f"Wrote {game}, a complete game, and {tests}, its tests.")
    typer.echo("")
    typer.echo("Next:")
    typer.echo(f"  milena game check {_typed(game)}   all laws of games, in some hundred random games")
    typer.echo("  change the rules, and check again")
    typer.echo("  to play it, name it in the pyproject.toml of a package, and install that beside Milena:")
    typer.echo('    [project.entry-points."milena.games"]')
    typer.echo(f'    {name} = "{module}:rules"')


def _typed(file: Path) -> str:
    """The file, so that it is not taken for a name."""
    return str(file) if file.is_absolute() or len(file.parts) > 1 else f"./{file}"


def _module(name: str) -> str:
    """What the file of a game is called. Raises Refused where no game can have this name."""
    from milena.domain.refusal import Refused
    from milena.games import names

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > 32:
        raise Refused(
            "bad_name",
            f"{name[:40]!r} can't be the name of a new game: take small letters and digits, with - between "
            "words, and a letter first.",
        )
    if name in names():
        raise Refused("name_taken", f"There is a game {name!r} already; take another name.")
    module = name.replace("-", "_")
    if module in sys.stdlib_module_names or keyword.iskeyword(module) or module == "milena":
        raise Refused("name_taken", f"{module!r} is a word or module of Python; take another name.")
    return module
