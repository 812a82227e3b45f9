"""What has to be remembered of the guilds: who owns each, and how high its roles are."""

import logging
from typing import Any

from msgspec import Struct

from milena.discord.text import plain

log = logging.getLogger(__name__)


class Guild(Struct):
    """``roles``: the position of each, by id."""

    name: str
    owner: str
    roles: dict[str, int]


class Guilds:
    """Follows the gateway's events; knows nothing of a guild before GUILD_CREATE."""

    def __init__(self) -> None:
        self._guilds: dict[str, Guild] = {}
        self._expected: set[str] = set()

    def __len__(self) -> int:
        return len(self._guilds)

    def get(self, guild: str) -> Guild | None:
        return self._guilds.get(guild)

    def happened(self, event: str, data: dict[str, Any]) -> None:
        match event:
            case "READY":
                self._expected |= {each["id"] for each in data["guilds"]}
            case "GUILD_CREATE":
                self._came(data)
            case "GUILD_UPDATE":
                self._update(data)
            case "GUILD_DELETE":
                self._went(data)
            case "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" if known := self.get(data["guild_id"]):
                known.roles[data["role"]["id"]] = data["role"]["position"]
            case "GUILD_ROLE_DELETE" if known := self.get(data["guild_id"]):
                known.roles.pop(data["role_id"], None)

    def _came(self, data: dict[str, Any]) -> None:
        id = data["id"]
        if data.get("unavailable"):
            return
        if id not in self._expected and id not in self._guilds:
            log.info("Milena was invited to guild %s (%s)", id, plain(data.get("name", "")))
        self._expected.discard(id)
        self._update(data)

    def _update(self, data: dict[str, Any]) -> None:
        roles = {role["id"]: role["position"] for role in data.get("roles", ())}
        self._guilds[data["id"]] = Guild(data.get("name", ""), data.get("owner_id", ""), roles)

    def _went(self, data: dict[str, Any]) -> None:
        known = self._guilds.pop(data["id"], None)
        name = plain(known.name) if known else "not known"
        if data.get("unavailable"):
            self._expected.add(data["id"])
            log.warning("guild %s (%s) can't be reached; its games go on when it can", data["id"], name)
        else:
            log.warning("Milena was removed from guild %s (%s); its games stay in the log", data["id"], name)
