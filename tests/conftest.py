"""What all tests share: a home in a fresh directory, its engine, two players, and a way to ask for things.

``MILENA_HYPOTHESIS=long`` looks for counterexamples for hours rather than for seconds, ``few`` hardly.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

sys.path.append(str(Path(__file__).parent))

from forking import Forks

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Answer, Engine
from milena.home import Home

SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile(
    "ci", max_examples=50, deadline=None, print_blob=True, suppress_health_check=SLOW_IS_FINE
)
settings.register_profile("long", settings.get_profile("ci"), max_examples=5000)
settings.register_profile("few", settings.get_profile("ci"), max_examples=10)
settings.load_profile(os.environ.get("MILENA_HYPOTHESIS", "ci"))

# Whoever is started in the background ignores Ctrl-C, and so do all that it starts. Tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

TERMINAL = Place("terminal/main")

Invoke = Callable[..., Answer]
MakeInvocation = Callable[..., Invocation]


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Reports go from process to process as UTF-8: what tests log may have in it what no UTF-8 has."""
    return _as_utf8((yield))


def _as_utf8(told: Any) -> Any:
    match told:
        case str():
            return told.encode(errors="backslashreplace").decode()
        case dict():
            return {key: _as_utf8(value) for key, value in told.items()}
        case list() | tuple():
            return [_as_utf8(value) for value in told]
    return told


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home in a new data directory."""
    with Home(tmp_path / "data") as home:
        yield home


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    """The engine of ``home``, running."""
    with home.engine() as engine:
        yield engine


@pytest.fixture
def ann(home: Home) -> PlayerId:
    return home.vault.player("terminal", "ann")


@pytest.fixture
def bob(home: Home) -> PlayerId:
    return home.vault.player("terminal", "bob")


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Starts ``milena`` as a process, at once."""
    forks = Forks()
    yield forks
    forks.close()


@pytest.fixture(scope="session")
def invocation() -> MakeInvocation:
    """``invocation("move", ann, game=..., move="5")``: a new invocation, under a new id."""

    def make(command: str, player: PlayerId, **options: Any) -> Invocation:
        now = time.time_ns() // 1_000_000
        return Invocation(InvocationId(new_id()), command, options, player, TERMINAL, now)

    return make


@pytest.fixture
def invoke(engine: Engine, invocation: MakeInvocation) -> Invoke:
    """``invoke("move", ann, game=..., move="5")``: execute a new invocation and wait for its answer."""

    def call(command: str, player: PlayerId, **options: Any) -> Answer:
        return engine.call(invocation(command, player, **options))

    return call
