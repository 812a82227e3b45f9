"""A package that breaks Milena, as it lies in site-packages: what the file of MILENA_BREAKS names raises, as
long as it stands there. ``run``: every command; ``show``: what every command shows; ``rules``: a move of
tic-tac-toe; ``act``: what is done to members on Discord."""

from pathlib import Path

MODULE = """
import os
from pathlib import Path

from msgspec import Struct
from msgspec.structs import force_setattr

from milena.commands import _own
from milena.domain.command import Command
from milena.games.tictactoe import TicTacToe


def breaking(what, good):
    def bad(*given, **named):
        if what in Path(os.environ["MILENA_BREAKS"]).read_text().split():
            raise ZeroDivisionError("the divisor is nought")
        return good(*given, **named)

    return bad


for command in _own().values():
    force_setattr(command, "run", breaking("run", command.run))
    if command.show is not None:
        force_setattr(command, "show", breaking("show", command.show))
TicTacToe.play = breaking("rules", TicTacToe.play)
try:
    from milena.discord.acts import Acts
except ImportError:
    pass
else:
    Acts._act = breaking("act", Acts._act)


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


nothing = Command("nothing", "fun", "Do nothing.", Options, lambda desk, options: {})
"""


class Breaks:
    """The package in ``folder``; ``breaks("run")`` from now on, ``breaks()`` nothing any more."""

    def __init__(self, folder: Path) -> None:
        info, self._file = folder / "breaking-1.0.dist-info", folder / "breaks"
        info.mkdir(parents=True)
        (folder / "breaking_of_tests.py").write_text(MODULE)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: breaking\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[milena.commands]\nnothing = breaking_of_tests:nothing\n")
        self.environment = {"PYTHONPATH": str(folder), "MILENA_BREAKS": str(self._file)}
        self()

    def __call__(self, *what: str) -> None:
        self._file.write_text(" ".join(what))
