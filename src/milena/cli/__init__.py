"""The command line: one file a verb. What a verb needs is imported when it runs, so help is quick.

Exit status: 0 done, 1 refused or a check that found something, 2 wrong usage, 3 damaged data.
"""

import sys
from importlib import import_module

import typer

from milena import ctrl_c, streams
from milena.failing import EXIT_USAGE, complain, explain

VERBS = (
    "play", "run", "watch", "shell", "call", "games", "leaderboard", "profile", "game", "replay", "trace",
    "audit", "status", "digest", "errors", "verify", "export", "import_", "snapshots", "projections",
    "backup", "archive", "upgrade", "privacy", "config", "doctor", "web",
)  # fmt: skip
"""In the order in which help lists them: each is a file of this folder that adds to ``app``."""

app = typer.Typer(
    name="milena",
    help="Games on an event-sourced engine: every move is kept, every game can be replayed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from milena import __version__

        typer.echo(f"milena {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    pass


for _verb in VERBS:
    import_module(f"{__name__}.{_verb}").register(app)


def main() -> None:
    """Run the command line and leave with its exit status. No error of a user's is a traceback."""
    streams.prepare()
    ctrl_c.interrupts()
    status = run(sys.argv[1:])
    ctrl_c.ends()
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """The exit status of ``milena ARGUMENTS``."""
    try:
        status = _call(arguments)
        sys.stdout.flush()  # what can't be written is told here, and not when the interpreter ends
        return status
    except typer.Abort:
        return 130
    except KeyboardInterrupt:
        ctrl_c.ends()
        complain("interrupted.")
        return 130
    except BrokenPipeError:
        streams.give_up(sys.stdout)  # whoever read it has had enough
        return 0
    except Exception as error:
        return explain(error)


def _call(arguments: list[str]) -> int:
    if not all(map(_is_text, arguments)):
        return _misused("An argument is no UTF-8.", arguments)
    try:
        status = app(arguments, prog_name="milena", standalone_mode=False)
    except typer.TyperException as error:
        return _misused(error.format_message(), arguments)
    return status if isinstance(status, int) else 0


def _misused(message: str, arguments: list[str]) -> int:
    """Tell what is wrong with the arguments, and where they are explained."""
    if "\n" in message:  # help was asked for by giving no argument
        typer.echo(message)
        return EXIT_USAGE
    # Of what the libraries say, the first half is for people.
    message = message.replace("Value error, ", "").replace("Input should be", "it should be")
    message = message.partition(", unable to parse")[0]
    message += "" if message.endswith((".", "?")) else "."
    complain(f"{message} See '{' '.join(_named(arguments))} --help'.")
    return EXIT_USAGE


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


def _named(arguments: list[str]) -> list[str]:
    """``milena``, and the verb and its own verb that the arguments begin with."""
    named, verbs = ["milena"], getattr(typer.main.get_command(app), "commands", {})
    for word in arguments:
        if word not in verbs:
            break
        named.append(word)
        verbs = getattr(verbs[word], "commands", {})
    return named
