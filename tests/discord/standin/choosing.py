"""What a person fills in, checked as Discord's client checks it and put as it sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    MEMBER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUB,
)
from .components import INPUT, LABEL, ROW
from .errors import Json
from .world import Channel, Role

if TYPE_CHECKING:
    from .people import Person


def options(
    person: Person, declared: list[Json], path: Sequence[str], given: Mapping[str, Any], focused: str | None
) -> list[Json]:
    """``given`` as the options of an interaction, inside the sub-commands of ``path``."""
    from .people import CannotDo

    if path:
        for each in declared:
            if each["name"] == path[0] and each["type"] in (SUB, GROUP):
                inside = options(person, each.get("options") or [], path[1:], given, focused)
                return [{"name": each["name"], "type": each["type"], "options": inside}]
        raise CannotDo(f"no sub-command {path[0]}")
    if any(each["type"] in (SUB, GROUP) for each in declared):
        raise CannotDo(f"a sub-command is missing: {[each['name'] for each in declared]}")
    known = {each["name"]: each for each in declared}
    if extra := given.keys() - known.keys():
        raise CannotDo(f"no option {extra}")
    missing = {name for name, each in known.items() if each.get("required")} - given.keys()
    if missing and focused is None:
        raise CannotDo(f"required and missing: {missing}")
    filled_in: list[Json] = []
    for name, value in given.items():
        option = known[name]
        said = {"name": name, "type": option["type"]}
        if name == focused:
            if not option.get("autocomplete"):
                raise CannotDo(f"{name} offers no completion")
            filled_in.append(said | {"value": value, "focused": True})
        else:
            filled_in.append(said | {"value": _value(option, value)})
    return filled_in


def _value(option: Json, value: Any) -> Any:
    from .people import CannotDo, File, Person

    kind = option["type"]
    if option.get("choices"):
        for choice in option["choices"]:
            if value in (choice["value"], choice["name"]):
                return choice["value"]
        raise CannotDo(f"{value} is not a choice of {option['name']}")
    wanted: dict[int, Any] = {
        STRING: str,
        INTEGER: int,
        BOOLEAN: bool,
        MEMBER: Person,
        CHANNEL: Channel,
        ROLE: Role,
        MENTIONABLE: (Person, Role),
        NUMBER: (int, float),
        ATTACHMENT: File,
    }
    if not isinstance(value, wanted[kind]) or (kind in (INTEGER, NUMBER) and isinstance(value, bool)):
        raise CannotDo(f"{option['name']} takes no {type(value).__name__}")
    if kind == STRING:
        if not option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000):
            raise CannotDo(f"{option['name']}: too short or too long")
    elif kind in (INTEGER, NUMBER) and not (
        option.get("min_value", -(2**53)) <= value <= option.get("max_value", 2**53)
    ):
        raise CannotDo(f"{option['name']}: {value} is out of range")
    if kind == ATTACHMENT:
        return _attachment_id(value)
    return value if kind in (STRING, INTEGER, BOOLEAN, NUMBER) else value.id


def _attachment_id(file: Any) -> str:
    return str(hash(file) & (2**62 - 1))


def resolve(person: Person, things: Sequence[Any]) -> Json:
    """What ids stand for: users with their members, roles, channels, files."""
    from .people import File, Person

    found: Json = {}
    guild = person.channel.guild
    discord = person.discord
    for each in things:
        if isinstance(each, Person):
            found.setdefault("users", {})[each.id] = each.user.json()
            if guild and each.id in guild.members:
                member = discord.desk.member(each.user, person.channel)
                del member["user"]
                found.setdefault("members", {})[each.id] = member
        elif isinstance(each, Role):
            found.setdefault("roles", {})[each.id] = each.json()
        elif isinstance(each, Channel):
            said = {"id": each.id, "name": each.name, "type": each.type}
            said["permissions"] = str(discord.world.may(person.user, each))
            found.setdefault("channels", {})[each.id] = said
        elif isinstance(each, File):
            id = _attachment_id(each)
            address = f"{discord.cdn}/ephemeral-attachments/{id}/{each.name}"
            discord.uploads[address] = each.content
            found.setdefault("attachments", {})[id] = {
                "id": id,
                "filename": each.name,
                "size": len(each.content),
                "url": address,
                "proxy_url": address,
                "content_type": each.type,
                "ephemeral": True,
            }
    return found


def filled(modal: Json, values: Mapping[str, Any]) -> list[Json]:
    """The components of a modal with what was filled in."""
    from .people import CannotDo

    answered: list[Json] = []
    used: set[str] = set()
    for number, each in enumerate(modal["components"], start=1):
        if each["type"] not in (ROW, LABEL):
            answered.append({"type": each["type"], "id": number})
            continue
        part = each["components"][0] if each["type"] == ROW else each["component"]
        label = part.get("label") or each.get("label")
        name = next((key for key in (part["custom_id"], label) if key in values), None)
        said: Json = {"type": part["type"], "id": number, "custom_id": part["custom_id"]}
        if name is not None:
            used.add(name)
        if part["type"] == INPUT:
            text = values[name] if name is not None else part.get("value") or ""
            least = part.get("min_length", 1 if part.get("required", True) else 0)
            if not (least <= len(text) <= part.get("max_length", 4000)) and (
                text or part.get("required", True)
            ):
                raise CannotDo(f"{label}: {len(text)} characters are too few or too many")
            said["value"] = text
        else:
            said["values"] = list(values[name]) if name is not None else []
        outer: Json = {"type": each["type"], "id": 100 + number}
        answered.append(outer | ({"components": [said]} if each["type"] == ROW else {"component": said}))
    if extra := values.keys() - used:
        raise CannotDo(f"the form has no {extra}")
    return answered
