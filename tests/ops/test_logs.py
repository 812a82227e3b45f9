"""The log: which lines come into which file, with what, and without what is secret."""

import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_secrets import bot_tokens, interaction_tokens, traces, webhook_tokens

from milena.failing import complain
from milena.ops import logs
from milena.ops.config import LogLimits
from milena.ops.logs_lines import AUDIT

log = logging.getLogger("milena.tests")

Lines = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """``lines("errors")``: what a log file of the directory says, but for how the process began and ended."""

    def read(name: str) -> list[dict[str, Any]]:
        file = tmp_path / "logs" / f"{name}.jsonl"
        found = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [each for each in found if not each["message"].startswith("Milena ")]

    return read


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[None]:
    """All that the test logs goes into the files."""
    with logs.begin(tmp_path, LogLimits(), environment={}):
        yield


def test_each_level_comes_into_its_files(tmp_path: Path, lines: Lines) -> None:
    with logs.begin(tmp_path):
        for level in (logging.DEBUG, logging.INFO, AUDIT, logging.WARNING, logging.ERROR, logging.CRITICAL):
            log.log(level, "at %d", level)
    assert [line["message"] for line in lines("milena")] == ["at 20", "at 25", "at 30", "at 40", "at 50"]
    assert [line["level"] for line in lines("milena")] == ["INFO", "AUDIT", "WARNING", "ERROR", "ERROR"]
    assert [line["message"] for line in lines("errors")] == ["at 40", "at 50"]
    assert [line["message"] for line in lines("audit")] == ["at 25"]
    assert lines("debug") == []


def test_systemds_journal_is_told_how_grave_each_line_is_and_not_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "journal").open("w+") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        about = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{about.st_dev}:{about.st_ino + 1}")  # inherited
        complain("too bad.")
        monkeypatch.setenv("JOURNAL_STREAM", f"{about.st_dev}:{about.st_ino}")
        with logs.begin(tmp_path, shows="info"):
            log.log(AUDIT, "one\nline")
            log.warning("two")
        complain("too bad.")
        stream.seek(0)
        said = [line.rstrip() for line in stream if "Milena" not in line]
    assert said == ["milena: too bad.", "<5>AUDIT   one line", "<4>WARNING two", "<3>milena: too bad."]


def test_with_debug_there_is_a_file_of_all(tmp_path: Path, lines: Lines) -> None:
    with logs.begin(tmp_path, shows="debug"):
        log.debug("one")
        log.error("two")
    assert [line["message"] for line in lines("debug")] == ["one", "two"]
    assert [line["message"] for line in lines("milena")] == ["two"]


@pytest.mark.parametrize(
    ("shows", "said"),
    [
        ("error", ["ERROR"]),
        ("warning", ["WARNING", "ERROR"]),
        ("info", ["INFO", "AUDIT", "WARNING", "ERROR"]),
    ],
)
def test_the_terminal_shows_a_line_for_each_record_from_its_level_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shows: logs.Level, said: list[str]
) -> None:
    with logs.begin(tmp_path, shows=shows):
        for level in (logging.DEBUG, logging.INFO, AUDIT, logging.WARNING):
            log.log(level, "one\nline \x1b[31m <red>{x}")
        log.error("failed", exc_info=ZeroDivisionError("by zero"))
    shown = [line for line in capsys.readouterr().err.splitlines() if "Milena" not in line]
    assert [line.split()[1] for line in shown] == said
    assert all("one line ?[31m <red>{x}" in line for line in shown[:-1])
    assert "failed: ZeroDivisionError: by zero ('milena errors show " in shown[-1]


@pytest.mark.usefixtures("logged")
def test_a_line_has_all_that_its_record_knows(lines: Lines) -> None:
    extra = {
        "correlation": "c",
        "invocation": "i",
        "command": "move",
        "game": "g",
        "guild": "8",
        "duration": 12,
    }
    log.info("moved", extra={**extra, "ply": 3})
    (line,) = lines("milena")
    assert extra.items() <= line.items()
    assert line["extra"] == {"ply": 3}
    assert {"time", "level", "logger", "message", "process", "thread"} <= set(line)


@pytest.mark.usefixtures("logged")
def test_dependencies_warnings_and_threads_that_end_are_logged_too(lines: Lines) -> None:
    logging.getLogger("asyncio").info("slow")
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    thread = threading.Thread(target=lambda: 1 / 0, name="worker")
    thread.start()
    thread.join()
    first, second, third = [line["message"] for line in lines("milena")]
    assert first == "slow"
    assert "DeprecationWarning: old" in second
    assert third == "the thread worker ended with an error"


class Unshowable:
    def __str__(self) -> str:
        raise RuntimeError("not today")

    __repr__ = __str__


class Talkative:
    def __str__(self) -> str:
        log.info("from within")
        return "outside"


@pytest.mark.usefixtures("logged")
def test_what_can_not_be_shown_costs_its_own_line_at_most(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [each for each in logging.root.handlers if type(each).__module__.startswith("milena.")]
    monkeypatch.setattr(logging.root, "handlers", ours)  # those of pytest's raise
    log.info("one %s", Unshowable(), extra={"it": Unshowable(), "game": Unshowable()})
    log.info("two %d", "no number")
    log.info(
        "three", extra={"deep": {"a": [Unshowable(), {1: "\ud800"}]}, "nan": float("nan"), "big": 10**400}
    )
    log.info("four %s", Talkative())
    log.error("five", exc_info=(RuntimeError, None, None))  # type: ignore[arg-type]
    said = [line["message"] for line in lines("milena")]
    assert said == [
        "one %s (RuntimeError in its arguments)", "two %d (TypeError in its arguments)", "three",
        "from within", "four outside", "five",
    ]  # fmt: skip


@pytest.mark.usefixtures("logged")
def test_an_error_that_is_no_bug_is_logged_without_its_stack(lines: Lines) -> None:
    try:
        raise OSError("full")
    except OSError as error:
        log.error("it has to wait", extra={"error": error})
        log.error("it failed", exc_info=error)
    first, second = [line["error"] for line in lines("errors")]
    assert first == {"type": "OSError", "message": "full"}
    assert 'raise OSError("full")' in second["stack"]


def test_a_bug_that_ends_the_process_is_recorded_and_a_users_mistake_is_not(
    tmp_path: Path, lines: Lines
) -> None:
    from milena.domain.refusal import Refused
    from milena.ops.errors_db import groups

    for error in (KeyError("bug"), Refused("no", "No."), KeyboardInterrupt()):
        with pytest.raises(type(error)), logs.begin(tmp_path):
            raise error
    assert [group.type for group in groups(tmp_path / "errors.db")] == ["KeyError"]


def test_all_is_as_before_when_it_is_over(tmp_path: Path) -> None:
    before = logging.root.level, list(logging.root.handlers), threading.excepthook
    with logs.begin(tmp_path):
        assert logging.root.handlers != before[1]
    assert (logging.root.level, list(logging.root.handlers), threading.excepthook) == before


SECRETS = st.one_of(bot_tokens, webhook_tokens.map(lambda token: f"/webhooks/8/{token}"), interaction_tokens)


@settings(max_examples=25)
@given(SECRETS, st.text("abcdefgh", min_size=8, max_size=8))
def test_no_file_and_no_line_on_the_terminal_has_a_secret(
    tmp_path_factory: pytest.TempPathFactory, secret: str, password: str
) -> None:
    folder, shown = tmp_path_factory.mktemp("data"), []
    environment = {"DISCORD_TOKEN": secret.rpartition("/")[2], "MILENA_WEB_PASSWORD": f"pass{password}"}
    own = sys.stderr
    sys.stderr = type(
        "Terminal", (), {"write": shown.append, "flush": lambda *_: None, "isatty": lambda: True}
    )
    try:
        with logs.begin(folder, shows="debug", environment=environment):
            log.info("asking %s with pass%s", secret, password)
            log.warning(secret)
            log.debug(
                "x", extra={"url": f"https://discord.com/api{secret}", "list": [{"a": secret}], secret: 1}
            )
            try:
                raise ConnectionError(f"POST {secret} failed, pass{password}") from KeyError(secret)
            except ConnectionError as error:
                log.exception(
                    "failed: %s", error, extra={"told": secret, "headers": {"Authorization": secret}}
                )
            logging.getLogger(f"http.{secret}").error("no", extra={"error": ValueError(secret)})
    finally:
        sys.stderr = own
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {"errors.db", "milena.jsonl", "debug.jsonl", "errors.jsonl"} <= {file.name for file in files}
    for text in (*(file.read_bytes().decode(errors="replace") for file in files), "".join(shown)):
        assert [trace for trace in traces(secret) if trace in text] == []
        assert f"pass{password}" not in text
