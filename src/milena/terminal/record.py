"""A recorded game on paper: its header and its plies, for people and for scripts."""

from typing import Any

import msgspec
from rich.table import Table
from rich.text import Text

from milena import telling
from milena.domain.game import Game
from milena.replay.history import Act, History, Ply
from milena.telling import Name
from milena.terminal.board import STYLES
from milena.terminal.clock import iso, local
from milena.terminal.screen import SEAT_TONES


def header(history: History, name: Name) -> Table:
    """What is known of a game beside its plies."""
    game = history.game
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(
        "game", Text(telling.title(history.games, game), "bold").append(f"  {game.key}", "not bold")
    )
    table.add_row("players", seats_line(history, name))
    if game.options:
        options = ", ".join(f"{option}={_short(value)}" for option, value in telling.options(game).items())
        table.add_row("options", Text(options))
    if game.clock is not None:
        table.add_row("clock", str(game.clock))
    table.add_row(
        "opened",
        f"{local(history.opened):%Y-%m-%d %H:%M:%S}, last event {local(history.last):%Y-%m-%d %H:%M:%S}",
    )
    if history.ended:
        table.add_row("result", Text(telling.result(game, name)))
        if points := telling.points(game, name):
            table.add_row("points", Text(points))
    elif not history.problem:
        table.add_row("now", Text(telling.turn(history.games, game, name)))
    if game.rematch:
        table.add_row("again", f"played again as {game.rematch}")
    table.add_row("commitment", game.commitment)
    table.add_row("seed", game.seed or "told when the game ends")
    return table


def _short(value: Any) -> Any:
    """A long list takes more room than it is worth; ``--json`` has all of it."""
    return f"{len(value)} given" if isinstance(value, list) and value else value


def seats_line(history: History, name: Name) -> Text:
    """Who plays, in their colours, with their marks."""
    marks = _marks(history)
    text = Text()
    for seat, who in enumerate(telling.players(history.game, name)):
        text.append(", " if seat else "")
        text.append(f"{who} {marks[seat]}".rstrip(), STYLES[SEAT_TONES[seat % len(SEAT_TONES)]])
    return text


def _marks(history: History) -> list[str]:
    """What stands for each seat; empty where nothing does."""
    game: Game = history.game
    marks = () if game.board is None else history.games.rules(game).marks(game.board)
    return [marks[seat] if seat < len(marks) else "" for seat in range(len(game.seats))]


def plies(history: History, name: Name) -> Table:
    """The plies, one row for each thing done."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("ply", justify="right")
    table.add_column("time", style="dim", no_wrap=True)
    table.add_column("player", overflow="fold")
    table.add_column("move", overflow="fold")
    form = "%H:%M:%S" if local(history.opened).date() == local(history.last).date() else "%m-%d %H:%M:%S"
    for ply in history.plies[1:]:
        for each in ply.acts:
            table.add_row(str(ply.number), *_row(history, each, form, name))
    for each in history.pending:
        table.add_row("", *_row(history, each, form, name))
    return table


def _row(history: History, act: Act, form: str, name: Name) -> tuple[str, Text, Text]:
    tone = "dim" if act.seat is None else STYLES[SEAT_TONES[act.seat % len(SEAT_TONES)]]
    said = Text(telling.act(history, act), "" if act.kind in ("move", "choice") else "dim")
    return f"{local(act.time):{form}}", Text(telling.actor(act, name), tone), said


# ------------------------------------------------------------------------------------- for scripts


def plain(history: History, name: Name) -> dict[str, Any]:
    """All of a game as plain data: header, plies, the view after each."""
    game = history.game
    marks = _marks(history)
    return {
        "id": game.key,
        "game": game.name,
        "title": telling.title(history.games, game),
        "rules": game.rules,
        "options": telling.options(game),
        "clock": None if game.clock is None else str(game.clock),
        "status": game.status,
        "how": game.how,
        "voided": game.voided or None,
        "rematch": game.rematch or None,
        "seats": [
            None
            if seated is None
            else {"seat": seat, "player": seated.player, "name": name(seated.player), "mark": marks[seat]}
            for seat, seated in enumerate(game.seats)
        ],
        "opened": iso(history.opened),
        "last": iso(history.last),
        "commitment": game.commitment,
        "seed": game.seed or None,
        "result": _result(history, name),
        "plies": [plain_ply(history, ply, name) for ply in history.plies],
        "pending": [_plain_act(history, act, name) for act in history.pending],
        "problem": history.problem or None,
    }


def _result(history: History, name: Name) -> dict[str, Any] | None:
    game = history.game
    if game.outcome is None:
        return None
    scores, points = game.outcome.scores, game.outcome.points
    return {"sentence": telling.result(game, name), "scores": scores, "points": points}


def plain_ply(history: History, ply: Ply, name: Name) -> dict[str, Any]:
    """One ply. A round of simultaneous choices has them under ``choices``; ply 0 is the start."""
    told: dict[str, Any] = {"ply": ply.number, "time": iso(ply.time)}
    match ply.acts:
        case ():
            told["kind"] = "start"
        case (act,) if act.kind != "choice":
            told |= _plain_act(history, act, name)
        case acts:
            told |= {"kind": "choices", "choices": [_plain_act(history, act, name) for act in acts]}
    return told | {"view": msgspec.to_builtins(history.view(ply))}


def _plain_act(history: History, act: Act, name: Name) -> dict[str, Any]:
    """What was done; ``move`` or ``outcome`` is null while it is a secret. ``missed`` is what became of a
    missed turn, ``plies`` how many were taken back."""
    told: dict[str, Any] = {
        "time": iso(act.time),
        "kind": act.kind,
        "seat": act.seat,
        "player": act.player,
        "name": telling.actor(act, name),
    }
    match act.kind:
        case "chance":
            told["outcome"] = history.told(act)
        case "move" | "choice":
            told["move"] = history.told(act)
        case "timeout":
            told["missed"] = act.text
        case "undone":
            told["plies"] = int(act.text)
    return told
