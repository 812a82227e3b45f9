"""What is not over: the open games of all guilds, as their lobbies tell, and the polls."""

import logging
from collections.abc import Iterator

from milena.aggregates import GAMES, LOBBIES, POLLS
from milena.domain.lobby import Lobby
from milena.domain.poll import PollClosed
from milena.store import Store, StoreError, Unreplayable
from milena.store.lookup import unfinished

log = logging.getLogger(__name__)


def open_games(store: Store) -> list[str]:
    """The ids of all games that are open in some guild, oldest first."""
    lobbies = list(_lobbies(store))
    again = [key for lobby in lobbies for key in lobby.aside if _is_readable(store, key)]
    return sorted([*again, *(key for lobby in lobbies for key in lobby.games)])


def states_of_games(store: Store) -> Iterator[str]:
    """Of every open game: ``waiting``, ``playing`` or ``set_aside``."""
    for lobby in _lobbies(store):
        yield from ("playing" if each.began else "waiting" for each in lobby.games.values())
        yield from ("set_aside" for _ in lobby.aside)


def open_polls(store: Store) -> list[str]:
    """The ids of all polls that are not closed."""
    return unfinished(store, POLLS.kind, PollClosed.tag)


def _lobbies(store: Store) -> Iterator[Lobby]:
    """The lobby of each guild, as far as it can be replayed."""
    for guild in store.streams(LOBBIES.kind):
        try:
            yield store.fold(LOBBIES, guild).state
        except Unreplayable as error:
            extra = {"error": error, "guild": guild}
            log.error("the games of guild %s are known in part: %s", guild, error, extra=extra)
            yield error.state


def _is_readable(store: Store, game: str) -> bool:
    """Whether a game that was set aside can be replayed again: an upgrade, or a package, may help."""
    try:
        store.fold(GAMES, game)
    except StoreError:
        return False
    return True
