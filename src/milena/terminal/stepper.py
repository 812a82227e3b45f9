"""Stepping through a recorded game with the arrow keys, on the whole screen."""

from io import StringIO

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from rich.console import Console
from rich.table import Table
from rich.text import Text

from milena import telling
from milena.replay.history import History, Ply
from milena.telling import Name
from milena.terminal.board import STYLES, draw, lines
from milena.terminal.clock import local
from milena.terminal.record import seats_line
from milena.terminal.screen import SEAT_TONES

KEYS = "← → one ply   ↑ ↓ ten   Home End   q leaves"
FRAME_HEIGHT = 4
"""Lines that are not the board: the heading, a blank one, the result, the keys."""
BOARD_WIDTH = 40
LIST_WIDTH = 14
"""Columns that the plies need beside the board; where there are fewer, they are left out."""
GAP = 3


class Stepper:
    """Shows one ply of ``history`` at a time. ``console`` tells what the terminal can show."""

    def __init__(self, history: History, name: Name, console: Console, start: int) -> None:
        self.history = history
        self.name = name
        self.console = console
        self.at = start

    def run(self) -> None:
        """Until the user leaves."""
        control = FormattedTextControl(self._frame, show_cursor=False)
        application: Application[None] = Application(
            layout=Layout(Window(control, wrap_lines=False)), key_bindings=self._keys(), full_screen=True
        )
        application.ttimeoutlen = 0.1  # how long Escape waits for the rest of an arrow key
        application.run()

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        last = len(self.history.plies) - 1
        steps = {
            "right": 1, "l": 1, "space": 1, "left": -1, "h": -1, "backspace": -1,
            "down": 10, "pagedown": 10, "up": -10, "pageup": -10, "home": -last, "end": last,
        }  # fmt: skip
        for key, step in steps.items():

            @keys.add(key)
            def _move(event: KeyPressEvent, step: int = step) -> None:
                self.at = min(last, max(0, self.at + step))

        for key in ("q", "escape", "c-c", "c-d"):
            keys.add(key)(lambda event: event.app.exit())
        keys.add("c-z")(lambda event: event.app.suspend_to_background())
        return keys

    def _frame(self) -> ANSI:
        size = get_app().output.get_size()
        out = StringIO()
        console = Console(
            file=out,
            force_terminal=True,
            width=size.columns,
            color_system=self.console.color_system,  # type: ignore[arg-type]  # what it reports, it takes
            no_color=self.console.no_color,
            highlight=False,
        )
        self._draw(console, size.rows)
        return ANSI(out.getvalue().rstrip("\n"))

    def _draw(self, console: Console, height: int) -> None:
        """One screen: who and what above, the board on the left, the plies on the right, keys below."""
        ply = self.history.plies[self.at]
        last = len(self.history.plies) - 1
        rows = max(3, height - FRAME_HEIGHT)
        view = telling.with_names(self.history.view(ply), telling.players(ply.game, self.name))
        board = draw(view, lines(self.console))
        console.print(heading(self.history, self.name))
        console.print(Text())
        wide = max(BOARD_WIDTH, *(line.cell_len for line in board.split("\n")))
        room = console.width - wide - 2 * GAP
        body = Table.grid(padding=(0, GAP))
        body.add_column(width=wide, no_wrap=True)
        if room >= LIST_WIDTH:
            body.add_column(width=room)
            body.add_row(board, self._list(rows))
        else:
            body.add_row(board)
        cut = console.render_lines(body)[:rows]
        for line in cut:
            console.print(Text.assemble("  ", *((part.text, part.style or "") for part in line)))
        for _ in range(rows - len(cut)):
            console.print()
        at_end = self.at == last
        said = telling.result(self.history.game, self.name) if at_end and self.history.ended else ""
        console.print(Text(f"  {said}", "bold"))
        when = f"{local(ply.time):%H:%M:%S}"
        console.print(Text(f"  ply {ply.number} of {last}  {when}   {KEYS}", "dim"))

    def _list(self, rows: int) -> Text:
        """The plies around this one, which is marked."""
        plies = self.history.plies
        first = max(0, min(self.at - rows // 2, len(plies) - rows))
        text = Text(no_wrap=True, overflow="ellipsis")
        for ply in plies[first : first + rows]:
            here = ply is plies[self.at]
            line = telling.ply(self.history, ply, self.name)
            style = "reverse" if here else tone(ply)
            text.append(("▸ " if here else "  ") + line + "\n", style)
        return text


def heading(history: History, name: Name) -> Text:
    text = Text(f"  {telling.title(history.games, history.game)}", "bold")
    text.append(f"  {history.game.key}   ", "not bold dim")
    return text.append_text(seats_line(history, name))


def tone(ply: Ply) -> str:
    """The colour of whoever moved."""
    seat = ply.acts[0].seat if ply.acts else None
    return "dim" if seat is None else STYLES[SEAT_TONES[seat % len(SEAT_TONES)]]
