"""A terminal: the board is drawn anew for each turn, and moves are typed, with completion, below it.

Where only one of keyboard and output is a terminal, lines are read as they come and nothing is erased.
"""

import asyncio
import getpass
import sys
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from milena.domain.view import Tone
from milena.terminal import telling
from milena.terminal.board import STYLES, draw, lines
from milena.terminal.clock import countdown, now
from milena.terminal.front import Scene
from milena.terminal.telling import Name

SEAT_TONES: tuple[Tone, ...] = ("first", "second", "accent", "good")
RECENT = 72
"""Columns for the last plies."""
INDENT = 2
MENU = 3
"""Lines below the prompt for the moves that Tab lists."""
LONGEST_HINT = 52
LONGEST_LINE = 1 << 16
UNREADABLE = "\ufffd"
TOOLS = " ?: help   Tab: moves   resign   draw   takeback   quit or Ctrl-C: go on later"
TICK = 0.5
"""Seconds between two looks at the clocks, and at what others do."""


class Screen:
    """A :class:`milena.terminal.front.Front` over the terminal that this process runs in."""

    def __init__(self, console: Console, name: Name) -> None:
        self.console = console
        self._name = name
        self._note = Text()

    # ------------------------------------------------------------------------------------- showing

    def show(self, scene: Scene) -> None:
        if self.console.is_terminal:
            self.console.clear()
        self.console.print(header(scene.title, scene.history.game.key, wide=self.console.is_terminal))
        self.console.print(seats(scene))
        self.console.print(Text(f"   {scene.asking}" if scene.asking else "", STYLES["accent"]))
        self._indented(draw(scene.view, lines(self.console)))
        recent = last_plies(scene, self._name)
        self.console.print()
        self.console.print(Text(" " * INDENT + recent, "dim"))
        if self._note:
            self._indented(self._note)
            self._note = Text()

    def _indented(self, text: Text) -> None:
        for line in text.split("\n", allow_blank=True):
            self.console.print(Text(" " * INDENT) + line)

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
        """A line typed at the terminal, below which the clocks run; empty where the game went on."""
        bar = TOOLS if scene.history.game.clock is None else ""
        return read_move(
            prompt,
            scene.view.choices,
            lambda: bar or f" {clocks(scene, now())}   ?: help   quit or Ctrl-C: go on later",
            scene.history.overtaken,
        )

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


def clocks(scene: Scene, now: int) -> str:
    """The time that each player has left: ``ann 4:05, bob 5:00``."""
    found = scene.history.game.clocks
    if found is None:
        return ""
    left = (found.remaining(seat, now) for seat in range(len(found.ends)))
    named = zip(scene.players, found.since, left, strict=True)
    return ", ".join(f"{who} {countdown(ms)}" for who, since, ms in named if since or ms)


def last_plies(scene: Scene, name: Name) -> str:
    """As many of the last plies as fit in one line; chance is left out, one sees what it brought."""
    told: list[str] = []
    for ply in reversed(scene.history.plies[1:]):
        if ply.acts[0].player is None:
            continue
        line = telling.ply(scene.history, ply, name)
        if sum(len(each) + 3 for each in told) + len(line) > RECENT:
            break
        told.insert(0, line)
    return " · ".join(told)


def read_move(
    prompt: str, choices: Iterable[str], toolbar: Callable[[], str], overtaken: Callable[[], bool]
) -> str:
    """A line typed at the terminal; empty as soon as it is ``overtaken``. Raises KeyboardInterrupt or
    EOFError on Ctrl-C or Ctrl-D."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.application import get_app
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.shortcuts import CompleteStyle

    moves = list(choices)
    hint = ", ".join(moves)
    session: PromptSession[str] = PromptSession(
        completer=WordCompleter(moves, sentence=True),
        complete_while_typing=False,
        complete_style=CompleteStyle.MULTI_COLUMN,
        reserve_space_for_menu=MENU,
        placeholder=FormattedText([("#888888", hint if len(hint) <= LONGEST_HINT else "")]),
        bottom_toolbar=toolbar,
        refresh_interval=TICK,
    )

    async def watch() -> None:
        while not overtaken():
            await asyncio.sleep(TICK)
        get_app().exit(result="")

    def begin() -> None:
        get_app().create_background_task(watch())

    return session.prompt([("bold", prompt)], pre_run=begin)
