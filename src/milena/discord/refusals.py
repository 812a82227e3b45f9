"""What Discord refuses, in words for moderators and members.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
"""

from milena.discord.calls import ApiError
from milena.domain.effect import What
from milena.effects.world import Impossible, NotNow

NEEDED: dict[What, str] = {
    "message": "Send Messages", "timeout": "Timeout Members", "kick": "Kick Members", "ban": "Ban Members",
    "unban": "Ban Members", "purge": "Manage Messages and Read Message History",
}  # fmt: skip
"""The permissions that Milena's role needs for each effect, as Discord's settings name them."""

UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_BAN, MISSING_PERMISSIONS = 10007, 10008, 10026, 50013

_KNOWN: dict[int, tuple[str, str]] = {
    10003: ("unknown_channel", "That channel is gone."),
    10004: ("unknown_guild", "Milena is not in that server any more."),
    UNKNOWN_MEMBER: ("unknown_member", "That person is not in this server, or not any more."),
    UNKNOWN_MESSAGE: ("unknown_message", "That message is gone."),
    10013: ("unknown_user", "Discord knows no such person any more."),
    UNKNOWN_BAN: ("not_banned", "That person is not banned."),
    10062: ("too_late", "Discord does not wait for that answer any more: ask again."),
    50001: ("missing_access", "Milena can't see that channel: give her role the permission View Channel."),
    50007: ("no_direct_messages", "That person takes no direct messages from here."),
    50008: ("unfit_channel", "Nothing can be written in a channel of that kind."),
    50024: ("unfit_channel", "That can't be done in a channel of that kind."),
    50034: ("too_old", "Some of the messages are older than 14 days: Discord does not remove them together."),
}
"""Code of Discord's -> our code, and the sentence."""


def explained(error: ApiError, what: What) -> Impossible | NotNow:
    """What an error means for an effect: to be tried again, or in vain."""
    if error.status in (0, 401, 408, 429) or error.status >= 500:
        return NotNow(str(error))
    if error.code == MISSING_PERMISSIONS:
        above = " Her role has to stand above all of that member's, and no owner or admin can be touched."
        return Impossible(
            "missing_permission",
            f"Discord does not let Milena do it. Her role needs the permission {NEEDED[what]}."
            + above * (what in ("timeout", "kick", "ban")),
        )
    if error.code in _KNOWN:
        return Impossible(*_KNOWN[error.code])
    return Impossible("refused", f"Discord refused it: {error.message[:200].rstrip('.')} ({error.code}).")
