"""What it costs everybody else that a machine thinks."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.table import Row, ratio
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Answer, Engine
from milena.home import Home
from milena.machines.following import Machines

PLACE = Place("terminal/bench")


def beside(rounds: int, calls: int = 100) -> list[Row]:
    """The time of an engine call while mcts5 thinks in its process, against that while nobody does: by
    turns, as a game between machines is opened and voided in each round."""
    thinking: list[float] = []
    quiet: list[float] = []
    with TemporaryDirectory() as directory, Home(Path(directory)) as home:
        ann = home.vault.player("terminal", "ann")
        with home.engine() as engine, Machines(home, engine):
            for _ in range(rounds):
                quiet.append(_call_time(engine, ann, calls))
                game = _call(engine, ann, "open", game="othello", sit=False, machines=["mcts5", "mcts5"])
                time.sleep(1)  # until it thinks
                thinking.append(_call_time(engine, ann, calls))
                _call(engine, ann, "void", game=game.result["game"], reason="measured")
                time.sleep(1)
    shown = (f"{min(each) * 1000:.2f} ms" for each in (thinking, quiet))
    return [Row("a call while a machine thinks", *shown, ratio(thinking, quiet), smaller=True)]


def _call_time(engine: Engine, player: PlayerId, calls: int) -> float:
    """Seconds of one call, the median of many."""
    took = []
    for _ in range(calls):
        started = time.perf_counter()
        _call(engine, player, "open", game="tictactoe")
        took.append(time.perf_counter() - started)
    return sorted(took)[calls // 2]


def _call(engine: Engine, player: PlayerId, command: str, **options: Any) -> Answer:
    now = round(time.time() * 1000)
    invocation = Invocation(InvocationId(new_id()), command, options, player, PLACE, now, moderator=True)
    answer = engine.call(invocation)
    assert answer.verdict == "accepted", answer.sentence
    return answer
