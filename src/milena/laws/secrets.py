"""Laws of secrets: no view tells what its seat must not know."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from milena.domain.game.events import ChanceDrawn, ChanceHidden, ChoiceSealed, MoveHidden, MovePlayed
from milena.domain.rules import CHANCE, AnyRules, Rules
from milena.domain.view import View
from milena.laws.law import Found, Look, LookLaw, who

READABLE = 3
"""A secret text of fewer letters is found among the words of any text by chance."""
WORLDS = 16
"""So many of the things that may be hidden are compared, picked by chance where there are more."""


def hides(rules: AnyRules) -> bool:
    return type(rules).hide is not Rules.hide


def others(look: Look, seat: int) -> list[int | None]:
    return [watcher for watcher in look.watchers if watcher != seat]


def to_hide_twice_hides_no_more(look: Look) -> Found:
    for seat in look.watchers if hides(look.rules) else ():
        once = look.rules.hide(look.state, seat)
        if type(once) is not look.rules.state_type:
            yield f"hide gives a {type(once).__name__} for {who(seat)}."
        elif look.rules.hide(once, seat) != once:
            yield f"for {who(seat)}, hide makes something else of a state that is hidden already."


def who_may_move_and_how_can_be_told_from_the_hidden_state(look: Look) -> Found:
    rules = look.rules
    for seat in look.watchers if hides(rules) else ():
        hidden = rules.hide(look.state, seat)
        seen, true = rules.actors(hidden), rules.actors(look.state)
        if seen != true:
            yield f"{who(seat)} sees that {seen} may move, and in truth {true} may."
        elif seat is not None and rules.legal(hidden, seat) != rules.legal(look.state, seat):
            yield f"{who(seat)} has other legal moves in what it sees than in truth."


def what_a_seat_imagines_looks_to_it_like_what_it_sees(look: Look) -> Found:
    rules = look.rules
    for seat in look.some(look.seats, 2) if hides(rules) and look.movers else ():
        hidden = rules.hide(look.state, seat)
        seen = look.views[seat]
        for _ in range(2):
            imagined = rules.imagine(hidden, seat, look.random.randrange)
            if rules.hide(imagined, seat) != hidden:
                yield f"what player {seat + 1} imagines does not hide to the state it was imagined from."
            elif _view(look, imagined, seat) != seen:
                yield f"player {seat + 1} sees something else in a state that it can't tell apart."


def what_is_imagined_can_be_played_to_its_end(look: Look) -> Found:
    """Only where the rules imagine anything; machines do not think ahead in other games that hide."""
    rules = look.rules
    if type(rules).imagine is Rules.imagine or not look.movers:
        return
    seat = look.random.choice(look.movers)
    state = rules.imagine(rules.hide(look.state, seat), seat, look.random.randrange)
    for _ in range(rules.bound + 1):
        actors = rules.actors(state)
        if not actors:
            break
        if actors == (CHANCE,):
            chances = rules.chances(state)
            [(outcome, _)] = look.random.choices(chances, [weight for _, weight in chances])
            state = rules.resolve(state, outcome)
        else:
            mover = look.random.choice(actors)
            state = rules.play(state, mover, look.random.choice(rules.legal(state, mover)))
    if rules.outcome(state) is None:
        yield f"what player {seat + 1} imagined does not end within {rules.bound} plies."


def a_secret_draw_does_not_tell_a_spectator_what_was_drawn(look: Look) -> Found:
    """``look`` is at a state in which chance is to draw."""
    rules, state = look.rules, look.state
    if rules.secret(state):
        chances = [outcome for outcome, _ in look.some(rules.chances(state), WORLDS)]
        yield from _told_apart(
            look, "drawn", chances, [rules.resolve(state, outcome) for outcome in chances], [None]
        )


def a_secret_move_does_not_tell_the_others_which_it_was(look: Look) -> Found:
    rules, state = look.rules, look.state
    if not rules.secret(state) or rules.simultaneous:
        return
    for seat in look.some(look.movers, 1):
        moves = look.some(rules.legal(state, seat), WORLDS)
        if len(moves) > 2:
            worlds = [rules.play(state, seat, move) for move in moves]
            yield from _told_apart(look, "played", moves, worlds, others(look, seat))


def _told_apart(look: Look, done: str, names: list[str], worlds: list[Any], seats: list[int | None]) -> Found:
    """That these seats can tell all of these worlds apart, or see two alike differently."""
    for seat in seats:
        alike: dict[bytes, list[Any]] = {}
        for world in worlds:
            alike.setdefault(msgspec.json.encode(look.rules.hide(world, seat)), []).append(world)
        if len(worlds) > 1 and len(alike) == len(worlds) and not _over(look.rules, worlds):
            yield f"{who(seat)} can tell which of these was {done}: {', '.join(names[:6])}."
        first, *rest = max(alike.values(), key=len)
        if rest and _view(look, first, seat) != _view(look, rest[0], seat):
            yield f"{who(seat)} sees something else in a state that it can't tell apart."


def a_choice_made_at_the_same_time_as_others_is_sealed_until_all_are_in(look: Look) -> Found:
    if not look.rules.simultaneous:
        return
    for seat in look.some(look.movers, 1):
        moves = look.some(look.rules.legal(look.state, seat), 5)
        after = [look.games.decide(look.game, look.play(seat, move)) for move in moves]
        waiting = [changes.state for changes in after if isinstance(changes.events[-1], ChoiceSealed)]
        if len(waiting) not in (0, len(moves)):
            yield f"whether all have chosen depends on what player {seat + 1} chooses."
        for other in others(look, seat) if waiting else ():
            if any(look.games.view(game, other) != look.games.view(waiting[0], other) for game in waiting):
                yield f"{who(other)} sees what player {seat + 1} has chosen before all have."
            boards = [look.rules.play(look.state, seat, move) for move in moves]
            if any(look.rules.hide(b, other) != look.rules.hide(boards[0], other) for b in boards):
                yield f"hide leaves for {who(other)} what player {seat + 1} has chosen before all have."


def a_secret_is_in_no_spectators_sight_until_it_is_told_to_all(look: Look) -> Found:
    """A text that was drawn or played in secret, and that no later event tells."""
    if look.rules.outcome(look.state) is not None or look.game.status != "playing":
        return
    if not (secrets := _kept(look.events)):
        return
    rules = look.rules
    start = rules.start(len(look.seats), msgspec.convert(look.game.options, rules.options_type))
    shown = [*_all_texts(rules.hide(look.state, None))]
    known = [*_all_texts(rules.hide(start, None))]
    for secret in secrets:
        if _count(secret, shown) > _count(secret, known):
            yield f"{secret!r} can be read in what hide leaves for a spectator."


def _count(secret: str, texts: list[str]) -> int:
    """How many of these texts have it among their words."""
    return sum(f" {secret} " in f" {text} " for text in texts)


def _kept(events: Sequence[Any]) -> list[str]:
    """The last texts that were drawn or played in secret, and that no other event has in it."""
    secrets: list[str] = []
    texts: list[str] = []
    for event in events:
        match event:
            case ChanceDrawn():
                texts.append(event.outcome)
            case MovePlayed() | ChoiceSealed():
                texts.append(event.move)
        if isinstance(event, (ChanceHidden, MoveHidden)) and len(texts[-1]) >= READABLE:
            secrets.append(texts[-1])
    return [secret for secret in secrets[-5:] if _count(secret, texts) == 1]


def _all_texts(value: Any) -> Iterator[str]:
    """Every text in plain data, but not the names of fields."""
    match msgspec.to_builtins(value):
        case str(text):
            yield text
        case dict(fields):
            for field in fields.values():
                yield from _all_texts(field)
        case list(items) | tuple(items):
            for item in items:
                yield from _all_texts(item)


def _view(look: Look, state: Any, seat: int | None) -> View:
    return look.games.view(replace(look.game, board=state), seat)


def _over(rules: AnyRules, worlds: list[Any]) -> bool:
    return any(rules.outcome(world) is not None for world in worlds)


OF_SECRETS: tuple[LookLaw, ...] = (
    to_hide_twice_hides_no_more,
    who_may_move_and_how_can_be_told_from_the_hidden_state,
    what_a_seat_imagines_looks_to_it_like_what_it_sees,
    a_secret_move_does_not_tell_the_others_which_it_was,
    a_choice_made_at_the_same_time_as_others_is_sealed_until_all_are_in,
    a_secret_is_in_no_spectators_sight_until_it_is_told_to_all,
)
