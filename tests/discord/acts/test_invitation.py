"""The link by which Milena is invited asks for what her calls need: all of it, and no more."""

import re
from pathlib import Path
from typing import Any

import pytest

from milena.discord import drawing, inviting, refusals
from milena.discord.calls import ApiError
from milena.discord.histories import Histories
from milena.discord.studio import Studio
from milena.discord.subjects import subjects
from milena.domain.ids import Place

Server = Any
ADAPTER = Path(inviting.__file__).parent


def _as_invited(server: Server, without: int = 0) -> None:
    """Milena may do what the link asks for; others may nothing that would help her."""
    server.guild.everyone.permissions = 0
    server.guild.roles[server.guild.bot.roles[0]].permissions = inviting.permissions() & ~without


async def _tell(server: Server) -> bool:
    """A reminder in the channel."""
    server.discord.clock.advance(-7200)
    asked = await server.ask("remind me", by=server.bob, when="in 1h", text="tea")
    server.discord.clock.advance(7200)
    server.home.scheduler(server.engine).turn()
    await server.runner.done()
    assert asked.verdict == "accepted"
    return any("tea" in each.content for each in server.discord.world.channels[_channel(server)].shown())


async def _tell_in_a_thread(server: Server) -> bool:
    thread = server.guild.channel("aside", server.channel)
    server.place = Place(f"{server.guild.id}/{thread.id}")
    return await _tell(server)


def _channel(server: Server) -> str:
    return str(server.place.partition("/")[2])


async def _draw(server: Server) -> bool:
    """A board with a picture, drawn and drawn again."""
    pytest.importorskip("PIL")
    game = (await server.ask("open", game="2048")).result["game"]
    people = drawing.People(server.home.vault.name, lambda player: "")
    drawn = subjects(server.home.store, Histories(server.home.store), people)
    studio = Studio(server.engine, server.rest, drawn)
    picture = studio.draw(f"game:{game}")
    assert picture.message.files
    try:
        await studio.post(f"game:{game}", picture)
        again = studio.draw(f"game:{game}")
        await studio.edit(again.board, again.message)
    except ApiError:
        return False
    return True


async def _silence(server: Server) -> bool:
    done = await server.does("timeout", member=server.player(server.bob), during="2h")
    return bool(done.status == "done")


async def _kick(server: Server) -> bool:
    return bool((await server.does("kick", member=server.player(server.bob))).status == "done")


async def _ban(server: Server) -> bool:
    banned = await server.does("ban", member=server.player(server.bob))
    return bool(banned.status == "done")


async def _unban(server: Server) -> bool:
    return bool((await server.does("unban", member=server.player(server.bob))).status == "done")


async def _warn(server: Server) -> bool:
    """By direct message, with the server's name."""
    return bool((await server.does("warn", member=server.player(server.bob), reason="spam")).status == "done")


async def _log(server: Server) -> bool:
    """A case, in the moderation log."""
    log = server.guild.channel("log")
    await server.ask("config set", admin=True, name="moderation-log", value=log.id)
    return await _warn(server) and bool(log.shown())


async def _purge(server: Server, count: int = 2) -> bool:
    _write(server, count)
    return (await server.purges(count=count)).result == {"removed": count}


async def _purge_one(server: Server) -> bool:
    return await _purge(server, 1)


def _write(server: Server, count: int) -> None:
    held = server.guild.everyone.permissions
    server.guild.everyone.permissions = (1 << 10) | (1 << 11)
    for number in range(count):
        server.bob.say(str(number))
    server.guild.everyone.permissions = held


DEEDS = {
    "View Channels": _tell,
    "Send Messages": _tell,
    "Send Messages in Threads": _tell_in_a_thread,
    "Attach Files": _draw,
    "Read Message History": _purge,
    "Manage Messages": _purge,
    "Kick Members": _kick,
    "Ban Members": _ban,
    "Timeout Members": _silence,
}
"""What can't be done without each."""


@pytest.mark.parametrize("permission", inviting.NEEDED)
async def test_nothing_is_asked_for_that_is_not_needed(server: Server, permission: str) -> None:
    _as_invited(server, without=inviting.NEEDED[permission])
    assert not await DEEDS[permission](server)


async def test_with_what_is_asked_for_all_is_done(server: Server) -> None:
    _as_invited(server)
    deeds = (_tell, _draw, _purge, _purge_one, _warn, _log, _silence, _ban, _unban, _tell_in_a_thread)
    done = {deed.__name__: await deed(server) for deed in deeds}
    server.guild.join(server.bob.user)
    done["_kick"] = await _kick(server)
    assert all(done.values()), done
    assert {call.status for call in server.discord.record.calls} <= {200, 204}
    # No call to a server or a channel is left out of this test.
    called = {re.sub(r"\{\w+\}", "*", call.route) for call in server.discord.record.calls}
    written = {
        path
        for file in ADAPTER.glob("*.py")
        for path in re.findall(
            r"""f["'](/(?:channels|guilds)/[^"'?]+)""", re.sub(r"\{[^{}\n]*\}", "*", file.read_text())
        )
    }
    assert len(written) >= 5
    assert written <= called


def test_moderators_are_told_of_permissions_by_the_same_names() -> None:
    named = {name for each in refusals.NEEDED.values() for name in each.split(" and ")}
    assert named <= set(inviting.NEEDED)
