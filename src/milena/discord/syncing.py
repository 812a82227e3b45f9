"""Telling Discord which commands there are: only when they have changed.

What Discord was told last is remembered as a hash in the data directory, for each application and API.

https://docs.discord.com/developers/interactions/application-commands#bulk-overwrite-global-application-commands
"""

import asyncio
import hashlib
import logging
import os
from pathlib import Path
from typing import Any

import msgspec

from milena.discord.calls import ApiError, Calls
from milena.ops.backoff import Backoff

log = logging.getLogger(__name__)

FILE = "discord-commands.json"
AGAIN, LONGEST_PAUSE = 5.0, 600.0
"""Seconds until it is tried again."""


async def sync(calls: Calls, api: str, application: str, commands: list[dict[str, Any]], data: Path) -> None:
    """Put ``commands``, where they are not those that were put last, and until that has worked. Commands
    that are not among them vanish."""
    file, key = data / FILE, f"{api} {application}"
    wanted = hashlib.sha256(msgspec.json.encode(commands, order="sorted")).hexdigest()
    if _told(file).get(key) == wanted:
        log.info("the %d commands are as Discord knows them", len(commands))
        return
    backoff = Backoff(AGAIN, LONGEST_PAUSE)
    while True:
        try:
            await calls.request("PUT", f"/applications/{application}/commands", commands)
            break
        except ApiError as error:
            if not backoff.tries:
                extra = {"error": error, "recovery": "tried again"}
                log.error(
                    "the commands could not be told to Discord, which is tried again: %s", error, extra=extra
                )
        await asyncio.sleep(backoff.pause())
    await asyncio.to_thread(_remember, file, key, wanted)
    log.info("%d commands were told to Discord", len(commands))


def _told(file: Path) -> dict[str, str]:
    """What is remembered; nothing where it can't be read: then it is told once more."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}


def _remember(file: Path, key: str, hash: str) -> None:
    new = file.with_suffix(".new")
    try:
        new.write_bytes(msgspec.json.encode({**_told(file), key: hash}))
        os.replace(new, file)
    except OSError as error:
        log.warning("%s can't be written, so the commands are told again next time: %s", file, error)
