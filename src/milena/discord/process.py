"""The process that ``milena run`` becomes.

It has nothing of the command line, whose libraries would take twelve MiB for as long as the bot lives.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from milena.failing import EXIT_REFUSED, complain, explain
from milena.home import Home
from milena.ops import logs


def main(arguments: list[str]) -> int:
    """Be on Discord until somebody ends it; the exit status. ``arguments``: DATA LEVEL [FIRST LAST TOTAL]."""
    data, level, *shards = arguments
    try:
        with open_home(Path(data)) as home:
            why = _run(home, cast(logs.Level, level), [int(each) for each in shards])
    except KeyboardInterrupt:
        complain("interrupted.")
        return 130
    except Exception as error:
        return explain(error)
    if why:
        complain(why)
        return EXIT_REFUSED
    return 0


def open_home(path: Path) -> Home:
    """The home in this directory, with its configuration."""
    from milena.commands import cooldowns, scopes
    from milena.ops.config import load

    return Home(path, load(path, cooldowns(), scopes()))


def _run(home: Home, level: logs.Level, shards: list[int]) -> str:
    """Why it can't be on Discord, in one sentence; empty where it has ended well."""
    from milena.discord.token import NoToken, find

    try:
        token = find(os.environ)
    except NoToken as wrong:
        return str(wrong)
    if find_spec("interactions") is None or find_spec("aiohttp") is None:
        return "the Discord bot needs more packages: pip install 'milena[discord]'."
    from milena.discord import running

    home.store.head()  # a log that can't be read is told before anybody is on Discord
    api = os.environ.get("MILENA_DISCORD_API", "").strip() or running.API
    try:
        with logs.begin(home.path, home.config.logs, level):
            running.run(home, token, api, running.Shards(*shards) if shards else None)
    except running.CannotRun as error:
        return str(error)
    return ""
