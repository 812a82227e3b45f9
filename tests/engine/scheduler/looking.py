"""A look at what deadlines have led to."""

import time

from milena.aggregates import GAMES
from milena.domain.game import Game
from milena.domain.member import CommandInvoked
from milena.home import Home
from milena.store import Envelope

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def game(home: Home, key: str) -> Game:
    state: Game = home.store.fold(GAMES, key).state
    return state


def scores(home: Home, key: str) -> tuple[float, ...]:
    """How a game ended for each seat."""
    outcome = game(home, key).outcome
    assert outcome is not None
    return outcome.scores


def fired(home: Home) -> list[str]:
    """What the deadlines have led to, in the order of the log: ``"<game> <tag>"``."""
    clock = home.vault.player("machine", "clock")
    return [
        f"{each.stream.removeprefix('game:')} {each.tag.removeprefix('game.')}"
        for each in home.store.scan()
        if each.player == clock and each.stream.startswith("game:") and each.tag != "game.clocks_set"
    ]


def late(home: Home) -> list[str]:
    """The games in which somebody ran out of time, in the order of the log."""
    return [line.split()[0] for line in fired(home) if line.endswith("timed_out")]


def asked(home: Home) -> list[CommandInvoked]:
    """Every invocation of ``expire``."""
    events = (home.store.event(each) for each in home.store.scan() if each.tag == "command.invoked")
    return [event for event in events if isinstance(event, CommandInvoked) and event.command == "expire"]


def last(home: Home, key: str, tag: str) -> Envelope:
    """The last event of this tag in a game."""
    return [each for each in home.store.stream(f"game:{key}") if each.tag == tag][-1]


def append(home: Home, key: str, tag: str, payload: str) -> int:
    """Write an event past the engine, as a bug or a newer release would; returns its version."""
    version, now = len(home.store.stream(f"game:{key}")) + 1, time.time_ns() // 1_000_000
    with home.store.transaction() as transaction:
        transaction.append(
            [(f"game:{key}", version, tag, payload, now, "", "terminal/main", "x", None, None)]
        )
    return version
