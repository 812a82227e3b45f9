"""milena digest."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from milena.domain.ids import Place
from milena.ops.errors import FILE, Failure
from milena.ops.errors_db import ErrorBook
from milena.terminal.delivering import Terminal

Run = Callable[..., CompletedProcess[str]]


def test_it_tells_what_happened_since_and_for_scripts_too(milena: Run, tmp_path: Path) -> None:
    assert milena("call", "roll", "dice=2d6", data=tmp_path).returncode == 0
    assert milena("call", "roll", "dice=many", data=tmp_path).returncode == 1
    book, now = ErrorBook(tmp_path / FILE, 2000), round(time.time() * 1000)
    for hours, cause in ((1, "lately"), (50, "before")):
        then = now - hours * 3_600_000
        book.add(Failure(cause, "data", "Damaged", cause, cause, then, "", "", {}, told="Sorry."))
    book.close()

    told = milena("digest", data=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert "Failures: 1 cause, 1 of them new; 'milena errors list' lists all." in lines
    told_so = "'milena errors show lately'; people saw: Sorry."
    assert f"- new, 1 time: Damaged (data) in lately, {told_so}" in lines
    assert "Commands: 1 accepted, 1 refused, 0 failed." in lines

    found = json.loads(milena("digest", "--since", "3 days ago", "--json", data=tmp_path).stdout)
    assert {each["id"] for each in found["failures"]} == {"lately", "before"}
    assert found["commands"] == [{"command": "roll", "accepted": 1, "refused": 1, "failed": 0}]


def test_where_there_is_nothing_it_says_so_and_makes_nothing(milena: Run, tmp_path: Path) -> None:
    refused = milena("digest", data=tmp_path / "none")
    assert refused.returncode == 1
    assert "There is no Milena data" in refused.stderr
    assert not (tmp_path / "none").exists()


def test_a_terminal_does_not_take_what_the_operators_channel_is_to_be_told() -> None:
    assert not Terminal.serves(None, Place("milena/4711"))  # type: ignore[arg-type]
    assert Terminal.serves(None, Place("terminal/main"))  # type: ignore[arg-type]
