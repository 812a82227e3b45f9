"""The log of a bot that runs, read beside it: what is true, whatever Discord shows."""

from pathlib import Path
from types import TracebackType

from standin import Message, StandIn

from milena.aggregates import BOARDS, GAMES
from milena.discord import drawing
from milena.discord.guilds import Guilds
from milena.discord.people import People
from milena.domain.board import Board
from milena.domain.member import CommandInvoked
from milena.home import Home
from milena.replay.history import History
from milena.store import Envelope


class Log:
    """Of the data directory ``path``, which is there; ``with Log(path, discord) as log``."""

    def __init__(self, path: Path, discord: StandIn) -> None:
        self.home, self.discord = Home(path), discord
        self._people = People(self.home.vault, Guilds())
        self._names = drawing.People(self.home.vault.name, self._people.discord)
        self._histories: dict[str, History] = {}
        self._drawn: dict[str, tuple[int, drawing.Message]] = {}

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.home.close()

    def opened(self, place: str) -> list[str]:
        """The ids of the games that were opened there, the oldest first."""
        sql = "SELECT stream FROM events WHERE tag = 'game.opened' AND place = ? ORDER BY position"
        return [stream.removeprefix("game:") for (stream,) in self.home.store.rows(sql, (place,))]

    def history(self, game: str) -> History:
        """The game as it stands."""
        if game not in self._histories:
            self._histories[game] = History(self.home.store, GAMES, game)
        history = self._histories[game]
        history.catch_up()
        assert not history.problem
        return history

    def tags(self, game: str) -> list[str]:
        """Of what happened to it."""
        return [each.tag for each in self.home.store.stream(f"game:{game}")]

    def board(self, game: str) -> Message | None:
        """The message that shows it, as far as the log knows; None where that is gone, too."""
        board: Board = self.home.store.fold(BOARDS, game).state
        channel = self.discord.world.channels.get(board.channel)
        found = channel.messages.get(board.message) if channel else None
        return None if found is None or found.deleted else found

    def drawn(self, game: str) -> drawing.Message:
        """What that message has to be."""
        history = self.history(game)
        known, message = self._drawn.get(game, (0, drawing.Message()))
        if known != history.version:
            message = drawing.board(history, self._names)
            self._drawn[game] = history.version, message
        return message

    def is_right(self, game: str) -> bool:
        """Whether the board is what the log makes of it: words, buttons and pictures."""
        shown, drawn = self.board(game), self.drawn(game)
        if shown is None or shown.content != drawn.content:
            return False
        pictures = [self.discord.uploads[each["url"]] for each in shown.attachments]
        same = [_plain(each) for each in shown.components] == list(drawn.components)
        return same and pictures == [each.data for each in drawn.files]

    def invoked(self) -> list[tuple[Envelope, CommandInvoked]]:
        """All that people on Discord called, in the order of the log."""
        rows = [each for each in self.home.store.scan() if each.tag == CommandInvoked.tag]
        events = [(each, self.home.store.event(each)) for each in rows]
        asked = self.discord.desk.all
        return [
            (row, event)
            for row, event in events
            if isinstance(event, CommandInvoked) and row.invocation in asked
        ]


def _plain(component: dict[str, object]) -> dict[str, object]:
    """As it was sent: Discord numbers what is not numbered."""
    plain = {name: value for name, value in component.items() if name != "id"}
    inner = plain.get("components")
    return plain | {"components": [_plain(each) for each in inner]} if isinstance(inner, list) else plain
