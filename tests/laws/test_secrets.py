"""Laws of secrets: a view never tells what its seat must not know."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from milena.domain.game import Game, Games
from milena.domain.game.events import (
    ChanceDrawn,
    ChanceHidden,
    ChoiceSealed,
    ChoicesRevealed,
    MoveHidden,
    MovePlayed,
)
from milena.domain.rules import CHANCE

if TYPE_CHECKING:
    from tests.laws.conftest import Session

    Sessions = Callable[..., st.SearchStrategy[Session]]

pace = settings(max_examples=settings().max_examples // 3)

READABLE = 3
"""A secret text of fewer letters is found in any text by chance; the laws of two worlds cover these."""


def watchers(session: "Session") -> list[int | None]:
    return [None, *session.seats]


def hidden(session: "Session", game: Game, seat: int | None) -> Game:
    return replace(game, board=session.rules.hide(game.board, seat))


def texts(value: Any) -> Iterator[str]:
    """Every text in plain data, but not the names of fields."""
    match msgspec.to_builtins(value):
        case str(text):
            yield text
        case dict(fields):
            for field in fields.values():
                yield from texts(field)
        case list(items) | tuple(items):
            for item in items:
                yield from texts(item)


def told(secret: str, value: Any) -> int:
    """How many texts in ``value`` hold the secret."""
    return sum(secret in text for text in texts(value))


@pace
@given(data=st.data())
def test_hiding_twice_hides_no_more(game: str, sessions: "Sessions", data: st.DataObject) -> None:
    session = data.draw(sessions(game))
    for state in session.boards():
        for seat in watchers(session):
            once = session.rules.hide(state.board, seat)
            assert session.rules.hide(once, seat) == once
            assert type(once) is type(state.board)


@pace
@given(data=st.data())
def test_a_view_is_made_of_nothing_but_the_hidden_state(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for state in session.boards():
        for seat in watchers(session):
            masked = hidden(session, state, seat)
            assert aggregate.view(masked, seat) == aggregate.view(state, seat)
            assert session.rules.actors(masked.board) == session.rules.actors(state.board)
            if seat is not None:
                assert session.rules.legal(masked.board, seat) == session.rules.legal(state.board, seat)


@pace
@given(data=st.data())
def test_choices_are_shown_to_those_who_may_move_and_are_their_legal_moves(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for state in session.states():
        movers = aggregate.actors(state)
        for seat in watchers(session):
            view = aggregate.view(state, seat)
            shown = session.rules.offers and seat is not None and seat in movers
            expected = session.rules.legal(state.board, seat) if shown else []
            assert list(view.choices) == expected
        assert aggregate.view(state, None).hand == ()


@pace
@given(data=st.data())
def test_a_cell_names_a_move_only_where_somebody_may_make_it(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for state in session.states():
        movers = aggregate.actors(state)
        legal = {move for seat in movers for move in session.rules.legal(state.board, seat)}
        for watcher in watchers(session):
            grid = aggregate.view(state, watcher).grid
            assert {cell.move for row in grid for cell in row if cell.move} <= legal


@pace
@given(data=st.data())
def test_views_are_the_same_for_all_outcomes_of_a_secret_draw_that_a_seat_can_not_tell_apart(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game, moves=20))
    rules = session.rules
    for before, event, _ in session.moments():
        if not isinstance(event, ChanceHidden):
            continue
        outcomes = [outcome for outcome, _ in rules.chances(before.board)]
        random = data.draw(st.randoms(use_true_random=True))
        worlds = random.sample(outcomes, min(len(outcomes), 100))
        for seat in watchers(session):
            views: dict[bytes, set[bytes]] = {}
            for outcome in worlds:
                state = replace(before, board=rules.resolve(before.board, outcome))
                seen = msgspec.json.encode(rules.hide(state.board, seat))
                views.setdefault(seen, set()).add(msgspec.json.encode(aggregate.view(state, seat)))
            assert all(len(views) == 1 for views in views.values())
            if seat is None and len(worlds) > 1:
                assert len(views) < len(worlds), "a spectator can tell all outcomes apart"


@pace
@given(data=st.data())
def test_a_secret_draw_or_move_is_in_no_spectators_view_until_it_is_told_to_all(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    moments = list(session.moments())
    for at, (before, event, after) in enumerate(moments):
        if not isinstance(event, (ChanceHidden, MoveHidden)):
            continue
        secret = event.outcome if isinstance(event, ChanceHidden) else event.move
        if len(secret) < READABLE:
            continue
        known = Counter(texts(session.rules.hide(before.board, None)))
        known_view = told(secret, aggregate.view(before, None))
        assert told(secret, aggregate.view(after, None)) <= known_view
        for _, later, state in islice(moments, at, None):
            if (later is not event and told(secret, later)) or state.status == "ended":
                break  # it was played, or drawn openly, or all is over
            if session.rules.outcome(state.board) is not None:
                break
            seen = Counter(texts(session.rules.hide(state.board, None))) - known
            assert not any(secret in text for text in seen)


@pace
@given(data=st.data())
def test_what_is_secret_is_recorded_sealed(game: str, sessions: "Sessions", data: st.DataObject) -> None:
    session = data.draw(sessions(game))
    for before, event, _ in session.moments():
        match event:
            case ChanceDrawn() | MovePlayed():
                secret = session.rules.secret(before.board)
                assert isinstance(event, (ChanceHidden, MoveHidden)) == secret
                assert bool(event.sealed) == secret


@pace
@given(data=st.data())
def test_a_sealed_choice_looks_the_same_to_all_others_whatever_was_chosen(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for state in session.boards():
        for seat in aggregate.actors(state):
            choices = session.rules.legal(state.board, seat) if session.rules.simultaneous else []
            worlds = [aggregate.decide(state, session.play(seat, choice)) for choice in choices]
            waiting = [world for world in worlds if isinstance(world.events[-1], ChoiceSealed)]
            assert len(waiting) in (0, len(worlds)), "whether all have chosen must not depend on the choice"
            for other in set(watchers(session)) - {seat}:
                views = {msgspec.json.encode(aggregate.view(world.state, other)) for world in waiting}
                boards = {
                    msgspec.json.encode(session.rules.hide(world.state.board, other)) for world in waiting
                }
                assert len(views) <= 1
                assert len(boards) <= 1
                known = [session.rules.play(state.board, seat, choice) for choice in choices]
                if waiting:  # and the rules themselves hide a choice that is on the board already
                    assert (
                        len({msgspec.json.encode(session.rules.hide(board, other)) for board in known}) == 1
                    )


@pace
@given(data=st.data())
def test_simultaneous_choices_are_revealed_once_all_at_a_time_as_they_were_made(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    made: dict[int, str] = {}
    for before, event, after in session.moments():
        match event:
            case ChoiceSealed():
                assert event.seat not in made
                made[event.seat] = event.move
                assert after.board == before.board
                assert dict(after.choices) == made
            case ChoicesRevealed():
                assert set(made) == set(session.rules.actors(before.board)) - {CHANCE}
                assert event.choices == tuple(sorted(made.items()))
                assert after.choices == ()
                made.clear()
            case MovePlayed():
                assert not session.rules.simultaneous
