"""The bots that Milena is measured beside; each answers "pong" to /ping, and does nothing else.

``python -m benchmarks.discord_bots bare``: on interactions.py, whose own limit of 45 calls a second is
raised, because with it no burst is answered in time. ``... durable``: the same, and a row is safe on the disk
before it answers. ``... floor``: a websocket and one POST, without a library: what is left is the stand-in's
own share.
"""

import asyncio
import json
import os
import sqlite3
import sys
from pathlib import Path

import aiohttp

API, TOKEN = os.environ.get("MILENA_DISCORD_API", ""), os.environ.get("DISCORD_TOKEN", "")
CALLS_A_SECOND = 1000
GUILDS = 1
"""The intent for guilds."""
BEAT = 30.0
"""Seconds between two heartbeats."""


async def bare(*, durable: bool = False) -> None:
    import interactions
    from interactions.api.http.route import Route

    async def ping(ctx: interactions.SlashContext) -> None:
        if durable:
            await asyncio.to_thread(keep, str(ctx.id))
        await ctx.send("pong")

    if durable:
        rows = sqlite3.connect(
            Path(os.environ["MILENA_DATA"] + ".db"), isolation_level=None, check_same_thread=False
        )
        rows.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE done (id)")

    def keep(id: str) -> None:
        rows.execute("INSERT INTO done VALUES (?)", (id,))

    Route.BASE = API
    bot = interactions.Client(token=TOKEN, intents=interactions.Intents.GUILDS)
    bot.add_command(interactions.SlashCommand(name="ping", description="Answers pong", callback=ping))
    bot.http.global_lock.max_requests = CALLS_A_SECOND
    await bot.astart()


async def floor() -> None:
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as http:

        async def answer(asked: dict[str, str]) -> None:
            said = {"type": 4, "data": {"content": "pong"}}
            async with http.post(
                f"{API}/interactions/{asked['id']}/{asked['token']}/callback", json=said
            ) as done:
                await done.read()

        async with http.get(f"{API}/gateway/bot") as found:
            url = (await found.json(content_type=None))["url"]

        async def beat() -> None:
            while True:
                await asyncio.sleep(BEAT)
                await socket.send_json({"op": 1, "d": None})

        async with http.ws_connect(f"{url}?v=10&encoding=json") as socket:
            who = {"token": TOKEN, "intents": GUILDS, "shard": [0, 1], "properties": {}}
            await socket.send_json({"op": 2, "d": who})
            beside: set[asyncio.Task[None]] = {asyncio.ensure_future(beat())}
            async for frame in socket:
                event = json.loads(frame.data)
                if event["t"] == "READY":
                    path = f"{API}/applications/{event['d']['application']['id']}/commands"
                    command = {"name": "ping", "description": "Answers pong", "type": 1}
                    await (await http.put(path, json=[command])).read()
                elif event["t"] == "INTERACTION_CREATE":
                    task = asyncio.ensure_future(answer(event["d"]))
                    beside.add(task)
                    task.add_done_callback(beside.discard)


if __name__ == "__main__":
    asyncio.run({"bare": bare, "durable": lambda: bare(durable=True), "floor": floor}[sys.argv[1]]())
