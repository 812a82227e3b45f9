"""What completion looks at, for every front end: the log as it stands, and who asks where.

People type fast, and each key asks again. So what a stream has come to is remembered, and only what is new in
it is read; a list is as long as can be offered, and no longer.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import available_timezones

import msgspec

from milena import games
from milena.aggregates import CASES, GAMES, GUILDS, LOBBIES, POLLS
from milena.commands import offered
from milena.domain.case import Case, Cases
from milena.domain.event import Aggregate
from milena.domain.game import Game
from milena.domain.guild import Guild
from milena.domain.guild.permissions import has_moderators_role
from milena.domain.guild.settings import SETTINGS
from milena.domain.ids import Place, PlayerId
from milena.domain.listing import Listed
from milena.domain.lobby import Lobby
from milena.domain.poll import Poll
from milena.domain.refusal import Refused
from milena.domain.spelling import typed
from milena.home import Home
from milena.readside import BadModel, Behind, ReadSide
from milena.slash.sources import GameLine, Line
from milena.store import Folded, Store, StoreError
from milena.unfinished import open_polls

KEPT = 2000
"""States that are remembered."""
MOST = 50
"""Games that are looked at, of those in which the player does not sit."""
OVER = 25
POLLS_SEEN = 200
CASES_SEEN = 1000


class Suggestions:
    """Makes the sources of completion. ``readside`` knows the games that are over. For any thread."""

    def __init__(self, home: Home, readside: ReadSide | None = None) -> None:
        self.home = home
        self.readside = readside
        self.states = States(home.store)

    def of(
        self, player: PlayerId, place: Place, moderator: bool = False, roles: Collection[str] = ()
    ) -> "Suggested":
        """What ``player``, who has these ``roles``, may be offered in ``place``: a
        :class:`milena.slash.Sources`."""
        return Suggested(self, player, place, moderator, roles)


class Suggested:
    """See :class:`milena.slash.Sources`."""

    def __init__(
        self, made_by: Suggestions, player: PlayerId, place: Place, moderator: bool, roles: Collection[str]
    ) -> None:
        self._moderator, self._roles = moderator, roles
        self._home, self._readside, self._states = made_by.home, made_by.readside, made_by.states
        self._player = player
        self._guild, _, self._channel = place.partition("/")

    def games(self, over: bool) -> Sequence[GameLine]:
        lobby: Lobby = self._states.state(LOBBIES, self._guild) or Lobby(self._guild)
        own = [key for key in lobby.index.games_of(self._player) if key in lobby.games]
        mine = sorted(own, key=lambda key: lobby.games[key].channel != self._channel)
        here = (key for key in reversed(lobby.games) if lobby.games[key].channel == self._channel)
        others = islice((key for key in here if key not in mine), MOST)
        found = [self._open(key, lobby.games[key]) for key in (*mine, *others)]
        return [*found, *self._over()] if over else found

    def _open(self, key: str, listed: Listed) -> GameLine:
        """Only games that may concern the player are looked at more closely."""
        if listed.began and self._player not in listed.players:
            return GameLine(key, listed.kind, "playing", self._names(listed.players))
        game: Game | None = self._states.state(GAMES, key)
        if game is None:
            return GameLine(key, listed.kind, "waiting", self._names(listed.players))
        seat = game.seat_of(self._player)
        waits = game.takeback.seats if game.takeback is not None else game.draw_offers
        return GameLine(
            key,
            game.name,
            "waiting" if game.status == "waiting" else "playing",
            self._names(player for player in game.players if player != self._player),
            mine=seat is not None or game.host == self._player,
            turn=seat is not None and seat in GAMES.actors(game),
            invited=game.invitation(self._player) is not None,
            asked=bool(waits) and seat in game.still_in and seat not in waits,
            free=0 if game.private or game.status != "waiting" else len(game.free),
        )

    def _over(self) -> list[GameLine]:
        """The last games of the player that are over, as far as the read side has come."""
        if self._readside is None:
            return []
        try:
            question = self._readside.question("games", "by_player")
            with self._readside.asking("games", self._guild) as asking:
                asked = asking.ask(question, {"player": self._player}, limit=OVER + MOST)
        except (Behind, BadModel, Refused, StoreError):
            return []
        rows = [dict(zip(asked.columns, row, strict=True)) for row in asked.rows]
        lines = (
            GameLine(
                row["game"],
                row["kind"],
                "over",
                self._names(each for each in msgspec.json.decode(row["players"]) if each != self._player),
                mine=True,
            )
            for row in rows
            if row["ended"] is not None
        )
        return list(islice(lines, OVER))

    def moves(self, game: str) -> Sequence[str]:
        state: Game | None = self._states.state(GAMES, game) if game else None
        if state is None or state.place.partition("/")[0] != self._guild:
            return ()
        seat = state.seat_of(self._player)
        return () if seat is None else GAMES.view(state, seat).choices

    def polls(self) -> Sequence[Line]:
        found = []
        for key in islice(reversed(open_polls(self._home.store)), POLLS_SEEN):
            poll: Poll | None = self._states.state(POLLS, key)
            if poll is not None and not poll.closed and poll.place.partition("/")[0] == self._guild:
                found.append(Line(key, poll.question))
        return found

    def cases(self) -> Sequence[Line]:
        moderator = self._moderator or has_moderators_role(
            self._states.state(GUILDS, self._guild) or Guild(self._guild), self._roles
        )
        found: Cases | None = self._states.state(CASES, self._guild) if moderator else None
        cases = reversed(found.cases.values()) if found is not None else ()
        return [Line(str(case.number), self._told(case)) for case in islice(cases, CASES_SEEN)]

    def _told(self, case: Case) -> str:
        member = f" of {self._home.vault.name(case.member)}" if case.member else ""
        return f"{case.number}: {case.act}{member}"

    def commands(self) -> Sequence[Line]:
        return [Line(name, f"/{typed(name)}") for name in offered()]

    def kinds(self) -> Sequence[Line]:
        return _kinds()

    def settings(self) -> Sequence[Line]:
        return [Line(each.name, f"{each.name}: {each.help}") for each in SETTINGS.values()]

    def zones(self) -> Sequence[str]:
        return _zones()

    def _names(self, players: Iterable[PlayerId]) -> tuple[str, ...]:
        return tuple(map(self._home.vault.name, players))


class States:
    """What streams have come to. A stream that can't be replayed has come to nothing."""

    def __init__(self, store: Store, kept: int = KEPT) -> None:
        self._store = store
        self._kept = kept
        self._lock = threading.Lock()
        self._folded: OrderedDict[str, Folded] = OrderedDict()

    def state(self, aggregate: Aggregate[Any], key: str) -> Any:
        """None where there is no event, or one that can't be replayed."""
        stream = f"{aggregate.kind}:{key}"
        with self._lock:
            known = self._folded.get(stream)
        try:
            found = self._read_on(aggregate, stream, known) or self._store.fold(aggregate, key)
        except StoreError:
            return None
        if not found.version:
            return None
        with self._lock:
            self._folded[stream] = found
            self._folded.move_to_end(stream)
            while len(self._folded) > self._kept:
                self._folded.popitem(last=False)
        return found.state

    def _read_on(self, aggregate: Aggregate[Any], stream: str, known: Folded | None) -> Folded | None:
        """What is known, with what came behind it; None where that does not follow."""
        if known is None:
            return None
        version, state = known
        try:
            for envelope in self._store.stream(stream, after=version):
                version, state = envelope.version, aggregate.evolve(state, self._store.event(envelope))
        except Exception:  # the whole stream tells whether it can be replayed
            return None
        return Folded(version, state)


@cache
def _kinds() -> tuple[Line, ...]:
    """The games that can be loaded."""
    found = []
    for name in games.names():
        try:
            found.append(Line(name, games.load(name).title))
        except games.BadGame:
            continue
    return tuple(found)


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))
