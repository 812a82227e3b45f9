"""milena projections follow: take new events into the read models, in a process of its own."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from milena.cli.common import Data, LogLevel, logged_home

if TYPE_CHECKING:
    from types import FrameType

    from milena.home import Home
    from milena.readside import Follower

TICK = 0.2
"""Seconds between two looks at how far it is."""


def follow(data: Data = None, log_level: LogLevel = "warning") -> None:
    """Keep the read models up to date, until Ctrl-C or SIGTERM.

    'milena run' does so by itself: this is for data that others write to.
    """
    with (
        logged_home(data, log_level, make=False) as home,
        _stopping() as stopped,
        home.readside().follower() as follower,
    ):
        _follow(home, follower, stopped)


def _follow(home: "Home", follower: "Follower", stopped: list[int]) -> None:
    caught_up = False
    with _status_line() as show:
        while not stopped:
            head = home.store.head().position
            position = follower.position
            if not caught_up and position >= head:
                caught_up = True
                typer.echo(f"Caught up: all read models are at position {position}.")
            troubles = "".join(f"; {name} waits" for name in follower.troubles)
            show(f"position {position} of {head}{troubles}")
            time.sleep(TICK)


@contextmanager
def _stopping() -> Iterator[list[int]]:
    """A list that gets the signal that asks us to stop: what is being taken in is finished first."""
    stopped: list[int] = []

    def stop(number: int, frame: "FrameType | None") -> None:
        stopped.append(number)

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _status_line() -> "Iterator[_Show]":
    """A line on standard error that is written anew each time; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as line:
        yield line.update


if TYPE_CHECKING:
    from collections.abc import Callable

    _Show = Callable[[str], None]
