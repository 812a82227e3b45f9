"""On a full disk commands are refused and nothing is half written; with room again, they work again."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from auditor import Auditor
from disks import Disk

from milena.domain.command import Invocation
from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine
from milena.engine.degraded import STILL
from milena.home import Home
from milena.store import Store, Unavailable

pytestmark = pytest.mark.crash

CALLERS = 32


def check(store: Store, answers: list[Answer]) -> Auditor:
    """The log is whole, and holds what was acknowledged."""
    auditor = Auditor()
    auditor.read_on(store)
    told = [
        {"invocation": a.invocation, "verdict": a.verdict, "code": a.code, "position": a.position}
        for a in answers
    ]
    auditor.check_answers(told)
    auditor.check_refolds(store)
    return auditor


def test_a_command_is_refused_while_the_disk_is_full_and_works_when_there_is_room(
    disk: Disk, invocation: Callable[..., Invocation]
) -> None:
    with Home(disk.path / "data") as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")

        def open_game() -> Answer:
            answers.append(engine.call(invocation("open", ann, game="2048")))
            return answers[-1]

        # Given a game that is being played
        answers: list[Answer] = []
        game = open_game().result["game"]
        # When the disk becomes full
        disk.fill()
        while open_game().verdict == "accepted" and len(answers) < 1000:
            pass
        # Then commands are refused with the reason, every time
        for answer in [answers[-1], open_game(), open_game()]:
            assert (answer.verdict, answer.code) == ("failed", "unavailable")
            assert answer.sentence == f"{disk.full} {STILL}"
        # and what was there can be read, and nothing else is there
        check(home.store, answers)
        assert engine.read("game", game).state.status == "playing"
        # and when there is room, the game goes on
        disk.make_room()
        assert engine.call(invocation("move", ann, game=game, move="up")).code in ("", "nothing_moves")
        assert open_game().verdict == "accepted"
        check(home.store, answers)
    with Home(disk.path / "data") as home:
        check(home.store, answers)


async def test_many_callers_go_on_while_the_disk_fills_and_empties(
    disk: Disk, invocation: Callable[..., Invocation]
) -> None:
    answers: list[Answer] = []
    stopped = asyncio.Event()

    async def open_games(engine: Engine, player: PlayerId) -> None:
        while not stopped.is_set():
            answers.append(await engine.execute(invocation("open", player, game="2048")))
            await asyncio.sleep(0.005)

    async def until(verdict: str) -> None:
        async with asyncio.timeout(30):
            while not answers or answers[-1].verdict != verdict:
                await asyncio.sleep(0.001)

    with Home(disk.path / "data") as home, home.engine() as engine:
        players = [home.vault.player("terminal", f"player {number}") for number in range(CALLERS)]
        async with asyncio.TaskGroup() as group:
            for player in players:
                group.create_task(open_games(engine, player))
            for _ in range(3):
                await until("accepted")
                disk.fill()
                await until("failed")
                disk.make_room()
            await until("accepted")
            stopped.set()
        assert {answer.sentence for answer in answers if answer.verdict == "failed"} == {
            f"{disk.full} {STILL}"
        }
        check(home.store, answers)


def test_a_first_start_on_a_full_disk_says_so_and_the_next_one_works(disk: Disk) -> None:
    refused = 0
    for pages in range(60):
        # Given a disk that becomes full somewhere on the way
        data = disk.path / str(pages)
        disk.fill(leave=pages * 4096)
        try:
            Home(data).close()
        except Unavailable as error:
            assert re.search(r"full|refused|No space|File too large", str(error))  # noqa: PT017
            refused += 1
        disk.make_room()
        with Home(data) as home:
            assert home.store.head().position == 0
        shutil.rmtree(data)
    assert refused > 5


def test_a_new_player_on_a_full_disk_is_told_so(disk: Disk) -> None:
    with Home(disk.path / "data") as home:

        def fill_the_vault() -> None:
            for number in range(100_000):
                home.vault.player("terminal", f"player {number}" * 100)

        disk.fill()
        with pytest.raises(Unavailable, match=r"full|refused"):
            fill_the_vault()
        disk.make_room()
        ann = home.vault.player("terminal", "ann")
        assert home.vault.name(ann) == "ann"


def test_a_log_can_be_read_on_a_full_disk_or_says_why_not(
    disk: Disk, invocation: Callable[..., Invocation]
) -> None:
    data: Path = disk.path / "data"
    with Home(data) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        answers = [engine.call(invocation("open", ann, game="2048")) for _ in range(20)]
    disk.fill()
    with contextlib.suppress(Unavailable), Home(data) as home:
        check(home.store, answers)
    disk.make_room()
    with Home(data) as home:
        check(home.store, answers)


def test_a_transaction_that_the_disk_ended_takes_no_more_rows(
    disk: Disk, invocation: Callable[..., Invocation]
) -> None:
    with Home(disk.path / "data") as home:
        with home.engine() as engine:
            ann = home.vault.player("terminal", "ann")
            answers = [engine.call(invocation("open", ann, game="2048"))]
        head = home.store.head()

        def append_in_spite_of_the_disk() -> None:
            with home.store.transaction() as transaction:
                # Given more than SQLite keeps in memory, so that it writes before the end
                with contextlib.suppress(Unavailable):
                    for number in range(100_000):
                        transaction.snapshot("game", f"game:{number}", 1, b'"%s"' % (b"x" * 1000))
                # When there is room again, but the disk has ended the transaction
                disk.make_room()
                transaction.append([("member:x", 1, "x", "{}", 0, "x", "x", "x", None, "x")])

        # Then nothing is written row by row
        disk.fill()
        with pytest.raises(Unavailable, match="gave up"):
            append_in_spite_of_the_disk()
        assert home.store.head() == head
        check(home.store, answers)
