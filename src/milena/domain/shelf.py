"""The Shelf aggregate: which story is told in which channel of a guild. One at a time: so nobody has to say
which one is meant."""

from typing import Any, ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from milena.domain.command import Desk
from milena.domain.event import Changes, Event
from milena.domain.refusal import Refused
from milena.domain.story import Story


class StoryPut(Event, frozen=True):
    """``story`` is told in ``channel`` from now on."""

    tag: ClassVar[str] = "shelf.story_put"
    channel: str
    story: str


class StoryTaken(Event, frozen=True):
    """``story`` is finished; another may begin in ``channel``."""

    tag: ClassVar[str] = "shelf.story_taken"
    channel: str
    story: str


class Shelf(Struct, frozen=True, omit_defaults=True):
    """``open``: channel -> the story that is told there; ``last``: the one that was told last."""

    key: str
    open: dict[str, str] = {}
    last: dict[str, str] = {}


class PutStory(Struct, frozen=True):
    channel: str
    story: str


class TakeStory(Struct, frozen=True):
    channel: str
    story: str


class Shelves:
    """The aggregate of every shelf; the key of one is the guild's id."""

    kind = "shelf"
    events: tuple[type[Event], ...] = (StoryPut, StoryTaken)

    def initial(self, key: str) -> Shelf:
        return Shelf(key)

    def evolve(self, state: Shelf, event: Event) -> Shelf:
        match event:
            case StoryPut():
                put = {event.channel: event.story}
                return replace(state, open=state.open | put, last=state.last | put)
            case StoryTaken():
                left = {channel: story for channel, story in state.open.items() if channel != event.channel}
                return replace(state, open=left)
            case _:
                raise TypeError(f"a shelf knows no {type(event).__name__}")

    def decide(self, state: Shelf, command: Any) -> Changes[Shelf]:
        changes = Changes(self, state)
        match command:
            case PutStory():
                if command.channel in state.open:
                    raise Refused(
                        "story_open",
                        "A story is told here already: /story add goes on with it.",
                    )
                changes.add(StoryPut(**asdict(command)))
            case TakeStory():
                changes.add(StoryTaken(**asdict(command)))
            case _:
                raise TypeError(f"a shelf knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Shelf) -> int:
        return 0

    def secret(self, state: Shelf) -> bool:
        return False

    def encode(self, state: Shelf) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Shelf:
        return msgspec.json.decode(data, type=Shelf)


def act_on_story(desk: Desk, request: Struct) -> Story:
    """Let the story that is told in this channel decide; one that is finished leaves the shelf. Raises
    Refused where none is told here."""
    guild, _, channel = desk.invocation.place.partition("/")
    key = desk.state("shelf", guild).open.get(channel)
    if key is None:
        raise Refused("no_story", "No story is told here; /story start begins one.")
    story: Story = desk.act("story", key, request)
    if story.finished:
        desk.act("shelf", guild, TakeStory(channel, key))
    return story
