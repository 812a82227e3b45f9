"""Cooldowns: set by the configuration, folded from events, so they outlive a restart."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time
from msgspec.structs import replace

from milena.domain.command import Invocation, Scope
from milena.domain.ids import Place, PlayerId
from milena.engine import Engine
from milena.home import Home
from milena.ops.config import Config
from milena.terminal.calling import Caller

MakeInvocation = Callable[..., Invocation]
NOON = 1_767_000_000_000
RESTING = Config(cooldowns={"open": 60.0})


def at(invocation: Invocation, time: int, place: str = "terminal/main") -> Invocation:
    return replace(invocation, time=NOON + time, place=Place(place))


def test_a_command_rests_for_as_long_as_the_configuration_says_to_the_millisecond(
    tmp_path: Path, invocation: MakeInvocation
) -> None:
    with Home(tmp_path, RESTING) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")

        def opens(time: int) -> tuple[str, str]:
            answer = engine.call(at(invocation("open", ann, game="tictactoe"), time))
            return answer.verdict, answer.sentence

        assert opens(0) == ("accepted", "")
        for time in (1, 45_678, 59_999):
            assert opens(time) == ("refused", f"/play can be used again <t:{NOON // 1000 + 60}:R>.")
        assert opens(60_000) == ("accepted", "")
        assert opens(60_001)[0] == "refused"


def test_a_cooldown_is_one_members_for_one_command_in_one_guild(
    tmp_path: Path, invocation: MakeInvocation
) -> None:
    with Home(tmp_path, RESTING) as home, home.engine() as engine:
        ann, bob = (home.vault.player("terminal", name) for name in ("ann", "bob"))

        first = engine.call(at(invocation("open", ann, game="tictactoe"), 0))
        elsewhere = engine.call(at(invocation("open", ann, game="tictactoe"), 1, "another/main"))
        same_guild = engine.call(at(invocation("open", ann, game="tictactoe"), 1, "terminal/other"))
        by_bob = engine.call(at(invocation("open", bob, game="tictactoe"), 1))
        joined = engine.call(at(invocation("join", bob, game=first.result["game"]), 2))

        assert same_guild.code == "cooldown"
        assert [answer.verdict for answer in (elsewhere, by_bob, joined)] == ["accepted"] * 3


def test_a_refused_command_does_not_rest(tmp_path: Path, invocation: MakeInvocation) -> None:
    with Home(tmp_path, RESTING) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")

        assert engine.call(at(invocation("open", ann, game="chesss"), 0)).code == "unknown_game"
        assert engine.call(at(invocation("open", ann, game="tictactoe"), 1)).verdict == "accepted"


def test_a_cooldown_outlives_a_restart(tmp_path: Path, invocation: MakeInvocation) -> None:
    with Home(tmp_path, RESTING) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        engine.call(at(invocation("open", ann, game="tictactoe"), 0))

    with Home(tmp_path, RESTING) as home, home.engine() as engine:
        assert engine.call(at(invocation("open", ann, game="tictactoe"), 59_999)).code == "cooldown"
        assert engine.call(at(invocation("open", ann, game="tictactoe"), 60_000)).verdict == "accepted"


def test_without_configuration_no_command_of_these_rests(
    engine: Engine, home: Home, invocation: MakeInvocation
) -> None:
    ann = home.vault.player("terminal", "ann")
    for _ in range(3):
        assert engine.call(at(invocation("open", ann, game="tictactoe"), 0)).verdict == "accepted"


@pytest.mark.parametrize("scope", ["member", "channel", "guild"])
def test_the_configuration_says_whose_cooldown_it_is(
    tmp_path: Path, invocation: MakeInvocation, scope: Scope
) -> None:
    config = Config(cooldowns={"ping": 60.0}, scopes={"ping": scope})
    with Home(tmp_path, config) as home, home.engine() as engine:
        ann, bob = (home.vault.player("terminal", name) for name in ("ann", "bob"))

        def pings(player: PlayerId, place: str = "g/hall") -> bool:
            return engine.call(at(invocation("ping", player), 0, place)).verdict == "accepted"

        assert pings(ann)
        assert not pings(ann)
        assert pings(bob) is (scope == "member")
        assert pings(ann, "g/yard") is (scope == "channel")
        assert pings(ann, "h/hall")


# ------------------------------------------------------------------------------------------ the clock


def test_it_rests_to_the_millisecond_by_the_clock_of_the_terminal_across_restarts(tmp_path: Path) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def opens(later: int) -> str:
        """A new process would do the same: the data directory is all that is left of the one before."""
        with (
            freeze_time(noon + timedelta(milliseconds=later)),
            Home(tmp_path, RESTING) as home,
            home.engine() as engine,
        ):
            ann = home.vault.player("terminal", "ann")
            answer = Caller(engine, home.vault.name).call("open", ann, game="tictactoe")
            return answer.sentence or answer.verdict

    assert opens(0) == "accepted"
    assert opens(1) == "/play can be used again in 60 seconds."
    assert opens(59_000) == "/play can be used again in 1 second."
    assert opens(59_999) == "/play can be used again in 1 second."
    assert opens(60_000) == "accepted"
    assert opens(60_001) == "/play can be used again in 60 seconds."


# ------------------------------------------------------------------------------------ two processes

CALLING = """
import json, sys
from pathlib import Path
from msgspec.structs import replace
from milena.commands import commands
from milena.domain.command import Invocation
from milena.domain.ids import new_id
from milena.engine import Engine
from milena.aggregates import AGGREGATES
from milena.home import Home

directory, scope = sys.argv[1:3]
known = {name: replace(command, cooldown=60.0, scope=scope) for name, command in commands().items()}
with Home(Path(directory)) as home, Engine(home.store, AGGREGATES, known) as engine:
    for line in sys.stdin:
        player, place, time = json.loads(line)
        answer = engine.call(Invocation(new_id(), "ping", {}, player, place, time))
        print(json.dumps([answer.verdict, answer.code]), flush=True)
"""


@pytest.mark.parametrize("scope", ["member", "channel", "guild"])
def test_a_cooldown_holds_to_the_millisecond_in_two_processes(tmp_path: Path, scope: str) -> None:
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", CALLING, str(tmp_path), scope],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                )
            )
            for _ in range(2)
        )  # fmt: skip

        def ping(process: subprocess.Popen[str], time: int, player: str = "ann", place: str = "g/c") -> str:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps([player, place, NOON + time]) + "\n")
            process.stdin.flush()
            verdict, code = json.loads(process.stdout.readline())
            return str(code or verdict)

        assert ping(one, 0) == "accepted"
        assert ping(two, 59_999) == "cooldown"
        assert ping(two, 59_999, player="bob") == ("accepted" if scope == "member" else "cooldown")
        assert ping(two, 59_999, place="g/d") == ("accepted" if scope == "channel" else "cooldown")
        assert ping(two, 60_000) == "accepted"
        assert ping(one, 119_999) == "cooldown"
        assert ping(one, 120_000) == "accepted"
        for process in (one, two):
            assert process.stdin
            process.stdin.close()
