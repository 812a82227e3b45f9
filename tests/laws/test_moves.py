"""Laws of moves: what is legal is never refused, what is not always is, and play comes to an end."""

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from milena.domain.game import LONGEST_MOVE, Game, Games, Play, Resign
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused

if TYPE_CHECKING:
    from tests.laws.conftest import Session

    Sessions = Callable[..., st.SearchStrategy[Session]]

pace = settings(max_examples=settings().max_examples // 3)

MOST = 20
"""So many moves of another time are tried on one state: some games have hundreds of words."""

ANYTHING = st.one_of(
    st.text(max_size=LONGEST_MOVE),
    st.text("0123456789abcdefghxyz-=+,. ", max_size=6),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Nd", "No", "Zs"]), max_size=8),
    st.text(min_size=LONGEST_MOVE + 1, max_size=10_000),
    st.sampled_from(["", " ", "\0", "1\n", "²", "٣", "1" * 5000, "-1", "0", "1e1", "NaN", "\ud800", "Ａ１"]),
)


def assert_refused(aggregate: Games, state: Game, *commands: Struct) -> None:
    """Each of them is, with a sentence, and changes nothing."""
    before = aggregate.encode(state)
    for command in commands:
        refused = None
        try:
            aggregate.decide(state, command)
        except Refused as error:
            refused = error
        assert refused is not None, command
        assert refused.code.isidentifier()
        assert refused.sentence.strip()
        assert len(refused.sentence.splitlines()) == 1
    assert aggregate.encode(state) == before


@pace
@given(data=st.data())
def test_a_legal_move_is_never_refused(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for state in session.boards():
        for seat in aggregate.actors(state):
            for move in session.rules.legal(state.board, seat):
                assert aggregate.decide(state, session.play(seat, move)).events


@pace
@given(data=st.data())
def test_legal_moves_are_listed_once_in_a_fixed_order_as_they_are_stored(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for state in session.boards():
        for seat in session.rules.actors(state.board):
            moves = session.rules.legal(state.board, seat)
            assert moves == session.rules.legal(state.board, seat)
            assert len(moves) == len(set(moves))
            for move in moves:
                assert move.isprintable()
                assert 0 < len(move) <= LONGEST_MOVE
                assert session.rules.read(state.board, seat, move) == move


@pace
@given(data=st.data())
def test_somebody_can_move_until_the_game_is_over_and_nobody_after(
    game: str, sessions: "Sessions", data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    rules = session.rules
    for state in session.boards():
        actors = rules.actors(state.board)
        assert bool(actors) == (rules.outcome(state.board) is None)
        assert set(actors) <= set(session.seats)
        for seat in session.seats:
            assert bool(rules.legal(state.board, seat)) == (seat in actors)


@pace
@given(data=st.data())
def test_what_is_not_legal_is_refused_with_a_sentence_and_changes_nothing(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game, quits=False))
    state = data.draw(st.sampled_from(session.boards()))
    for seat in aggregate.actors(state):
        legal = session.rules.legal(state.board, seat)
        seen = [step.command.move for step in session.steps if isinstance(step.command, Play)]
        endings = ("", " ", "x", "1", "\t")
        near = st.sampled_from([move + end for move in [*legal, *seen] for end in endings])
        for text in data.draw(st.lists(ANYTHING | near, min_size=1, max_size=10)):
            readable = len(text) <= LONGEST_MOVE and text.isprintable()
            if readable and session.rules.read(state.board, seat, text) in legal:
                continue
            try:
                changes = aggregate.decide(state, session.play(seat, text))
            except Refused:
                assert_refused(aggregate, state, session.play(seat, text))
            else:
                assert session.rules.open_input, f"{text!r} is not among {legal}"
                assert changes.events


@pace
@given(data=st.data())
def test_what_was_legal_at_another_time_is_refused_when_it_is_not_now(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game, quits=False))
    random = Random(data.draw(st.integers(0, 2**32 - 1)))
    rules, boards = session.rules, session.boards()
    played = {step.command.move for step in session.steps if isinstance(step.command, Play)}
    for seat in session.seats:
        listed = [set(rules.legal(state.board, seat)) for state in boards]
        once = played & set().union(*listed) if rules.open_input else played
        for state, legal in zip(boards, listed, strict=True):
            if seat in aggregate.actors(state):
                other = sorted(once - legal)
                tried = random.sample(other, min(MOST, len(other)))
                assert_refused(aggregate, state, *(session.play(seat, move) for move in tried))


@pace
@given(data=st.data(), text=ANYTHING)
def test_out_of_turn_nothing_can_be_played(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject, text: str
) -> None:
    session = data.draw(sessions(game))
    for state in session.states():
        others = set(session.seats) - set(aggregate.actors(state))
        stranger = Play(PlayerId("stranger"), text, session.seed)
        assert_refused(aggregate, state, stranger, *(session.play(seat, text) for seat in others))


@pace
@given(data=st.data())
def test_whoever_gave_up_can_not_give_up_again(
    game: str, sessions: "Sessions", aggregate: Games, data: st.DataObject
) -> None:
    session = data.draw(sessions(game))
    for step in session.steps:
        if isinstance(step.command, Resign):
            assert_refused(aggregate, step.after, step.command)


@settings(max_examples=10)
@given(data=st.data())
def test_random_play_ends_within_the_bound(game: str, sessions: "Sessions", data: st.DataObject) -> None:
    session = data.draw(sessions(game, moves=100_000, quits=False))
    assert session.game.status == "ended"
    assert session.game.how == "finished"
    assert session.game.ply <= session.rules.bound
