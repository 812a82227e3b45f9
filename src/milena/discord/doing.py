"""Buttons, menus and modals: what they mean is done for whoever used them, and shown."""

import asyncio

import msgspec

from milena.discord.answers import message
from milena.discord.asked import Asked
from milena.discord.calling import OPENING, Caller, Players
from milena.discord.message import EPHEMERAL, Message
from milena.discord.pressing import (
    Confirm,
    Dismiss,
    Invoke,
    Meaning,
    NotOurs,
    Nth,
    OpenModal,
    Recall,
    ShowHand,
    meaning,
)
from milena.discord.reply import Change, Form, Nothing, Outcome, Reply, Say
from milena.domain.command import Action, Invocation
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.domain.member import CommandInvoked
from milena.domain.refusal import Refused
from milena.engine import Answer

PLAY_ON = "All right, the game goes on."


class Doer:
    """Does what was pressed, as :mod:`.pressing` reads it."""

    def __init__(self, caller: Caller) -> None:
        self._caller, self._tables = caller, caller.tables

    async def pressed(self, asked: Asked, reply: Reply) -> Outcome | None:
        """A button or a menu. Raises Refused."""
        reply.discreet = _alone(asked)
        return await self._do(meaning(asked.custom_id, asked.data.get("values") or ()), asked, reply)

    async def submitted(self, asked: Asked, reply: Reply) -> Outcome | None:
        """A modal. Raises Refused."""
        reply.discreet = _alone(asked)
        return await self._do(meaning(asked.custom_id, (), _typed(asked)), asked, reply)

    async def _do(self, meant: Meaning, asked: Asked, reply: Reply) -> Outcome | None:
        players = await self._caller.players(asked)
        player = players[asked.user_id]
        guild = self._caller.guild(asked, player)
        match meant:
            case Invoke():
                return await self._invoke(meant, asked, reply, players)
            case Nth():
                invoke = await asyncio.to_thread(self._tables.move, meant, player, guild)
                return await self._invoke(invoke, asked, reply, players)
            case Recall():
                invoke = await asyncio.to_thread(self._recalled, meant)
                return await self._invoke(invoke, asked, reply, players)
            case OpenModal(ask):
                return Form(await asyncio.to_thread(self._tables.modal, ask, player, guild))
            case ShowHand(game, page):
                shown = await asyncio.to_thread(self._tables.hand, game, player, guild, page)
                return Change(shown) if _alone(asked) else Say(shown)
            case Confirm(game, word):
                return Say(await asyncio.to_thread(self._tables.confirm, game, word, guild))
            case Dismiss():
                said = Message(PLAY_ON, ephemeral=True)
                return Change(said) if _alone(asked) else Say(said)  # no board is taken away
            case NotOurs(sentence):
                raise Refused("not_ours", sentence)

    async def _invoke(self, meant: Invoke, asked: Asked, reply: Reply, players: Players) -> Outcome | None:
        command = self._caller.engine.commands.get(meant.command)
        if command is None or command.internal:
            raise Refused("not_ours", NotOurs().sentence)
        if meant.command in OPENING:
            return await self._caller.opened(asked, reply, meant.command, meant.options, players)
        if meant.game and asked.message and not _alone(asked):
            return await self._on_board(meant, asked, reply, players)
        answer = await self._caller.call(asked, meant.command, meant.options, players)
        player, alone = players[asked.user_id], _alone(asked)
        shown = await self._caller.told(
            asked, meant.command, answer, player, alone=alone or command.discreet
        )  # fmt: skip
        # The next page, or the own side after a move, comes in the place of the one before.
        turned = bool(meant.game) or (command.show is not None and (alone or not command.discreet))
        return Change(shown) if turned and answer.verdict == "accepted" else Say(shown)

    async def _on_board(self, meant: Invoke, asked: Asked, reply: Reply, players: Players) -> Outcome | None:
        """What was pressed on a board that all see: the answer changes it, or its keeper does."""
        assert asked.message is not None, "it was pressed on a message"
        boards, pressed = self._caller.boards, str(asked.message["id"])
        async with boards.hold(f"game:{meant.game}", pressed) as held:
            answer = await self._caller.call(asked, meant.command, meant.options, players)
            if answer.verdict != "accepted":
                return Say(message(answer, self._caller.name, ephemeral=True))
            if held is not None:
                if await reply.give(Change(await held.draw())) is not None:
                    held.shown()
                return None
        if boards.message(f"game:{meant.game}") in (None, pressed):
            return Nothing()
        # Another message shows the game; this one is drawn once, for who pressed it.
        guild = self._caller.guild(asked, players[asked.user_id])
        return Change(await self._caller.board(meant.game, guild))

    def _recalled(self, meant: Recall) -> Invoke:
        """What an answer of the log offers, which may be told only when it is looked up."""
        store = self._caller.engine.store
        row = store.at(meant.position)
        event = store.event(row) if row is not None and row.tag == CommandInvoked.tag else None
        if row is None or not isinstance(event, CommandInvoked):
            raise Refused("not_ours", NotOurs().sentence)
        first = Invocation(
            InvocationId(row.invocation or ""), event.command, event.options, PlayerId(row.player),
            Place(row.place), row.time,
        )  # fmt: skip
        told = Answer(first.id, event.verdict, result=event.result, position=row.position)
        offered = msgspec.convert(self._caller.show(first, told).result.get("actions", []), list[Action])
        if meant.index >= len(offered):
            raise Refused("not_ours", "What that button offered is not there any more; ask again.")
        return Invoke(offered[meant.index].command, offered[meant.index].options)


def _alone(asked: Asked) -> bool:
    """Whether only who asks sees the message that was pressed."""
    return bool(asked.message and int(asked.message.get("flags") or 0) & EPHEMERAL)


def _typed(asked: Asked) -> dict[str, str]:
    """The texts of a modal: in rows, or below labels."""
    found: dict[str, str] = {}
    for part in asked.data.get("components") or ():
        for field in (*(part.get("components") or ()), part.get("component") or {}):
            if "value" in field:
                found[str(field.get("custom_id"))] = str(field["value"])
    return found
