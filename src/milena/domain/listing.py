"""The games of a lobby, listed; and the list sorted in advance by what is asked most often.

A guild may have thousands of games open. So that one more is no slower then, nothing that is asked when a
game is opened goes through all of them.
"""

from typing import TypeVar

from msgspec import Struct

from milena.domain.ids import PlayerId

V = TypeVar("V")


class Listed(Struct, frozen=True, omit_defaults=True):
    """A game that is open.

    ``kind``     the name of what is played
    ``terms``    what has to be alike for two players to be matched: options, seats, clock
    ``players``  who sits there, machines left out; the host, while nobody does
    ``free``     seats that anybody may take before it begins; 0 where only the invited may
    ``rating``   of who opened it, where there is one
    """

    kind: str
    channel: str
    terms: str
    players: tuple[PlayerId, ...] = ()
    free: int = 0
    began: bool = False
    rating: float | None = None


class Index(Struct, frozen=True):
    """What follows from the list.

    ``channels``  how many games there are in each channel
    ``waiting``   the games that anybody may come into, in the order of the list
    ``seats``     the games of each player, by the end of the player's id: a change copies a shelf, not all
    """

    channels: dict[str, int] = {}
    waiting: dict[str, Listed] = {}
    seats: dict[str, dict[str, tuple[str, ...]]] = {}

    @staticmethod
    def of(games: dict[str, Listed]) -> "Index":
        """The index of these games."""
        channels: dict[str, int] = {}
        seats: dict[str, dict[str, tuple[str, ...]]] = {}
        for game, listed in games.items():
            channels[listed.channel] = channels.get(listed.channel, 0) + 1
            for player in listed.players:
                shelf = seats.setdefault(player[-2:], {})
                shelf[player] = tuple(sorted((*shelf.get(player, ()), game)))
        return Index(channels, _waiting(games), seats)

    def games_of(self, player: PlayerId) -> tuple[str, ...]:
        """Where a player sits."""
        return self.seats.get(player[-2:], {}).get(player, ())

    def changed(self, game: str, before: Listed | None, games: dict[str, Listed]) -> "Index":
        """The index of ``games``, where this was the index until ``game`` changed, which was listed as
        ``before`` (None: not at all)."""
        waiting, after = self.waiting, games.get(game)
        if after is not None and _waits(after):
            again = before is not None and game not in waiting  # then it goes back to its place
            waiting = _waiting(games) if again else {**waiting, game: after}
        elif game in waiting:
            waiting = {key: listed for key, listed in waiting.items() if key != game}
        channels, seats = dict(self.channels), dict(self.seats)
        for listed, more in ((before, -1), (after, +1)):
            if listed is not None:
                _put(channels, listed.channel, channels.get(listed.channel, 0) + more)
        old = before.players if before is not None else ()
        new = after.players if after is not None else ()
        for player in {*old} ^ {*new}:
            shelf = dict(seats.get(player[-2:], {}))
            others = tuple(key for key in shelf.get(player, ()) if key != game)
            _put(shelf, player, others if player in old else tuple(sorted((*others, game))))
            _put(seats, player[-2:], shelf)
        return Index(channels, waiting, seats)


def _waits(listed: Listed) -> bool:
    return listed.free > 0 and not listed.began


def _waiting(games: dict[str, Listed]) -> dict[str, Listed]:
    return {game: listed for game, listed in games.items() if _waits(listed)}


def _put(table: dict[str, V], key: str, value: V) -> None:
    if value:
        table[key] = value
    else:
        table.pop(key, None)
