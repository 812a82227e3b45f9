"""Addresses in embeds and components: which are taken, and what ``attachment://name`` stands for."""

from collections.abc import Iterator

from .components import FILE, GALLERY, THUMBNAIL
from .errors import Form, Json

SCHEMES = ("http://", "https://", "attachment://")
IN_EMBEDS = (("image", "url"), ("thumbnail", "url"), ("footer", "icon_url"), ("author", "icon_url"))


def check(form: Form, path: str, embed: Json) -> None:
    """Refuse addresses that Discord would not load."""
    for part, name in IN_EMBEDS:
        url = (embed.get(part) or {}).get(name)
        if url is not None and not str(url).startswith(SCHEMES):
            form.wrong(
                f"{path}.{part}.{name}",
                "URL_TYPE_INVALID_SCHEME",
                "Scheme is not supported. Scheme must be one of ('http', 'https').",
            )


def resolve(embeds: list[Json], parts: list[Json], attachments: list[Json]) -> list[str]:
    """Put the addresses of what was attached in the place of their names; the names that nothing has.

    Discord shows nothing for those and says nothing.
    """
    known = {f"attachment://{each['filename']}": each["url"] for each in attachments}
    missing: list[str] = []
    for holder, name in (*_of_embeds(embeds), *_of_parts(parts)):
        url = holder.get(name)
        if isinstance(url, str) and url.startswith("attachment://"):
            if url in known:
                holder[name] = known[url]
            else:
                missing.append(url)
    return missing


def _of_embeds(embeds: list[Json]) -> Iterator[tuple[Json, str]]:
    for embed in embeds:
        yield from ((embed[part], name) for part, name in IN_EMBEDS if embed.get(part))


def _of_parts(parts: list[Json]) -> Iterator[tuple[Json, str]]:
    for part in parts:
        if part["type"] == GALLERY:
            yield from ((item["media"], "url") for item in part["items"])
        elif part["type"] in (FILE, THUMBNAIL):
            yield part["file" if part["type"] == FILE else "media"], "url"
