"""Application commands: what Discord takes when an application says which commands it has."""

import re
from collections.abc import Iterator
from typing import Any

from .errors import Form, Json

CHAT, USER, MESSAGE = 1, 2, 3
SUB, GROUP, STRING, INTEGER, BOOLEAN, MEMBER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
"""Letters and digits of any script, with the marks of Devanagari and Thai."""
LOCALISED = ("name_localizations", "description_localizations")
LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)
NAMED = {"name", "name_localizations", "description", "description_localizations", "options", "type"}
COMMAND_FIELDS = NAMED | {
    "default_member_permissions", "dm_permission", "default_permission", "integration_types", "contexts",
    "nsfw", "handler", "id", "application_id", "guild_id", "version",
}  # fmt: skip
OPTION_FIELDS = NAMED | {
    "required", "choices", "channel_types", "min_value", "max_value", "min_length", "max_length",
    "autocomplete",
}  # fmt: skip


class Checker:
    """One look through one command."""

    def __init__(self, form: Form, prefix: str = "") -> None:
        self.form, self.prefix = form, prefix
        self.unknown: list[str] = []

    def command(self, said: Json) -> None:
        form, at = self.form, self.prefix
        kind = said.get("type", CHAT)
        form.choice(f"{at}type", kind, (CHAT, USER, MESSAGE))
        self.unknown += [f"{at}{name}" for name in said if name not in COMMAND_FIELDS]
        self._name(at, said, chat=kind == CHAT)
        if kind == CHAT:
            self._description(at, said)
            self._options(f"{at}options", said.get("options"), depth=0)
        else:
            if said.get("description"):
                form.wrong(
                    f"{at}description",
                    "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_FORBIDDEN",
                    "Context menu commands cannot have description",
                )
            if said.get("options"):
                form.wrong(
                    f"{at}options",
                    "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_FORBIDDEN",
                    "Context menu commands cannot have options",
                )
        granted = said.get("default_member_permissions")
        if granted is not None and not str(granted).isdigit():
            form.wrong(f"{at}default_member_permissions", "BITFIELD_TYPE_COERCE", "Value is not a bitfield.")
        for name, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
            for number, each in enumerate(form.items(f"{at}{name}", said.get(name), len(allowed))):
                form.choice(f"{at}{name}.{number}", each, allowed)
        if size(said) > 8000:
            form.wrong(
                at.rstrip(".") or "_", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)"
            )

    def _name(self, at: str, said: Json, *, chat: bool) -> None:
        form = self.form
        form.text(f"{at}name", said.get("name"), 32, 1, required=True)
        for path, name in [(f"{at}name", said.get("name")), *self._localised(at, "name", said, 32)]:
            if chat and isinstance(name, str) and (not NAME.fullmatch(name) or name != name.lower()):
                form.wrong(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")

    def _description(self, at: str, said: Json) -> None:
        self.form.text(f"{at}description", said.get("description"), 100, 1, required=True)
        list(self._localised(at, "description", said, 100))

    def _localised(self, at: str, name: str, said: Json, most: int) -> Iterator[tuple[str, str]]:
        table = said.get(f"{name}_localizations")
        if table is None:
            return
        for locale, text in self.form.table(f"{at}{name}_localizations", table).items():
            path = f"{at}{name}_localizations.{locale}"
            if locale not in LOCALES:
                self.form.wrong(path, "BASE_TYPE_CHOICES", "Value must be one of Discord's locales.")
            self.form.text(path, text, most, 1)
            yield path, text

    def _options(self, path: str, options: object, depth: int) -> None:
        form = self.form
        names: set[object] = set()
        optional = False
        listed = form.items(path, options, 25)
        kinds = {each.get("type") in (SUB, GROUP) for each in listed if isinstance(each, dict)}
        if len(kinds) > 1:
            form.wrong(
                path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and option cannot be mixed"
            )
        for number, each in enumerate(listed):
            at = f"{path}.{number}."
            option = form.table(at.rstrip("."), each)
            self.unknown += [f"{at}{name}" for name in option if name not in OPTION_FIELDS]
            self._name(at, option, chat=True)
            self._description(at, option)
            if option.get("name") in names:
                form.wrong(
                    f"{at}name",
                    "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                    "Option name already exists",
                )
            names.add(option.get("name"))
            kind = option.get("type")
            allowed = {0: range(SUB, ATTACHMENT + 1), 1: (SUB, *range(STRING, ATTACHMENT + 1))}.get(
                depth, range(STRING, ATTACHMENT + 1)
            )
            form.choice(f"{at}type", kind, allowed)
            if kind in (SUB, GROUP):
                inside = option.get("options")
                if kind == GROUP and any(
                    isinstance(one, dict) and one.get("type") != SUB for one in inside or []
                ):
                    form.wrong(
                        f"{at}options",
                        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                        "A group holds sub-commands",
                    )
                self._options(f"{at}options", inside, 1 if kind == GROUP else 2)
                continue
            if option.get("required") and optional:
                form.wrong(
                    f"{at}required",
                    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                    "Required options must be placed before non-required options",
                )
            optional = optional or not option.get("required")
            self._limits(at, option)

    def _limits(self, at: str, option: Json) -> None:
        form, kind = self.form, option.get("type")
        choices = form.items(f"{at}choices", option.get("choices"), 25)
        if choices and kind not in (STRING, INTEGER, NUMBER):
            form.wrong(
                f"{at}choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "This type takes no choices"
            )
        if option.get("autocomplete") and (choices or kind not in (STRING, INTEGER, NUMBER)):
            form.wrong(
                f"{at}autocomplete",
                "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
                "Autocomplete cannot be used here",
            )
        check_choices(form, f"{at}choices", choices, kind, self)
        for name in ("min_value", "max_value"):
            if option.get(name) is not None and kind not in (INTEGER, NUMBER):
                form.wrong(f"{at}{name}", "APPLICATION_COMMAND_OPTIONS_MIN_MAX_INVALID", "Only for numbers")
            form.number(f"{at}{name}", option.get(name), -(2**53), 2**53)
        for name, least in (("min_length", 0), ("max_length", 1)):
            if option.get(name) is not None and kind != STRING:
                form.wrong(f"{at}{name}", "APPLICATION_COMMAND_OPTIONS_MIN_MAX_INVALID", "Only for strings")
            form.number(f"{at}{name}", option.get(name), least, 6000)


def check_choices(
    form: Form, path: str, choices: list[Any], kind: object, checker: Checker | None = None
) -> None:
    """Choices of an option, or what completion offers for it."""
    for number, each in enumerate(choices):
        at = f"{path}.{number}."
        choice = form.table(at.rstrip("."), each)
        form.text(f"{at}name", choice.get("name"), 100, 1, required=True)
        if checker:
            list(checker._localised(at, "name", choice, 100))
        value = choice.get("value")
        if kind == STRING:
            form.text(f"{at}value", value, 100, 1, required=True)
        elif value is None:
            form.wrong(f"{at}value", "BASE_TYPE_REQUIRED", "This field is required")
        else:
            form.number(f"{at}value", value, -(2**53), 2**53)


def size(said: Json) -> int:
    """Characters of names, descriptions and values; of a text and its localisations the longest counts."""
    total = 0
    for name in ("name", "description"):
        texts = [said.get(name), *(said.get(f"{name}_localizations") or {}).values()]
        total += max((len(each) for each in texts if isinstance(each, str)), default=0)
    if isinstance(said.get("value"), str):
        total += len(said["value"])
    for each in [*(said.get("options") or []), *(said.get("choices") or [])]:
        total += size(each) if isinstance(each, dict) else 0
    return total


def stored(said: Json, id: str, application: str, guild: str | None, version: str) -> Json:
    """The command as Discord gives it back: with all its defaults."""
    kept: Json = {
        "id": id,
        "application_id": application,
        "version": version,
        "type": said.get("type", CHAT),
        "name": said["name"],
        "name_localizations": said.get("name_localizations"),
        "description": said.get("description") or "",
        "description_localizations": said.get("description_localizations"),
        "default_member_permissions": said.get("default_member_permissions"),
        "nsfw": bool(said.get("nsfw")),
    }
    if said.get("options"):
        kept["options"] = [_without_nulls(each) for each in said["options"]]
    if guild is not None:
        return kept | {"guild_id": guild}
    contexts = said.get("contexts")
    return kept | {
        "contexts": contexts,
        "integration_types": said.get("integration_types") or [0],
        "dm_permission": 1 in contexts if contexts else said.get("dm_permission", True),
    }


def _without_nulls(option: Json) -> Json:
    """Discord leaves out what an option does not say, but for its localisations."""
    kept = {name: value for name, value in option.items() if value is not None or name in LOCALISED}
    if "options" in kept:
        kept["options"] = [_without_nulls(each) for each in kept["options"]]
    return kept


def without_localisations(command: Json) -> Json:
    """As listed without ``with_localizations``."""
    kept = {name: value for name, value in command.items() if not name.endswith("_localizations")}
    for inside in ("options", "choices"):
        if inside in kept:
            kept[inside] = [without_localisations(each) for each in kept[inside]]
    return kept
