"""People: what they can do in Discord's client, and what it shows them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from . import choosing
from .components import BUTTON, LINK, MENU
from .errors import Json
from .interactions import COMMAND, COMPLETION, COMPONENT, MODAL, Interaction
from .permissions import P
from .world import Channel, Guild, Message, Role, User

if TYPE_CHECKING:
    from .server import StandIn

GRACE = 0.05
"""Seconds after the deadline in which nothing more can be accepted, and nothing is looked at."""


class CannotDo(AssertionError):
    """Discord's client would not let a person do that."""


class File(NamedTuple):
    """Something to attach to a command."""

    name: str
    content: bytes
    type: str = "application/octet-stream"


@dataclass
class Shown:
    """What the client shows in answer to something that a person did."""

    person: Person
    interaction: Interaction

    @property
    def how(self) -> str:
        """ "did not respond", "thinking", "message", "form", "choices", "updated" or "nothing" (yet)."""
        made = self.interaction
        if made.callback is None:
            return "did not respond"
        if made.loading:
            return "thinking"
        return {4: "message", 5: "message", 6: "nothing", 7: "updated", 8: "choices", 9: "form"}[
            made.callback
        ]

    @property
    def message(self) -> Message:
        """The answer, or the message that was changed."""
        found = self.interaction.original
        assert found is not None, f"there is no message: {self.how}"
        return found

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def ephemeral(self) -> bool:
        """Only the person sees it."""
        return self.message.only_for == self.person.user.id

    @property
    def followups(self) -> list[Message]:
        return self.interaction.followups

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """(Name, value) of what was offered for completion."""
        return [(each["name"], each["value"]) for each in self.interaction.choices]

    @property
    def latency(self) -> float:
        """Seconds from the dispatch to the callback."""
        assert self.interaction.latency is not None, "did not respond"
        return self.interaction.latency

    async def settled(self, patience: float = 30.0) -> Shown:
        """When it no longer is "thinking"."""
        await self.person.discord.until(lambda: not self.interaction.loading, patience)
        return self


@dataclass
class Person:
    """A user, at a channel. ``ann.at(other)`` is she at another one, ``ann.at(None)`` in direct messages."""

    discord: StandIn
    user: User
    here: Channel | None = None

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def channel(self) -> Channel:
        return self.here or self.discord.world.direct_channel(self.user)

    def join(self, guild: Guild, *roles: Role) -> Person:
        """In a guild too; she is at its first channel then."""
        guild.join(self.user, *roles)
        self.here = next(iter(guild.channels.values()))
        return self

    def at(self, channel: Channel | None) -> Person:
        return replace(self, here=channel)

    # Looking.

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """The messages of a channel, without what only others see."""
        place = channel or self.channel
        if not self.discord.world.may(self.user, place) & P.VIEW_CHANNEL:
            return []
        return [each for each in place.shown() if each.only_for in (None, self.user.id)]

    @property
    def inbox(self) -> list[Message]:
        """The direct messages with the bot."""
        return self.sees(self.discord.world.direct_channel(self.user))

    # Doing.

    def say(self, text: str) -> Message:
        """Write an ordinary message."""
        self._may(P.SEND_MESSAGES)
        world = self.discord.world
        message = Message(world.ids.new(), self.channel, self.user, world.clock.stamp(), content=text)
        self.channel.messages[message.id] = message
        self.discord.gateway.tell_message("MESSAGE_CREATE", message)
        return message

    async def slash(self, path: str, **options: Any) -> Shown:
        """``ann.slash("play tictactoe", opponent=bob)``; an option ``from`` is written ``**{"from": 1}``."""
        return await self._ask(COMMAND, self._command(path, options))

    async def complete(self, path: str, option: str, typed: str, **options: Any) -> Shown:
        """Type into an option that offers completion."""
        data = self._command(path, options | {option: typed}, focused=option)
        return await self._ask(COMPLETION, data)

    async def menu(self, name: str, target: Person | Message) -> Shown:
        """A command of the context menu of a member or a message."""
        command = self._find(name, 3 if isinstance(target, Message) else 2)
        resolved: Json
        if isinstance(target, Message):
            id, resolved = target.id, {"messages": {target.id: target.json()}}
        else:
            id, resolved = target.id, choosing.resolve(self, [target])
        data = self._named(command) | {"target_id": id, "resolved": resolved}
        return await self._ask(COMMAND, data)

    async def press(self, message: Message, what: str | int, *, anyway: bool = False) -> Shown:
        """A button, by its label, custom id or number; ``anyway``: by a custom id that need not be there."""
        custom = str(what)
        if not anyway:
            self._look_at(message)
            found = _pick(message.buttons, what)
            if found.get("disabled") or found.get("style") == LINK:
                raise CannotDo(f"the button {what} cannot be pressed")
            custom = found["custom_id"]
        return await self._ask(COMPONENT, {"custom_id": custom, "component_type": BUTTON, "id": 1}, message)

    async def choose(
        self, message: Message, *values: Any, menu: str | int = 0, anyway: bool = False
    ) -> Shown:
        """Values of a menu, by label or value; people, roles and channels in their own menus."""
        if anyway:
            data = {"custom_id": str(menu), "component_type": MENU, "values": list(values), "id": 1}
            return await self._ask(COMPONENT, data, message)
        self._look_at(message)
        found = _pick(message.menus, menu)
        low, high = found.get("min_values", 1), found.get("max_values", 1)
        if found.get("disabled") or not low <= len(values) <= high:
            raise CannotDo(f"{len(values)} values cannot be chosen of {low} to {high}")
        data = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found.get("id", 1)}
        if found["type"] == MENU:
            data["values"] = [_pick(found["options"], each)["value"] for each in values]
        else:
            data |= {"values": [each.id for each in values], "resolved": choosing.resolve(self, list(values))}
        return await self._ask(COMPONENT, data, message)

    async def submit(self, form: Shown, values: Mapping[str, Any]) -> Shown:
        """A modal that was opened; values by custom id or label."""
        modal = form.interaction.modal
        if modal is None:
            raise CannotDo(f"no form was opened: {form.how}")
        data = {"custom_id": modal["custom_id"], "components": choosing.filled(modal, values)}
        return await self._ask(MODAL, data, form.interaction.message)

    # What is behind it.

    async def _ask(self, kind: int, data: Json, message: Message | None = None) -> Shown:
        place = message.channel if message else self.channel
        made = self.discord.desk.make(kind, self.user, place, data, message)
        self.discord.faults.deliver(made)
        seconds = self.discord.settings.answer_within + GRACE
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(made.answered.wait(), seconds)
        return Shown(self, made)

    def _look_at(self, message: Message) -> None:
        if message.deleted or message not in self.sees(message.channel):
            raise CannotDo("there is no such message to be seen")

    def _may(self, needed: P) -> None:
        if not self.discord.world.may(self.user, self.channel) & needed:
            raise CannotDo(f"{self.user.name} lacks {needed.name}")

    def _find(self, name: str, kind: int) -> Json:
        """The command of that name, as it is offered here to this person."""
        guild = self.channel.guild
        if guild and not guild.has_bot:
            raise CannotDo(f"the bot is not in {guild.name}")
        for scope in (guild.id if guild else None, None):
            for each in self.discord.commands.get(scope, {}).values():
                if (each["name"], each["type"]) != (name, kind) or not self._offered(each):
                    continue
                return each
        raise CannotDo(f"no command {name} is offered to {self.user.name} here")

    def _offered(self, command: Json) -> bool:
        if self.channel.guild is None:
            return bool(command.get("dm_permission", False))
        if command.get("contexts") is not None and 0 not in command["contexts"]:
            return False
        held = self.discord.world.may(self.user, self.channel)
        wanted = command["default_member_permissions"]
        if held & P.ADMINISTRATOR:
            return True
        fits = wanted is None or (int(wanted) != 0 and held & int(wanted) == int(wanted))
        return bool(held & P.USE_APPLICATION_COMMANDS) and fits

    def _named(self, command: Json) -> Json:
        said = {"id": command["id"], "name": command["name"], "type": command["type"]}
        return said | {"guild_id": command["guild_id"]} if command.get("guild_id") else said

    def _command(self, path: str, given: Mapping[str, Any], focused: str | None = None) -> Json:
        name, *rest = path.removeprefix("/").split()
        command = self._find(name, 1)
        data = self._named(command)
        options = choosing.options(self, command.get("options") or [], rest, given, focused)
        if options:
            data["options"] = options
        things = [each for each in given.values() if isinstance(each, Person | Role | Channel | File)]
        if things:
            data["resolved"] = choosing.resolve(self, things)
        return data


def _pick(among: list[Json], what: Any) -> Json:
    """By number, custom id, value or label."""
    if isinstance(what, int) and what < len(among):
        return among[what]
    for name in ("custom_id", "value", "label"):
        for each in among:
            if each.get(name) == what:
                return each
    for each in among:
        if (each.get("emoji") or {}).get("name") == what:
            return each
    raise CannotDo(
        f"there is no {what} among {[each.get('label') or each.get('custom_id') for each in among]}"
    )
