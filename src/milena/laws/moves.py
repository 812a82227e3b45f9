"""Laws of moves: what is legal is never refused, what is not always is."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from milena.domain.game import LONGEST_MOVE
from milena.domain.refusal import Refused
from milena.laws.contract import refusal
from milena.laws.law import Found, Look, LookLaw
from milena.laws.sampling import no_move

TRIED = 6
"""So many moves of a seat are tried in one position, picked by chance where there are more."""


def legal_moves_are_listed_once_in_a_fixed_order_as_they_are_stored(look: Look) -> Found:
    for seat in look.seats:
        moves = look.rules.legal(look.state, seat)
        if moves != look.rules.legal(look.state, seat):
            yield f"legal gives another list for player {seat + 1} when it is asked again."
        if type(moves) is not list or len(set(moves)) < len(moves):
            yield f"legal gives {moves!r} for player {seat + 1}; it has to be a list of different moves."
        if bool(moves) != (seat in look.rules.actors(look.state)):
            has = "can not move, and has" if moves else "can move, and has no"
            yield f"player {seat + 1} {has} legal moves."
        for move in look.some(moves, 10 * TRIED):
            if not isinstance(move, str) or not 0 < len(move) <= LONGEST_MOVE or not move.isprintable():
                yield f"the move {move!r} is not 1 to {LONGEST_MOVE} printable characters."
            elif (read := look.rules.read(look.state, seat, move)) != move:
                yield f"read makes {read!r} of the legal move {move!r}; it has to leave it as it is."


def a_legal_move_is_never_refused(look: Look) -> Found:
    for seat in look.some(look.movers, TRIED):
        for move in look.some(look.rules.legal(look.state, seat), TRIED):
            try:
                look.games.decide(look.game, look.play(seat, move))
            except Refused as refused:
                yield f"{move!r} of player {seat + 1} is legal and refused: {refused.sentence}"


def what_is_not_legal_is_refused_with_a_sentence(look: Look) -> Found:
    rules = look.rules
    for seat in look.some(look.movers, 3):
        legal = rules.legal(look.state, seat)
        elsewhere = look.some([move for move in look.seen if move not in legal], 3)
        for text in [*elsewhere, *(no_move(legal, look.random) for _ in range(4))]:
            readable = len(text) <= LONGEST_MOVE and text.isprintable()
            if readable and rules.read(look.state, seat, text) in legal:
                continue
            try:
                look.games.decide(look.game, look.play(seat, text))
            except Refused as refused:
                yield from refusal(refused)
            else:
                if not readable or not rules.open_input:
                    yield f"{text!r} of player {seat + 1} is not legal, and is taken."


def out_of_turn_nothing_can_be_played(look: Look) -> Found:
    moves = list(look.seen[-TRIED:]) or [""]
    for seat in look.some([seat for seat in look.seats if seat not in look.movers], 2):
        try:
            look.games.decide(look.game, look.play(seat, look.random.choice(moves)))
        except Refused as refused:
            yield from refusal(refused)
        else:
            yield f"player {seat + 1} moved out of turn."


def to_read_a_text_twice_changes_it_no_more(look: Look) -> Found:
    for seat in look.some(look.movers, 2):
        legal = look.rules.legal(look.state, seat)
        for _ in range(3):
            text = no_move(legal, look.random)
            if len(text) > LONGEST_MOVE or not text.isprintable():
                continue
            once = look.rules.read(look.state, seat, text)
            twice = look.rules.read(look.state, seat, once)
            if twice != once:
                yield f"read makes {once!r} of {text!r}, and {twice!r} of that."


def play_gives_the_same_state_each_time_and_changes_nothing(look: Look) -> Found:
    rules, state = look.rules, look.state
    for seat in look.some(look.movers, 2):
        for move in look.some(rules.legal(state, seat), 2):
            yield from _repeatable(look, partial(rules.play, state, seat, move), move)


def a_draw_gives_the_same_state_each_time_and_changes_nothing(look: Look) -> Found:
    """``look`` is at a state in which chance is to draw."""
    rules, state = look.rules, look.state
    for outcome, _ in look.some(rules.chances(state), 3):
        yield from _repeatable(look, partial(rules.resolve, state, outcome), outcome)


def _repeatable(look: Look, act: Callable[[], Any], what: str) -> Found:
    before = msgspec.json.encode(look.state)
    try:
        first, again = act(), act()
    except Refused:
        return  # that is another law
    if msgspec.json.encode(look.state) != before:
        yield f"{what!r} changes the state that it is played in, instead of giving a new one."
    elif first != again or msgspec.json.encode(first) != msgspec.json.encode(again):
        yield f"{what!r} leads to another state when it is played again."


OF_MOVES: tuple[LookLaw, ...] = (
    legal_moves_are_listed_once_in_a_fixed_order_as_they_are_stored,
    a_legal_move_is_never_refused,
    what_is_not_legal_is_refused_with_a_sentence,
    out_of_turn_nothing_can_be_played,
    to_read_a_text_twice_changes_it_no_more,
    play_gives_the_same_state_each_time_and_changes_nothing,
)
