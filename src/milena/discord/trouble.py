"""What an error of Discord's means for a message that we keep.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes
"""

from enum import Enum, auto

from milena.discord.calls import ApiError


class Trouble(Enum):
    MESSAGE = auto()
    """It is gone, or can't be changed any more: another one is to be posted."""
    CHANNEL = auto()
    FORBIDDEN = auto()
    AGAIN = auto()
    """Nobody's fault, and over some time."""
    OURS = auto()
    """Discord does not take what we sent."""


_MESSAGE = {10008, 30046}
"""Unknown message; too many edits of a message that is older than an hour."""
_CHANNEL = {10003, 10004}
"""Unknown channel, unknown guild."""
_FORBIDDEN = {50001, 50007, 50013, 50083, 160005}
"""Missing access, no messages to this user, missing permissions, an archived or locked thread."""


def trouble(error: ApiError) -> Trouble:
    if error.code in _MESSAGE:
        return Trouble.MESSAGE
    if error.code in _CHANNEL:
        return Trouble.CHANNEL
    if error.code in _FORBIDDEN or error.status == 403:
        return Trouble.FORBIDDEN
    if error.status in (0, 429) or error.status >= 500:
        return Trouble.AGAIN
    return Trouble.OURS
