"""milena run: the Discord bot."""

import os
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import EXIT_REFUSED, Data, LogLevel, complain, open_home

if TYPE_CHECKING:
    from milena.home import Home
    from milena.ops.logs import Level

SHARDS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})")


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
) -> int:
    """Run the Discord bot, until SIGTERM or Ctrl-C.

    The bot's token is DISCORD_TOKEN, in the environment, or in the file that DISCORD_TOKEN_FILE names.
    MILENA_DISCORD_API is another address of the API.
    """
    here = _shards(shards)
    with open_home(data) as home:
        why = _run(home, here, log_level)
    if why:
        complain(why)
        return EXIT_REFUSED
    return 0


def _run(home: "Home", shards: tuple[int, int, int] | None, log_level: "Level") -> str:
    """Be on Discord until somebody ends it; why that can't be, in one sentence."""
    from milena.discord.token import NoToken, find

    try:
        token = find(os.environ)
    except NoToken as wrong:
        return str(wrong)
    if find_spec("interactions") is None or find_spec("aiohttp") is None:
        return "the Discord bot needs more packages: pip install 'milena[discord]'."
    from milena.discord import running
    from milena.ops import logs

    home.store.head()  # a log that can't be read is told before anybody is on Discord
    api = os.environ.get("MILENA_DISCORD_API", "").strip() or running.API
    try:
        with logs.begin(home.path, home.config.logs, log_level):
            running.run(home, token, api, running.Shards(*shards) if shards else None)
    except running.CannotRun as error:
        return str(error)
    return ""


def _shards(text: str | None) -> tuple[int, int, int] | None:
    """First, last and number. Raises BadParameter."""
    if text is None:
        return None
    found = SHARDS.fullmatch(text)
    if found is None:
        raise typer.BadParameter("write it as 0-3/8, or 2/8 for one.", param_hint="--shards")
    first, total = int(found[1]), int(found[3])
    last = int(found[2]) if found[2] else first
    if not first <= last < total:
        raise typer.BadParameter(f"of {total} shards the last is {total - 1}.", param_hint="--shards")
    return first, last, total
