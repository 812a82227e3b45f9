"""What can be set: every setting, described from the types and the Meta of a configuration's Struct.

A configuration is a Struct of sections. A section is a Struct of settings, or a table with one type for
all its values, that is open for the names of something (of commands).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, get_args

import msgspec
from msgspec import Struct
from msgspec.inspect import (
    DictType,
    FloatType,
    IntType,
    LiteralType,
    Metadata,
    StrType,
    StructType,
    Type,
    type_info,
)

from milena.domain.items import either

KINDS: dict[type[Type], str] = {IntType: "a whole number", FloatType: "a number"}


class Setting(NamedTuple):
    """One setting.

    ``type``     what msgspec decodes its value as
    ``wanted``   what its value may be, in words
    ``meaning``  what it does, and its unit
    """

    section: str
    key: str
    type: Any
    wanted: str
    meaning: str
    default: float | str

    @property
    def name(self) -> str:
        """As it is spelled in messages: ``engine.queue``."""
        return f"{self.section}.{self.key}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"MILENA_{self.section}_{self.key}".upper().replace("-", "_").replace(" ", "_")

    def read(self, value: Any, *, strict: bool) -> Any:
        """``value`` as its type; not ``strict``: as text. Raises msgspec.ValidationError."""
        read = msgspec.convert(value, self.type, strict=strict)
        about = type_info(self.type)
        valid = (about.extra or {}).get("valid") if isinstance(about, Metadata) else None
        if valid is not None and not valid(read):
            raise msgspec.ValidationError
        return read


def describe(config: type[Struct], names: Mapping[str, Mapping[str, float | str]]) -> list[Setting]:
    """Every setting of ``config``, in the order in which it declares them. ``names``: what each open
    section may hold, with the value that it has otherwise."""
    settings = []
    for section in msgspec.structs.fields(config):
        kind, meaning = _unwrapped(section.type)
        match kind:
            case StructType():
                for field in msgspec.structs.fields(kind.cls):
                    about = (field.type, _wanted(field.type), _unwrapped(field.type)[1])
                    settings.append(Setting(section.name, field.name, *about, field.default))
            case DictType():
                _, values = get_args(section.type.__origin__)  # of Annotated[dict[str, VALUES], ...]
                for name, default in names.get(section.name, {}).items():
                    settings.append(Setting(section.name, name, values, _wanted(values), meaning, default))
            case _:
                raise TypeError(f"{section.name} is neither a Struct nor a dict")
    return settings


def _unwrapped(annotation: Any) -> tuple[Type, str]:
    """The type behind the annotation, and its description."""
    kind = type_info(annotation)
    if isinstance(kind, Metadata):
        return kind.type, (kind.extra_json_schema or {})["description"]
    return kind, ""


def _wanted(annotation: Any) -> str:
    kind, _ = _unwrapped(annotation)
    if isinstance(kind, LiteralType):
        return either([str(value) for value in kind.values])
    if isinstance(kind, StrType):
        about = type_info(annotation)
        assert isinstance(about, Metadata), "every text has an example"
        return f"a text such as {(about.extra_json_schema or {})['examples'][0]}"
    assert isinstance(kind, IntType | FloatType), f"there are no words yet for {annotation}"
    words = KINDS[type(kind)]
    assert kind.ge is not None, "every number has a lower limit"
    return f"{words}, at least {kind.ge}" if kind.le is None else f"{words} from {kind.ge} to {kind.le}"


def template(settings: Iterable[Setting]) -> str:
    """A configuration file that sets nothing and shows everything."""
    lines = [
        "# The configuration of Milena. Take the # away in front of a setting to change it; what is not set",
        "# has the value shown. An environment variable wins over this file: MILENA_ENGINE_QUEUE=500 is",
        "# queue = 500 under [engine]. 'milena config show' tells what holds and why.",
    ]
    section = meaning = ""
    for setting in settings:
        if setting.section != section:
            section = setting.section
            lines += ["", f"[{section}]"]
        if setting.meaning != meaning:
            meaning = setting.meaning
            lines.append(f"# {meaning}: {setting.wanted}")
        key = f'"{setting.key}"' if " " in setting.key else setting.key
        default = f'"{setting.default}"' if isinstance(setting.default, str) else setting.default
        lines.append(f"#{key} = {default}")
    return "\n".join(lines) + "\n"


def reference(settings: Iterable[Setting]) -> str:
    """The settings as a Markdown table, for the manual. What many commands have with the same default is one
    row, behind those that differ."""
    settings = list(settings)
    alike = Counter((each.section, each.meaning, str(each.default)) for each in settings)
    rows: dict[str, tuple[str, ...]] = {}
    for setting in settings:
        about = (str(setting.default), setting.wanted, setting.meaning)
        name, variable = setting.name, setting.variable
        if alike[setting.section, setting.meaning, about[0]] > 1:
            name, variable = f"{setting.section}.COMMAND", f"MILENA_{setting.section.upper()}_COMMAND"
            rows.pop(name, None)  # it comes last
        rows[name] = (f"`{name}`", *about, f"`{variable}`")
    head = (("Setting", "Default", "Value", "Meaning", "Environment"), ("---",) * 5)
    return "".join(f"| {' | '.join(row)} |\n" for row in (*head, *rows.values()))
