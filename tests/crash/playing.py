"""Starting player.py as a process of its own, and reading what it said."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from forking import Forks

PLAYER = Path(__file__).with_name("player.py")
PATIENCE = 60
"""Seconds after which a process that does not do what it should is given up."""


class Said(NamedTuple):
    """What a player asked, and the answers that it heard of."""

    asked: list[dict[str, Any]]
    answers: list[dict[str, Any]]

    @property
    def unanswered(self) -> list[dict[str, Any]]:
        answered = {answer["invocation"] for answer in self.answers}
        return [invocation for invocation in self.asked if invocation["id"] not in answered]


class Player:
    """A running player.py; what it says goes to a file beside the data directory."""

    def __init__(
        self, forks: Forks, data: Path, seed: str, unanswered: Sequence[dict[str, Any]] = ()
    ) -> None:
        self.output = data.with_name(f"{data.name}.said")
        self.errors = data.with_name(f"{data.name}.errors")
        questions = data.with_name(f"{data.name}.questions")
        questions.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in unanswered))
        with questions.open("rb") as stdin, self.output.open("wb") as out, self.errors.open("wb") as err:
            streams = (stdin.fileno(), out.fileno(), err.fileno())
            self.process = forks.start(str(data), seed, script=PLAYER, streams=streams)

    def wait_for_answers(self, number: int = 1) -> None:
        """Until so many answers were heard."""
        deadline = time.monotonic() + PATIENCE
        while self.output.read_bytes().count(b'{"answered"') < number:
            assert self.process.poll() is None, self.errors.read_text()
            assert time.monotonic() < deadline, "the player does nothing"
            time.sleep(0.002)

    def stop(self, signal: int) -> int:
        """Send ``signal``, wait for the end; returns the exit status (minus the signal that killed it)."""
        self.process.send_signal(signal)
        return self.process.wait(PATIENCE)

    def said(self) -> Said:
        said = Said([], [])
        for line in self.output.read_bytes().splitlines(keepends=True):
            if line.endswith(b"\n"):
                told = msgspec.json.decode(line)
                said.asked.extend(told[what] for what in told if what == "asked")
                said.answers.extend(told[what] for what in told if what == "answered")
        return said
