"""The command line: one file a verb. What a verb needs is imported when it runs, so help is quick.

Exit status: 0 done, 1 refused or a check that found something, 2 wrong usage, 3 damaged data.
"""

import io
import os
import sys
from importlib import import_module

import typer

from milena import ctrl_c
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no ● shows an escape for it
            stream.reconfigure(errors="backslashreplace")
    ctrl_c.interrupts()
    status = run(sys.argv[1:])
    ctrl_c.ends()
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """The exit status of ``milena ARGUMENTS``."""
    try:
        status = app(arguments, prog_name="milena", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except typer.TyperException as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        if not message or "\n" in message:  # help was asked for by giving no argument
            typer.echo(message)
            return EXIT_USAGE
        hint = "" if "--help" in message else " See 'milena --help'."
        complain(f"{message}{hint}")
        return EXIT_USAGE
    except typer.Abort:
        return 130
    except KeyboardInterrupt:
        ctrl_c.ends()
        complain("interrupted.")
        return 130
    except BrokenPipeError:
        # Whoever read our output has had enough; say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return explain(error)
