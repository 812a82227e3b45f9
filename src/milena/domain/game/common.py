"""What several decisions about a game ask first."""

from milena.domain import chance
from milena.domain.event import Changes
from milena.domain.game.events import ChanceDrawn, ChanceHidden, ChoicesRevealed, Ended, How
from milena.domain.game.state import Game
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, AnyRules


def seat_of(game: Game, player: PlayerId) -> int:
    """The seat of a player; refuses those who have none."""
    seat = game.seat_of(player)
    if seat is None:
        raise Refused("not_seated", "You do not sit at this game.")
    return seat


def playing_seat(game: Game, player: PlayerId) -> int:
    """The seat of a player who still plays, in a game that is played."""
    seat = seat_of(game, player)
    require_playing(game)
    if seat in game.gave_up:
        raise Refused("gave_up", "You are out of this game; you can watch how it goes on.")
    return seat


def player_at(game: Game, seat: int) -> PlayerId:
    seated = game.seats[seat]
    assert seated is not None, "a game that plays has all its seats taken"
    return seated.player


def require_playing(game: Game) -> None:
    if game.status == "waiting":
        free = sum(seated is None for seated in game.seats)
        raise Refused("not_started", f"This game waits for {free} more player{'s' * (free > 1)}.")
    require_going_on(game)


def require_going_on(game: Game) -> None:
    if game.status == "ended":
        assert game.outcome is not None
        raise Refused("game_over", f"This game is over: {game.outcome.reason}.")


def check_seed(game: Game, seed: bytes) -> None:
    """A log that was moved here without its vault has games whose seeds nobody here knows."""
    if chance.commitment(seed) != game.commitment:
        raise Refused("foreign_seed", "This game's secret is in another vault; bring that vault.db here.")


def end(changes: Changes[Game], how: How, reason: str, seed: bytes, scores: tuple[float, ...] = ()) -> None:
    """End the game otherwise than by its rules."""
    check_seed(changes.state, seed)
    changes.add(Ended(how, reason, seed.hex(), scores))


def reveal_if_all_chose(changes: Changes[Game], rules: AnyRules) -> None:
    game = changes.state
    if game.choices and len(game.choices) == len(rules.actors(game.board)):
        changes.add(ChoicesRevealed(game.ply + 1, tuple(sorted(game.choices))))


def settle(changes: Changes[Game], seed: bytes, rules: AnyRules) -> None:
    """Draw what chance has to bring, then end the game if it is over by its rules."""
    while (outcome := rules.outcome(changes.state.board)) is None:
        game = changes.state
        if rules.actors(game.board) != (CHANCE,):
            return
        check_seed(game, seed)
        drawn = chance.draw(seed, game.key, game.draws + 1, game.salts, rules.chances(game.board))
        event = ChanceHidden if rules.secret(game.board) else ChanceDrawn
        changes.add(event(game.ply + 1, game.draws + 1, drawn))
    check_seed(changes.state, seed)
    changes.add(Ended("finished", outcome.reason, seed.hex(), outcome.scores, outcome.points))


def lost_by(game: Game, seat: int) -> tuple[float, ...]:
    """The scores where one seat loses, and all others win who have not given up before."""
    return tuple(float(other != seat and other in game.still_in) for other in range(len(game.seats)))
