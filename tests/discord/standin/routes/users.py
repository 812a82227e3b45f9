"""The bot itself, other users, where the gateway is."""

from typing import Any

from standin.errors import NO_DM, UNKNOWN_USER, Json
from standin.rest import Ask, Routes

routes = Routes()


@routes("GET", "/users/@me")
def me(ask: Ask) -> Json:
    return ask.discord.world.bot.json() | {"verified": True, "mfa_enabled": False, "flags": 0}


@routes("GET", "/users/{user}")
def user(ask: Ask) -> Json:
    found = ask.discord.world.users.get(ask.ids["user"])
    if found is None:
        raise UNKNOWN_USER
    return found.json()


@routes("GET", "/users/@me/guilds")
def my_guilds(ask: Ask) -> list[Json]:
    guilds = [each for each in ask.discord.world.guilds.values() if each.has_bot]
    return [{"id": each.id, "name": each.name, "icon": None, "owner": False} for each in guilds]


@routes("POST", "/users/@me/channels")
def open_direct_channel(ask: Ask) -> Json:
    world = ask.discord.world
    found = world.users.get(str(ask.said.get("recipient_id")))
    if found is None:
        raise UNKNOWN_USER
    if found.bot:
        raise NO_DM
    return world.direct_channel(found).json()


@routes("GET", "/gateway", auth=False)
def gateway(ask: Ask) -> Json:
    return {"url": ask.discord.gateway_url}


@routes("GET", "/gateway/bot")
def gateway_bot(ask: Ask) -> dict[str, Any]:
    settings = ask.discord.settings
    return {
        "url": ask.discord.gateway_url,
        "shards": settings.shards,
        "session_start_limit": {
            "total": settings.identifies,
            "remaining": max(0, settings.identifies - len(ask.discord.gateway.identifies)),
            "reset_after": 86_400_000,
            "max_concurrency": settings.max_concurrency,
        },
    }
