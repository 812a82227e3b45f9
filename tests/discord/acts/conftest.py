"""A server on the stand-in Discord where ann moderates, and what does effects there; no gateway is needed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from standin import Guild, P, Person, StandIn

from milena.aggregates import EFFECTS
from milena.discord.acts import Acts
from milena.discord.rest import Rest
from milena.domain.command import Invocation
from milena.domain.effect import Effect
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.throttle import Throttle
from milena.effects.runner import Runner
from milena.engine import Answer, Engine
from milena.home import Home
from milena.ops.config import Config

POWERS = P.MODERATE_MEMBERS | P.KICK_MEMBERS | P.BAN_MEMBERS | P.MANAGE_MESSAGES


class Server:
    """``guild`` on Discord, and Milena's side of it."""

    def __init__(self, discord: StandIn, guild: Guild, home: Home, engine: Engine, rest: Rest) -> None:
        self.discord, self.guild, self.home, self.engine = discord, guild, home, engine
        self.rest = rest
        self.acts = Acts(rest, home.store, home.vault, lambda place: place.startswith(guild.id))
        self.runner = Runner(home, engine, self.acts)
        [self.channel] = guild.channels.values()
        self.place = Place(f"{guild.id}/{self.channel.id}")
        self.ann, self.bob = discord.person("ann", guild), discord.person("bob", guild)

    def player(self, person: Person) -> PlayerId:
        return self.home.vault.player("discord", person.id, person.user.name)

    async def ask(
        self, command: str, *, by: Person | None = None, admin: bool = False, **options: Any
    ) -> Answer:
        """What somebody (ann) asks for, a second from now, so that it is later than what was written."""
        when = round(self.discord.clock.now() * 1000) + 1000
        key, player = InvocationId(new_id()), self.player(by or self.ann)
        asked = Invocation(key, command, options, player, self.place, when, moderator=True, admin=admin)
        answer = await self.engine.execute(asked)
        assert answer.verdict == "accepted", answer
        return answer

    async def does(self, command: str, **options: Any) -> Effect:
        """:meth:`ask`, and all that follows; returns the effect of the case."""
        answer = await self.ask(command, **options)
        await self.runner.done()
        return self.effect(answer.result["case"])

    async def purges(self, **options: Any) -> Effect:
        """Asked for, and confirmed."""
        asked = await self.ask("purge", **options)
        return await self.does("purge", **asked.result["actions"][0]["options"])

    def effect(self, case: int) -> Effect:
        """As it stands."""
        cases = self.engine.read("case", self.guild.id).state.cases
        effect: Effect = self.home.store.fold(EFFECTS, cases[case].effect).state
        return effect


@pytest.fixture
async def server(discord: StandIn, tmp_path: Path) -> AsyncIterator[Server]:
    guild = discord.guild("Club")
    guild.bot.guild.roles[guild.bot.roles[0]].permissions |= int(POWERS)
    with Home(tmp_path / "data", Config(throttle=Throttle(0, 0))) as home, home.engine() as engine:
        async with Rest(discord.settings.token, "DiscordBot (tests, 1)", discord.api) as rest:
            server = Server(discord, guild, home, engine, rest)
            await server.runner.done()  # what is wanted from now on is new
            yield server
    assert not discord.record.violations
