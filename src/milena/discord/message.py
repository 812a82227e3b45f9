"""A message as Discord takes it, and what is sent of it.

Field names and limits: https://docs.discord.com/developers/resources/message
"""

from typing import Any

from msgspec import Struct

EPHEMERAL = 1 << 6
"""The flag of an answer that only one person sees."""


class File(Struct, frozen=True):
    """``description`` says in words what a picture shows."""

    name: str
    data: bytes
    description: str = ""


class Message(Struct, frozen=True):
    """``components``: rows of buttons and menus, as Discord's JSON. ``pings``: ids of the Discord users whom
    it may notify, and nobody else, whatever the text says."""

    content: str = ""
    embeds: tuple[dict[str, Any], ...] = ()
    components: tuple[dict[str, Any], ...] = ()
    files: tuple[File, ...] = ()
    pings: tuple[str, ...] = ()
    ephemeral: bool = False

    def body(self) -> dict[str, Any]:
        """The message's JSON. Every part is there, so that an edit clears what is gone."""
        body: dict[str, Any] = {
            "content": self.content,
            "embeds": list(self.embeds),
            "components": list(self.components),
            "allowed_mentions": {"parse": [], "users": list(self.pings), "replied_user": False},
            "attachments": [
                {"id": number, "filename": file.name, "description": file.description}
                for number, file in enumerate(self.files)
            ],
        }
        if self.ephemeral:
            body["flags"] = EPHEMERAL
        return body
