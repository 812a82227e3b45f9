"""The referee: whether an event may follow in a game, by the seats, the rules and the commitment.

``evolve`` only takes events in. Here each is doubted first: is it that seat's turn, is the draw the one
that the seed gives, are the choices revealed those that were sealed, is this how the game stands.
"""

from collections.abc import Iterable

from milena.domain import chance
from milena.domain.event import Event
from milena.domain.game import Game, Games
from milena.domain.game.history import (
    ChanceDrawn,
    ChoiceSealed,
    ChoicesRevealed,
    Ended,
    MovePlayed,
    Opened,
    Resigned,
    SeatLeft,
    SeatTaken,
    Started,
)
from milena.domain.rules import CHANCE


class Referee:
    """Judges the events of one game, in order. ``seeds`` are what its secret may be: the one that its
    commitment stands for is used. Where none is, ``seed`` stays None and draws can't be judged.

    ``draws``, ``revealed``: how many draws, and revealed seeds, were recomputed.
    """

    def __init__(self, games: Games, seeds: Iterable[bytes]) -> None:
        self.seed: bytes | None = None
        self.draws = 0
        self.revealed = 0
        self.games = games
        self._seeds = seeds

    def objection(self, game: Game, event: Event) -> str | None:
        """Why ``event`` can't follow where the game stands like this; None where it can."""
        match event, game.status:
            case Opened(), "unopened":
                fitting = (seed for seed in self._seeds if chance.commitment(seed) == event.commitment)
                self.seed = next(fitting, None)
                return None
            case Opened(), _:
                return "the game is opened a second time."
            case _, "unopened":
                return "it comes before the game is opened."
            case _, "ended":
                return "it comes after the end of the game."
            case Ended(), _:
                return self._end(game, event)
            case ((SeatTaken() | SeatLeft()), "waiting"):
                return self._seat(game, event)
            case Started(), "waiting":
                complete = None not in game.seats and event.seats == len(game.seats)
                return None if complete else "the game starts before all its seats are taken."
            case _, "playing":
                return self._play(game, event)
        return f"it does not fit a game that is {game.status}."

    def _seat(self, game: Game, event: SeatTaken | SeatLeft) -> str | None:
        if not 0 <= event.seat < len(game.seats):
            return f"there is no seat {event.seat}."
        seated = game.seats[event.seat]
        if isinstance(event, SeatTaken):
            return None if seated is None else f"seat {event.seat} is taken already."
        held = seated is not None and seated.player == event.player
        return None if held else f"{event.player} does not have the seat {event.seat}."

    def _play(self, game: Game, event: Event) -> str | None:
        ply = game.ply + 1
        match event:
            case MovePlayed():
                return _ply(ply, event.ply) or self._turn(game, event.seat)
            case ChanceDrawn():
                return _ply(ply, event.ply) or self._draw(game, event)
            case ChoiceSealed():
                return self._turn(game, event.seat)
            case ChoicesRevealed():
                if event.choices != tuple(sorted(game.choices)):
                    return "the choices revealed are not those that were sealed."
                return _ply(ply, event.ply) or ("not all have chosen." if self.games.actors(game) else None)
            case Resigned():
                return _ply(ply if event.plays_on else game.ply, event.ply)
        return "it does not fit a game that is being played."

    def _turn(self, game: Game, seat: int) -> str | None:
        return None if seat in self.games.actors(game) else f"it is not the turn of seat {seat}."

    def _draw(self, game: Game, event: ChanceDrawn) -> str | None:
        rules = self.games.rules(game)
        if rules.actors(game.board) != (CHANCE,):
            return "no draw is due."
        if event.draw != game.draws + 1:
            return f"it is draw {event.draw}, and {game.draws + 1} is due."
        if self.seed is None:
            return None
        self.draws += 1
        drawn = chance.draw(self.seed, game.key, event.draw, game.salts, rules.chances(game.board))
        return None if event.outcome == drawn else f"draw {event.draw} is not what the seed gives."

    def _end(self, game: Game, event: Ended) -> str | None:
        try:
            matches = chance.commitment(bytes.fromhex(event.seed)) == game.commitment
        except ValueError:
            matches = False
        if not matches:
            return "the seed revealed is not the one that was committed to."
        self.revealed += 1
        if event.how == "finished":
            outcome = None if game.board is None else self.games.rules(game).outcome(game.board)
            # The reason is a sentence, which another release may word in another way.
            if outcome is None or (outcome.scores, outcome.points) != (event.scores, event.points):
                return "the game did not end like this by its rules."
        return None


def _ply(due: int, ply: int) -> str | None:
    return None if ply == due else f"it is ply {ply}, and {due} is due."
