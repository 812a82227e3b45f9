"""Reads a log from its first event and finds anything that should not be: the same for every crash."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from milena.aggregates import AGGREGATES, GAMES
from milena.domain.game import Game
from milena.domain.member import CommandInvoked
from milena.store import GENESIS, Envelope, Folded, Head, Store
from milena.store.envelope import expected_hash

KINDS = {aggregate.kind: aggregate for aggregate in AGGREGATES}


class Auditor:
    """Keeps what it has seen, so that a log that has grown is read on from where it ended.

    ``invocations``  where each invocation stands and with which verdict
    ``states``       what each stream has come to, folded from zero
    """

    def __init__(self) -> None:
        self.head = Head(0, GENESIS)
        self.invocations: dict[str, tuple[int, str]] = {}
        self.versions: Counter[str] = Counter()
        self.states: dict[str, Any] = {}

    def read_on(self, store: Store) -> int:
        """Check all that is new in the log; returns how many events that is."""
        before = self.head.position
        group: list[Envelope] = []
        for envelope in store.scan(after=before):
            self._check_place(envelope)
            if envelope.tag == "command.invoked":
                self._check_whole(store, group)
                group = []
            group.append(envelope)
        self._check_whole(store, group)
        assert store.head() == self.head
        return self.head.position - before

    def _check_place(self, envelope: Envelope) -> None:
        """Positions and versions are contiguous, the chain is whole."""
        position, previous = self.head
        assert envelope.position == position + 1
        assert envelope.hash == expected_hash(previous, envelope), f"chain broken at {envelope.position}"
        self.versions[envelope.stream] += 1
        assert envelope.version == self.versions[envelope.stream], f"gap in {envelope.stream}"
        self.head = Head(envelope.position, envelope.hash)

    def _check_whole(self, store: Store, group: Sequence[Envelope]) -> None:
        """``group``: an invocation, and the events behind it up to the next one."""
        if not group:
            return
        first, *caused = group
        invoked = store.event(first)
        assert isinstance(invoked, CommandInvoked), f"position {first.position} is nobody's"
        assert first.invocation is not None
        assert first.invocation not in self.invocations, f"{first.invocation} is in the log twice"
        self.invocations[first.invocation] = (first.position, invoked.verdict)
        for envelope in group:
            kind, _, key = envelope.stream.partition(":")
            state = self.states.get(envelope.stream) or KINDS[kind].initial(key)
            self.states[envelope.stream] = KINDS[kind].evolve(state, store.event(envelope))
        for envelope in caused:
            assert envelope.causation == first.position
            assert envelope.correlation == first.correlation == first.invocation
            assert envelope.invocation is None
        if invoked.verdict == "accepted":
            self._check_result(invoked, caused)
        else:
            assert not caused, f"{first.invocation} was {invoked.verdict}, and yet something happened"

    def _check_result(self, invoked: CommandInvoked, caused: Sequence[Envelope]) -> None:
        """The game is where the answer says: so the last of its events is there, and none beyond it. And the
        lobby lists it as it stands."""
        stream = f"game:{invoked.result['game']}"
        game: Game = self.states[stream]
        lobby = f"lobby:{game.place.partition('/')[0]}"
        own = [envelope.tag for envelope in caused if envelope.stream == stream]
        assert own, "an accepted command did nothing"
        assert {envelope.stream for envelope in caused} <= {stream, lobby}
        assert invoked.result == {"game": game.key, "status": game.status, "ply": game.ply}
        if invoked.command == "open":
            assert own[:2] == ["game.opened", "game.seat_taken"]
        if game.status == "ended":
            assert own[-1] == "game.ended"
        listed = self.states[lobby].games.get(game.key)
        if game.status == "ended":
            assert listed is None
        else:
            assert (listed.kind, listed.players) == (game.name, game.players)
            assert listed.began == (game.status == "playing")

    def check_answers(self, answers: Sequence[dict[str, Any]]) -> None:
        """What was acknowledged is in the log, once, where and as it was acknowledged."""
        for answer in answers:
            if answer["code"] not in ("busy", "unavailable"):
                stored = self.invocations.get(answer["invocation"])
                assert stored == (answer["position"], answer["verdict"]), answer
            else:
                assert answer["position"] == 0
                assert answer["invocation"] not in self.invocations, answer

    def check_refolds(self, store: Store) -> None:
        """Every stream folds to what its events come to, from its snapshot as from zero."""
        for stream, state in self.states.items():
            kind, _, key = stream.partition(":")
            expected = Folded(self.versions[stream], state)
            assert store.fold(KINDS[kind], key) == expected
            assert store.fold(KINDS[kind], key, snapshots=False) == expected

    @property
    def games(self) -> dict[str, Game]:
        return {stream: state for stream, state in self.states.items() if stream.startswith(GAMES.kind)}
