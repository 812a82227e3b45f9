"""The process that ``milena run`` becomes.

It has nothing of the command line, whose libraries would take twelve MiB for as long as the bot lives.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from milena.failing import EXIT_REFUSED, EXIT_USAGE, complain, explain
from milena.home import Home
from milena.ops import logs


def main(arguments: list[str]) -> int:
    """Be on Discord until somebody ends it; the exit status. ``arguments``: DATA LEVEL [FIRST LAST TOTAL]."""
    data, level, *shards = arguments
    try:
        with open_home(Path(data)) as home:
            return _run(home, cast(logs.Level, level), [int(each) for each in shards])
    except KeyboardInterrupt:
        complain("interrupted.")
        return 130
    except Exception as error:
        return explain(error)


def open_home(path: Path) -> Home:
    """The home in this directory, with its configuration."""
    from milena.commands import cooldowns, scopes
    from milena.ops.config import load

    return Home(path, load(path, cooldowns(), scopes()))


def _run(home: Home, level: logs.Level, shards: list[int]) -> int:
    """The exit status: EXIT_USAGE where only the operator can help, and no further try."""
    from milena.discord.token import NoToken, find

    try:
        token = find(os.environ)
    except NoToken as wrong:
        complain(str(wrong))
        return EXIT_USAGE
    if find_spec("interactions") is None or find_spec("aiohttp") is None:
        complain("the Discord bot needs more packages: pip install 'milena[discord]'.")
        return EXIT_USAGE
    from milena.discord import running

    api = os.environ.get("MILENA_DISCORD_API", "").strip() or running.API
    if not api.startswith(("http://", "https://")):
        complain(
            "MILENA_DISCORD_API is no address: it begins with https://, or is left unset for Discord itself."
        )
        return EXIT_USAGE
    home.store.head()  # a log that can't be read is told before anybody is on Discord
    try:
        with logs.begin(home.path, home.config.logs, level):
            running.run(home, token, api, running.Shards(*shards) if shards else None)
    except running.CannotRun as error:
        complain(str(error))
        return EXIT_USAGE if error.for_ever else EXIT_REFUSED
    return 0
