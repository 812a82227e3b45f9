"""The Story aggregate: a story that is told together, a line each, and never two in a row.

Those who told a part of it vote on whether it is finished, and on whether its last line is struck: more than
half of them have to agree.
"""

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from milena.domain.event import Changes, Event
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.texts import one_line

LONGEST_LINE = 300
LONGEST_TITLE = 80
Ballot = Literal["finish", "strike"]
How = Literal["full", "voted", "closed"]


class StoryStarted(Event, frozen=True):
    """It has at most so many ``lines``, and each may tell ``turns`` of them (0: as many as there is room
    for)."""

    tag: ClassVar[str] = "story.started"
    title: str
    by: PlayerId
    place: str
    lines: int
    turns: int = 0


class LineAdded(Event, frozen=True):
    tag: ClassVar[str] = "story.line_added"
    player: PlayerId
    text: str


class StoryVoted(Event, frozen=True):
    """``player`` wants to ``finish`` the story, or to ``strike`` its last line."""

    tag: ClassVar[str] = "story.voted"
    player: PlayerId
    on: Ballot


class LineStruck(Event, frozen=True):
    """The last line, which had this ``number`` (from 1), is none any more."""

    tag: ClassVar[str] = "story.line_struck"
    number: int


class StoryFinished(Event, frozen=True):
    """There is no more room, it was voted on, or it was closed by who started it, or a moderator."""

    tag: ClassVar[str] = "story.finished"
    how: How
    by: PlayerId


class Line(Struct, frozen=True):
    player: PlayerId
    text: str


class Story(Struct, frozen=True, omit_defaults=True):
    """``votes``: what was voted on -> who did. ``finished``: how; empty while it goes on."""

    key: str
    title: str = ""
    by: PlayerId = PlayerId("")
    place: str = ""
    lines: int = 0
    turns: int = 0
    told: tuple[Line, ...] = ()
    votes: dict[str, tuple[PlayerId, ...]] = {}
    finished: str = ""

    @property
    def tellers(self) -> set[PlayerId]:
        return {line.player for line in self.told}

    @property
    def needed(self) -> int:
        """How many votes decide."""
        return len(self.tellers) // 2 + 1


class StartStory(Struct, frozen=True):
    title: str
    by: PlayerId
    place: str
    lines: int
    turns: int = 0


class AddLine(Struct, frozen=True):
    player: PlayerId
    text: str


class VoteOnStory(Struct, frozen=True):
    """``line``: the number of the line that is meant to be struck; 0: the last one, whichever that is."""

    player: PlayerId
    on: Ballot
    line: int = 0


class FinishStory(Struct, frozen=True):
    """``moderator``: may finish it whoever started it."""

    by: PlayerId
    moderator: bool


class Stories:
    """The aggregate of every story; the key of one is its id."""

    kind = "story"
    events: tuple[type[Event], ...] = (StoryStarted, LineAdded, StoryVoted, LineStruck, StoryFinished)

    def initial(self, key: str) -> Story:
        return Story(key)

    def evolve(self, state: Story, event: Event) -> Story:
        match event:
            case StoryStarted():
                return Story(state.key, **asdict(event))
            case LineAdded():
                votes = _without(state.votes, "strike")
                return replace(state, told=(*state.told, Line(event.player, event.text)), votes=votes)
            case StoryVoted():
                given = (*state.votes.get(event.on, ()), event.player)
                return replace(state, votes={**state.votes, event.on: given})
            case LineStruck():
                return replace(state, told=state.told[:-1], votes=_without(state.votes, "strike"))
            case StoryFinished():
                return replace(state, finished=event.how)
            case _:
                raise TypeError(f"a story knows no {type(event).__name__}")

    def decide(self, state: Story, command: Any) -> Changes[Story]:
        changes = Changes(self, state)
        match command:
            case StartStory():
                title = one_line(command.title, LONGEST_TITLE, "A title")
                changes.add(StoryStarted(**{**asdict(command), "title": title}))
            case AddLine():
                _add(changes, command)
            case VoteOnStory():
                _vote(changes, command)
            case FinishStory():
                _check_open(state)
                if command.by != state.by and not command.moderator:
                    raise Refused(
                        "not_yours",
                        f"Only <{state.by}> or a moderator can finish it; those who tell it can vote.",
                    )
                changes.add(StoryFinished("closed", command.by))
            case _:
                raise TypeError(f"a story knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Story) -> int:
        return 0

    def secret(self, state: Story) -> bool:
        return False

    def encode(self, state: Story) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Story:
        return msgspec.json.decode(data, type=Story)


def _without(votes: dict[str, tuple[PlayerId, ...]], on: str) -> dict[str, tuple[PlayerId, ...]]:
    return {each: given for each, given in votes.items() if each != on}


def _check_open(story: Story) -> None:
    if story.finished:
        raise Refused("story_over", "This story is finished; /story start begins another.")


def _add(changes: Changes[Story], request: AddLine) -> None:
    story = changes.state
    _check_open(story)
    if story.told and story.told[-1].player == request.player:
        raise Refused("not_your_turn", "You told the last line: let somebody else go on.")
    own = sum(line.player == request.player for line in story.told)
    if story.turns and own >= story.turns:
        raise Refused("no_turns_left", f"Each may tell {story.turns} lines of this story, and you have.")
    changes.add(LineAdded(request.player, one_line(request.text, LONGEST_LINE, "A line")))
    if len(changes.state.told) >= story.lines:
        changes.add(StoryFinished("full", request.player))


def _vote(changes: Changes[Story], request: VoteOnStory) -> None:
    story = changes.state
    _check_open(story)
    if request.player not in story.tellers:
        raise Refused("not_a_teller", "Only those who told a line of this story can vote: /story add one.")
    if request.on == "strike" and request.line not in (0, len(story.told)):
        raise Refused("overtaken", f"Line {request.line} is not the last one any more; look again.")
    if request.player in story.votes.get(request.on, ()):
        raise Refused("unchanged", "You have voted for that already.")
    changes.add(StoryVoted(request.player, request.on))
    still = set(changes.state.votes[request.on]) & story.tellers
    if len(still) < story.needed:
        return
    if request.on == "strike":
        changes.add(LineStruck(len(story.told)))
    else:
        changes.add(StoryFinished("voted", request.player))


def shown(story: Story, lines: tuple[Line, ...] | None = None, first: int = 1) -> str:
    """The story as it is read, ``lines`` of it (all), the first of which has the number ``first``."""
    told = story.told if lines is None else lines
    body = [f"{number}. {line.text} (<{line.player}>)" for number, line in enumerate(told, first)]
    return "\n".join([story.title, *(body or ["Nothing was told yet."]), standing(story)])


def standing(story: Story) -> str:
    """How far it is, in a sentence."""
    if story.finished:
        why = {"full": "there was no more room", "voted": "by a vote", "closed": "it was closed"}
        count = len(story.told)
        return f"Finished with {count} line{'s' * (count != 1)} ({why[story.finished]})."
    votes = "".join(
        f", {len(set(given) & story.tellers)} of {story.needed} votes to {on} it"
        if on == "finish"
        else f", {len(set(given) & story.tellers)} of {story.needed} votes to strike the last line"
        for on, given in sorted(story.votes.items())
        if set(given) & story.tellers
    )
    each = f", each may tell {story.turns}" if story.turns else ""
    return f"{len(story.told)} of {story.lines} lines{each}{votes}."
