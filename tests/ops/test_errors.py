"""Failures: their kind, their id, and the others of the same cause."""

import errno
import logging
import sqlite3
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from milena.domain.refusal import Refused
from milena.ops.errors import FILE, Recorder, classify
from milena.ops.errors_db import SHARE, find, groups
from milena.ops.logs_scrub import Scrubber
from milena.store import Damaged, Unavailable

log = logging.getLogger("milena.tests")


class FromDiscord(Exception):
    """As interactions.py raises them."""


FromDiscord.__module__ = "interactions.client.errors"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused("no", "No."), "user"),
        (ZeroDivisionError(), "bug"),
        (FromDiscord(), "discord"),
        (ConnectionResetError(), "network"),
        (TimeoutError(), "network"),
        (ssl.SSLError(), "network"),
        (Unavailable("full"), "resource"),
        (OSError(errno.ENOSPC, "full"), "resource"),
        (MemoryError(), "resource"),
        (Damaged("bad"), "data"),
        (FileNotFoundError(errno.ENOENT, "gone"), "bug"),
    ],
    ids=lambda given: given if isinstance(given, str) else type(given).__name__,
)
def test_a_failure_is_of_a_kind_also_where_it_caused_another(error: Exception, kind: str) -> None:
    wrapped = RuntimeError("told otherwise")
    wrapped.__cause__ = error
    assert classify(error) == classify(wrapped) == kind


Record = Callable[..., Recorder]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """``record(rows=100)``: from now on what fails is kept."""
    recorders: list[Recorder] = []

    def begin(rows: int = 1000) -> Recorder:
        recorders.append(Recorder(tmp_path, rows, Scrubber()))
        log.addHandler(recorders[-1])
        return recorders[-1]

    yield begin
    for each in recorders:
        log.removeHandler(each)
        each.close()


def divide(by: int) -> float:
    return 1 / by


def look_up(key: str) -> None:
    raise KeyError(key)


def fail(call: Callable[..., Any], *arguments: Any, **extra: Any) -> None:
    try:
        call(*arguments)
    except Exception as error:
        log.error("it failed", exc_info=error, extra=extra)


def test_failures_of_one_type_in_one_place_are_one_group(record: Record, file: Path) -> None:
    record()
    for key in "abc":
        fail(look_up, key)
    fail(divide, 0)
    newest, other = groups(file)
    assert (newest.type, newest.count, newest.message) == ("ZeroDivisionError", 1, "division by zero")
    assert (other.type, other.count, other.message) == ("KeyError", 3, "'c'")
    assert newest.place.endswith(":divide")
    assert other.first <= other.last <= newest.last
    assert groups(file, since=newest.last + 1) == []
    assert groups(file, kind="network") == []
    assert groups(file, kind="bug") == [newest, other]


def test_failures_of_one_type_in_two_places_are_two_groups(record: Record, file: Path) -> None:
    record()
    fail(look_up, "a")
    fail({}.__getitem__, "a")
    assert [(group.type, group.count) for group in groups(file)] == [("KeyError", 1), ("KeyError", 1)]


def test_a_failure_is_found_by_the_id_that_a_person_was_told(record: Record, file: Path) -> None:
    record()
    fail(divide, 0, error_id="abcd1234", invocation="2q46abcd1234", told="Sorry.", recovery="none", game="g")
    fail(divide, 0, error_id="abcf1234")
    ((found, times),) = find(file, "abcd")
    assert times == 2
    assert (found["id"], found["told"], found["recovery"]) == ("abcd1234", "Sorry.", "none")
    assert found["context"]["invocation"] == "2q46abcd1234"
    assert found["context"]["game"] == "g"
    assert "in divide\n    return 1 / by" in found["stack"]
    assert len(find(file, "abc")) == 2
    assert find(file, "zzz") == []
    assert [each["id"] for each, _ in find(file, found["fingerprint"])] == ["abcf1234"]


def test_one_without_an_id_gets_one_that_the_later_handlers_see(
    record: Record, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record()
    fail(divide, 0)
    ((found, _),) = find(file, caplog.records[-1].error_id)  # type: ignore[attr-defined]
    assert len(found["id"]) == 8


def test_what_is_no_failure_is_not_recorded(record: Record, file: Path) -> None:
    record()
    log.error("only told")
    log.warning("a warning", exc_info=ValueError())
    assert not file.exists()
    assert groups(file) == find(file, "a") == []


def test_an_error_that_is_given_without_its_stack_is_recorded_too(record: Record, file: Path) -> None:
    record()
    log.error("the disk is full", extra={"error": Unavailable("The disk is full."), "kind": ""})
    log.error("a bad model", extra={"error": ValueError("x"), "kind": "data"})
    assert [group.kind for group in groups(file)] == ["data", "resource"]


def test_the_rows_are_limited_and_one_bug_does_not_push_out_the_others(record: Record, file: Path) -> None:
    rows = 100
    record(rows)
    fail(look_up, "rare")
    for _ in range(2 * rows):
        fail(divide, 0)
    common, rare = groups(file)
    assert (common.count, rare.count) == (2 * rows, 1)
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT count(*) FROM failures").fetchone() == (rows // SHARE + 1,)


def test_of_many_bugs_the_newest_are_kept(record: Record, file: Path) -> None:
    record(10)
    for number in range(30):
        log.error("it failed", extra={"error": type(f"Bug{number}", (Exception,), {})()})
    assert [group.type for group in groups(file)] == [f"Bug{number}" for number in range(29, 19, -1)]


def replace(file: Path) -> None:
    file.unlink()
    file.touch()


def spoil(file: Path) -> None:
    file.write_bytes(b"garbage" * 1000)


@pytest.mark.parametrize("harm", [Path.unlink, replace, spoil])
def test_a_file_that_is_removed_or_spoilt_begins_anew(
    record: Record, file: Path, harm: Callable[[Path], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    record()
    fail(divide, 0)
    harm(file)
    for _ in range(3):
        fail(divide, 0)
    assert len(capsys.readouterr().err.splitlines()) <= 1
    (group,) = groups(file)
    assert group.count >= 2


def test_a_file_that_is_something_else_is_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("CREATE TABLE other (x)")
    with pytest.raises(Damaged, match="is no record of errors; move it away"):
        groups(tmp_path / FILE)


def test_where_nothing_can_be_recorded_it_is_told_once(
    tmp_path: Path, record: Record, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record()
    file.mkdir()
    for _ in range(3):
        fail(divide, 0)
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"milena: the record of errors {file} can't be written (")
    file.rmdir()
    fail(divide, 0)
    assert [group.count for group in groups(file)] == [1]
