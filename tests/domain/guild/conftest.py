"""A guild to which things happened, and who calls commands in it."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct

from milena.domain.command import Command, Invocation
from milena.domain.event import Event
from milena.domain.guild import Guild, Guilds
from milena.domain.refusal import Refused

GUILDS = Guilds()
NOON = 1_767_268_800_000


class Options(Struct, frozen=True):
    pass


class Case:
    """A guild that these requests were given to."""

    def __init__(self, *requests: Struct) -> None:
        self.guild: Guild = GUILDS.initial("811")
        for request in requests:
            self.when(request)

    def when(self, request: Struct) -> list[Event]:
        """The events of a request; folded one by one, they lead to the same state."""
        before, changes = self.guild, GUILDS.decide(self.guild, request)
        self.guild = changes.state
        for event in changes.events:
            before = GUILDS.evolve(before, event)
        assert before == self.guild
        assert GUILDS.decode(GUILDS.encode(self.guild)) == self.guild
        return changes.events

    def refusal(self, request: Struct) -> str:
        before = self.guild
        with pytest.raises(Refused) as caught:
            GUILDS.decide(self.guild, request)
        assert self.guild == before
        assert caught.value.sentence.endswith(".")
        return caught.value.code


@pytest.fixture(scope="session")
def given() -> Callable[..., Case]:
    return Case


@pytest.fixture(scope="session")
def command() -> Callable[..., Command]:
    """``command("open", permission="admin")``: a command of games that does nothing."""

    def make(name: str = "open", **declared: Any) -> Command:
        return Command(name, "games", "Do nothing.", Options, lambda desk, options: {}, **declared)

    return make


@pytest.fixture(scope="session")
def call() -> Callable[..., Invocation]:
    """``call("open", roles=("red",))``: ann calls a command at noon."""

    def make(name: str = "open", *, player: str = "ann", place: str = "811/hall", **known: Any) -> Invocation:
        return Invocation("i1", name, {}, player, place, **{"time": NOON, **known})  # type: ignore[arg-type]

    return make
