"""Ctrl-C where there is nothing to put in order: while Milena is imported, and when she has done her work."""

import subprocess
import sys
import time
from pathlib import Path
from random import uniform
from signal import SIGINT

import pytest

PROCESSES = [
    ("milena", "milena.cli", ["config", "show"], 0),
    ("milena.discord", "milena.home", ["data", "info"], 2),  # there is no token
]
"""Module that is run, what it imports first, arguments, and the exit status of who is left alone."""

TELLS_ITS_FIRST_IMPORT = """
class Tells:
    def find_spec(self, name, path, target=None):
        if name == {first!r}:
            print("importing", flush=True)
sys.meta_path.insert(0, Tells())
"""
IS_INTERRUPTED_AT_THE_END = """
atexit.register(lambda: (print("at the end", flush=True), os.kill(os.getpid(), signal.SIGINT)))
"""


def start(tmp_path: Path, code: str, module: str, arguments: list[str]) -> "subprocess.Popen[str]":
    lines = [
        "import atexit, os, runpy, signal, sys",
        code,
        f"sys.argv = {['milena', *arguments]!r}",
        f"runpy.run_module({module!r}, run_name='__main__', alter_sys=True)",
    ]
    return subprocess.Popen(
        [sys.executable, "-P", "-c", "\n".join(lines)],
        cwd=tmp_path,
        env={"MILENA_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("module", "first", "arguments", "_status"), PROCESSES)
def test_at_the_start(tmp_path: Path, module: str, first: str, arguments: list[str], _status: int) -> None:
    code = TELLS_ITS_FIRST_IMPORT.format(first=first)
    for patience in (0.0, 0.02, 0.05, *(uniform(0.0, 0.6) for _ in range(3))):
        process = start(tmp_path, code, module, arguments)
        assert process.stdout is not None
        assert process.stdout.readline() == "importing\n"
        time.sleep(patience)
        process.send_signal(SIGINT)
        _, said = process.communicate(timeout=60)
        assert "Traceback" not in said
        assert process.returncode in (-SIGINT, 130, _status), said
        if patience == 0:
            assert (process.returncode, said) == (-SIGINT, "")


@pytest.mark.parametrize(("module", "_first", "arguments", "status"), PROCESSES)
def test_at_the_end(tmp_path: Path, module: str, _first: str, arguments: list[str], status: int) -> None:
    alone = start(tmp_path, "", module, arguments)
    told, said = alone.communicate(timeout=60)
    assert alone.returncode == status
    process = start(tmp_path, IS_INTERRUPTED_AT_THE_END, module, arguments)
    assert process.communicate(timeout=60) == (told + "at the end\n", said)
    assert process.returncode == -SIGINT


def test_whoever_ignores_it_goes_on_doing_so(tmp_path: Path) -> None:
    """As all do that a shell has started in the background."""
    ignores = "signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + IS_INTERRUPTED_AT_THE_END
    process = start(tmp_path, ignores, "milena", ["config", "show"])
    process.communicate(timeout=60)
    assert process.returncode == 0
