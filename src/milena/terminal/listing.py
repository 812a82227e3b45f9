"""The games of a data directory, newest first."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct
from rich.table import Table
from rich.text import Text

from milena import telling
from milena.aggregates import GAMES, LOBBIES
from milena.domain.game import Game
from milena.home import Home
from milena.replay.history import History
from milena.terminal.clock import ago, iso

Wanted = Literal["all", "open", "ended"]
Status = Literal["waiting", "playing", "ended", "damaged"]

NARROW = 60
"""Columns of a terminal in which all of a game stands in one cell beside its id."""
STYLES: dict[Status, str] = {"waiting": "yellow", "playing": "bold green", "ended": "", "damaged": "bold red"}


class Listed(Struct, frozen=True):
    """A game in the list. ``state`` is whose turn it is, how it ended, or what is wrong with it;
    ``opened`` and ``last`` are the times of its first and last event, in ms since 1970. ``aside``: it was set
    aside, as it can't be replayed."""

    game: Game
    status: Status
    title: str
    players: list[str]
    state: str
    opened: int
    last: int
    aside: bool = False


def listing(home: Home, wanted: Wanted) -> Iterator[Listed]:
    """All games that are wanted, newest first. A damaged one is neither open nor ended."""
    guilds = home.store.streams(LOBBIES.kind)
    aside = {key for guild in guilds for key in home.store.fold(LOBBIES, guild).state.aside}
    for key in reversed(home.store.streams(GAMES.kind)):
        listed = _listed(home, key, key in aside)
        match wanted:
            case "open" if listed.status not in ("waiting", "playing"):
                continue
            case "ended" if listed.status != "ended":
                continue
        yield listed


def _listed(home: Home, key: str, aside: bool) -> Listed:
    name = home.vault.name
    stream = f"{GAMES.kind}:{key}"
    try:
        version, game = home.store.fold(GAMES, key)
        state = telling.result(game, name) if game.status == "ended" else telling.turn(GAMES, game, name)
        (first,) = home.store.stream(stream, upto=1)
        (last,) = home.store.stream(stream, after=version - 1, upto=version)
    except Exception as error:  # whatever is wrong with one game, the others are listed
        history = History(home.store, GAMES, key)
        history.catch_up()
        game, state = history.game, history.problem or str(error)
        status: Status = "damaged"
        opened, moved = history.opened, history.last
    else:
        status = "waiting" if game.status == "unopened" else game.status
        opened, moved = first.time, last.time
    title, players = telling.title(GAMES, game), telling.players(game, name)
    return Listed(game, status, title, players, state, opened, moved, aside and status == "damaged")


def table(found: Iterable[Listed], now: int, width: int) -> Table:
    """The list for people, in ``width`` columns. ``now`` in ms since 1970."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("id", no_wrap=True)
    if width < NARROW:
        table.add_column("game", overflow="fold")
        for listed in found:
            what = Text(f"{listed.title}, {', '.join(listed.players)}: ")
            table.add_row(Text(listed.game.key, "bold"), what.append(_state(listed), STYLES[listed.status]))
        return table
    for heading in ("game", "players", "state"):
        table.add_column(heading, overflow="fold")
    table.add_column("plies", justify="right")
    table.add_column("last move", no_wrap=True)
    for listed in found:
        table.add_row(
            Text(listed.game.key, "bold"),
            Text(listed.title),
            Text(", ".join(listed.players)),
            Text(_state(listed), STYLES[listed.status]),
            str(listed.game.ply),
            ago(listed.last, now) if listed.last else "",
        )
    return table


def _state(listed: Listed) -> str:
    if listed.status == "damaged":
        return "set aside" if listed.aside else "damaged"
    return listed.state


def plain(listed: Listed) -> dict[str, Any]:
    """The same as plain data, for scripts."""
    game = listed.game
    seats = [None if seated is None else seated.player for seated in game.seats]
    pairs = zip(seats, listed.players, strict=True)
    return {
        "id": game.key,
        "game": game.name,
        "title": listed.title,
        "status": listed.status,
        "aside": listed.aside,
        "how": game.how,
        "voided": game.voided or None,
        "state": listed.state,
        "players": [None if player is None else {"id": player, "name": name} for player, name in pairs],
        "options": telling.options(game),
        "turn": [listed.players[seat] for seat in GAMES.actors(game)] if listed.status == "playing" else [],
        "scores": game.outcome.scores if game.outcome else None,
        "points": game.outcome.points if game.outcome else None,
        "plies": game.ply,
        "opened": iso(listed.opened) if listed.opened else None,
        "last": iso(listed.last) if listed.last else None,
    }
