"""Games at which people sit on Discord, drawn for who looks. For threads: it reads the log.

Everywhere ``guild`` is where it is asked: games of other guilds are not there. Each raises Refused, or
StoreError.
"""

from typing import Any

from msgspec.structs import replace

from milena.discord import drawing
from milena.discord.custom_ids import Ask
from milena.discord.histories import Histories
from milena.discord.message import Message
from milena.discord.pressing import Invoke, Nth, check, nth, seat_of
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused


class Tables:
    def __init__(self, histories: Histories, names: drawing.People) -> None:
        self._histories, self._names = histories, names

    def board(self, game: str, guild: str) -> Message:
        """For everybody."""
        with self._histories.of(game, guild) as history:
            return drawing.board(history, self._names)

    def hand(self, game: str, player: PlayerId, guild: str, page: int = 0) -> Message:
        """For the eyes of ``player``, who plays there."""
        with self._histories.of(game, guild) as history:
            return drawing.hand(history, seat_of(history.game, player), self._names, page)

    def side(self, game: str, player: PlayerId, guild: str) -> Message:
        """For the eyes of ``player``, who may play there or not: the hand, or the board."""
        with self._histories.of(game, guild) as history:
            seat = history.game.seat_of(player)
            if seat is None or history.game.status != "playing":
                return replace(drawing.board(history, self._names), ephemeral=True, pings=())
            return drawing.hand(history, seat, self._names)

    def past(self, game: str, ply: int, guild: str) -> Message:
        """As it was, for everybody."""
        history = self._histories.whole(game, guild)
        if ply >= len(history.plies):
            raise Refused("no_such_ply", "That ply was taken back, or can't be read any more.")
        return drawing.past(history, ply, self._names)

    def move(self, meant: Nth, player: PlayerId, guild: str) -> Invoke:
        with self._histories.of(meant.game, guild) as history:
            return nth(history.games, history.game, player, meant)

    def modal(self, ask: Ask, player: PlayerId, guild: str) -> dict[str, Any]:
        with self._histories.of(ask.game, guild) as history:
            check(history.games, history.game, player, ask)
            return drawing.ask(history, ask)

    def confirm(self, game: str, word: str, guild: str) -> Message:
        with self._histories.of(game, guild) as history:
            return drawing.confirm(history, word)
