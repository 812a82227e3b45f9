"""Given some commands, when another one comes, then these events or that refusal."""

import ast
from collections.abc import Callable
from inspect import getsource
from types import ModuleType

import pytest
from msgspec import Struct

from milena import games
from milena.domain.event import Event
from milena.domain.game import Game, Games
from milena.domain.refusal import Refused

GAMES = Games(games.load)
KEY = "1g5k2m9xq4"


class Case:
    """A game that these commands were given to."""

    def __init__(self, *commands: Struct) -> None:
        self.game: Game = GAMES.initial(KEY)
        for command in commands:
            self.game = GAMES.decide(self.game, command).state

    def when(self, command: Struct) -> list[Event]:
        changes = GAMES.decide(self.game, command)
        self.game = changes.state
        return changes.events

    def refusal(self, command: Struct) -> Refused:
        before = GAMES.encode(self.game)
        with pytest.raises(Refused) as caught:
            GAMES.decide(self.game, command)
        assert GAMES.encode(self.game) == before
        return caught.value


@pytest.fixture(scope="session")
def given() -> Callable[..., Case]:
    return Case


@pytest.fixture(scope="session")
def codes_in() -> Callable[[ModuleType], set[str]]:
    """The code of each ``Refused("code", ...)`` in a module."""

    def find(module: ModuleType) -> set[str]:
        return {
            str(call.args[0].value)
            for call in ast.walk(ast.parse(getsource(module)))
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "Refused"
            and isinstance(call.args[0], ast.Constant)
        }

    return find
