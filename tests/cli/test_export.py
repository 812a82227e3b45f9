"""``milena export`` and ``milena import``: files, pipes, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from milena.domain.ids import PlayerId
from milena.home import Home

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(home: Home, invoke: Callable[..., Any], ann: PlayerId) -> Path:
    key = invoke("open", ann, game="hangman").result["game"]
    invoke("move", ann, game=key, move="é")
    invoke("abort", ann, game=key)
    return home.path


def test_a_log_goes_to_a_file_and_from_it_to_an_equal_log(
    milena: Run, data: Path, home: Home, tmp_path: Path
) -> None:
    file, copy = tmp_path / "log.jsonl", tmp_path / "copy"

    out = milena("export", str(file), data=data)
    back = milena("import", str(file), data=copy)

    head = home.store.head()
    assert (out.returncode, out.stderr) == (0, "")
    assert f"Exported {head.position} events to {file}." in out.stdout
    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout == f"Imported {head.position} events. Head: {head.hash.hex()}\n"
    assert milena("verify", data=copy).returncode == 0


def test_without_a_file_it_goes_through_pipes(milena: Run, data: Path, tmp_path: Path) -> None:
    log = milena("export", data=data)
    back = milena("import", "-", data=tmp_path / "copy", input=log.stdout)

    assert (log.returncode, log.stderr, back.returncode) == (0, "", 0)
    assert milena("export", "-", data=tmp_path / "copy").stdout == log.stdout


def test_only_a_beginning_is_exported_where_that_is_asked_for(milena: Run, data: Path) -> None:
    lines = milena("export", "--upto", "2", data=data).stdout.splitlines()

    assert len(lines) == 1 + 2
    assert '"events":2' in lines[0]
    assert milena("export", "--upto", "0", data=data).returncode == 2


def test_an_import_into_a_log_with_events_is_refused(milena: Run, data: Path, home: Home) -> None:
    before = home.store.head()

    done = milena("import", "-", data=data, input=milena("export", data=data).stdout)

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "milena: The log has events already, and an import needs an empty one: "
        "give a new directory with --data."
    ]
    assert home.store.head() == before


@pytest.mark.parametrize("garbage", ["", "\n", "\x00\x01\x02", "x" * 10_000, "[]\n" * 1000])
def test_garbage_is_one_line_that_names_the_line(milena: Run, tmp_path: Path, garbage: str) -> None:
    done = milena("import", "-", data=tmp_path / "new", input=garbage)

    assert done.returncode == 3
    assert done.stderr.startswith("milena: line 1: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_cut_off_is_damaged_and_nothing_of_it_is_imported(
    milena: Run, data: Path, tmp_path: Path
) -> None:
    log = milena("export", data=data).stdout

    done = milena("import", "-", data=tmp_path / "new", input=log[:-100])

    assert done.returncode == 3
    assert f"line {len(log.splitlines())}: " in done.stderr
    assert "0 events" in milena("verify", data=tmp_path / "new").stdout


def test_a_file_that_is_not_there_or_can_not_be_written_is_one_line(
    milena: Run, data: Path, tmp_path: Path
) -> None:
    missing = milena("import", str(tmp_path / "missing"), data=tmp_path / "new")
    folder = milena("import", str(tmp_path), data=tmp_path / "new")
    nowhere = milena("export", str(tmp_path / "no" / "where"), data=data)
    over = milena("export", str(tmp_path), data=data)

    for done in (missing, folder, nowhere, over):
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_an_export_that_fails_leaves_an_older_file_as_it_was(milena: Run, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text("older")
    (tmp_path / "log.jsonl.part").mkdir()

    done = milena("export", str(file), data=data)

    assert done.returncode == 1
    assert file.read_text() == "older"


def test_a_device_is_written_to_and_not_replaced(milena: Run, data: Path) -> None:
    done = milena("export", "/dev/null", data=data)

    assert done.returncode == 0
    assert not Path("/dev/null").is_file()
