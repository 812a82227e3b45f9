"""The guard: what happens when a budget is crossed, and when it is kept again."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from milena.domain.command import Invocation
from milena.domain.ids import PlayerId
from milena.easing import FEWER, SLOWER, SOONER, actions
from milena.engine import Answer, Engine
from milena.guarding import Guard
from milena.home import Home
from milena.ops import status
from milena.ops.budgets import Action, budgets
from milena.ops.config import BudgetLimits, Config
from milena.ops.logs_lines import AUDIT
from milena.ops.resources import Sources
from milena.ops.sample import UNITS, Sample

LIMITS = BudgetLimits(patience=30.0)
QUIET = dict.fromkeys(UNITS, 0.0) | {"disk": 1e6}
BEYOND = {each.name: each.limit / 2 if each.least else each.limit * 2 for each in budgets(LIMITS)}


@pytest.fixture
def home(tmp_path: Path) -> Any:
    with Home(tmp_path / "data", Config(budgets=LIMITS)) as home:
        yield home


class Done:
    """What was done, and for which budget."""

    def __init__(self) -> None:
        self.now: dict[Action, str] = {}
        self.times = 0

    def of(self, action: Action) -> Callable[[str], None]:
        def do(title: str) -> None:
            self.now[action] = title
            self.times += 1

        return do

    @property
    def actions(self) -> dict[Action, Callable[[str], None]]:
        names = {action for each in budgets(LIMITS) for action in each.actions}
        return {action: self.of(action) for action in sorted(names)}


def measure(guard: Guard, now: float, **values: float) -> None:
    guard.turn(now, Sample(0.0, QUIET | values))


def told(home: Home) -> list[tuple[str, str, dict[str, Any]]]:
    found = [each for each in home.store.scan() if each.tag.startswith("budget.")]
    return [(each.stream, each.tag, json.loads(each.payload)) for each in found]


@pytest.mark.parametrize("name", BEYOND)
def test_a_crossed_budget_is_told_acted_on_and_taken_back(
    home: Home, engine: Engine, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    done, value = Done(), BEYOND[name]
    guard = Guard(home, engine, Sources(), done.actions)
    budget = guard.watches[name].budget
    # When it is beyond for less than its patience, nothing happens
    for now in (0.0, 10.0, 29.9):
        measure(guard, now, **{name: value})
    assert (told(home), done.times, caplog.records) == ([], 0, [])
    # When it stays so
    for now in (30.0, 40.0):
        measure(guard, now, **{name: value})
    # Then it is told once, and each action is done once
    crossed = (f"budget:{name}", "budget.crossed", {"value": value, "limit": budget.limit})
    assert told(home) == [crossed]
    assert done.now == dict.fromkeys(budget.actions, budget.title)
    assert done.times == len(budget.actions)
    (record,) = caplog.records
    assert f"budgets.{name}" in record.getMessage()
    assert all(action in record.getMessage() for action in budget.actions)
    assert [each.name for each in status.read(home.path)[0].budgets if each.crossed] == [name]
    # When it is well for long enough
    for now in (50.0, 79.0, 80.0, 90.0):
        measure(guard, now)
    kept = (f"budget:{name}", "budget.kept", {"value": QUIET[name], "limit": budget.limit})
    assert told(home) == [crossed, kept]
    assert set(done.now.values()) == {""}
    assert done.times == 2 * len(budget.actions)
    assert len(caplog.records) == 2


def test_an_action_of_two_budgets_ends_with_the_last(home: Home, engine: Engine) -> None:
    done = Done()
    guard = Guard(home, engine, Sources(), done.actions)
    for now in (0.0, 30.0):
        measure(guard, now, cpu=BEYOND["cpu"], network=BEYOND["network"])
    assert done.now["slow boards"] == "processor"
    for now in (40.0, 70.0):
        measure(guard, now, network=BEYOND["network"])
    assert done.now["slow boards"] == "network"
    for now in (80.0, 110.0):
        measure(guard, now)
    assert done.now["slow boards"] == ""


def test_a_restart_goes_on_where_the_log_stands(home: Home, engine: Engine) -> None:
    first = Guard(home, engine, Sources(), Done().actions)
    for now in (0.0, 30.0):
        measure(first, now, memory=BEYOND["memory"])
    done = Done()
    second = Guard(home, engine, Sources(), done.actions)
    measure(second, 1000.0)
    assert done.now == dict.fromkeys(("shrink caches", "close abandoned games"), "memory")
    measure(second, 1030.0)
    assert [tag for _, tag, _ in told(home)] == ["budget.crossed", "budget.kept"]


def test_processes_that_share_a_log_have_budgets_of_their_own(home: Home, engine: Engine) -> None:
    one, other = (Guard(home, engine, Sources(), {}, shards) for shards in ("0-1/4", "2-3/4"))
    for guard in (one, other):
        for now in (0.0, 30.0):
            measure(guard, now, memory=BEYOND["memory"])
    assert [stream for stream, _, _ in told(home)] == ["budget:memory 0-1/4", "budget:memory 2-3/4"]
    assert {each.shards for each in status.read(home.path)} == {"0-1/4", "2-3/4"}


def test_what_can_not_be_written_is_written_later(
    home: Home, make_full: Callable[[bool], None], engine: Engine
) -> None:
    guard = Guard(home, engine, Sources(), Done().actions)
    measure(guard, 0.0, disk=0.0)
    make_full(True)
    measure(guard, 30.0, disk=0.0)
    assert engine.trouble
    assert guard.watches["disk"].crossed
    make_full(False)
    assert told(home) == []
    measure(guard, 40.0, disk=0.0)
    assert [tag for _, tag, _ in told(home)] == ["budget.crossed"]


@pytest.fixture
def make_full(home: Home) -> Any:
    """``make_full(True)``: the log can't be written, as its file was moved away; ``False``: it can."""
    log, aside = home.path / "events.db", home.path / "aside"

    def make(full: bool) -> None:
        log.rename(aside) if full else aside.rename(log)

    return make


# ------------------------------------------------------------------------------------------- actions


@pytest.fixture
def ease(home: Home, engine: Engine) -> Any:
    def pause(seconds: float) -> None:
        pauses.append(seconds)

    pauses: list[float] = []
    scheduler = home.scheduler(engine)
    found = actions(engine, scheduler, pause)
    return lambda action, title: (found[action](title), pauses, scheduler)[1:]


def test_every_action_that_a_budget_names_can_be_done(home: Home, engine: Engine) -> None:
    named = {action for each in budgets(LIMITS) for action in each.actions}
    assert named == set(actions(engine, home.scheduler(engine)))


Ask = Callable[..., Answer]


def test_new_games_are_refused_and_others_go_on(ease: Any, invoke: Ask, ann: PlayerId) -> None:
    game = invoke("open", ann, game="2048").result["game"]
    ease("refuse new games", "store")
    refused = invoke("open", ann, game="2048")
    assert (refused.code, "store" in refused.sentence) == ("closed", True)
    assert invoke("move", ann, game=game, move="up").code != "closed"
    assert invoke("match", ann, game="tictactoe").code == "closed"
    ease("refuse new games", "")
    assert invoke("open", ann, game="2048").verdict == "accepted"


def test_fewer_states_are_kept_in_memory(ease: Any, engine: Engine, invoke: Ask, home: Home) -> None:
    engine.keep_states(40)
    engine.limits = type(engine.limits)(cache=40)
    for number in range(60):
        invoke("ping", home.vault.player("terminal", f"player {number}"))
    assert len(engine._cache) == 40
    ease("shrink caches", "memory")
    invoke("ping", home.vault.player("terminal", "one more"))
    assert len(engine._cache) == 40 // FEWER
    ease("shrink caches", "")
    for number in range(60):
        invoke("ping", home.vault.player("terminal", f"player {number}"))
    assert len(engine._cache) == 40


def test_boards_are_slow_and_quick_again(ease: Any) -> None:
    ease("slow boards", "cpu")
    pauses, _ = ease("slow boards", "")
    assert pauses == [SLOWER, 0.0]


def test_less_is_logged_and_then_all_again(ease: Any) -> None:
    log = logging.getLogger("milena.guarding")
    before = log.isEnabledFor(logging.INFO)
    ease("log less", "logs")
    assert (log.isEnabledFor(logging.INFO), log.isEnabledFor(AUDIT)) == (False, True)
    ease("log less", "")
    assert log.isEnabledFor(logging.INFO) == before


def test_abandoned_games_are_closed_sooner_and_played_ones_are_not(
    ease: Any, engine: Engine, ann: PlayerId, invocation: Callable[..., Invocation], invoke: Ask
) -> None:
    day = 24 * 3600 * 1000
    idle = engine.house.limits.idle * 1000

    def opened(ago: int) -> str:
        asked = invocation("open", ann, game="2048")
        game: str = engine.call(replace(asked, time=asked.time - ago)).result["game"]
        return game

    def status_of(game: str) -> str:
        found: str = engine.read("game", game).state.status
        return found

    # A poll without an end is nobody's game: it stays, however old
    poll = invocation("poll create", ann, question="Tea?", choices="yes, no")
    poll = engine.call(replace(poll, time=poll.time - 2 * idle))
    assert poll.verdict == "accepted", poll.sentence
    abandoned, played = opened(idle // SOONER + day), opened(idle // SOONER - day)
    _, scheduler = ease("slow boards", "")
    scheduler.turn()
    assert [status_of(abandoned), status_of(played)] == ["playing", "playing"]
    ease("close abandoned games", "memory")
    scheduler.turn()
    assert [status_of(abandoned), status_of(played)] == ["ended", "playing"]
    assert not any('"poll expire"' in each.payload for each in engine.store.scan())
    # And back: the same age is no reason any more
    ease("close abandoned games", "")
    again = opened(idle // SOONER + day)
    scheduler.turn()
    assert status_of(again) == "playing"
    assert engine.house.limits.idle * 1000 == idle
