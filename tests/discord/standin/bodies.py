"""The body of a message: its limits, and the message that it makes or changes."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from . import mentions, pictures
from .components import V2, Components
from .errors import EMPTY_MESSAGE, TOO_LARGE, Form, Json
from .permissions import P
from .world import EPHEMERAL, LOADING, Channel, Message, User

if TYPE_CHECKING:
    from .rest import Ask

SUPPRESS_EMBEDS, SILENT = 1 << 2, 1 << 12
FIELDS = {"content", "embeds", "components", "attachments", "flags", "allowed_mentions", "tts", "nonce"} | {
    "enforce_nonce", "message_reference", "sticker_ids", "poll", "payload_json",
    # For webhooks.
    "username", "avatar_url", "thread_name", "applied_tags",
}  # fmt: skip
EMBED_FIELDS = {"title", "type", "description", "url", "timestamp", "color", "fields", "footer", "author"} | {
    "image", "thumbnail", "video", "provider", "flags",
}  # fmt: skip
EMBED = {"title": 256, "description": 4096}
UPLOAD = 10 * 1024 * 1024
"""Bytes of one file, in a guild without boosts."""


def check(ask: Ask, body: object, path: str = "", *, ephemeral: bool, editing: Message | None = None) -> Json:
    """``body`` as the message that it says, refused where Discord would; ``path`` is "" or ends in a dot."""
    form = Form()
    said = form.table(path.rstrip(".") or "_", body)
    unknown = [f"{path}{name}" for name in said if name not in FIELDS]
    form.text(f"{path}content", said.get("content"), 2000)
    flags = said.get("flags") or 0
    allowed = SUPPRESS_EMBEDS | SILENT | V2 | (EPHEMERAL if ephemeral else 0)
    if not isinstance(flags, int) or (flags & ~allowed and editing is None):
        form.wrong(f"{path}flags", "MESSAGE_FLAGS_INVALID", "Invalid message flags")
        flags = 0
    v2 = bool((flags | (editing.flags if editing else 0)) & V2)
    if v2 and (said.get("content") or said.get("embeds")):
        form.wrong(
            f"{path}content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2",
        )
    if isinstance(said.get("nonce"), str):
        form.text(f"{path}nonce", said["nonce"], 25)
    form.items(f"{path}sticker_ids", said.get("sticker_ids"), 3)
    _embeds(form, f"{path}embeds", said.get("embeds"), unknown)
    _attachments(form, f"{path}attachments", said.get("attachments"), ask.files, editing)
    Components(form, unknown).message(f"{path}components", said.get("components"), v2=v2)
    mentions.check(form, f"{path}allowed_mentions", said.get("allowed_mentions"))
    ask.discord.record.unknown_fields += [(ask.name, name) for name in unknown]
    form.check()
    if any(len(file) > UPLOAD for file in ask.files.values()):
        raise TOO_LARGE
    if _empty(said, ask.files, editing):
        raise EMPTY_MESSAGE
    return said


def new(
    ask: Ask, channel: Channel, said: Json, *, only_for: User | None = None, type: int = 0, **more: Any
) -> Message:
    """The message that ``said`` makes in ``channel``, sent by the bot."""
    world = ask.discord.world
    message = Message(world.ids.new(), channel, world.bot, world.clock.stamp(), type, **more)
    message.application = world.bot.id
    message.only_for = only_for.id if only_for else None
    change(ask, message, said, edited=False)
    message.flags |= EPHEMERAL if only_for else 0
    message.nonce = said.get("nonce")
    message.tts = bool(said.get("tts"))
    answered = _answered(channel, said)
    if answered:
        message.type, message.reference = 19, said["message_reference"] | {"channel_id": channel.id}
    ping(ask, message, said, answered)
    channel.messages[message.id] = message
    return message


def ping(ask: Ask, message: Message, said: Json, answered: Message | None = None) -> None:
    """Compute whom ``message`` pings, as it is sent."""
    world, channel = ask.discord.world, message.channel
    roles = channel.guild.roles.values() if channel.guild else ()
    pinged = mentions.pings(
        message.text if message.flags & V2 else message.content,
        said.get("allowed_mentions"),
        may_all=bool(world.may(world.bot, channel) & P.MENTION_EVERYONE),
        mentionable={role.id for role in roles if role.mentionable},
        answered=answered.author.id if answered else None,
    )
    if message.only_for:
        # Nobody else sees an ephemeral message.
        pinged = mentions.Pings(pinged.users & {message.only_for})
    message.pings = pinged
    named = mentions.USER.findall(message.content) + sorted(pinged.users)
    message.mentioned = [world.users[each] for each in dict.fromkeys(named) if each in world.users]


def change(ask: Ask, message: Message, said: Json, *, edited: bool = True) -> None:
    """Apply ``said`` to ``message``; what is not in it stays."""
    if "content" in said:
        message.content = said["content"] or ""
    if "embeds" in said:
        message.embeds = deepcopy(said["embeds"] or [])
    if "components" in said:
        message.components = _numbered(deepcopy(said["components"] or []))
    flags = said.get("flags") or 0
    message.flags = (message.flags & ~(LOADING | SUPPRESS_EMBEDS)) | (flags & (SUPPRESS_EMBEDS | SILENT | V2))
    message.allowed = said.get("allowed_mentions")
    _attach(ask, message, said)
    missing = pictures.resolve(message.embeds, message.parts(), message.attachments)
    ask.discord.record.unknown_fields += [(ask.name, each) for each in missing]
    if edited:
        message.edited = ask.discord.clock.stamp()
    look = {"content": message.content, "embeds": message.embeds, "components": message.components}
    message.versions.append(look | {"attachments": message.attachments})


def _attach(ask: Ask, message: Message, said: Json) -> None:
    listed = {str(each["id"]): each for each in said.get("attachments") or []}
    if said.get("attachments") is not None:
        message.attachments = [each for each in message.attachments if each["id"] in listed]
    for name, content in ask.files.items():
        number = name.removeprefix("files[").removesuffix("]")
        file = ask.filenames[name]
        new_id = ask.discord.ids.new()
        address = f"{ask.discord.cdn}/attachments/{message.channel.id}/{new_id}/{file}"
        message.attachments = [
            *message.attachments,
            {
                "id": new_id,
                "filename": file,
                "description": listed.get(number, {}).get("description"),
                "size": len(content),
                "url": address,
                "proxy_url": address,
                "content_type": ask.types[name],
            },
        ]
        ask.discord.uploads[address] = content


def _answered(channel: Channel, said: Json) -> Message | None:
    reference = said.get("message_reference")
    return channel.messages.get(str(reference.get("message_id"))) if reference else None


def _empty(said: Json, files: dict[str, bytes], editing: Message | None) -> bool:
    def kept(name: str, before: object) -> bool:
        return bool(said.get(name, before))

    old = editing or None
    return not (
        files
        or kept("content", old and old.content)
        or kept("embeds", old and old.embeds)
        or kept("components", old and old.components)
        or kept("attachments", old and old.attachments)
        or said.get("sticker_ids")
        or said.get("poll")
    )


def _embeds(form: Form, path: str, embeds: object, unknown: list[str]) -> None:
    total = 0
    for number, each in enumerate(form.items(path, embeds, 10)):
        at = f"{path}.{number}"
        embed = form.table(at, each)
        unknown += [f"{at}.{name}" for name in embed if name not in EMBED_FIELDS]
        pictures.check(form, at, embed)
        texts = [(name, embed.get(name), most, 0) for name, most in EMBED.items()]
        if embed.get("footer"):
            texts.append(("footer.text", form.table(f"{at}.footer", embed["footer"]).get("text"), 2048, 1))
        if embed.get("author"):
            texts.append(("author.name", form.table(f"{at}.author", embed["author"]).get("name"), 256, 1))
        for count, field in enumerate(form.items(f"{at}.fields", embed.get("fields"), 25)):
            said = form.table(f"{at}.fields.{count}", field)
            texts += [(f"fields.{count}.name", said.get("name"), 256, 1)]
            texts += [(f"fields.{count}.value", said.get("value"), 1024, 1)]
        for name, text, most, least in texts:
            form.text(f"{at}.{name}", text, most, least, required=least > 0)
            total += len(text) if isinstance(text, str) else 0
        form.number(f"{at}.color", embed.get("color"), 0, 0xFFFFFF)
    if total > 6000:
        form.wrong(path, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _attachments(
    form: Form, path: str, listed: object, files: dict[str, bytes], editing: Message | None
) -> None:
    known = {name.removeprefix("files[").removesuffix("]") for name in files}
    if editing:
        known |= {each["id"] for each in editing.attachments}
    for number, each in enumerate(form.items(path, listed, 10)):
        said = form.table(f"{path}.{number}", each)
        form.text(f"{path}.{number}.description", said.get("description"), 1024)
        if str(said.get("id")) not in known:
            form.wrong(
                f"{path}.{number}.id",
                "ATTACHMENT_NOT_FOUND",
                f"Attachment data not found for {said.get('id')}",
            )
    if len(files) > 10:
        form.wrong("files", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")


def _numbered(components: list[Json]) -> list[Json]:
    """Discord gives each component a number."""
    count = 0

    def walk(part: Json) -> Json:
        nonlocal count
        count += 1
        numbered = part | {"id": part.get("id") or count}
        if part.get("components"):
            numbered["components"] = [walk(each) for each in part["components"]]
        if part.get("accessory"):
            numbered["accessory"] = walk(part["accessory"])
        return numbered

    return [walk(each) for each in components]
