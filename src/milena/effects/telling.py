"""What a message says. Private texts are looked up here, and are nowhere in the effect itself."""

from typing import Any, NamedTuple

from milena.domain.case import AllCases, Case
from milena.domain.case_log import SETTING, number_in
from milena.domain.chart import Chart
from milena.domain.effect import Effect, Effects
from milena.domain.event import Aggregate
from milena.domain.ids import PlayerId
from milena.domain.poll import Poll, Polls, counted, shown
from milena.domain.refusal import moment
from milena.domain.reminder import ReminderSet
from milena.effects.case_telling import told, told_amended
from milena.effects.case_words import Words, words
from milena.effects.world import Impossible
from milena.store import Store, StoreError, Unavailable
from milena.store.sealing import SealError

LATE = 60_000
"""In ms: from then on, what comes late says so."""


class Telling(NamedTuple):
    """``text``: lines in which ``<id>`` stands for a name, ``<t:SECONDS:R>`` for a time. ``member``: who is
    spoken to, and may be notified; None: all who are there. ``chart``: what is drawn below. ``naming``: who
    is named can be looked up by that, and is not notified."""

    text: str
    member: PlayerId | None = None
    chart: Chart | None = None
    naming: bool = False


def telling(store: Store, effect: Effect, locale: str = "") -> Telling:
    """``locale``: of those who are told, as Discord names it, where there are words for it. Raises Impossible
    where what it is about can't be read, Unavailable where it can't be read just now."""
    kind, _, key = effect.about.partition(":")
    try:
        match kind:
            case "reminder":
                return _reminder(store, effect, key)
            case "poll":
                return _poll(store, key)
            case "case":
                why = case_of(store, effect).reason
                return Telling(f"A moderator warns you: {why}", effect.data.member)
            case "effect":
                return _outcome(store, key)
            case "log":
                return _logged(store, effect, words(locale))
    except Unavailable:  # in a moment, it can be
        raise
    except (StoreError, SealError) as error:
        raise Impossible("unreadable", f"What it is about can't be read: {error}") from error
    raise Impossible("unknown", f"This release does not know what a {kind} is.")


def case_of(store: Store, effect: Effect) -> Case:
    """The case that an effect belongs to. Raises Impossible where there is none."""
    guild = effect.about.split(":")[1]
    found: Case | None = _state(store, AllCases(), guild).cases.get(number_in(effect.about))
    if found is None:
        raise Impossible("unreadable", "There is no such case.")
    return found


def _poll(store: Store, key: str) -> Telling:
    poll: Poll = _state(store, Polls(), key)
    if not poll.choices:
        raise Impossible("unreadable", "There is no such poll.")
    return Telling(f"This poll is closed.\n{shown(poll)}", chart=counted(poll))


def _reminder(store: Store, effect: Effect, about: str) -> Telling:
    whose, _, number = about.rpartition(":")
    stream = f"reminder:{whose}"
    found = store.rows(
        "SELECT payload FROM events WHERE stream = ? AND tag = ? AND payload ->> '$.number' = ?",
        (stream, ReminderSet.tag, int(number)),
    )
    if not found:
        raise Impossible("unreadable", "There is no such reminder.")
    event = store.codec.decode(ReminderSet.tag, found[0][0], stream)
    assert isinstance(event, ReminderSet)
    late = f" (Late: it was due {moment(effect.data.due)}.)" if effect.data.late > LATE else ""
    return Telling(f"You wanted to be reminded: {event.text}{late}", effect.data.member)


def _outcome(store: Store, key: str) -> Telling:
    """What moderators hear of what they asked for."""
    effect: Effect = _state(store, Effects(), key)
    if not effect.about:
        raise Impossible("unreadable", "There is no such effect.")
    case = case_of(store, effect)
    if effect.about.startswith("log:"):
        amendment = _amendment(effect)
        return Telling(
            f"The moderation log can't be written. {effect.sentence} Cases are told there no more, until "
            f"an admin names a channel: /config set name:{SETTING}.",
            case.amendments[amendment - 1].by if amendment else case.by,
        )
    act = f"Case {case.number} ({case.act})"
    if effect.status == "failed":
        return Telling(f"{act} could not be carried out. {effect.sentence}", case.by)
    removed = effect.result.get("removed", 0)
    return Telling(f"{act}: {removed} message{'s were' if removed != 1 else ' was'} removed.", case.by)


def _logged(store: Store, effect: Effect, words: Words) -> Telling:
    case, amendment = case_of(store, effect), _amendment(effect)
    if amendment:
        return Telling(told_amended(case, amendment, words), naming=True)
    return Telling(told(case, _state(store, Effects(), case.effect), words), naming=True)


def _amendment(effect: Effect) -> int:
    """Of which it is about; 0: of none, but the case itself."""
    return int((*effect.about.split(":"), "0")[3])


def _state(store: Store, aggregate: Aggregate[Any], key: str) -> Any:
    return store.fold(aggregate, key).state
