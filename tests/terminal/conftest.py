"""A terminal of 80 columns and 24 lines with Milena in it: real keys in, and what the screen shows."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest
from forking import Forked, Forks

PATIENCE = 60.0
"""Seconds until something that should show on the screen is missed."""
KEYS = {
    "Enter": "\r", "Tab": "\t", "Ctrl-C": "\x03", "Ctrl-D": "\x04", "Ctrl-Z": "\x1a", "Escape": "\x1b",
    "Up": "\x1b[A", "Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D", "Home": "\x1b[H", "End": "\x1b[F",
}  # fmt: skip


class AnsweringScreen(pyte.Screen):
    """A screen that tells where its cursor is when asked, as terminals do."""

    answer: Callable[[str], None]

    def write_process_input(self, data: str) -> None:
        self.answer(data)


class Terminal:
    """``milena ARGUMENTS`` in a terminal of its own; a new Python where there are no ``forks``."""

    def __init__(
        self,
        forks: Forks | None,
        arguments: tuple[str, ...],
        env: dict[str, str],
        rows: int = 24,
        columns: int = 80,
    ) -> None:
        self.screen = AnsweringScreen(columns, rows)
        self.screen.answer = self.send
        self.raw = ""
        self._stream = pyte.Stream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process: Forked | subprocess.Popen[bytes]
        if forks is not None:
            self.process = forks.start(*arguments, env=env, streams=(slave, slave, slave), terminal=True)
        else:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "milena", *arguments],
                env=env,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            )
        os.close(slave)

    @property
    def lines(self) -> list[str]:
        """What the screen shows, without blanks at the ends."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def send(self, text: str) -> None:
        os.write(self._master, text.encode())

    def type(self, *keys: str) -> None:
        """Press keys: text, or the name of a key."""
        for key in keys:
            self.send(KEYS.get(key, key))

    def wait_for(self, text: str) -> None:
        """Until the screen shows ``text``."""
        self._read_until(lambda: text in self.text, f"{text!r} never showed")

    def wait_until_gone(self, text: str) -> None:
        self._read_until(lambda: text not in self.text, f"{text!r} never went")

    def status(self) -> int:
        """The exit status of the process, when it has ended."""
        self._read_until(lambda: self.process.poll() is not None, "it never ended")
        self.read_on()
        assert self.process.returncode is not None
        return self.process.returncode

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        os.close(self._master)

    def _read_until(self, condition: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{otherwise}; the screen shows:\n{self.text}"
            self.read_on(0.05)

    def read_on(self, seconds: float = 0.1) -> None:
        """Take in what the process writes, until it has been silent for this long."""
        while select.select([self._master], [], [], seconds)[0]:
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:  # the process has closed its side
                return
            text = data.decode(errors="replace")
            self.raw += text
            self._stream.feed(text)


Open = Callable[..., Terminal]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def terminal(data: Path, forks: Forks) -> Iterator[Open]:
    """``terminal("play", "tictactoe")`` starts that in a new terminal, on the data directory of this test."""
    opened: list[Terminal] = []

    def start(*arguments: str, env: dict[str, str] | None = None) -> Terminal:
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("MILENA_") and name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
        }
        clean |= {"TERM": "xterm-256color", "MILENA_DATA": str(data)} | (env or {})
        cold = "PYTHONPATH" in (env or {})
        opened.append(Terminal(None if cold else forks, arguments, clean))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def play(data: Path, forks: Forks) -> Callable[..., str]:
    """``play("tictactoe", "ann", "bob", moves="5 1 9")`` plays a script and gives the id of the game."""

    def run(*arguments: str, moves: str) -> str:
        typed, env = "\n".join(moves.split()), os.environ | {"MILENA_DATA": str(data)}
        done = forks.run("play", *arguments, "--moves", "-", env=env, input=typed)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()[1]

    return run
