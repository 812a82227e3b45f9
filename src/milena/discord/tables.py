"""Games at which people sit on Discord, drawn for who looks. For threads: it reads the log.

Everywhere ``guild`` is where it is asked: games of other guilds are not there. Each raises Refused, or
StoreError.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec.structs import replace

from milena.discord import drawing
from milena.discord.custom_ids import Ask
from milena.discord.message import Message
from milena.discord.pressing import Invoke, Nth, check, nth, seat_of
from milena.discord.studio import Studio
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.replay.history import History


class Tables:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def board(self, game: str, guild: str) -> Message:
        """For everybody."""
        with self._game(game, guild) as history:
            return drawing.board(history, self._studio.names)

    def hand(self, game: str, player: PlayerId, guild: str, page: int = 0) -> Message:
        """For the eyes of ``player``, who plays there."""
        with self._game(game, guild) as history:
            return drawing.hand(history, seat_of(history.game, player), self._studio.names, page)

    def side(self, game: str, player: PlayerId, guild: str) -> Message:
        """For the eyes of ``player``, who may play there or not: the hand, or the board."""
        with self._game(game, guild) as history:
            seat = history.game.seat_of(player)
            if seat is None or history.game.status != "playing":
                return replace(drawing.board(history, self._studio.names), ephemeral=True, pings=())
            return drawing.hand(history, seat, self._studio.names)

    def move(self, meant: Nth, player: PlayerId, guild: str) -> Invoke:
        with self._game(meant.game, guild) as history:
            return nth(history.games, history.game, player, meant)

    def modal(self, ask: Ask, player: PlayerId, guild: str) -> dict[str, Any]:
        with self._game(ask.game, guild) as history:
            check(history.games, history.game, player, ask)
            return drawing.ask(history, ask)

    def confirm(self, game: str, word: str, guild: str) -> Message:
        with self._game(game, guild) as history:
            return drawing.confirm(history, word)

    @contextmanager
    def _game(self, key: str, guild: str) -> Iterator[History]:
        with self._studio.history(key) as history:
            if history.version == 0 or history.game.place.partition("/")[0] != guild:
                raise Refused("unknown_game_id", f"There is no game {key[:40]!r} here; see /game list.")
            yield history
