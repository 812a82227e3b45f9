"""Files that somebody attached to a slash command: what is in them is what the command is called with."""

from collections.abc import Awaitable, Callable

from milena.discord.calls import ApiError
from milena.domain.refusal import Refused
from milena.slash import Slash, Values

LARGEST = 1 << 16
"""Bytes."""
Fetch = Callable[[str, int], Awaitable[bytes]]
"""See :meth:`milena.discord.rest.Rest.fetch`."""


async def attached(slash: Slash, values: Values, fetch: Fetch) -> Values:
    """The values with the texts of files in place of what Discord tells of those. Raises Refused."""
    files = [option.name for option in slash.options if option.kind == "file" and option.name in values]
    return values | {name: await _text(values[name], fetch) for name in files}


async def _text(attachment: dict[str, object], fetch: Fetch) -> str:
    size = attachment.get("size")
    if not isinstance(size, int) or size > LARGEST:
        raise Refused("bad_file", f"The file is too large: {LARGEST >> 10} KiB are allowed.")
    try:
        data = await fetch(str(attachment["url"]), LARGEST)
    except (ApiError, KeyError):
        raise Refused("bad_file", "Discord does not hand over the file now; try it again.") from None
    if len(data) > LARGEST:
        raise Refused("bad_file", f"The file is too large: {LARGEST >> 10} KiB are allowed.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("bad_file", "The file is not a text in UTF-8.") from None
