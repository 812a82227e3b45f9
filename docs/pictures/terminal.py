"""What a terminal shows, as SVG: ``tmux capture-pane -e -p | python docs/pictures/terminal.py play.svg``."""

import re
import sys
from io import StringIO

from rich.console import Console
from rich.text import Text

COLUMNS = 80
FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Letters that would be fetched from elsewhere; those of the reader's machine will do."""


def picture(shown: str) -> str:
    """An SVG of lines with the escapes of a terminal."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    bright = shown.replace("\x1b[1m", "\x1b[22;1m")  # what is bold is not faint, for tmux
    console.print(Text.from_ansi(bright.rstrip("\n")))
    return FONT.sub("", console.export_svg(title="milena play othello --with bot", unique_id="milena"))


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(picture(sys.stdin.read()))
