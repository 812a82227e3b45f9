"""While the log can't be written, who only looks something up is answered; and it comes back by itself."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from disks import DISKS, LimitedFiles, SmallFileSystem
from msgspec.structs import replace

from milena.domain.command import Command, Invocation
from milena.domain.ids import Place, PlayerId
from milena.domain.throttle import MEMBER as THROTTLED
from milena.domain.throttle import Throttle
from milena.engine import Answer, Engine
from milena.engine.degraded import STILL
from milena.home import Home
from milena.ops.config import Config

pytestmark = pytest.mark.crash

Disk = SmallFileSystem | LimitedFiles


@pytest.fixture(params=DISKS, ids=lambda kind: kind.__name__)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with request.param(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def home(disk: Disk) -> Iterator[Home]:
    with Home(disk.path / "data") as home:
        yield home


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    with home.engine() as engine:
        yield engine


@pytest.fixture
def ann(home: Home) -> PlayerId:
    return home.vault.player("terminal", "ann")


Call = Callable[..., Answer]


@pytest.fixture
def call(engine: Engine, ann: PlayerId, invocation: Callable[..., Invocation]) -> Call:
    def call(command: str, **options: object) -> Answer:
        return engine.call(invocation(command, ann, **options))

    return call


def fill(disk: Disk, call: Call) -> Answer:
    """Fill the disk, and what SQLite had left in its own files: the first answer that says so."""
    disk.fill()
    for _ in range(2000):
        answer = call("open", game="2048")
        if answer.verdict != "accepted":
            return answer
    raise AssertionError("the disk never became full")


def until(happens: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_reading_goes_on_on_a_full_disk_and_all_the_rest_says_so(
    disk: Disk, home: Home, engine: Engine, call: Call
) -> None:
    game = call("open", game="tictactoe", machines=["minimax"]).result["game"]
    # When the disk is full
    failed = fill(disk, call)
    assert (failed.verdict, failed.code, failed.sentence) == ("failed", "unavailable", f"{disk.full} {STILL}")
    assert engine.trouble == disk.full
    head = home.store.head()
    # Then what only reads is answered
    for command, options in (("game show", {"game": game}), ("help", {}), ("ping", {}), ("status", {})):
        answer = call(command, **options)
        assert (answer.verdict, answer.position) == ("accepted", head.position), command
    # and what is refused anyway is refused for its own reason
    assert call("game show", game="nonsense").code == "unknown_game_id"
    assert call("nonsense").code == "unknown_command"
    # and what changes something is not done, however often
    for _ in range(2):
        assert call("move", game=game, move="5").code == "unavailable"
        assert call("remind me", when="in 2h", text="tea").code == "unavailable"
    assert home.store.head() == head


def test_it_comes_back_without_anybody_asking(
    disk: Disk, home: Home, engine: Engine, call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    call("ping")
    fill(disk, call)
    head = home.store.head()
    caplog.set_level(logging.WARNING)
    disk.make_room()
    until(lambda: not engine.trouble)
    # The try itself wrote no event.
    assert home.store.head() == head
    assert sum("can be written again" in record.message for record in caplog.records) == 1
    assert call("open", game="2048").verdict == "accepted"


def test_an_answer_given_before_is_given_again_on_a_full_disk(
    disk: Disk, engine: Engine, call: Call, ann: PlayerId, invocation: Callable[..., Invocation]
) -> None:
    asked = invocation("open", ann, game="2048")
    first = engine.call(asked)
    fill(disk, call)
    again = engine.call(asked)
    assert (again.verdict, again.result, again.repeated) == ("accepted", first.result, True)


def test_reading_is_throttled_and_allowed_as_ever(
    disk: Disk, home: Home, ann: PlayerId, invocation: Callable[..., Invocation]
) -> None:
    most = 3
    home.config = Config(throttle=Throttle(member=most, guild=0))
    with home.engine() as engine:

        def call(command: str, **options: object) -> Answer:
            return engine.call(invocation(command, ann, **options))

        def elsewhere(command: str) -> Answer:
            return engine.call(replace(invocation(command, ann), place=Place("811/4711")))

        fill(disk, call)
        # audit is for moderators; and what is refused counts as well
        answers = [elsewhere("audit"), *(elsewhere("ping") for _ in range(most))]
    assert answers[0].verdict == "refused"
    assert "moderator" in answers[0].sentence
    assert [each.verdict for each in answers[1:]] == ["accepted"] * (most - 1) + ["refused"]
    assert answers[-1].code == THROTTLED


def test_a_log_whose_file_was_taken_away_is_read(
    home: Home, ann: PlayerId, invocation: Callable[..., Invocation]
) -> None:
    log, aside = home.path / "events.db", home.path / "aside.db"
    asked = invocation("open", ann, game="2048")
    with home.engine() as engine:
        first = engine.call(asked)
    # Given a process that has written nothing yet when the file is taken away
    with Home(home.path) as again, again.engine() as engine:
        log.rename(aside)
        failed = engine.call(invocation("open", ann, game="2048"))
        assert (failed.code, "removed or replaced" in failed.sentence) == ("unavailable", True)
        game = first.result["game"]
        assert engine.call(invocation("game show", ann, game=game)).verdict == "accepted"
        repeated = engine.call(asked)
        assert (repeated.result, repeated.repeated) == (first.result, True)
        # When it is back, so is everything
        aside.rename(log)
        until(lambda: not engine.trouble)
        assert engine.call(invocation("open", ann, game="2048")).verdict == "accepted"


def test_a_command_that_is_broken_fails_and_takes_nobody_with_it(
    disk: Disk, home: Home, ann: PlayerId, invocation: Callable[..., Invocation]
) -> None:
    def explode(desk: object, options: object) -> dict[str, object]:
        raise ZeroDivisionError

    with home.engine() as engine:
        ping = engine.commands["ping"]
        broken = Command("explode", "utility", "Explode.", ping.options, explode)
        engine.commands = {**engine.commands, "explode": broken}
        fill(disk, lambda command, **options: engine.call(invocation(command, ann, **options)))
        assert engine.call(invocation("explode", ann)).code == "unavailable"
        assert engine.call(invocation("ping", ann)).verdict == "accepted"
