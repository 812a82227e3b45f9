"""The referee: whether an event may follow in a game, by the seats, the rules and the commitment.

``evolve`` only takes events in. Here each is doubted first: is it that seat's turn, is the draw the one
that the seed gives, are the choices revealed those that were sealed, is this how the game stands.
"""

from collections.abc import Iterable

from milena.domain import chance
from milena.domain.event import Event
from milena.domain.game import Game, Games
from milena.domain.game.common import lost_by
from milena.domain.game.events import (
    ChanceDrawn,
    ChanceHidden,
    ChoiceSealed,
    ChoicesRevealed,
    ClocksSet,
    DrawDeclined,
    DrawOffered,
    Ended,
    InvitationDeclined,
    InvitationExpired,
    Invited,
    MoveHidden,
    MovePlayed,
    Opened,
    Rematched,
    Reminded,
    Resigned,
    SeatHandedOver,
    SeatLeft,
    SeatTaken,
    Started,
    TakebackAsked,
    TakebackDeclined,
    TakenBack,
    TimedOut,
    Voided,
)
from milena.domain.game.timing import move_by_chance
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
        self._last: Event | None = None

    def objection(self, game: Game, event: Event) -> str | None:
        """Why ``event`` can't follow where the game stands like this; None where it can."""
        last, self._last = self._last, event
        over = _ends(last) and game.status != "ended"
        if over and not isinstance(event, Ended):
            return "the game has to end first."
        seat = getattr(event, "seat", 0)
        if seat < 0 or (game.status == "playing" and seat > len(game.seats)):
            return f"there is no seat {seat}."
        if isinstance(event, Ended) and game.status != "ended":
            return self._end(game, event, last)
        match event, game.status:
            case Opened(), "unopened":
                fitting = (seed for seed in self._seeds if chance.commitment(seed) == event.commitment)
                self.seed = next(fitting, None)
                return None
            case Opened(), _:
                return "the game is opened a second time."
            case _, "unopened":
                return "it comes before the game is opened."
            case Voided(), _:
                return "the game is void already." if game.voided else None
            case Rematched(), "ended":
                return None  # again where the other one did not come about, which is in another stream
            case _, "ended":
                return "it comes after the end of the game."
            case ((InvitationDeclined() | InvitationExpired()), _):
                return None if game.invitation(event.player) else f"{event.player} is not invited."
            case ((SeatTaken() | SeatLeft() | Invited()), "waiting"):
                return self._seat(game, event)
            case Started(), "waiting":
                fits = event.seats == len(game.players) >= self.games.rules(game).seats.min
                return None if fits else "it does not start with those who sit there."
            case _, "playing":
                return self._play(game, event)
        return f"it does not fit a game that is {game.status}."

    def _seat(self, game: Game, event: SeatTaken | SeatLeft | Invited) -> str | None:
        if not 0 <= event.seat < len(game.seats):
            return f"there is no seat {event.seat}."
        seated = game.seats[event.seat]
        if isinstance(event, SeatLeft):
            held = seated is not None and seated.player == event.player
            return None if held else f"{event.player} does not have the seat {event.seat}."
        if seated is not None:
            return f"seat {event.seat} is taken already."
        if game.seat_of(event.player) is not None:
            return f"{event.player} sits there already."
        kept = [each.player for each in game.invited if each.seat == event.seat]
        return None if kept in ([], [event.player]) else f"seat {event.seat} is kept for {kept[0]}."

    def _play(self, game: Game, event: Event) -> str | None:
        ply = game.ply + 1
        if game.missing is not None and not isinstance(event, (MovePlayed, ChoiceSealed)):
            return f"chance has to move for seat {game.missing} first."
        match event:
            case MovePlayed():
                due = _ply(ply, event.ply) or self._turn(game, event.seat) or self._sort(game, event)
                return due or self._forced(game, event.seat, event.move)
            case ChanceDrawn():
                return _ply(ply, event.ply) or self._draw(game, event) or self._sort(game, event)
            case ChoiceSealed():
                due = self._turn(game, event.seat) or self._sort(game, event)
                return due or self._forced(game, event.seat, event.move)
            case TimedOut():
                return self._timed_out(game, event)
            case ClocksSet():
                fits = {len(event.left), len(event.since), len(event.ends)} == {len(game.seats)}
                return None if fits and game.clock else "these are not the clocks of this game."
            case Reminded():
                runs = game.clocks is not None and game.clocks.ends[event.seat : event.seat + 1] == (
                    event.ends,
                )
                return None if runs else f"the clock of seat {event.seat} does not end then."
            case SeatTaken():
                rules = self.games.rules(game)
                room = event.seat == len(game.seats) < rules.seats.max and not game.private
                enters = room and game.seat_of(event.player) is None and rules.enter(game.board) is not None
                return _ply(ply, event.ply) or (None if enters else "nobody can come in here now.")
            case Invited():
                held = game.seat_of(event.by) == event.seat and game.seat_of(event.player) is None
                return None if held else f"{event.by} does not have the seat {event.seat} to offer."
            case SeatHandedOver():
                invitation = game.invitation(event.player)
                fits = invitation is not None and (invitation.seat, invitation.by) == (
                    event.seat,
                    event.before,
                )
                return None if fits else f"seat {event.seat} was not offered to {event.player}."
            case DrawOffered():
                if not self.games.rules(game).draws:
                    return "there is no draw by agreement in this game."
                return self._agreeing(game, event.seat, game.draw_offers)
            case TakebackAsked():
                asked, plies = (
                    (game.takeback.seats, game.takeback.plies) if game.takeback else ((), event.plies)
                )
                mine = 1 <= event.plies <= len(game.earlier)
                if not mine or plies != event.plies or not (asked or game.earlier[-plies].seat == event.seat):
                    return f"seat {event.seat} can't ask for that."
                return self._agreeing(game, event.seat, asked)
            case DrawDeclined():
                return None if game.draw_offers else "no draw is offered."
            case TakebackDeclined():
                return None if game.takeback else "nobody asks to take anything back."
            case TakenBack():
                return _ply(ply, event.ply) or self._taken_back(game, event)
            case ChoicesRevealed():
                if event.choices != tuple(sorted(game.choices)):
                    return "the choices revealed are not those that were sealed."
                return _ply(ply, event.ply) or ("not all have chosen." if self.games.actors(game) else None)
            case Resigned():
                plays_on = self.games.rules(game).resign(game.board, event.seat) is not None
                if event.seat not in game.still_in or plays_on != event.plays_on:
                    return f"seat {event.seat} can't resign like that."
                return _ply(ply if event.plays_on else game.ply, event.ply)
        return "it does not fit a game that is being played."

    def _sort(self, game: Game, event: Event) -> str | None:
        """Whether what is hidden, or chosen at once, is kept so."""
        rules = self.games.rules(game)
        if isinstance(event, ChanceDrawn):
            due: type[Event] = ChanceHidden if rules.secret(game.board) else ChanceDrawn
        elif rules.simultaneous:
            due = ChoiceSealed
        else:
            due = MoveHidden if rules.secret(game.board) else MovePlayed
        return None if type(event) is due else f"{due.tag} is due."

    def _turn(self, game: Game, seat: int) -> str | None:
        return None if seat in self.games.actors(game) else f"it is not the turn of seat {seat}."

    def _forced(self, game: Game, seat: int, move: str) -> str | None:
        """Whether a move that chance makes for a seat is the one that the seed gives."""
        if game.missing is None:
            return None
        if seat != game.missing:
            return f"chance has to move for seat {game.missing}."
        if self.seed is None:
            return None
        self.draws += 1
        drawn = move_by_chance(game, seat, game.draws, self.seed, self.games.rules(game))
        return None if move == drawn else f"draw {game.draws} is not what the seed gives."

    def _timed_out(self, game: Game, event: TimedOut) -> str | None:
        if game.clocks is None or not any(game.clocks.ends[event.seat : event.seat + 1]):
            return f"the clock of seat {event.seat} does not run."
        if not event.flag and event.missed not in _MISSED[self.games.rules(game).on_timeout]:
            return "that is not what a missed turn means here."
        if event.missed == "random" and event.draw != game.draws + 1:
            return f"it is draw {event.draw}, and {game.draws + 1} is due."
        changes = event.missed in ("skipped", "left")
        return _ply(game.ply + changes, event.ply) or self._turn(game, event.seat)

    def _agreeing(self, game: Game, seat: int, already: tuple[int, ...]) -> str | None:
        fits = seat in game.still_in and seat not in already
        return None if fits else f"seat {seat} can't agree to it now."

    def _taken_back(self, game: Game, event: TakenBack) -> str | None:
        agreed = game.takeback is not None and set(game.still_in) <= set(game.takeback.seats)
        if not agreed or game.takeback is None or event.plies != game.takeback.plies:
            return "not all have agreed to take that back."
        return None

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

    def _end(self, game: Game, event: Ended, last: Event | None) -> str | None:
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
        if event.how == "agreed" and not set(game.still_in) <= set(game.draw_offers):
            return "not all have agreed to a draw."
        due = _ends(last)
        if (event.how if event.how in ("resigned", "timeout", "voided") else "") != due:
            return f"it can't end {event.how} after what happened last."
        if event.how in ("aborted", "declined", "expired", "abandoned", "voided") and event.scores:
            return "such an end has no scores."
        if isinstance(last, (Resigned, TimedOut)) and due and event.scores != lost_by(game, last.seat):
            return "those are not the scores of such an end."
        return None


_MISSED = {"forfeit": ("lost", "left"), "skip": ("skipped",), "random": ("random",)}


def _ends(event: Event | None) -> str:
    """How the game has to end at once after this event; empty where it need not."""
    match event:
        case Resigned(plays_on=False):
            return "resigned"
        case TimedOut(missed="lost"):
            return "timeout"
        case Voided():
            return "voided"
    return ""


def _ply(due: int, ply: int) -> str | None:
    return None if ply == due else f"it is ply {ply}, and {due} is due."
