"""A terminal: the board is drawn anew for each turn, and moves are typed, with completion, below it.

Where only one of keyboard and output is a terminal, lines are read as they come and nothing is erased.
"""

import getpass
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from milena import telling
from milena.domain.view import Tone
from milena.telling import Name
from milena.terminal.board import STYLES, draw, fit, lines, tall
from milena.terminal.clock import now
from milena.terminal.front import Scene
from milena.terminal.prompt import read_move, toolbar

SEAT_TONES: tuple[Tone, ...] = ("first", "second", "accent", "good")
RECENT = 72
"""Columns for the last plies."""
INDENT = 2
FIXED = 3
"""Lines that are always there beside the players, the board and what is told: title, prompt, tools."""
EXTRAS = 3
"""Lines for what somebody asks, a blank one, and the last plies."""
LONGEST_LINE = 1 << 16
UNREADABLE = "\ufffd"


class Screen:
    """A :class:`milena.terminal.front.Front` over the terminal that this process runs in."""

    def __init__(self, console: Console, name: Name) -> None:
        self.console = console
        self._name = name
        self._note = Text()
        self._draft: tuple[int, str] = (-1, "")
        """What a seat was typing when the game went on."""

    # ------------------------------------------------------------------------------------- showing

    def show(self, scene: Scene) -> None:
        """What matters least is left out where the screen is too low for all of it."""
        if self.console.is_terminal:
            self.console.clear()
        asking, note, self._note = Text(), self._note, Text()
        if scene.asking:
            asking = Text(f"   {scene.asking} (accept or decline)", STYLES["accent"])
        above = header(scene.title, scene.history.game.key, wide=self.console.is_terminal), seats(scene)
        board, spare = draw(scene.view, lines(self.console)), EXTRAS
        if self.console.is_terminal:
            width = self.console.width - 2 * INDENT
            taken = FIXED + tall(above[1], width) + bool(asking) + (tall(note, width) if note else 0)
            board = fit(scene.view, lines(self.console), self.console.height - taken - 1, width)
            spare = self.console.height - taken - tall(board, width)
        self.console.print(*above, sep="\n")
        if asking or spare >= EXTRAS:
            self.console.print(asking)
        self._indented(board)
        if spare >= EXTRAS - 1:
            self.console.print()
        if spare > 0:
            self.console.print(Text(" " * INDENT + last_plies(scene, self._name), "dim"))
        if note:
            self._indented(note)

    def _indented(self, text: Text) -> None:
        for line in text.split("\n", allow_blank=True):
            for part in line.wrap(self.console, self.console.width - 2 * INDENT) or [line]:
                self.console.print(Text(" " * INDENT) + part)

    def say(self, text: str) -> None:
        self._note = Text(text)

    def refuse(self, sentence: str) -> None:
        self._note = Text(sentence, STYLES["bad"])

    # ---------------------------------------------------------------------------------------- keys

    def ask(self, scene: Scene, hidden: bool) -> str | None:
        self.show(scene)
        seat = scene.seat
        assert seat is not None, "somebody is asked"
        prompt = f"{' ' * INDENT}{label(scene, seat).plain} › "
        try:
            if hidden:
                return self._ask_unseen(prompt, scene.view.choices)
            if self.console.is_terminal and sys.stdin.isatty():
                return self._ask_live(prompt, scene)
            self.console.print(Text(prompt), end="")
            return sys.stdin.buffer.readline(LONGEST_LINE).decode(errors="replace") or None
        except (KeyboardInterrupt, EOFError):
            return None

    def _ask_live(self, prompt: str, scene: Scene) -> str:
        """A line typed at the terminal, below which the clocks run; empty where the game went on. What was
        half typed then is there again when the same seat is asked next."""
        (seat, text), self._draft = self._draft, (-1, "")
        line, overtaken = read_move(
            prompt,
            scene.view.choices,
            lambda: toolbar(scene, now(), self.console.width),
            scene.history.overtaken,
            text if seat == scene.seat else "",
        )
        if not overtaken:
            return line
        self._draft = (-1 if scene.seat is None else scene.seat, line)
        return ""

    def _ask_unseen(self, prompt: str, choices: Iterable[str]) -> str:
        """Nothing is echoed, not even how long it is: rock and scissors would be told apart."""
        self._indented(Text(f"Unseen while you type: {', '.join(choices)}", "dim"))
        try:
            return getpass.getpass(prompt)
        except UnicodeDecodeError:
            return UNREADABLE

    def close(self, scene: Scene) -> None:
        self.show(scene)

    def hand_over(self, name: str) -> None:
        if self.console.is_terminal:
            self.console.clear()
        self.console.print(Text(f"\n  The keyboard is {name}'s now; the others look away."))
        self.console.print(Text("  Press Enter to see your side. ", "dim"), end="")
        if not sys.stdin.readline():
            raise EOFError


def header(title: str, key: str, wide: bool) -> Table:
    """The game's title on the left, its id on the right; at the edge of the screen where ``wide``."""
    table = Table.grid(expand=wide, padding=(0, 1))
    table.add_column()
    table.add_column(justify="right")
    table.add_row(Text(f" {title}", "bold"), Text(f"game {key} ", "dim"))
    return table


def seats(scene: Scene) -> Text:
    """Who plays, with their marks, and an arrow at those who may move."""
    text = Text()
    for seat in range(len(scene.players)):
        moves = seat == scene.seat if scene.seat in scene.actors else seat in scene.actors
        text.append(" ▸ " if moves else "   ").append(label(scene, seat))
    return text


def label(scene: Scene, seat: int) -> Text:
    """A name, in the colour of the seat, with its mark."""
    mark = f" {scene.marks[seat]}" if seat < len(scene.marks) else ""
    return Text(scene.players[seat] + mark, STYLES[SEAT_TONES[seat % len(SEAT_TONES)]])


def last_plies(scene: Scene, name: Name) -> str:
    """As many of the last plies as fit in one line; chance is left out, one sees what it brought."""
    told: list[str] = []
    for ply in reversed(scene.history.plies[1:]):
        if ply.acts[0].kind == "chance":
            continue
        line = telling.ply(scene.history, ply, name)
        if sum(len(each) + 3 for each in told) + len(line) > RECENT:
            break
        told.insert(0, line)
    return " · ".join(told)
