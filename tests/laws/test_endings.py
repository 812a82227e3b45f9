"""Laws of endings and of chance: what the scores may be, and that every draw can be checked."""

import hashlib
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from milena.domain.game import Void
from milena.domain.game.events import ChanceDrawn, Ended, MovePlayed, Opened, SeatLeft, SeatTaken
from milena.domain.rules import CHANCE

if TYPE_CHECKING:
    from tests.laws.conftest import Session

    Sessions = Callable[..., st.SearchStrategy[Session]]

pace = settings(max_examples=settings().max_examples // 3)


@pace
@given(data=st.data())
def test_an_end_is_the_last_event_and_gives_a_score_from_0_to_1_to_each_seat(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game, moves=200))
    ends = [event for event in session.events if isinstance(event, Ended)]
    assert ends == ([session.events[-1]] if session.game.status == "ended" else [])
    for end in ends:
        assert end.reason.strip()
        if end.how == "aborted":
            assert end.scores == end.points == ()
        else:
            assert len(end.scores) == len(session.seats)
            assert all(0 <= score <= 1 for score in end.scores)
            assert len(end.points) in (0, len(session.seats))


@pace
@given(data=st.data())
def test_only_a_finished_game_has_the_outcome_of_its_rules(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game, moves=200))
    for state in session.boards():
        outcome = session.rules.outcome(state.board)
        assert (outcome is not None) == (state.how == "finished")
        assert state.outcome == outcome or state.how != "finished"


@pace
@given(data=st.data())
def test_every_end_reveals_the_seed_that_was_committed_to(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    states = session.states()
    if session.game.status != "ended":  # voided now, in the place of whatever would have come
        states.append(session.game)
        session.do(Void(session.game.host, "it takes too long", session.seed))
    opened, end = session.events[0], session.events[-1]
    assert isinstance(opened, Opened)
    assert isinstance(end, Ended)
    assert hashlib.sha256(bytes.fromhex(end.seed)).hexdigest() == opened.commitment
    assert not any(state.seed for state in states if state.status != "ended")
    for event in session.events[:-1]:
        assert session.seed.hex() not in repr(event)


@pace
@given(data=st.data())
def test_every_draw_can_be_recomputed_from_the_log(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    salts: dict[int, str] = {}
    draws = 0
    for before, event, _ in session.moments():
        match event:
            case SeatTaken():
                salts[event.seat] = event.salt
            case SeatLeft():
                del salts[event.seat]
            case ChanceDrawn():
                draws += 1
                message = f"{session.game.key}/{draws}/{','.join(salts[seat] for seat in sorted(salts))}"
                digest = hmac.new(session.seed, message.encode(), hashlib.sha256).hexdigest()
                chances = session.rules.chances(before.board)
                ticket = int(digest, 16) % sum(weight for _, weight in chances)
                outcomes = [outcome for outcome, weight in chances for _ in range(weight)]
                assert event.draw == draws
                assert event.outcome == outcomes[ticket]


@pace
@given(data=st.data())
def test_chance_has_something_to_bring_whenever_a_draw_is_due_and_only_then(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    rules = session.rules
    for before, event, after in session.moments():
        assert not (isinstance(event, MovePlayed) and rules.actors(before.board) == (CHANCE,))
        if after.board is None:
            continue
        chances = rules.chances(after.board)
        assert bool(chances) == (rules.actors(after.board) == (CHANCE,))
        assert len({outcome for outcome, _ in chances}) == len(chances)
        assert all(isinstance(weight, int) and weight > 0 for _, weight in chances)
