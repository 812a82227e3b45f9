"""What the tests of the scheduler share: time in their hand, games with clocks."""

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from msgspec.structs import replace

from milena.domain.command import Invocation
from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine, Scheduler
from milena.home import Home

sys.path.append(str(Path(__file__).parent))


@pytest.fixture
def clock() -> Iterator[FrozenDateTimeFactory]:
    """The time stands still, but for what the test does."""
    with freeze_time("2026-07-25T12:00:00Z") as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        yield frozen


@pytest.fixture
def wait(clock: FrozenDateTimeFactory) -> Callable[[float], None]:
    """``wait(30)``: half a minute passes."""

    def tick(seconds: float) -> None:
        clock.tick(timedelta(seconds=seconds))

    return tick


@pytest.fixture
def scheduler(clock: FrozenDateTimeFactory, home: Home, engine: Engine) -> Scheduler:
    """A scheduler whose thread does not run: the tests call its turns."""
    return home.scheduler(engine)


@pytest.fixture
def play(invoke: Callable[..., Answer], ann: PlayerId, bob: PlayerId) -> Callable[..., str]:
    """``play("30s/turn")``: ann and bob begin a game with this clock; returns its id."""

    def begin(clock: str, game: str = "connect4") -> str:
        key: str = invoke("open", ann, game=game, seats=2, clock=clock).result["game"]
        assert invoke("join", bob, game=key).result["status"] == "playing"
        return key

    return begin


@pytest.fixture
def invite(
    engine: Engine, invocation: Callable[..., Invocation], ann: PlayerId
) -> Callable[[str, PlayerId], Answer]:
    """``invite(game, cat)``: ann keeps a seat for cat, or offers her own."""

    def call(key: str, guest: PlayerId) -> Answer:
        return engine.call(replace(invocation("invite", ann), options={"game": key, "player": guest}))

    return call
