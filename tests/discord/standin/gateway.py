"""The gateway: all its sessions and connections, and who is told what."""

from __future__ import annotations

import secrets
from random import Random
from typing import TYPE_CHECKING

from aiohttp import web

from .connection import HEARTBEAT, INVALID, RECONNECT, Connection
from .errors import Json
from .ids import shard_of
from .sessions import CONTENT, DIRECT_MESSAGES, GUILDS, MEMBERS, MESSAGES, Sent, Session
from .world import Channel, Guild, Message

if TYPE_CHECKING:
    from .server import StandIn


class Gateway:
    def __init__(self, discord: StandIn) -> None:
        self.discord = discord
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.opened: list[Connection] = []
        """Every connection there was, the first one first."""
        self.identifies: list[tuple[float, int]] = []
        """(When, shard) of every session that was started."""
        self.shuffle: Random | None = None
        """The next RESUME gets what it missed in another order."""
        self._last: dict[int, float] = {}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """GET with an upgrade: a new connection, or what a fault says instead."""
        if refused := self.discord.faults.handshake():
            return web.Response(status=refused, text="upstream connect error")
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(self, request, socket)
        self.connections.add(connection)
        self.opened.append(connection)
        self.discord.in_use.add(connection.transport)
        try:
            await connection.serve()
        finally:
            self.discord.in_use.discard(connection.transport)
        return socket

    def may_identify(self, shard: int) -> bool:
        settings, now = self.discord.settings, self.discord.clock.now()
        bucket = shard % settings.max_concurrency
        if now - self._last.get(bucket, 0.0) < settings.identify_interval:
            return False
        self._last[bucket] = now
        return len(self.identifies) < settings.identifies

    def start(self, connection: Connection, shard: int, shards: int, intents: int) -> None:
        """A new session: READY, and the guilds of its shard."""
        discord = self.discord
        for old in self.live(shard):
            # A second session of the same shard leaves the first one alone at Discord; a test has one bot.
            if old.connection is None:
                old.valid = False
        session = Session(secrets.token_hex(16), shard, shards, intents, connection=connection)
        self.sessions[session.id] = session
        connection.session = session
        self.identifies.append((discord.clock.now(), shard))
        guilds = [
            each
            for each in discord.world.guilds.values()
            if each.has_bot and shard_of(each.id, shards) == shard
        ]
        ready: Json = {
            "v": 10,
            "user": discord.world.bot.json() | {"verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": each.id, "unavailable": True} for each in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": discord.resume_url,
            "shard": [shard, shards],
            "application": {"id": discord.world.bot.id, "flags": 0},
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "geo_ordered_rtc_regions": [],
            "_trace": ["stand-in"],
        }
        session.dispatch("READY", ready)
        if intents & GUILDS:
            for each in guilds:
                session.dispatch("GUILD_CREATE", each.create_event(all_members=bool(intents & MEMBERS)))

    def resume(self, connection: Connection, session: Session, after: int) -> None:
        if session.connection and session.connection is not connection:
            session.connection.abort()
        session.connection = connection
        connection.session = session
        shuffle, self.shuffle = self.shuffle, None
        session.replay(after, shuffle)

    def live(self, shard: int | None = None) -> list[Session]:
        """The sessions that were not ended, connected or not, the newest last."""
        return [each for each in self.sessions.values() if each.valid and shard in (None, each.shard)]

    def connected(self, shard: int | None = None) -> list[Session]:
        return [each for each in self.live(shard) if each.connection]

    def serving(self, guild: str | None) -> Session | None:
        """The newest session whose shard has ``guild``: the one that is told of what happens there."""
        found = [each for each in self.live() if shard_of(guild, each.shards) == each.shard]
        return next((each for each in reversed(found) if each.connection), found[-1] if found else None)

    def tell(
        self, guild: str | None, event: str, data: Json, *, intent: int = 0, sent: Sent | None = None
    ) -> bool:
        """Dispatch to the shard of ``guild`` where it has the intent; False when nobody is there."""
        session = self.serving(guild)
        if session is None or (intent and not session.intents & intent):
            return False
        session.dispatch(event, data, sent)
        return True

    def tell_message(self, event: str, message: Message) -> None:
        """MESSAGE_CREATE and its like; the words of others only with the intent for content."""
        if message.only_for:
            return
        guild = message.channel.guild.id if message.channel.guild else None
        session = self.serving(guild)
        if session is None:
            return
        if event == "MESSAGE_DELETE":
            data: Json = {"id": message.id, "channel_id": message.channel.id}
        else:
            data = message.json()
        if guild:
            data["guild_id"] = guild
        hidden = guild and message.author is not self.discord.world.bot and not session.intents & CONTENT
        if hidden and event != "MESSAGE_DELETE":
            data |= {"content": "", "embeds": [], "attachments": [], "components": []}
        self.tell(guild, event, data, intent=MESSAGES if guild else DIRECT_MESSAGES)

    def tell_channel(self, event: str, channel: Channel) -> None:
        if channel.guild:
            self.tell(channel.guild.id, event, channel.json(), intent=GUILDS)

    def tell_guild(self, event: str, guild: Guild) -> None:
        """GUILD_DELETE says only the id: without ``unavailable`` it means that the bot was removed."""
        data = {"id": guild.id} if event == "GUILD_DELETE" else guild.create_event(all_members=False)
        self.tell(guild.id, event, data, intent=GUILDS)

    def drop(self, shard: int | None = None) -> None:
        """Cut the wires."""
        for each in self.connected(shard):
            if each.connection:
                each.connection.abort()

    def reconnect(self, shard: int | None = None) -> None:
        """Op 7: please connect again."""
        self._send({"op": RECONNECT, "t": None, "s": None, "d": None}, shard)

    def invalidate(self, shard: int | None = None, *, resumable: bool = False) -> None:
        """Op 9."""
        for each in self.connected(shard):
            each.valid = resumable
            if each.connection:
                each.connection.send({"op": INVALID, "t": None, "s": None, "d": resumable})

    def close(self, code: int, shard: int | None = None) -> None:
        for each in self.connected(shard):
            each.valid = code not in (4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014)
            if each.connection:
                each.connection.close(code)

    def zombie(self, shard: int | None = None) -> None:
        """The connections stay open, and nothing comes from them any more."""
        for each in self.connected(shard):
            if each.connection:
                each.connection.silent = True

    def ask_heartbeat(self, shard: int | None = None) -> None:
        self._send({"op": HEARTBEAT, "t": None, "s": None, "d": None}, shard)

    def _send(self, payload: Json, shard: int | None) -> None:
        for each in self.connected(shard):
            if each.connection:
                each.connection.send(payload)
