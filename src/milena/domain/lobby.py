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
from milena.domain.listing import Index, Listed
from milena.domain.refusal import Refused


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
    """``games``: those that are open, oldest first. ``aside``: those that were set aside, and why. ``index``
    follows from the games, and is not kept in snapshots."""

    key: str
    games: dict[str, Listed] = {}
    aside: dict[str, str] = {}
    index: Index = Index()


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
        game, after = _follows(state, event)
        games, aside = dict(state.games), dict(state.aside)
        before = games.get(game)
        if after is None:
            games.pop(game, None)
        else:
            games[game] = after
        aside.pop(game, None)
        if isinstance(event, GameSetAside):
            aside[game] = event.problem
        return Lobby(state.key, games, aside, state.index.changed(game, before, games))

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
        return msgspec.json.encode(replace(state, index=Index()))

    def decode(self, data: bytes) -> Lobby:
        lobby = msgspec.json.decode(data, type=Lobby)
        return replace(lobby, index=Index.of(lobby.games))


def _follows(lobby: Lobby, event: Event) -> tuple[str, Listed | None]:
    """Which game an event is about, and how it is listed then."""
    match event:
        case GameListed():
            return event.game, event.listed
        case GameChanged():
            now = {"players": event.players, "free": event.free, "began": event.began}
            return event.game, replace(lobby.games[event.game], **now)
        case GameClosed() | GameSetAside():
            return event.game, None
        case _:
            raise TypeError(f"a lobby knows no {type(event).__name__}")


def _enter(changes: Changes[Lobby], command: Enter) -> None:
    lobby, listed, limits = changes.state, command.listed, command.limits
    assert listed is not None
    before = lobby.games.get(command.game)
    if command.game not in lobby.aside:  # who comes back was let in before
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
    if limits.channel and lobby.index.channels.get(listed.channel, 0) >= limits.channel:
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
        theirs = [key for key in lobby.index.games_of(player) if lobby.games[key].kind == listed.kind]
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
        for key, listed in lobby.index.waiting.items()
        if (listed.kind, listed.terms) == (kind, terms) and player not in listed.players
    ]
    return sorted(fitting, key=lambda key: distance(lobby.games[key]))  # a stable sort keeps the age
