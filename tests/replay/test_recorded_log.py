"""The corpus of logs: every release reads every recorded log as the release that wrote it."""

import json
from pathlib import Path
from typing import Any, ClassVar

import everything
import pytest
from msgspec.structs import asdict, replace

from milena.aggregates import AGGREGATES, EVENTS, POLLS
from milena.cli.snapshots_logs import made_anew, record
from milena.domain.poll import Poll, PollOpened, Polls
from milena.home import Home
from milena.replay import corpus
from milena.replay.corpus import Difference
from milena.replay.recorded_log import read, recorded_logs, rows, write
from milena.replay.recorded_reading import again, check
from milena.store import snapshot
from milena.store.snapshot import Policy, policies

RECORDED = dict(recorded_logs(corpus.corpus()))
LOG = RECORDED["logs/0.3.jsonl"].read_bytes()


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_log_is_read_as_it_was_recorded(name: str) -> None:
    recording = read(RECORDED[name].read_bytes())
    made = made_anew(rows(recording))

    assert check(AGGREGATES, recording, made) == len(recording.states)
    assert {line.stream for line in recording.lines if not line.stream.startswith("game:")} == {
        state.stream for state in recording.states
    }
    assert {each.model for each in recording.rows} == made.keys()
    assert write(recording) == RECORDED[name].read_bytes()
    assert again(AGGREGATES, recording, made) == recording


def test_every_event_is_recorded_somewhere() -> None:
    """A new tag needs a recording before it is released: see docs/corpus.md."""
    games = [file.read_bytes() for _, file in corpus.recordings(corpus.corpus())]
    tags = {line.tag for data in games for line in corpus.read(data).lines}
    lines = [line for file in RECORDED.values() for line in read(file.read_bytes()).lines]
    tags |= {line.tag for line in lines if not line.stream.startswith("game:")}

    assert {event.tag for event in EVENTS} == tags


def test_the_day_that_is_recorded_can_be_played_today(tmp_path: Path) -> None:
    with Home(tmp_path / "data", everything.CONFIG) as home:
        everything.play(home)
        recording = read(record(home))

    assert check(AGGREGATES, recording)
    outside_of_games = {event.tag for event in EVENTS if not event.tag.startswith("game.")}
    assert outside_of_games <= {line.tag for line in recording.lines}


# ---------------------------------------------------------------------------------- what is noticed


def number(begins: str) -> int:
    """The line of the recorded log that has this in it first, from 1."""
    return next(index for index, line in enumerate(LOG.decode().splitlines(), 1) if begins in line)


def spoil(line: int, old: str, new: str) -> bytes:
    lines = LOG.decode().splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("at", "old", "new", "why"),
    [
        ('"tag":"poll.opened"', '"tag":"poll.opened"', '"tag":"poll.begun"', r"poll\.begun can't be read"),
        ('"tag":"poll.opened"', '"question"', '"asked"', r"poll\.opened can't be read"),
        (
            '"tag":"poll.opened"',
            '"multiple":false',
            '"multiple":true',
            r"poll\.opened is read with another multiple",
        ),
        ('"tag":"case.opened"', '"until":0', '"length":0', r"case\.opened is read with another length"),
        ('"tag":"budget.crossed"', '"value":600.5', '"value":600', "the chain does not end"),
        ('{"stream":"shelf:811","schema"', '"open"', '"shut"', "shelf:811 folds to another state"),
        ('"text":"water the plants"', "water", "burn", "reminder:.* folds to another state"),
        ('{"model":"usage"', '"digest":"', '"digest":"0', "usage makes other rows"),
        ('{"model":"usage"', '"fingerprint":"', '"fingerprint":"0', "usage has another version"),
    ],
)
def test_the_first_line_that_is_read_otherwise_is_named(at: str, old: str, new: str, why: str) -> None:
    line = number(at)
    recording = read(spoil(line, old, new))

    with pytest.raises(Difference, match=why) as found:
        check(AGGREGATES, recording, {each.model: (each.fingerprint, each.digest) for each in read(LOG).rows})

    assert found.value.line == line or "chain" in why


def with_polls(polls: Any) -> tuple[Any, ...]:
    return tuple(polls if each is POLLS else each for each in AGGREGATES)


class OtherDefault(PollOpened, frozen=True):
    tag: ClassVar[str] = "poll.opened"
    anonymous: bool = True


class OtherName(PollOpened, frozen=True):
    tag: ClassVar[str] = "poll.opened"
    several: bool = False

    def __getattribute__(self, name: str) -> Any:
        if name == "multiple":
            raise AttributeError(name)
        return super().__getattribute__(name)


class Reshaped(PollOpened, frozen=True):
    """As it may be one day: what is asked has a title, and choices are numbered."""

    tag: ClassVar[str] = "poll.opened"
    class_version: ClassVar[int] = 2
    title: str = ""

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        payload["title"] = payload["question"].rstrip("?")


class Misread(Reshaped, frozen=True):
    tag: ClassVar[str] = "poll.opened"

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        payload["question"] = payload["question"].rstrip("?")


class OtherPolls(Polls):
    """Polls whose opening is of another class."""

    def __init__(self, opened: type[PollOpened]) -> None:
        self.events = (opened, *Polls.events[1:])

    def evolve(self, state: Poll, event: Any) -> Poll:
        if isinstance(event, Reshaped):
            fields = {name: value for name, value in asdict(event).items() if name != "title"}
            return super().evolve(state, PollOpened(**fields))
        return super().evolve(state, event)


@pytest.mark.parametrize(("opened", "field"), [(OtherDefault, "anonymous"), (OtherName, "multiple")])
def test_another_default_and_another_name_of_a_field_are_noticed(
    opened: type[PollOpened], field: str
) -> None:
    with pytest.raises(Difference, match=rf"poll\.opened is read with another {field}"):
        check(with_polls(OtherPolls(opened)), read(LOG))


def test_an_event_of_an_older_shape_is_read_as_the_new_one_and_leads_to_the_same() -> None:
    assert check(with_polls(OtherPolls(Reshaped)), read(LOG))

    with pytest.raises(Difference, match=r"poll:.* folds to another state"):
        check(with_polls(OtherPolls(Misread)), read(LOG))


def test_an_evolve_that_forgets_something_is_noticed() -> None:
    class Forgetful(Polls):
        def evolve(self, state: Poll, event: Any) -> Poll:
            return replace(super().evolve(state, event), votes={})

    with pytest.raises(Difference, match=r"poll:.* folds to another state"):
        check(with_polls(Forgetful()), read(LOG))


def test_states_of_another_shape_are_recorded_again_and_the_events_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recording = read(LOG)
    rows_of = {each.model: (each.fingerprint, each.digest) for each in recording.rows}
    changed = {**policies(), "poll": Policy(200, 2)}
    monkeypatch.setattr(snapshot, "policies", lambda: changed)
    monkeypatch.setattr("milena.replay.recorded_reading.policies", lambda: changed)

    with pytest.raises(Difference, match="has schema 1, and it is 2 now: record the file again"):
        check(AGGREGATES, recording)
    anew = again(AGGREGATES, recording, rows_of)

    assert check(AGGREGATES, anew) == len(anew.states)
    assert (anew.header, anew.lines) == (recording.header, recording.lines)
    assert rows(anew) == rows(recording)


def test_a_private_text_is_read_with_the_key_of_the_header() -> None:
    recording = read(LOG)
    assert any("water the plants" in json.dumps(state.state) for state in recording.states)
    assert all("water the plants" not in bytes(line.payload).decode() for line in recording.lines)
