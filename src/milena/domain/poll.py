"""The Poll aggregate: a question, its choices, and one vote a person that can be changed until it closes.

An anonymous poll tells nobody who voted for what; the log knows, or one person could vote twice. One that is
not says so.
"""

from typing import Any, ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.chart import Bar, Chart
from milena.domain.event import Changes, Event
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused

LONGEST_CHOICE = 80
MOST_CHOICES = 10
MOST_NAMED = 20
"""People who are named for one choice."""


class PollOpened(Event, frozen=True):
    """``until``: when it closes by itself, in ms since 1970; 0: when somebody closes it. ``place`` where."""

    tag: ClassVar[str] = "poll.opened"
    question: str
    choices: tuple[str, ...]
    by: PlayerId
    place: str
    until: int = 0
    multiple: bool = False
    anonymous: bool = False

    @property
    def due(self) -> int:
        return self.until


class PollVoted(Event, frozen=True):
    """``choices`` count from 0, and stand instead of what the same person voted for before."""

    tag: ClassVar[str] = "poll.voted"
    player: PlayerId
    choices: tuple[int, ...]


class PollClosed(Event, frozen=True):
    """``votes``: for each choice; ``voters``: how many people. ``ran_out``: its time was over."""

    tag: ClassVar[str] = "poll.closed"
    votes: tuple[int, ...]
    voters: int
    ran_out: bool = False


class Poll(Struct, frozen=True, omit_defaults=True):
    """``votes``: player -> choices."""

    key: str
    question: str = ""
    choices: tuple[str, ...] = ()
    by: PlayerId = PlayerId("")
    place: str = ""
    until: int = 0
    multiple: bool = False
    anonymous: bool = False
    votes: dict[PlayerId, tuple[int, ...]] = {}
    closed: bool = False

    @property
    def counts(self) -> tuple[int, ...]:
        """Votes for each choice."""
        given = [choice for choices in self.votes.values() for choice in choices]
        return tuple(given.count(number) for number in range(len(self.choices)))


class OpenPoll(Struct, frozen=True):
    question: str
    choices: tuple[str, ...]
    by: PlayerId
    place: str
    until: int = 0
    multiple: bool = False
    anonymous: bool = False


class Vote(Struct, frozen=True):
    """``now`` in ms since 1970."""

    player: PlayerId
    choices: tuple[int, ...]
    now: int


class ClosePoll(Struct, frozen=True):
    """``moderator``: may close it whoever opened it."""

    by: PlayerId
    moderator: bool


class ExpirePoll(Struct, frozen=True):
    now: int


class Polls:
    """The aggregate of every poll; the key of one is its id."""

    kind = "poll"
    events: tuple[type[Event], ...] = (PollOpened, PollVoted, PollClosed)

    def initial(self, key: str) -> Poll:
        return Poll(key)

    def evolve(self, state: Poll, event: Event) -> Poll:
        match event:
            case PollOpened():
                return Poll(state.key, **msgspec.structs.asdict(event))
            case PollVoted():
                return replace(state, votes={**state.votes, event.player: event.choices})
            case PollClosed():
                return replace(state, closed=True)
            case _:
                raise TypeError(f"a poll knows no {type(event).__name__}")

    def decide(self, state: Poll, command: Any) -> Changes[Poll]:
        changes = Changes(self, state)
        match command:
            case OpenPoll():
                _check(command)
                changes.add(PollOpened(**msgspec.structs.asdict(command)))
            case Vote():
                _vote(changes, command)
            case ClosePoll():
                _check_open(state)
                if command.by != state.by and not command.moderator:
                    raise Refused("not_yours", f"Only <{state.by}> or a moderator can close this poll.")
                changes.add(PollClosed(state.counts, len(state.votes)))
            case ExpirePoll():
                if state.closed or not 0 < state.until <= command.now:
                    raise Refused("nothing_due", "This poll is not due to close.")
                changes.add(PollClosed(state.counts, len(state.votes), ran_out=True))
            case _:
                raise TypeError(f"a poll knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Poll) -> int:
        return 0 if state.closed else state.until

    def secret(self, state: Poll) -> bool:
        return False

    def encode(self, state: Poll) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Poll:
        return msgspec.json.decode(data, type=Poll)


def _check(poll: OpenPoll) -> None:
    if not poll.question.strip():
        raise Refused("bad_question", "A poll needs a question.")
    if not 2 <= len(poll.choices) <= MOST_CHOICES or len(set(poll.choices)) < len(poll.choices):
        raise Refused("bad_choices", f"Give 2 to {MOST_CHOICES} different choices, parted by commas or |.")
    if any(len(choice) > LONGEST_CHOICE for choice in poll.choices):
        raise Refused("bad_choices", f"A choice has at most {LONGEST_CHOICE} characters.")


def _check_open(poll: Poll) -> None:
    if poll.closed:
        raise Refused("poll_closed", "This poll is closed; /poll show tells its result.")


def _vote(changes: Changes[Poll], vote: Vote) -> None:
    poll = changes.state
    _check_open(poll)
    if 0 < poll.until <= vote.now:  # nobody has closed it yet, but its time is over
        raise Refused("poll_closed", "This poll is over; /poll show tells its result.")
    choices = tuple(sorted(set(vote.choices)))
    if not choices or not 0 <= choices[0] <= choices[-1] < len(poll.choices):
        raise Refused("bad_vote", f"Vote for a number from 1 to {len(poll.choices)}.")
    if len(choices) > 1 and not poll.multiple:
        raise Refused("bad_vote", "In this poll each has one vote: give one number.")
    if poll.votes.get(vote.player) == choices:
        raise Refused("unchanged", "That is what you have voted for already.")
    changes.add(PollVoted(vote.player, choices))


def shown(poll: Poll) -> str:
    """What is asked, how many have voted, and where it is closed the result; :func:`counted` tells the
    rest. Where names are told too, it says so."""
    kind = ", several choices each" if poll.multiple else ""
    named = "" if poll.anonymous else " Everybody sees who voted for what."
    how = f"closed. {result(poll)}" if poll.closed else f"open.{named}"
    return f"{poll.question}\n{len(poll.votes)} voted{kind}; {how}"


def result(poll: Poll) -> str:
    """What most voted for."""
    most = max(poll.counts, default=0)
    if not most:
        return "Nobody voted."
    first = [choice for choice, count in zip(poll.choices, poll.counts, strict=True) if count == most]
    return f"{'Most votes' if len(first) == 1 else 'Tied'}: {', '.join(first)} ({most})."


def counted(poll: Poll) -> Chart:
    """How it stands; who voted for what where it is not anonymous."""
    return Chart(
        tuple(
            Bar(choice, count, "" if poll.anonymous else _named(poll, number))
            for number, (choice, count) in enumerate(zip(poll.choices, poll.counts, strict=True))
        ),
        len(poll.votes),
    )


def _named(poll: Poll, number: int) -> str:
    for_it = [f"<{player}>" for player, choices in poll.votes.items() if number in choices]
    return ", ".join(for_it[:MOST_NAMED]) + " …" * (len(for_it) > MOST_NAMED)
