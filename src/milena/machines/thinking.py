"""Thinking: a machine chooses its move in a process of its own.

The process is told what the machine's seat may see of the board, and answers with a move: what it was not
told it can't see. The interpreter's lock is not shared with it, so the engine and the event loop run on as
before (docs/decisions/0007), and one that thinks for too long, or breaks down, is replaced by a new one.

    python -m milena.machines.thinking    # questions on standard input, replies on standard output
"""

import os
import queue
import subprocess
import sys
import threading
import time
import traceback
from typing import Any

import msgspec
from msgspec import Raw, Struct

from milena import games, opponents
from milena.domain.refusal import Refused
from milena.domain.rules import Rules

NICE = 10
"""Whoever answers people goes first."""
READY = b"ready\n"


class TooSlow(Exception):
    """A machine used up the time for its move."""


class BrokenDown(Exception):
    """A machine, or the rules that it asked, have a bug: the traceback."""


class Closed(Exception):
    """There is no more thinking here."""


class Question(Struct, frozen=True):
    """``state`` is hidden for ``seat``, as JSON; ``rules`` is the version that the game began with."""

    machine: str
    game: str
    rules: int
    seat: int
    state: Raw


class Reply(Struct, frozen=True, omit_defaults=True):
    """A move; or why there is none: ``code`` and ``sentence`` of a refusal, or the traceback of a bug."""

    move: str = ""
    code: str = ""
    sentence: str = ""
    bug: str = ""


def question(machine: str, rules: Rules[Any, Any], board: Any, seat: int) -> Question:
    """What to ask a machine about a board of which it must see no more than ``seat`` may."""
    hidden = rules.hide(board, seat)
    return Question(machine, rules.name, rules.version, seat, Raw(msgspec.json.encode(hidden)))


class Thinker:
    """The process, which starts with the first question. For one thread at a time, but for :meth:`close`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()

    def choose(self, question: Question, seconds: float) -> str:
        """The move. Raises Refused where the machine knows none, TooSlow, BrokenDown or Closed."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        until = time.monotonic() + seconds
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            process.stdin.write(msgspec.json.encode(question) + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self._end()
            if self._closed:
                raise Closed
            if time.monotonic() >= until:
                raise TooSlow(f"{question.machine} found no move in {seconds:.1f} seconds.")
            raise BrokenDown(f"the process in which {question.machine} thought has ended")
        reply = msgspec.json.decode(line, type=Reply)
        if reply.bug:
            raise BrokenDown(reply.bug)
        if reply.code:
            raise Refused(reply.code, reply.sentence)
        return reply.move

    @property
    def process(self) -> int | None:
        """Its id; None where it does not run. For any thread."""
        process = self._process
        return None if process is None else process.pid

    def __enter__(self) -> "Thinker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it, whatever it thinks about. For any thread."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._closed:
                raise Closed
            process = self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,  # a Ctrl-C is for whoever asks
            )
        assert process.stdout is not None
        if process.stdout.readline() != READY:
            self._end()
            if self._closed:
                raise Closed
            raise BrokenDown("the process in which machines think does not start")
        return process

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


# ----------------------------------------------------------------------------------------- the process


def main() -> None:
    # What rules print must not get among the replies.
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    os.nice(NICE)
    replies.write(READY)
    questions: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=[questions], daemon=True).start()
    while True:
        replies.write(msgspec.json.encode(answer(questions.get())) + b"\n")


def _listen(questions: "queue.SimpleQueue[bytes]") -> None:
    """Nobody asks any more: end at once, in the middle of a thought too."""
    for line in sys.stdin.buffer:
        questions.put(line)
    os._exit(0)


def answer(line: bytes) -> Reply:
    try:
        asked = msgspec.json.decode(line, type=Question)
        rules = games.load(asked.game).at(asked.rules)
        state = msgspec.json.decode(asked.state, type=rules.state_type)
        return Reply(opponents.load(asked.machine)().choose(rules, state, asked.seat))
    except Refused as refusal:
        return Reply(code=refusal.code, sentence=refusal.sentence)
    except Exception:  # whatever it is, whoever asked has to know
        return Reply(bug=traceback.format_exc())


if __name__ == "__main__":
    main()
