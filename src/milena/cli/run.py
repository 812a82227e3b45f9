"""milena run: the Discord bot."""

import os
import re
import sys
from typing import Annotated, NoReturn

import typer

from milena.cli.common import Data, LogLevel, data_directory
from milena.cli.making_room import make_room

SHARDS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})")

MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""All threads take memory from one place, which gives back what is free: glibc's own way is a place for each
thread, and what one burst has needed stays there. https://man7.org/linux/man-pages/man3/mallopt.3.html"""


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    shards: Annotated[
        str | None,
        typer.Option(
            "--shards",
            metavar="A-B/N",
            help="Of N shards, run those from A to B (0 is the first). Default: all that Discord wants.",
        ),
    ] = None,
    data: Data = None,
    log_level: LogLevel = "info",
) -> NoReturn:
    """Run the Discord bot, until SIGTERM or Ctrl-C.

    The bot's token is DISCORD_TOKEN, in the environment, or in the file that DISCORD_TOKEN_FILE names.
    MILENA_DISCORD_API is another address of the API.
    """
    here = _shards(shards)
    make_room(data)
    arguments = [str(data_directory(data)), log_level, *map(str, here)]
    # The libraries of the command line are of no use to who runs for weeks: this process becomes another.
    become = [sys.executable, "-P", "-m", "milena.discord", *arguments]
    os.execve(sys.executable, become, MEMORY | os.environ)  # noqa: S606


def _shards(text: str | None) -> tuple[int, ...]:
    """First, last and number; nothing where there is no such text. Raises BadParameter."""
    if text is None:
        return ()
    found = SHARDS.fullmatch(text)
    if found is None:
        raise typer.BadParameter("write it as 0-3/8, or 2/8 for one.", param_hint="--shards")
    first, total = int(found[1]), int(found[3])
    last = int(found[2]) if found[2] else first
    if not first <= last < total:
        raise typer.BadParameter(f"of {total} shards the last is {total - 1}.", param_hint="--shards")
    return first, last, total
