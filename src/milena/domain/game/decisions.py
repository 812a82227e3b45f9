"""What can be asked of a game, and what it leads to: commands and decide.

A sentence of a refusal, or the reason of an end, has ``<id>`` where the name of that player belongs.
"""

from typing import Any

import msgspec
from msgspec import Struct

from milena.domain import chance
from milena.domain.event import Changes
from milena.domain.game.history import (
    ChanceDrawn,
    ChanceHidden,
    ChoiceSealed,
    ChoicesRevealed,
    Ended,
    Game,
    MoveHidden,
    MovePlayed,
    Opened,
    Resigned,
    SeatLeft,
    SeatTaken,
    Started,
)
from milena.domain.ids import PlayerId
from milena.domain.options import describe_error
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Rules

LONGEST_MOVE = 64
"""Characters; longer ones are refused before any rules see them."""

AnyRules = Rules[Any, Any]


class Open(Struct, frozen=True):
    """``options`` as given, ``seats`` None for as few as the game allows."""

    player: PlayerId
    game: str
    options: dict[str, Any]
    seats: int | None
    seed: bytes


class TakeSeat(Struct, frozen=True):
    """``seat`` counts from 0; None for the first that is free. ``salt``: see milena.domain.chance."""

    player: PlayerId
    salt: str
    seed: bytes
    seat: int | None = None


class LeaveSeat(Struct, frozen=True):
    player: PlayerId


class Play(Struct, frozen=True):
    """``ply``: the ply that the player looked at, where known; a move on an older board is refused."""

    player: PlayerId
    move: str
    seed: bytes
    ply: int | None = None


class Resign(Struct, frozen=True):
    player: PlayerId
    seed: bytes


class Abort(Struct, frozen=True):
    player: PlayerId
    seed: bytes


def decide(changes: Changes[Game], command: Struct, rules: AnyRules) -> None:
    """Add the events that ``command`` leads to, or raise Refused."""
    match command:
        case Play():
            _play(changes, command, rules)
        case TakeSeat():
            _take_seat(changes, command, rules)
        case Open():
            _open(changes, command, rules)
        case LeaveSeat():
            _leave_seat(changes, command)
        case Resign():
            _resign(changes, command, rules)
        case Abort():
            _abort(changes, command)
        case _:
            raise TypeError(f"a game knows no {type(command).__name__}")


def _open(changes: Changes[Game], command: Open, rules: AnyRules) -> None:
    if changes.state.status != "unopened":
        raise Refused("id_taken", f"The id {changes.state.key} is taken; open the game under another.")
    low, high = rules.seats
    seats = low if command.seats is None else command.seats
    if not low <= seats <= high:
        allowed = str(low) if low == high else f"{low} to {high}"
        raise Refused("seats", f"{rules.title} is for {allowed} player{'s' * (high > 1)}, not {seats}.")
    options = check_options(rules, command.options)
    rules.start(seats, options)  # refuses options that do not go together
    changes.add(
        Opened(
            game=rules.name,
            rules=rules.version,
            options=msgspec.to_builtins(options),
            seats=seats,
            host=command.player,
            commitment=chance.commitment(command.seed),
        )
    )


def _take_seat(changes: Changes[Game], command: TakeSeat, rules: AnyRules) -> None:
    game = changes.state
    if game.status != "waiting":
        raise Refused("no_free_seat", "This game has begun already; ask for another one.")
    if game.seat_of(command.player) is not None:
        raise Refused("already_seated", "You sit at this game already.")
    free = [seat for seat, seated in enumerate(game.seats) if seated is None]
    seat = free[0] if command.seat is None else command.seat
    if seat not in free:
        seats = ", ".join(str(seat + 1) for seat in free)
        raise Refused("seat_taken", f"Seat {seat + 1} is not free. Free: {seats}.")
    if not (command.salt.isascii() and command.salt.isalnum() and len(command.salt) <= LONGEST_MOVE):
        raise Refused("bad_salt", f"A salt is 1 to {LONGEST_MOVE} letters and digits.")
    changes.add(SeatTaken(seat, command.player, command.salt))
    if len(free) == 1:
        changes.add(Started(len(game.seats)))
        _settle(changes, command.seed, rules)


def _leave_seat(changes: Changes[Game], command: LeaveSeat) -> None:
    seat = _seat(changes.state, command.player)
    if changes.state.status != "waiting":
        raise Refused("has_begun", "This game has begun; you can resign, not leave.")
    changes.add(SeatLeft(seat, command.player))


def _play(changes: Changes[Game], command: Play, rules: AnyRules) -> None:
    game = changes.state
    seat = _seat(game, command.player)
    _require_playing(game)
    if seat in game.gave_up:
        raise Refused("gave_up", "You gave this game up; you can watch how it goes on.")
    if command.ply is not None and command.ply != game.ply:
        raise Refused("moved_on", "The board has moved on since you looked; look again, then move.")
    if len(command.move) > LONGEST_MOVE or not command.move.isprintable():
        raise Refused("unreadable_move", f"That can't be read as a move. {rules.notation}")
    actors = rules.actors(game.board)
    if game.choices or seat not in actors:
        chosen = [other for other, _ in game.choices]
        waiting = [f"<{_player(game, other)}>" for other in actors if other not in chosen]
        if seat not in actors or seat in chosen:
            raise Refused("not_your_turn", f"It is not your turn: {' and '.join(waiting)} may move now.")
    move = rules.read(game.board, seat, command.move)
    if rules.simultaneous:
        rules.play(game.board, seat, move)  # refuses what is not legal; the choice itself waits
        changes.add(ChoiceSealed(seat, move))
        _reveal_if_all_chose(changes, rules)
    elif rules.secret(game.board):
        changes.add(MoveHidden(game.ply + 1, seat, move))
    else:
        changes.add(MovePlayed(game.ply + 1, seat, move))
    _settle(changes, command.seed, rules)


def _resign(changes: Changes[Game], command: Resign, rules: AnyRules) -> None:
    game = changes.state
    seat = _seat(game, command.player)
    _require_playing(game)
    if seat in game.gave_up:
        raise Refused("gave_up", "You gave this game up; you can watch how it goes on.")
    if rules.resign(game.board, seat) is None:
        changes.add(Resigned(game.ply, seat))
        _check_seed(game, command.seed)
        scores = tuple(0.0 if other == seat else 1.0 for other in range(len(game.seats)))
        changes.add(Ended("resigned", f"<{command.player}> resigned", command.seed.hex(), scores))
    else:
        changes.add(Resigned(game.ply + 1, seat, plays_on=True))
        _reveal_if_all_chose(changes, rules)
        _settle(changes, command.seed, rules)


def _abort(changes: Changes[Game], command: Abort) -> None:
    game = changes.state
    if game.status == "ended":
        _require_playing(game)
    if command.player != game.host and game.seat_of(command.player) is None:
        raise Refused("not_seated", "Only those who play here, or opened the game, can abort it.")
    _check_seed(game, command.seed)
    changes.add(Ended("aborted", f"<{command.player}> aborted it", command.seed.hex()))


def _reveal_if_all_chose(changes: Changes[Game], rules: AnyRules) -> None:
    game = changes.state
    if game.choices and len(game.choices) == len(rules.actors(game.board)):
        changes.add(ChoicesRevealed(game.ply + 1, tuple(sorted(game.choices))))


def _settle(changes: Changes[Game], seed: bytes, rules: AnyRules) -> None:
    """Draw what chance has to bring, then end the game if it is over."""
    while (outcome := rules.outcome(changes.state.board)) is None:
        game = changes.state
        if rules.actors(game.board) != (CHANCE,):
            return
        _check_seed(game, seed)
        drawn = chance.draw(seed, game.key, game.draws + 1, game.salts, rules.chances(game.board))
        event = ChanceHidden if rules.secret(game.board) else ChanceDrawn
        changes.add(event(game.ply + 1, game.draws + 1, drawn))
    _check_seed(changes.state, seed)
    changes.add(Ended("finished", outcome.reason, seed.hex(), outcome.scores, outcome.points))


def _check_seed(game: Game, seed: bytes) -> None:
    """A log that was moved here without its vault has games whose seeds nobody here knows."""
    if chance.commitment(seed) != game.commitment:
        raise Refused("foreign_seed", "This game's secret is in another vault; bring that vault.db here.")


def check_options(rules: AnyRules, options: dict[str, Any]) -> Struct:
    """The options of a game from plain data; texts are read as numbers where numbers are due.
    Raises Refused, naming the option and what is allowed."""
    known = rules.options_type.__struct_fields__
    unknown = [name for name in options if name not in known]
    if unknown:
        allowed = f"It has: {', '.join(known)}." if known else "It has none."
        raise Refused("bad_option", f"{rules.title} has no option {unknown[0][:40]!r}. {allowed}")
    try:
        converted: Struct = msgspec.convert(options, rules.options_type, strict=False)
    except msgspec.ValidationError as error:
        sentence = describe_error(error, rules.options_type)
        raise Refused("bad_option", f"That does not fit {rules.title}: {sentence}") from None
    return converted


def _seat(game: Game, player: PlayerId) -> int:
    seat = game.seat_of(player)
    if seat is None:
        raise Refused("not_seated", "You do not sit at this game.")
    return seat


def _player(game: Game, seat: int) -> PlayerId:
    seated = game.seats[seat]
    assert seated is not None, "a game that plays has all its seats taken"
    return seated.player


def _require_playing(game: Game) -> None:
    if game.status == "waiting":
        free = sum(seated is None for seated in game.seats)
        raise Refused("not_started", f"This game waits for {free} more player{'s' * (free > 1)}.")
    if game.status == "ended":
        assert game.outcome is not None
        raise Refused("game_over", f"This game is over: {game.outcome.reason}.")
