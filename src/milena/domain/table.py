"""A game and its place in the lobby of the guild: what commands about games do goes through here."""

from hashlib import sha256

import msgspec
from msgspec import Struct

from milena.domain.command import Desk, Result
from milena.domain.game import Game, Invite
from milena.domain.guild import Guild
from milena.domain.ids import PlayerId
from milena.domain.listing import Listed
from milena.domain.lobby import Enter, Lobby
from milena.domain.refusal import Refused, channel


def act(desk: Desk, key: str, request: Struct) -> Game:
    """Let a game decide, and enter in the lobby what that changes there. Returns the game."""
    before = desk.game(key)
    game: Game = desk.act("game", key, request)
    if len(game.seats) > len(before.seats):
        _check_players(desk, game, "ask for another game")
    changed = (before.seats, before.status, before.invited) != (game.seats, game.status, game.invited)
    if changed or _aside(desk, game):
        _enter(desk, game)
    return game


def game_here(desk: Desk, key: str) -> Game:
    """The game as it stands. Raises Refused where there is none in this guild; an operator's terminal sees
    those of all."""
    game = desk.game(key)
    if desk.guild.key not in (guild_of(game), "terminal"):
        raise Refused("unknown_game_id", f"There is no game {key[:40]!r} here; /game list shows them.")
    return game


def opened(desk: Desk, game: Game) -> Game:
    """Enter a new game in the lobby. Raises Refused where a limit is reached, or none may be opened now."""
    _check_maintenance(desk, game)
    _check_channel(desk)
    _check_players(desk, game, "open the game for fewer")
    _enter(desk, game)
    return game


def game_to_moderate(desk: Desk, key: str) -> Game:
    """The game, where whoever calls is in its own server, or at the operator's terminal. Raises Refused."""
    game = desk.game(key)
    if desk.invocation.place.partition("/")[0] not in (guild_of(game), "terminal"):
        raise Refused(
            "not_a_moderator", "Only moderators of the server where this game is played may do that."
        )
    return game


def _check_maintenance(desk: Desk, game: Game) -> None:
    if desk.closed:
        raise Refused("closed", f"No new games for the moment ({desk.closed}): those that are open go on.")
    guild: Guild = desk.state("guild", guild_of(game))
    if guild.maintenance is not None:
        why = f" ({guild.maintenance.rstrip('.')})" if guild.maintenance else ""
        raise Refused(
            "maintenance", f"No new games for the moment{why}: those that are open go on. Try again later."
        )


def _check_channel(desk: Desk) -> None:
    wanted = desk.guild.settings.get("games-channel")
    if wanted and wanted not in (desk.invocation.place.partition("/")[2], desk.invocation.parent):
        raise Refused("wrong_channel", f"Games are opened in {channel(wanted)} here: ask for it there.")


def _enter(desk: Desk, game: Game) -> None:
    if game.place:  # games of release 0.1 do not tell where they were opened
        listed = None if game.status == "ended" else _listed(desk, game)
        guild = guild_of(game)
        desk.act("lobby", guild, Enter(game.key, listed, desk.limits.within(guild)))


def _aside(desk: Desk, game: Game) -> bool:
    """A game that was set aside, and can be replayed again as somebody plays on: it comes back."""
    return bool(game.place) and game.key in desk.state("lobby", guild_of(game)).aside


def _check_players(desk: Desk, game: Game, remedy: str) -> None:
    most = desk.limits.players
    if most and len(game.seats) > most:
        players = f"{most} player{'s' * (most > 1)}"
        raise Refused("players_limit", f"At most {players} may play in one game here: {remedy}.")


def invitation(desk: Desk, guest: PlayerId, seat: int | None = None) -> Invite:
    """What is asked of a game so that it keeps a seat for ``guest``."""
    if desk.is_machine(guest):
        raise Refused("machine", "A machine can't be invited; open the game with it.")
    until = desk.invocation.time + desk.limits.invitation * 1000
    return Invite(desk.invocation.player, guest, until, seat)


def guild_of(game: Game) -> str:
    return game.place.partition("/")[0]


def terms(game: Game) -> str:
    """What has to be alike for two players to be matched, as a digest: options may be long, or telling."""
    described = {"options": game.options, "seats": len(game.seats), "clock": str(game.clock or "")}
    return sha256(msgspec.json.encode(described, order="deterministic")).hexdigest()[:16]


def lobby(desk: Desk) -> Lobby:
    """The lobby of the guild where this command was called."""
    state: Lobby = desk.state("lobby", desk.invocation.place.partition("/")[0])
    return state


def answer(game: Game) -> Result:
    """What a command about a game answers."""
    return {"game": game.key, "status": game.status, "ply": game.ply}


def _listed(desk: Desk, game: Game) -> Listed:
    began = game.status == "playing"
    people = tuple(player for player in game.players if not desk.is_machine(player))
    return Listed(
        kind=game.name,
        channel=game.place.partition("/")[2],
        terms=terms(game),
        players=people or (game.host,),  # an empty one is its host's: nobody fills a guild with such
        free=0 if began or game.private else len(game.free),
        began=began,
        rating=desk.rating(game.name, game.host),
    )
