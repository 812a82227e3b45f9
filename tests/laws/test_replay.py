"""Laws of replay: events alone give the state, from zero, from any snapshot, in any process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from milena.domain.event import Event
from milena.domain.game import Game, Games
from milena.store.mapper import Mapper
from milena.store.sealing import sealing_key

if TYPE_CHECKING:
    from tests.laws.conftest import Session

    Sessions = Callable[..., st.SearchStrategy[Session]]

pace = settings(max_examples=settings().max_examples // 3)


def fold(aggregate: Games, state: Game, events: list[Event]) -> Game:
    for event in events:
        state = aggregate.evolve(state, event)
    return state


@pace
@given(data=st.data())
def test_the_state_that_a_decision_hands_on_is_the_fold_of_its_events(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for step in session.steps:
        folded = fold(aggregate, step.before, list(step.events))
        assert folded == step.after
        assert aggregate.encode(folded) == aggregate.encode(step.after)


@pace
@given(data=st.data())
def test_replay_from_zero_equals_the_live_state_at_every_ply(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    state = aggregate.initial(session.game.key)
    for step in session.steps:
        state = fold(aggregate, state, list(step.events))
        assert state == step.after
        assert aggregate.encode(state) == aggregate.encode(step.after)


@pace
@given(data=st.data())
def test_a_fold_from_a_snapshot_equals_the_fold_from_zero_at_every_cut(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game, moves=20))
    events = session.events
    for cut in range(1, len(events) + 1):
        before = fold(aggregate, aggregate.initial(session.game.key), events[:cut])
        snapshot = aggregate.decode(aggregate.encode(before))
        assert snapshot == before
        assert aggregate.encode(fold(aggregate, snapshot, events[cut:])) == aggregate.encode(session.game)


@pace
@given(data=st.data())
def test_a_state_survives_being_written_as_json(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for moment in session.moments():
        written = aggregate.encode(moment.after)
        assert aggregate.decode(written) == moment.after
        assert aggregate.decode(json.dumps(json.loads(written)).encode()) == moment.after


@pace
@given(data=st.data())
def test_an_event_survives_being_stored(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game, moves=20))
    mapper = Mapper(aggregate.events, lambda stream: [sealing_key(session.seed)])
    for event in session.events:
        payload = mapper.encode(event, "game:here")
        assert mapper.decode(event.tag, payload, "game:here") == event
        assert isinstance(json.loads(payload), dict)
        if event.sealed:
            assert getattr(event, event.sealed) not in json.loads(payload).values()


@pace
@given(data=st.data())
def test_every_event_has_the_next_ply_or_the_same_one(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for before, event, after in session.moments():
        assert after.ply in (before.ply, before.ply + 1)
        assert after.ply == getattr(event, "ply", before.ply)


REFOLD = """
import sys
from milena import games
from milena.domain.game import Games
from milena.store.mapper import Mapper
import hashlib, json
aggregate = Games(games.load)
mapper = Mapper(aggregate.events, lambda stream: [bytes(32)])
state = aggregate.initial(sys.argv[1])
told = hashlib.sha256()
for tag, payload in json.load(sys.stdin):
    state = aggregate.evolve(state, mapper.decode(tag, payload, "game:here"))
    told.update(aggregate.encode(state))
    if state.board is not None:
        rules = aggregate.rules(state)
        legal = [rules.legal(state.board, seat) for seat in range(len(state.seats))]
        told.update(json.dumps([legal, rules.chances(state.board)]).encode())
print(told.hexdigest())
"""


@settings(max_examples=3)
@given(data=st.data())
def test_the_same_events_give_the_same_states_in_a_process_of_another_hash_seed(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game, quits=False))
    told = sha256()
    for moment in session.moments():
        state = moment.after
        told.update(aggregate.encode(state))
        if state.board is not None:
            legal = [session.rules.legal(state.board, seat) for seat in session.seats]
            told.update(json.dumps([legal, session.rules.chances(state.board)]).encode())

    mapper = Mapper(aggregate.events, lambda stream: [bytes(32)])
    stored = [(event.tag, mapper.encode(event, "game:here")) for event in session.events]
    again = subprocess.run(
        [sys.executable, "-c", REFOLD, session.game.key],
        input=msgspec.json.encode(stored),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "4711"},
    )
    assert again.stdout.decode().strip() == told.hexdigest()
