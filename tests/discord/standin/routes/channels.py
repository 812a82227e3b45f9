"""Channels and the messages in them."""

from standin import bodies
from standin.errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NO_DM,
    NOT_YOURS,
    TOO_FEW_OR_MANY,
    TOO_OLD,
    UNKNOWN_MESSAGE,
    Form,
    Json,
)
from standin.ids import created
from standin.permissions import P
from standin.rest import Ask, Routes
from standin.world import Channel

routes = Routes()
MESSAGES = "/channels/{channel}/messages"
FORTNIGHT = 14 * 24 * 3600


@routes("GET", "/channels/{channel}")
def channel(ask: Ask) -> Json:
    return _there(ask).json()


@routes("DELETE", "/channels/{channel}")
def delete_channel(ask: Ask) -> Json:
    found = _there(ask, P.MANAGE_CHANNELS)
    ask.discord.delete_channel(found)
    return found.json()


@routes("POST", "/channels/{channel}/typing")
def typing(ask: Ask) -> None:
    _there(ask, P.SEND_MESSAGES)


@routes("GET", MESSAGES)
def history(ask: Ask) -> list[Json]:
    """The newest first, as Discord lists them. Without the permission to read history there are none."""
    found = _there(ask)
    if not ask.discord.world.may(ask.discord.world.bot, found) & P.READ_MESSAGE_HISTORY:
        return []
    form = Form()
    limit = ask.query.get("limit", "50")
    form.number("limit", int(limit) if limit.isdigit() else -1, 1, 100)
    form.check()
    before = int(ask.query.get("before", 2**64))
    after = int(ask.query.get("after", 0))
    shown = [each for each in found.shown() if not each.only_for and after < int(each.id) < before]
    return [each.json() for each in reversed(shown)][: int(limit)]


@routes("POST", MESSAGES)
def send(ask: Ask) -> Json:
    found = _there(ask)
    _there(ask, P.SEND_MESSAGES_IN_THREADS if found.parent else P.SEND_MESSAGES)
    if found.recipient and found.recipient.id in ask.discord.world.closed_to_bot:
        raise NO_DM
    if ask.files:
        _there(ask, P.ATTACH_FILES)
    said = bodies.check(ask, ask.said, ephemeral=False)
    reference = said.get("message_reference")
    if reference and reference.get("fail_if_not_exists", True):
        answered = found.messages.get(str(reference.get("message_id")))
        if answered is None or answered.deleted:
            form = Form()
            form.wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            form.check()
    if said.get("enforce_nonce") and said.get("nonce") is not None:
        # The same nonce within a few minutes: the message that is there already.
        for each in found.shown():
            if each.nonce == said["nonce"] and each.author is ask.discord.world.bot:
                return each.json()
    message = bodies.new(ask, found, said)
    ask.discord.gateway.tell_message("MESSAGE_CREATE", message)
    return message.json()


@routes("GET", MESSAGES + "/{message}")
def message(ask: Ask) -> Json:
    _there(ask)
    return ask.message().json()


@routes("PATCH", MESSAGES + "/{message}")
def edit(ask: Ask) -> Json:
    _there(ask)
    message = ask.message()
    if message.author is not ask.discord.world.bot:
        raise NOT_YOURS
    said = bodies.check(ask, ask.said, ephemeral=False, editing=message)
    bodies.change(ask, message, said)
    ask.discord.gateway.tell_message("MESSAGE_UPDATE", message)
    return message.json()


@routes("DELETE", MESSAGES + "/{message}")
def delete(ask: Ask) -> None:
    found, message = _there(ask), ask.message()
    if message.author is not ask.discord.world.bot:
        _there(ask, P.MANAGE_MESSAGES)
        ask.discord.audit(found.guild, 72, message.author.id, ask.reason)
    message.deleted = True
    ask.discord.gateway.tell_message("MESSAGE_DELETE", message)


@routes("POST", MESSAGES + "/bulk-delete")
def bulk_delete(ask: Ask) -> None:
    found = _there(ask, P.MANAGE_MESSAGES)
    wanted = [str(each) for each in ask.said.get("messages") or []]
    if not 2 <= len(wanted) <= 100 or len(set(wanted)) != len(wanted):
        raise TOO_FEW_OR_MANY
    if any(created(each) < ask.discord.clock.now() - FORTNIGHT for each in wanted):
        raise TOO_OLD
    there = [found.messages[each] for each in wanted if each in found.messages]
    if not there:
        raise UNKNOWN_MESSAGE
    for each in there:
        each.deleted = True
    ask.discord.audit(found.guild, 73, found.id, ask.reason)


def _there(ask: Ask, needed: P = P.VIEW_CHANNEL) -> Channel:
    """The channel, where the bot sees it and may do what is needed."""
    found = ask.channel()
    held = ask.discord.world.may(ask.discord.world.bot, found)
    if not held & P.VIEW_CHANNEL:
        raise MISSING_ACCESS
    if not held & needed:
        raise MISSING_PERMISSIONS
    return found
