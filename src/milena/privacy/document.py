"""All that is kept of a person, as one JSON document.

Whose events? Those of what the person called, whatever stream they went to, and those of the streams that are
the person's own. What is sealed in them is opened where it was the person who wrote it; what chance drew in
hiding for a game that goes on stays sealed, as the person may not know it yet. Others are in here by their
ids alone.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from milena import __version__
from milena.domain.case import Cases
from milena.domain.event import Aggregate, Event
from milena.domain.game import Game
from milena.domain.game.events import ChanceHidden
from milena.domain.ids import PlayerId
from milena.domain.member import key as member_key
from milena.readside import BadModel, Behind, ReadSide
from milena.store import Damaged, Envelope, Store, StoreError
from milena.store.lookup import guilds
from milena.store.whole import whole

FORMAT = 1

Json = dict[str, Any]


def document(
    store: Store, aggregates: Iterable[Aggregate[Any]], readside: ReadSide, player: PlayerId
) -> Json:
    """See the module. ``problems`` in it names what could not be read. For somebody who is not known any more
    it holds what is left. Raises StoreError."""
    missing: list[Damaged] = []
    with whole(store, missing) as log:
        told = _document(log, {aggregate.kind: aggregate for aggregate in aggregates}, readside, player)
    told["problems"] += map(str, missing)
    return told


def _document(
    store: Store, aggregates: dict[str, Aggregate[Any]], readside: ReadSide, player: PlayerId
) -> Json:
    folding = _Folding(store, aggregates)
    vault = store.vault
    events = [_event(store, row, folding) for row in _rows(store, player)]
    return {
        "format": FORMAT,
        "milena": __version__,
        "made": _iso(time.time_ns() // 1_000_000),
        "player": player,
        "vault": {
            "source": vault.source(player),
            "outside": vault.outside(player),
            "name": vault.name(player) if vault.knows(player) else None,
            "key": vault.key(player) is not None,
        },
        "reminders": list(_reminders(store, folding, player)),
        "cases": list(_cases(store, folding, player)),
        "games": list(_games(store, folding, player)),
        "events": events,
        "read_models": {name: _tables(readside, name, player, folding) for name in readside.models},
        "problems": folding.problems,
    }


class _Folding:
    """States of aggregates; what can't be replayed is noted in ``problems``."""

    def __init__(self, store: Store, aggregates: dict[str, Aggregate[Any]]) -> None:
        self._store, self._aggregates = store, aggregates
        self.problems: list[str] = []

    def state(self, kind: str, key: str) -> Any:
        """None where it can't be replayed."""
        try:
            return self._store.fold(self._aggregates[kind], key).state
        except StoreError as error:
            self.problems.append(str(error))
            return None


# ------------------------------------------------------------------------------------------------ events


def _rows(store: Store, player: PlayerId) -> Iterator[Envelope]:
    """The person's events, in order. The log has no index for that: it is read through, once."""
    own = [
        f"{kind}:{member_key(guild, player)}" for kind in ("member", "reminder") for guild in guilds(store)
    ]
    positions = store.rows(
        "SELECT position FROM events WHERE player = ? OR stream IN (SELECT value FROM json_each(?)) "
        "ORDER BY position",
        (player, msgspec.json.encode(own).decode()),
    )
    for (position,) in positions:
        found = store.at(position)
        if found is not None:
            yield found


def _event(store: Store, row: Envelope, folding: _Folding) -> Json:
    told: Json = {
        "position": row.position, "time": _iso(row.time), "place": row.place, "stream": row.stream,
        "tag": row.tag, "correlation": row.correlation, "invocation": row.invocation,
    }  # fmt: skip
    try:
        event: Event = store.event(row)
    except Exception as error:  # whatever is wrong with it, the others are told
        folding.problems.append(f"Position {row.position} can't be read: {error}")
        return {**told, "payload": row.payload}
    if isinstance(event, ChanceHidden) and not _is_over(folding, row.stream):
        return {**told, "event": {**msgspec.to_builtins(event), event.sealed: "(sealed until the game ends)"}}
    return {**told, "event": msgspec.to_builtins(event)}


def _is_over(folding: _Folding, stream: str) -> bool:
    game: Game | None = folding.state("game", stream.partition(":")[2])
    return game is not None and game.status == "ended"


# ------------------------------------------------------------------------------------------------ states


def _reminders(store: Store, folding: _Folding, player: PlayerId) -> Iterator[Json]:
    """Those to come, and where the person's clock hangs."""
    for guild in guilds(store):
        state = folding.state("reminder", member_key(guild, player))
        if state is not None and (state.open or state.zone):
            yield {"guild": guild, "zone": state.zone, "open": msgspec.to_builtins(state.open)}


def _cases(store: Store, folding: _Folding, player: PlayerId) -> Iterator[Json]:
    """Those about the person."""
    for guild in store.streams("case"):
        cases: Cases | None = folding.state("case", guild)
        for case in () if cases is None else cases.about(player):
            yield {"guild": guild, **msgspec.to_builtins(case)}


def _games(store: Store, folding: _Folding, player: PlayerId) -> Iterator[Json]:
    """Where the person sat, with the result."""
    seated = store.rows(
        "SELECT DISTINCT stream FROM events WHERE tag IN ('game.seat_taken', 'game.seat_handed_over') "
        "AND payload ->> '$.player' = ? ORDER BY stream",
        (player,),
    )
    for (stream,) in seated:
        game: Game | None = folding.state("game", stream.partition(":")[2])
        if game is not None:
            yield {
                "game": game.key, "kind": game.name, "place": game.place, "status": game.status,
                "seat": game.seat_of(player), "plies": game.ply, "how": game.how,
                "scores": list(game.outcome.scores) if game.outcome else [],
            }  # fmt: skip


# ------------------------------------------------------------------------------------------- read models


def _tables(readside: ReadSide, model: str, player: PlayerId, folding: _Folding) -> Json:
    try:
        return dict(readside.about(model, player))
    except (Behind, BadModel, StoreError) as error:
        folding.problems.append(f"The read model {model} can't be asked: {error}")
        return {}


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
