"""A process that plays many games is killed again and again; nothing that it acknowledged is lost."""

import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any

import pytest
from auditor import Auditor
from playing import Player

from milena import games
from milena.home import Home
from milena.store.heads import holds, read_head

pytestmark = pytest.mark.crash

ROUNDS = int(os.environ.get("MILENA_CRASH_ROUNDS", "50"))


def kill_somewhen(player: Player, random: Random) -> None:
    """Some while it starts, most while it plays, a few after the log has grown by a lot."""
    match random.randrange(10):
        case 0 | 1:
            time.sleep(random.uniform(0, 0.4))
        case 2:
            player.wait_for_answers()
            time.sleep(random.uniform(0.3, 0.8))
        case _:
            player.wait_for_answers()
            time.sleep(random.expovariate(1 / random.choice([0.01, 0.05, 0.15])))
    assert player.stop(SIGKILL) == -SIGKILL, player.errors.read_text()


def test_whatever_was_acknowledged_before_a_kill_is_there_after_it(
    tmp_path: Path, random: Random, start_player: Callable[..., Player]
) -> None:
    data = tmp_path / "data"
    auditor = Auditor()
    unanswered: list[dict[str, Any]] = []
    unchecked: list[dict[str, Any]] = []
    seen: Counter[str] = Counter()
    for _ in range(ROUNDS):
        # Given a process that plays on where the last one was killed, and asks again what that one asked
        player = start_player(data, str(random.random()), unanswered)
        # When it is killed
        kill_somewhen(player, random)
        said = player.said()
        again = {invocation["id"] for invocation in unanswered}
        asked = {invocation["id"] for invocation in said.asked}
        unanswered = [each for each in unanswered if each["id"] not in asked] + said.unanswered
        unchecked += said.answers
        seen["answered"] += len(said.answers)
        seen["asked again, was there"] += any(
            a["repeated"] and a["invocation"] in again for a in said.answers
        )
        if random.random() < 0.4:
            continue  # let the next process be the first to open what the kill has left
        # Then the log is whole, and all that was acknowledged is in it, once
        before = auditor.games
        with Home(data) as home:
            auditor.read_on(home.store)
            kept = read_head(data / "head.json", home.vault)
            assert kept is None or holds(home.store, kept), "what is noted of the log is not in it"
        auditor.check_answers(unchecked)
        unchecked = []
        seen["played on"] += any(auditor.states[key] != game for key, game in before.items())
        seen["written, not acknowledged"] += any(each["id"] in auditor.invocations for each in unanswered)

    # In the end everything is there, every game can be replayed, and all that may happen did happen.
    with Home(data) as home:
        auditor.read_on(home.store)
        auditor.check_refolds(home.store)
        Auditor().read_on(home.store)
    auditor.check_answers(unchecked)
    assert {game.name for game in auditor.games.values()} == set(games.names())
    assert {game.how for game in auditor.games.values()} >= {"finished", "resigned", "aborted"}
    assert seen["answered"] > 5 * ROUNDS
    assert seen["played on"] > ROUNDS // 4
    assert seen["written, not acknowledged"] > 0
    assert seen["asked again, was there"] > 0
