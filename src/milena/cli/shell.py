"""milena shell: a prompt for slash commands, for several people and places; a script where it is piped."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import EXIT_REFUSED, Data, LogLevel, complain, console, find_game, logged_home

if TYPE_CHECKING:
    from pathlib import Path

    from milena.terminal.shell import Shell

HISTORY = "shell-history"


def register(app: typer.Typer) -> None:
    app.command()(shell)


def shell(
    player: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who types first; default: you.")
    ] = None,
    data: Data = None,
    log_level: LogLevel = "warning",
) -> int:
    """Type slash commands, such as: /play connect4. /help lists them, /as NAME and /in PLACE change sides.

    From a pipe, each line is a command; exit status 1 where one of them was refused.
    """
    from milena.domain.refusal import Refused
    from milena.machines.following import Machines
    from milena.store import StoreError
    from milena.suggesting import Suggestions
    from milena.terminal.boards import Boards
    from milena.terminal.delivering import Delivering
    from milena.terminal.seating import own_name
    from milena.terminal.shell import Leave, Shell

    refused = False
    with logged_home(data, log_level) as home:
        readside = home.readside()
        follower, boards = readside.follower(), Boards(home, console())
        with (
            follower,
            home.engine(follower.wake, boards.committed) as engine,
            home.scheduler(engine),
            Machines(home, engine),
            Delivering(home, engine, lambda text: console().print(text, markup=False)) as delivering,
        ):
            typed = Shell(
                home,
                engine,
                lambda text: find_game(home, text),
                player or own_name(),
                home.seeing(engine, readside),
                Suggestions(home, readside),
                boards,
            )
            for line in _lines(typed, home.path):
                try:
                    answer = typed.answer(line)
                except Leave:
                    break
                except (Refused, StoreError) as error:
                    refused = True
                    complain(error.sentence if isinstance(error, Refused) else str(error))
                    continue
                for part in answer:
                    console().print(part, markup=False)
                delivering.flush()  # what came of it
    return EXIT_REFUSED if refused and not sys.stdin.isatty() else 0


def _lines(typed: "Shell", folder: "Path") -> Iterator[str]:
    """What is typed, or comes through the pipe; a line that begins with # is a remark."""
    if not sys.stdin.isatty():
        yield from (line for line in sys.stdin if not line.lstrip().startswith("#"))
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.patch_stdout import patch_stdout

    class Completions(Completer):
        def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
            line = document.text_before_cursor
            for going in typed.completions(line):
                yield Completion(going.line, start_position=-len(line), display=going.words or going.line)

    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(folder / HISTORY)),
        completer=Completions(),
        complete_while_typing=False,
        enable_suspend=True,  # Ctrl-Z; fg comes back
    )
    while True:
        try:
            with patch_stdout(raw=True):  # what comes meanwhile is printed above the prompt
                line = session.prompt(typed.prompt)
            yield line
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
