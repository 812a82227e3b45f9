"""The Lobby aggregate: the games that are open in one guild.

What holds for all games of a guild together (how many there may be, who waits for whom) can't be decided
by a single game. So each change of a game's seats is entered here too, in the same atomic append: the
limits hold exactly, whoever asks at the same moment.
"""

from typing import ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.event import Changes, Event
from milena.domain.ids import PlayerId
from milena.domain.limits import GameLimits
from milena.domain.refusal import Refused


class Listed(Struct, frozen=True, omit_defaults=True):
    """A game that is open.

    ``kind``     the name of what is played
    ``terms``    what has to be alike for two players to be matched: options, seats, clock
    ``players``  who sits there, machines left out
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


class GameListed(Event, frozen=True):
    tag: ClassVar[str] = "lobby.game_listed"
    game: str
    listed: Listed


class GameChanged(Event, frozen=True):
    """Other players, or it has begun."""

    tag: ClassVar[str] = "lobby.game_changed"
    game: str
    players: tuple[PlayerId, ...]
    free: int
    began: bool


class GameClosed(Event, frozen=True):
    tag: ClassVar[str] = "lobby.game_closed"
    game: str


class GameSetAside(Event, frozen=True):
    """A game can't be replayed beyond its event ``version`` (of this ``failing`` tag), so nobody can play
    on: it is out of the way until it can be, and somebody does. ``ply`` is the last good one."""

    tag: ClassVar[str] = "lobby.game_set_aside"
    game: str
    version: int
    failing: str
    ply: int
    problem: str


class Lobby(Struct, frozen=True, omit_defaults=True):
    """``games``: those that are open, oldest first. ``aside``: those that were set aside, and why."""

    key: str
    games: dict[str, Listed] = {}
    aside: dict[str, str] = {}


class Enter(Struct, frozen=True):
    """Enter the game ``game`` as it stands now; None: it is over. The limits are checked for what is new."""

    game: str
    listed: Listed | None
    limits: GameLimits


class SetAside(Struct, frozen=True):
    """See :class:`GameSetAside`."""

    game: str
    version: int
    failing: str
    ply: int
    problem: str


class Lobbies:
    """The aggregate of every lobby; the key of one is the guild's."""

    kind = "lobby"
    events: tuple[type[Event], ...] = (GameListed, GameChanged, GameClosed, GameSetAside)

    def initial(self, key: str) -> Lobby:
        return Lobby(key)

    def evolve(self, state: Lobby, event: Event) -> Lobby:
        games, aside = dict(state.games), dict(state.aside)
        match event:
            case GameListed():
                games[event.game] = event.listed
                aside.pop(event.game, None)
            case GameChanged():
                games[event.game] = replace(
                    games[event.game], players=event.players, free=event.free, began=event.began
                )
            case GameClosed():
                games.pop(event.game, None)
                aside.pop(event.game, None)
            case GameSetAside():
                games.pop(event.game, None)
                aside[event.game] = event.problem
            case _:
                raise TypeError(f"a lobby knows no {type(event).__name__}")
        return Lobby(state.key, games, aside)

    def decide(self, state: Lobby, command: Struct) -> Changes[Lobby]:
        changes = Changes(self, state)
        match command:
            case Enter(listed=None):
                if command.game in state.games or command.game in state.aside:
                    changes.add(GameClosed(command.game))
            case Enter():
                _enter(changes, command)
            case SetAside():
                if command.game not in state.aside:
                    fields = msgspec.structs.asdict(command)
                    changes.add(GameSetAside(**fields))
            case _:
                raise TypeError(f"a lobby knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Lobby) -> int:
        return 0

    def secret(self, state: Lobby) -> bool:
        return False

    def encode(self, state: Lobby) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Lobby:
        return msgspec.json.decode(data, type=Lobby)


def _enter(changes: Changes[Lobby], command: Enter) -> None:
    lobby, listed, limits = changes.state, command.listed, command.limits
    assert listed is not None
    before = lobby.games.get(command.game)
    if before is None:
        _check_room(lobby, listed, limits)
    _check_players(lobby, listed, before, limits)
    if before is None:
        changes.add(GameListed(command.game, listed))
    elif (before.players, before.free, before.began) != (listed.players, listed.free, listed.began):
        changes.add(GameChanged(command.game, listed.players, listed.free, listed.began))


def _check_room(lobby: Lobby, listed: Listed, limits: GameLimits) -> None:
    if limits.guild and len(lobby.games) >= limits.guild:
        raise Refused(
            "guild_limit",
            f"At most {_games(limits.guild)} may be open here at once: finish one of them first.",
        )
    here = sum(other.channel == listed.channel for other in lobby.games.values()) if limits.channel else 0
    if limits.channel and here >= limits.channel:
        raise Refused(
            "channel_limit",
            f"At most {_games(limits.channel)} may be open in this channel at once: "
            "finish one of them first, or go to another channel.",
        )


def _check_players(lobby: Lobby, listed: Listed, before: Listed | None, limits: GameLimits) -> None:
    if not limits.member:
        return
    known = before.players if before is not None else ()
    for player in listed.players:
        if player in known:
            continue
        theirs = [
            key for key, other in lobby.games.items() if player in other.players and other.kind == listed.kind
        ]
        if len(theirs) >= limits.member:
            some = ", ".join(theirs[:3]) + (", ..." if len(theirs) > 3 else "")
            raise Refused(
                "member_limit",
                f"At most {_games(limits.member)} of {listed.kind} for each member here at once, and "
                f"<{player}> sits at {some}: finish or leave it first.",
            )


def _games(count: int) -> str:
    return f"{count} games" if count > 1 else "1 game"


def waiting_for(lobby: Lobby, kind: str, terms: str, player: PlayerId, rating: float | None) -> list[str]:
    """The games that a player can be matched with at once, the best first: the nearest rating where both
    have one, else the one that waits longest."""

    def distance(listed: Listed) -> float:
        if rating is None or listed.rating is None:
            return float("inf")
        return abs(listed.rating - rating)

    fitting = [
        key
        for key, listed in lobby.games.items()
        if (listed.kind, listed.terms) == (kind, terms)
        and listed.free and not listed.began and player not in listed.players
    ]  # fmt: skip
    return sorted(fitting, key=lambda key: distance(lobby.games[key]))  # a stable sort keeps the age
