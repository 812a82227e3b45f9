"""Laws of those who give up, run out of time, or come in late."""

from typing import Any

from milena.domain.game import Expire
from milena.domain.game.events import ChoiceSealed, MovePlayed, TimedOut
from milena.laws.boards import sound
from milena.laws.law import Board, Found, Look, LookLaw

MEANS = {"forfeit": ("lost", "left"), "skip": ("skipped",), "random": ("random",)}


def whoever_gave_up_is_not_waited_for(look: Look) -> Found:
    """All of them one after the other, in any order: then it is over."""
    rules, state = look.rules, look.state
    if look.game.status != "playing":
        return
    leaving = look.some(look.game.still_in, len(look.seats))
    look.random.shuffle(leaving)
    gone = list(look.game.gave_up)
    for seat in leaving:
        leave = look.random.choice((rules.resign, rules.flag)) if look.game.clock else rules.resign
        after = leave(state, seat)
        if after is None or not rules.actors(after):
            yield from sound(Board(rules, after, len(look.seats))) if after is not None else ()
            return
        state = after
        gone.append(seat)
        yield from _settled(look, state, gone)
    yield "all seats have given up, and it is not over."


def _settled(look: Look, state: Any, gone: list[int]) -> Found:
    yield from sound(Board(look.rules, state, len(look.seats)))
    waiting = [seat + 1 for seat in look.rules.actors(state) if seat in gone]
    if waiting:
        yield f"player {waiting[0]} has given up, and is still to move."


def a_missed_turn_means_what_on_timeout_says(look: Look) -> Found:
    rules = look.rules
    if rules.on_timeout == "skip":
        for seat in look.movers:
            after = rules.skip(look.state, seat)
            if after == look.state:
                yield f"skip changes nothing for player {seat + 1}, who would be waited for for ever."
            yield from sound(Board(rules, after, len(look.seats)))
    due = look.games.deadline(look.game) if look.game.status == "playing" else 0
    if not due or look.game.clock is None or look.game.clock.total:
        return  # what it means to run out of the whole game's time is what flag says
    changes = look.games.decide(look.game, Expire(look.seed, due))
    for event in changes.events:
        if isinstance(event, TimedOut) and event.missed not in MEANS[rules.on_timeout]:
            yield f"on_timeout is {rules.on_timeout!r}, and player {event.seat + 1} has {event.missed}."
        if isinstance(event, (MovePlayed, ChoiceSealed)):
            legal = rules.legal(look.state, event.seat)
            if event.move not in legal and event is changes.events[1]:
                yield f"chance moves {event.move!r} for player {event.seat + 1}, which is not legal."


def whoever_comes_in_late_has_the_last_seat(look: Look) -> Found:
    rules, seats = look.rules, len(look.seats)
    if look.game.status != "playing" or seats >= rules.seats.max:
        return
    after = rules.enter(look.state)
    if after is not None:
        yield from sound(Board(rules, after, seats + 1))
        for seat in (None, *range(seats + 1)):
            rules.view(rules.hide(after, seat), seat)


OF_LEAVING: tuple[LookLaw, ...] = (
    whoever_gave_up_is_not_waited_for,
    a_missed_turn_means_what_on_timeout_says,
    whoever_comes_in_late_has_the_last_seat,
)
