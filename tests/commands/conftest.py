"""A guild as Discord has it, whose commands are tried out: no limits, four members, and a way to ask."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.limits import GameLimits
from milena.domain.throttle import Throttle
from milena.engine import Answer, Engine
from milena.home import Home
from milena.ops.config import Config

sys.path.append(str(Path(__file__).parent))  # for asking.py

GUILD, CHANNEL = "811", "4711"


class Guild:
    """``ann``, ``bob``, ``cat`` and ``dan`` are members; ``later`` seconds are added to the clock."""

    def __init__(self, home: Home, engine: Engine) -> None:
        self.home, self.engine = home, engine
        self.seeing = home.seeing(engine, home.readside())
        self.ann, self.bob, self.cat, self.dan = (home.vault.player("discord", name) for name in "1234")
        self.later = 0

    def invocation(
        self,
        command: str,
        player: PlayerId,
        /,
        *,
        place: str = f"{GUILD}/{CHANNEL}",
        moderator: bool = False,
        admin: bool = False,
        roles: tuple[str, ...] = (),
        parent: str = "",
        **options: Any,
    ) -> Invocation:
        now = round((time.time() + self.later) * 1000)
        key = InvocationId(new_id())
        known = {"moderator": moderator, "admin": admin, "roles": roles}
        return Invocation(key, command, options, player, Place(place), now, parent=parent, **known)

    def ask(self, command: str, player: PlayerId, /, **options: Any) -> Answer:
        """``ask("move", ann, game=..., move="5")``: call a command here, and wait for its answer, as it is
        shown."""
        invocation = self.invocation(command, player, **options)
        return self.seeing.shown(invocation, self.engine.call(invocation))

    def does(self, command: str, player: PlayerId, /, **options: Any) -> Answer:
        """:meth:`ask`, and it has to be accepted."""
        answer = self.ask(command, player, **options)
        assert answer.verdict == "accepted", answer
        return answer

    def must(self, command: str, player: PlayerId, /, **options: Any) -> str:
        """:meth:`ask`, and it has to be accepted. Returns the game's id."""
        answer = self.does(command, player, **options)
        return str(answer.result["game"])

    def game(self, key: str) -> Game:
        game: Game = self.engine.read("game", key).state
        return game

    def waiting(self, name: str = "tictactoe", **options: Any) -> str:
        """A game that ann has opened."""
        return self.must("open", self.ann, game=name, **options)

    def playing(self, name: str = "tictactoe", **options: Any) -> str:
        """A game of ann and bob."""
        game = self.waiting(name, **options)
        self.must("join", self.bob, game=game)
        return game

    def over(self, name: str = "tictactoe", **options: Any) -> str:
        """A game of ann and bob that bob gave up."""
        game = self.playing(name, **options)
        self.must("resign", self.bob, game=game)
        return game


@pytest.fixture
def open_guild(tmp_path: Path) -> Iterator[Callable[..., Guild]]:
    """``open_guild(invitation=60)``: a guild with these limits, and no others; nobody is too fast."""
    opened: list[tuple[Home, Engine]] = []

    def make(**limits: int) -> Guild:
        games = GameLimits(**{"guild": 0, "channel": 0, "member": 0, **limits})
        config = Config(limits=games, throttle=Throttle(0, 0))
        home = Home(tmp_path / f"guild{len(opened)}", config)
        engine = home.engine()
        opened.append((home, engine.__enter__()))
        return Guild(home, engine)

    yield make
    for home, engine in opened:
        engine.close()
        home.close()


@pytest.fixture
def guild(open_guild: Callable[..., Guild]) -> Guild:
    return open_guild()
