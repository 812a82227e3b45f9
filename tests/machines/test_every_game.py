"""Machines play every game, from its opening to its end or for long enough."""

from collections.abc import Callable

import pytest

from milena import games, opponents
from milena.aggregates import AGGREGATES, GAMES
from milena.domain.game import Game
from milena.domain.member import CommandInvoked
from milena.home import Home
from milena.machines.following import Machines
from milena.replay.verify import verify
from milena.store import Envelope

LONG = {"random": 30, "mcts1": 20, "minimax": 5}
"""The machines, and the moves after which a game has shown enough: some take thousands."""

GAMES_OF_MACHINES = [
    (name, kind)
    for name in games.names()
    for kind in LONG
    if opponents.load(kind).plays(games.load(name)) and (kind != "minimax" or games.load(name).seats.min == 2)
]


@pytest.mark.parametrize(("name", "kind"), GAMES_OF_MACHINES)
def test_machines_play_it_against_each_other(
    home: Home,
    machines: Machines,
    open_game: Callable[..., str],
    game: Callable[[str], Game],
    wait_until: Callable[..., None],
    name: str,
    kind: str,
    moves: Callable[[str], list[Envelope]],
) -> None:
    seats = games.load(name).seats.min
    key = open_game(name, sit=False, machines=[kind] * seats)
    wait_until(lambda: game(key).status == "ended" or len(moves(key)) >= LONG[kind])

    played = game(key)
    movers = {row.player for row in home.store.stream(f"game:{key}")} & set(played.players)
    assert movers == set(played.players), "each of them has moved"
    invoked = [home.store.event(row) for row in home.store.scan() if row.invocation]
    verdicts = [event.verdict for event in invoked if isinstance(event, CommandInvoked)]
    assert set(verdicts) == {"accepted"}, "no machine asks for what is not allowed"
    assert home.store.fold(GAMES, key, snapshots=False).state.name == name
    assert not verify(home.store, AGGREGATES).findings


def test_every_game_has_a_machine_for_it() -> None:
    assert {name for name, _ in GAMES_OF_MACHINES} == set(games.names())
    assert {kind for _, kind in GAMES_OF_MACHINES} == set(LONG)
