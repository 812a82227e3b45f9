"""What a message says is looked up when it is told."""

import time
from typing import Any, get_args

import pytest

from milena.aggregates import EFFECTS
from milena.domain.case import Act
from milena.domain.command import Invocation
from milena.domain.effect import Details, Effect
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.effects.case_words import words
from milena.effects.telling import telling
from milena.effects.world import Impossible
from milena.engine import Engine
from milena.home import Home
from milena.store import Unavailable
from milena.store.lookup import begun_only

Moderate = Any


def fired(home: Home, engine: Engine, player: PlayerId, late: int) -> Effect:
    """The message of a reminder that is so many seconds late."""
    when = round((time.time() - 3600 - late) * 1000)
    options = {"when": "in 1h", "text": "feed the cat"}
    asked = Invocation(InvocationId(new_id()), "remind me", options, player, Place("811/1"), when)
    assert engine.call(asked).verdict == "accepted"
    home.scheduler(engine).turn()
    [key] = begun_only(home.store, "effect")
    effect: Effect = home.store.fold(EFFECTS, key).state
    return effect


def test_a_reminder_has_its_text_though_it_is_over(home: Home, engine: Engine, ann: PlayerId) -> None:
    told = telling(home.store, fired(home, engine, ann, 30))
    assert (told.text, told.member) == ("You wanted to be reminded: feed the cat", ann)


def test_what_is_late_says_so(home: Home, engine: Engine, ann: PlayerId) -> None:
    effect = fired(home, engine, ann, 90)
    assert telling(home.store, effect).text.endswith(
        f"(Late: it was due <t:{-(-effect.data.due // 1000)}:R>.)"
    )


def test_a_warning_has_the_reason_that_stands(home: Home, bob: PlayerId, moderate: Moderate) -> None:
    told = telling(home.store, moderate("warn", bob, reason="spam"))
    assert (told.text, told.member) == ("A moderator warns you: spam", bob)


@pytest.mark.parametrize(
    ("locale", "own"), [("de", "de"), ("en-US", "en"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_a_case_is_told_in_the_readers_language_or_in_english(locale: str, own: str) -> None:
    assert words(locale).locale == own
    assert set(words(locale).acts) == set(get_args(Act))


@pytest.mark.parametrize(
    "about", ["reminder:811:x:7", "case:811:7", "poll:none", "effect:none", "log:811:7", "log:811", "moon:1"]
)
def test_what_is_not_there_can_not_be_told(home: Home, about: str) -> None:
    effect = Effect("e", "message", about, Place("811/1"), Details(), "pending")
    with pytest.raises(Impossible):
        telling(home.store, effect)


@pytest.mark.parametrize("about", ["reminder:811:x:7", "case:811:7", "poll:none", "effect:none"])
def test_what_can_not_be_read_just_now_is_told_later(home: Home, about: str) -> None:
    class Locked:
        """A log that another process holds for longer than anybody waits."""

        def __getattr__(self, name: str) -> Any:
            raise Unavailable("The log is locked by another process that writes; try again.")

    effect = Effect("e", "message", about, Place("811/1"), Details(), "pending")
    with pytest.raises(Unavailable):
        telling(Locked(), effect)  # type: ignore[arg-type]
