"""A game and its place in the lobby of the guild: what commands about games do goes through here."""

import msgspec
from msgspec import Struct

from milena.domain.command import Desk, Result
from milena.domain.game import Game
from milena.domain.limits import GameLimits
from milena.domain.lobby import Enter, Listed, Lobby


def act(desk: Desk, key: str, request: Struct) -> Game:
    """Let a game decide, and enter in the lobby what that changes there. Returns the game."""
    before = desk.game(key)
    game: Game = desk.act("game", key, request)
    if (before.seats, before.status, before.invited) != (game.seats, game.status, game.invited):
        enter(desk, game)
    return game


def enter(desk: Desk, game: Game) -> None:
    """Enter a game in the lobby as it stands. Raises Refused where a limit is reached."""
    if game.place:  # games of release 0.1 do not tell where they were opened
        guild = guild_of(game)
        limits = desk.limits.within(guild)
        listed = None if game.status == "ended" else _listed(desk, game)
        desk.act("lobby", guild, Enter(game.key, listed, limits))


def guild_of(game: Game) -> str:
    return game.place.partition("/")[0]


def terms(game: Game) -> str:
    """What has to be alike for two players to be matched."""
    described = {"options": game.options, "seats": len(game.seats), "clock": str(game.clock or "")}
    return msgspec.json.encode(described, order="deterministic").decode()


def lobby(desk: Desk) -> Lobby:
    """The lobby of the guild where this command was called."""
    state: Lobby = desk.state("lobby", desk.invocation.place.partition("/")[0])
    return state


def answer(game: Game) -> Result:
    """What a command about a game answers."""
    return {"game": game.key, "status": game.status, "ply": game.ply}


def _listed(desk: Desk, game: Game) -> Listed:
    began = game.status == "playing"
    return Listed(
        kind=game.name,
        channel=game.place.partition("/")[2],
        terms=terms(game),
        players=tuple(player for player in game.players if not desk.is_machine(player)),
        free=0 if began or game.private else len(game.free),
        began=began,
        rating=desk.rating(game.name, game.host),
    )


__all__ = ["GameLimits", "act", "answer", "enter", "guild_of", "lobby", "terms"]
