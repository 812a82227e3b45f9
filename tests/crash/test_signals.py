"""A process that is asked to stop: what it took it finishes, and it leaves without a traceback."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from signal import SIGINT, SIGTERM

import pytest
from auditor import Auditor
from playing import Player

from milena.home import Home

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("signal", [SIGINT, SIGTERM])
def test_a_stopped_process_loses_nothing_that_it_acknowledged(
    signal: int, tmp_path: Path, random: Random, start_player: Callable[..., Player]
) -> None:
    data = tmp_path / "data"
    auditor = Auditor()
    for _ in range(5):
        player = start_player(data, str(random.random()))
        player.wait_for_answers(50)
        time.sleep(random.uniform(0, 0.1))
        status = player.stop(signal)
        assert player.errors.read_text() == ""
        said = player.said()
        with Home(data) as home:
            auditor.read_on(home.store)
        auditor.check_answers(said.answers)
        if signal == SIGINT:
            # Ctrl-C goes through the engine's end, which finishes all that was asked.
            assert status == 130
            assert {each["id"] for each in said.asked} <= auditor.invocations.keys()
            assert not (data / "events.db-wal").exists()
        else:
            assert status == -SIGTERM
