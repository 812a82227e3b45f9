"""A long job shows how far it is, where somebody watches."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from milena.home import Home

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(home: Home) -> Path:
    """A log that is long enough to be told about."""
    with home.store.transaction() as transaction:
        transaction.append(
            ("member:t:ann", n, "command.invoked", "{}", 0, "ann", "t", f"i{n}", None, f"i{n}")
            for n in range(1, 5001)
        )
    return home.path


def test_a_bar_is_drawn_on_a_terminal(data: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "milena", "export", str(tmp_path / "log.jsonl"), "--data", str(data)]

    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, timeout=60)

    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "Exporting" in shown
    assert done.stdout.startswith(b"Exported 5000 events")


def test_nothing_is_drawn_where_nobody_watches(milena: Run, data: Path, tmp_path: Path) -> None:
    done = milena("export", str(tmp_path / "log.jsonl"), data=data)

    assert (done.returncode, done.stderr) == (0, "")
