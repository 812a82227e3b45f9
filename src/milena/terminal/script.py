"""Moves from a file or a pipe, one a line. Each ply is told in one line, and the board at the end.

Blank lines, and lines that begin with ``#``, mean nothing. What is not legal stops the script.
"""

import codecs
from typing import BinaryIO

from rich.console import Console
from rich.text import Text

from milena import telling
from milena.domain.refusal import Refused
from milena.replay.history import History
from milena.telling import Name
from milena.terminal.board import draw, lines
from milena.terminal.front import Scene

LONGEST_LINE = 1 << 16
"""Bytes; a line is cut there, and what is cut is far too long for a move."""


class Script:
    """A :class:`milena.terminal.front.Front` over the lines of ``file``."""

    def __init__(self, file: BinaryIO, console: Console, name: Name, told: int = 0) -> None:
        """``told``: this many plies are known already and not told again."""
        self.console = console
        self.line = 0
        self._file = file
        self._name = name
        self._told = told

    def show(self, scene: Scene) -> None:
        for ply in scene.history.plies[1:]:
            if ply.number > self._told:
                self._told = ply.number
                self._print(Text(telling.ply(scene.history, ply, self._name)))

    def ask(self, scene: Scene, hidden: bool) -> str | None:
        self.show(scene)
        return self.read()

    def read(self) -> str | None:
        """The next line that says something; None at the end."""
        while data := self._file.readline(LONGEST_LINE):
            if not data.endswith(b"\n"):
                while (rest := self._file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
            self.line += 1
            text = data.removeprefix(codecs.BOM_UTF8).decode(errors="surrogateescape").strip()
            if text and not text.startswith("#"):
                return text
        return None

    def hand_over(self, name: str) -> None:
        pass

    def close(self, scene: Scene) -> None:
        self.show(scene)
        self._print(draw(scene.view, lines(self.console)))

    def finish(self, history: History, name: Name) -> None:
        """Refuse a line that comes when the game is over."""
        if history.ended and self.read() is not None:
            self.refuse(f"This game is over: {telling.result(history.game, name)}")

    def say(self, text: str) -> None:
        self._print(Text(text))

    def refuse(self, sentence: str) -> None:
        raise Refused("script", f"line {self.line}: {sentence}")

    def _print(self, text: Text) -> None:
        self.console.print(text, soft_wrap=True)
