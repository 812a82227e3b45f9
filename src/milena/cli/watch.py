"""milena watch: look on while others play."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import Data, console, find_game, open_home

if TYPE_CHECKING:
    from milena.home import Home

TICK = 0.5
"""Seconds between two looks at the log."""


def register(app: typer.Typer) -> None:
    app.command()(watch)


def watch(
    game: Annotated[str, typer.Argument(help="The game's id, a part of it that is unique, or last.")],
    data: Data = None,
) -> None:
    """Watch a game as a spectator, while it is played."""
    with open_home(data, make=False) as home:
        _watch(home, find_game(home, game))


def _watch(home: "Home", key: str) -> None:
    from io import BytesIO

    from milena import telling
    from milena.aggregates import GAMES
    from milena.replay.history import History
    from milena.store import Unreplayable
    from milena.terminal.clock import now
    from milena.terminal.front import scene
    from milena.terminal.parting import part
    from milena.terminal.prompt import clocks
    from milena.terminal.screen import Screen
    from milena.terminal.script import Script

    output, name = console(), home.vault.name
    history = History(home.store, GAMES, key)
    front: Screen | Script = Screen(output, name) if output.is_terminal else Script(BytesIO(), output, name)
    shown: object = None
    try:
        while True:
            history.catch_up()
            if history.problem:
                raise Unreplayable(history.problem)
            if history.game.board is None:
                waits = None if history.ended else telling.turn(GAMES, history.game, name)
                if waits not in (None, shown):
                    output.print(f"Game {key} has not begun: {waits}.", markup=False)
                shown = waits
            else:
                seen = scene(history, name)
                time_left = clocks(seen, now(), output.width) if isinstance(front, Screen) else ""
                if (history.version, time_left) != shown:
                    if isinstance(front, Screen):
                        front.say(time_left)
                    front.show(seen)
                    shown = history.version, time_left
            if history.ended:
                break
            time.sleep(TICK)
    except KeyboardInterrupt:
        output.print()
    if isinstance(front, Script) and history.game.board is not None:
        front.close(scene(history, name))
    part(output, history, name, "ended" if history.ended else "watched")
