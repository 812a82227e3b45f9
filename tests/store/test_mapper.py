"""The mapper: tags and JSON, sealed fields, and older shapes brought up to date by the library's hooks."""

import json
from typing import Any, ClassVar

import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given
from hypothesis import strategies as st

from milena.aggregates import AGGREGATES
from milena.domain.event import Event
from milena.domain.game.events import EVENTS, ChoiceSealed
from milena.domain.member import CommandInvoked
from milena.store.mapper import Mapper, Recorded, UnknownTag
from milena.store.sealing import SealError, sealing_key


class DoorOpened(Event, frozen=True):
    """As it was first: a door, and how wide in percent."""

    tag: ClassVar[str] = "test.door_opened"
    door: str
    percent: int = 100


class DoorOpenedNow(Event, frozen=True):
    """As it is now: in its third shape."""

    tag: ClassVar[str] = "test.door_opened"
    class_version: ClassVar[int] = 3
    door: int
    share: float = 1.0
    by: str = ""

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["share"] = state.pop("percent", 100) / 100

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["door"] = int(state["door"].removeprefix("door "))


def no_keys(stream: str) -> list[bytes]:
    return []


OLD = Mapper([DoorOpened], no_keys)
NOW = Mapper([DoorOpenedNow], no_keys)
KEY = sealing_key(b"seed")


def test_the_payload_is_a_plain_json_object_without_defaults() -> None:
    assert json.loads(OLD.encode(DoorOpened("door 7"), "s")) == {"door": "door 7"}
    assert json.loads(OLD.encode(DoorOpened("door 7", 50), "s")) == {"door": "door 7", "percent": 50}


def test_an_event_of_the_first_shape_is_brought_up_to_date_step_by_step() -> None:
    payload = OLD.encode(DoorOpened("door 7", 50), "s")
    assert NOW.decode("test.door_opened", payload, "s") == DoorOpenedNow(7, 0.5)


def test_an_event_of_the_second_shape_takes_the_last_step_only() -> None:
    payload = '{"class_version":2,"door":"door 9","share":0.25}'
    assert NOW.decode("test.door_opened", payload, "s") == DoorOpenedNow(9, 0.25)


def test_an_event_of_the_present_shape_says_so_and_is_left_as_it_is() -> None:
    event = DoorOpenedNow(7, 0.5, "ann")
    payload = NOW.encode(event, "s")
    assert json.loads(payload)["class_version"] == 3
    assert NOW.decode("test.door_opened", payload, "s") == event


def test_a_tag_of_a_newer_release_is_named() -> None:
    with pytest.raises(UnknownTag, match=r"'test\.dragon_fed'.*newer Milena"):
        OLD.decode("test.dragon_fed", "{}", "s")


@pytest.mark.parametrize("payload", ["", "{", "[]", "{}", '{"door":5}', '{"door":null}', "\udc00"])
def test_a_payload_that_does_not_fit_is_a_value_error(payload: str) -> None:
    with pytest.raises(ValueError):
        OLD.decode("test.door_opened", payload, "s")


def test_a_sealed_field_is_sealed_with_the_first_key_and_opened_with_any() -> None:
    event = ChoiceSealed(0, "rock")
    payload = Mapper(EVENTS, lambda stream: [KEY]).encode(event, "game:1")
    later = Mapper(EVENTS, lambda stream: [sealing_key(b"another"), KEY])

    assert "rock" not in payload
    assert json.loads(payload)["seat"] == 0
    assert later.decode(event.tag, payload, "game:1") == event


def test_a_sealed_field_without_its_key_is_an_error_that_names_the_stream() -> None:
    payload = Mapper(EVENTS, lambda stream: [KEY]).encode(ChoiceSealed(0, "rock"), "game:1")
    for keys in ([], [sealing_key(b"another")]):
        with pytest.raises(SealError, match="game:1"):
            Mapper(EVENTS, lambda stream, keys=keys: keys).decode(ChoiceSealed.tag, payload, "game:1")  # type: ignore[misc]


def test_all_tags_are_explicit_unique_and_say_their_kind() -> None:
    for aggregate in AGGREGATES:
        for event in aggregate.events:
            assert "tag" in vars(event), f"{event.__name__} has no tag of its own"
    tags = [event.tag for aggregate in AGGREGATES for event in aggregate.events]
    assert len(tags) == len(set(tags))
    kinds = {"command", *(aggregate.kind for aggregate in AGGREGATES)}
    assert {tag.partition(".")[0] for tag in tags} <= kinds


def test_the_tags_are_a_promise() -> None:
    """What is stored under a tag is read by every later release: none of these may go away."""
    promised = {
        "command.invoked", "game.opened", "game.seat_taken", "game.seat_left", "game.started",
        "game.move_played", "game.move_hidden", "game.choice_sealed", "game.choices_revealed",
        "game.chance_drawn", "game.chance_hidden", "game.resigned", "game.ended",
        "game.invited", "game.invitation_declined", "game.invitation_expired", "game.seat_handed_over",
        "game.timed_out", "game.clocks_set", "game.reminded", "game.draw_offered", "game.draw_declined",
        "game.takeback_asked", "game.takeback_declined", "game.taken_back", "game.voided", "game.rematched",
        "lobby.game_listed", "lobby.game_changed", "lobby.game_closed", "lobby.game_set_aside",
        "command.throttled", "guild.setting_changed", "guild.permission_changed", "guild.restricted",
        "guild.restriction_lifted", "guild.maintenance_changed", "guild.cooldown_began", "urn.opened",
        "urn.drawn", "poll.opened", "poll.voted", "poll.closed", "reminder.set", "reminder.fired",
        "reminder.cancelled", "case.opened", "case.amended", "effect.intended", "effect.done",
        "effect.failed", "collection.lines_added", "collection.line_removed",
        "board.posted", "board.lost", "budget.crossed", "budget.kept", "digest.told",
    }  # fmt: skip
    assert promised <= {event.tag for aggregate in AGGREGATES for event in aggregate.events}


PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
)


@given(
    options=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), PLAIN, max_size=5),
    verdict=st.sampled_from(["accepted", "refused", "failed"]),
    sentence=st.text(st.characters(exclude_categories=["Cs"])),
    ready=st.integers(0, 2**53),
)
def test_an_invocation_survives_with_any_options(
    options: dict[str, Any], verdict: Any, sentence: str, ready: int
) -> None:
    mapper = Mapper([CommandInvoked], no_keys)
    event = CommandInvoked("open", options, verdict, sentence=sentence, result=options, ready=ready)
    assert mapper.decode(event.tag, mapper.encode(event, "s"), "s") == event


def test_the_library_passes_events_through_the_same_form() -> None:
    recorded = Recorded("door:1", 4, DoorOpened("door 7", 50))
    stored = OLD.to_stored_event(recorded)
    assert stored == StoredEvent("door:1", 4, "test.door_opened", b'{"door":"door 7","percent":50}')
    assert OLD.to_domain_event(stored) == recorded
    assert NOW.to_domain_event(stored).event == DoorOpenedNow(7, 0.5)
