"""What is said of a game: who plays, whose turn it is, what was played, how it ended."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from milena.domain.game import Game, Games
from milena.domain.game.events import RESULTS
from milena.domain.refusal import fill_names
from milena.domain.rules import Outcome
from milena.domain.view import View
from milena.replay.history import Act, History, Ply

Name = Callable[[str], str]
"""The name of a player by the player's id, as :meth:`milena.store.Vault.name` gives it."""

CHANCE = "chance"
HIDDEN = "hidden"
_NUMBERED = re.compile(r"\bplayer (\d+)\b( {2,})?", re.IGNORECASE)
LATE = {"lost": "ran out of time", "left": "ran out of time", "skipped": "missed the turn"}


def title(games: Games, game: Game) -> str:
    """The title of the game; its name where the package that has its rules is not installed."""
    try:
        return games.rules(game).title
    except Exception:
        return game.name or "unknown game"


def player(game: Game, seat: int, name: Name) -> str:
    """The name of who sits there; "free seat" where nobody does."""
    seated = game.seats[seat]
    return name(seated.player) if seated else "free seat"


def players(game: Game, name: Name) -> list[str]:
    return [player(game, seat, name) for seat in range(len(game.seats))]


def turn(games: Games, game: Game, name: Name) -> str:
    """Whom the game waits for: "ann to move", "ann and bob to choose", "cyd is invited, 1 seat free"."""
    if game.status == "waiting":
        invited = [name(invitation.player) for invitation in game.invited]
        said = [f"{join(invited)} {'are' if len(invited) > 1 else 'is'} invited"] if invited else []
        free = len(game.free)
        return ", ".join(said + ([f"{free} seat{'s' * (free > 1)} free"] if free else []))
    actors = [player(game, seat, name) for seat in games.actors(game)]
    if games.rules(game).simultaneous:
        return f"{join(actors)} to choose"
    return f"{join(actors, 'or')} to move"


def result(game: Game, name: Name) -> str:
    """How an ended game ended, in one sentence."""
    outcome = game.outcome
    assert outcome is not None, "an ended game has an outcome"
    reason = named(fill_names(outcome.reason, name), players(game, name))
    if game.how not in RESULTS:
        return f"{str(game.how).capitalize()}: {reason}."
    if game.voided:
        return f"Void: {game.voided} (it was: {_who_won(outcome, players(game, name))}, {reason})."
    return f"{_who_won(outcome, players(game, name))}: {reason}."


def _who_won(outcome: Outcome, names: list[str]) -> str:
    best = max(outcome.scores)
    if best == 0:
        return f"{join(names)} lost"
    winners = [name for name, score in zip(names, outcome.scores, strict=True) if score == best]
    if best == 1:
        return f"{join(winners)} won"
    return "Draw" if len(winners) == len(names) else f"{join(winners)} share the win"


def points(game: Game, name: Name) -> str:
    """What the game counted, "ann 12, bob 9"; empty where it counts nothing."""
    if game.outcome is None or not game.outcome.points:
        return ""
    pairs = zip(players(game, name), game.outcome.points, strict=True)
    return ", ".join(f"{who} {count}" for who, count in pairs)


def act(history: History, act: Act) -> str:
    """What was done, without who did it."""
    match act.kind:
        case "resigned":
            return "resigned"
        case "timeout":
            return LATE[act.text]
        case "entered":
            return "came in"
        case "undone":
            return f"took back {act.text} {'ply' if act.text == '1' else 'plies'}"
    told = history.told(act)
    if told is not None:
        return told
    return "chose" if act.kind == "choice" else HIDDEN


def actor(act: Act, name: Name) -> str:
    if act.kind == "undone":
        return "they"
    return CHANCE if act.player is None else name(act.player)


def ply(history: History, ply: Ply, name: Name) -> str:
    """One ply in one line: "3 ann 5", "1 ann rock, bob paper", "0 start"."""
    acts = ", ".join(f"{actor(each, name)} {act(history, each)}" for each in ply.acts)
    return f"{ply.number} {acts or 'start'}"


def named(text: str, players: Sequence[str]) -> str:
    """Rules know seats, people have names: ``player 2`` is ``bob``. Columns behind them stay upright."""
    width = max(map(len, players), default=0)

    def name(match: re.Match[str]) -> str:
        seat = int(match[1]) - 1
        if not 0 <= seat < len(players):
            return match[0]
        return f"{players[seat]:<{width}}{match[2]}" if match[2] else players[seat]

    return _NUMBERED.sub(name, text)


def with_names(view: View, players: Sequence[str]) -> View:
    return replace(view, lines=tuple(named(line, players) for line in view.lines))


def options(game: Game) -> dict[str, Any]:
    """The options of a game. A list may hold answers: while the game is open, only its length is told."""
    if game.status == "ended":
        return game.options
    return {
        option: f"{len(value)} given" if isinstance(value, list) and value else value
        for option, value in game.options.items()
    }


def join(words: Iterable[str], last: str = "and") -> str:
    """``a, b and c``"""
    *front, end = words
    return f"{', '.join(front)} {last} {end}" if front else end
