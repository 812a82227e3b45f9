"""The configuration: one TOML file, with every setting's default, limits and meaning.

The file is ``milena.toml`` in the data directory. An environment variable wins over it:
``MILENA_ENGINE_QUEUE=500`` is ``queue = 500`` under ``[engine]``.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct

from milena.domain.command import Scope
from milena.domain.limits import GameLimits
from milena.domain.reminder import is_zone
from milena.domain.throttle import Throttle
from milena.ops import releases, toml
from milena.ops.retention import BackupPolicy
from milena.ops.settings import Setting, describe

FILE = "milena.toml"
YEAR = 366 * 24 * 3600


class EngineLimits(Struct, frozen=True, forbid_unknown_fields=True):
    queue: Annotated[int, Meta(ge=1, description="invocations that may wait; more are refused")] = 10_000
    batch: Annotated[int, Meta(ge=1, le=10_000, description="invocations in one transaction")] = 512
    cache: Annotated[int, Meta(ge=1, description="states of games and members kept in memory")] = 20_000
    retries: Annotated[int, Meta(ge=0, le=100, description="tries when another process was first")] = 3


class LogLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """What the files of the log may grow to (see milena.ops.logs)."""

    file: Annotated[
        int, Meta(ge=1, le=1000, description="MB of one log file; then it is compressed, and another begins")
    ] = 10
    day: Annotated[
        int, Meta(ge=1, le=100_000, description="MB that are logged in a day; more is dropped")
    ] = 100
    total: Annotated[
        int, Meta(ge=1, le=1_000_000, description="MB of all log files; the oldest are removed")
    ] = 500
    days: Annotated[int, Meta(ge=1, le=3650, description="days that a log file is kept")] = 30
    errors: Annotated[
        int, Meta(ge=1, le=1_000_000, description="failures that are kept, for 'milena errors'")
    ] = 2000


class BudgetLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """What Milena may use; 0 is no limit (see milena.ops.budgets)."""

    command: Annotated[
        float, Meta(ge=0, description="ms that 95 of 100 commands may take, from their arrival to the answer")
    ] = 100
    memory: Annotated[float, Meta(ge=0, description="MB of memory")] = 512
    cpu: Annotated[float, Meta(ge=0, description="percent of one processor")] = 30
    network: Annotated[float, Meta(ge=0, description="MB a second to and from Discord")] = 1
    store: Annotated[float, Meta(ge=0, description="MB of the log of events and the read models")] = 1000
    logs: Annotated[
        float, Meta(ge=0, description="MB a day of log files, at the pace of the last minutes")
    ] = 100
    disk: Annotated[float, Meta(ge=0, description="MB that must be free on the disk of the data")] = 200
    every: Annotated[float, Meta(ge=0.05, le=300, description="seconds between two looks")] = 5
    patience: Annotated[
        float, Meta(ge=0, le=3600, description="seconds until a budget counts as crossed, or as kept again")
    ] = 30


class ArchivePolicy(Struct, frozen=True, forbid_unknown_fields=True):
    older_than: Annotated[
        int,
        Meta(
            ge=0,
            le=36_600,
            description="days that an ended game rests until 'milena run' archives it, "
            "where the store nears its budget; 0: never",
        ),
    ] = 0


class Metrics(Struct, frozen=True, forbid_unknown_fields=True):
    port: Annotated[
        int, Meta(ge=0, le=65535, description="of 127.0.0.1, where metrics and health are told; 0: nowhere")
    ] = 0


class DigestSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator is told by itself (see milena.digest)."""

    channel: Annotated[
        int, Meta(ge=0, description="id of the channel on Discord where a digest is posted; 0: nowhere")
    ] = 0
    at: Annotated[
        str,
        Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["18:30"], description="when, each day"),
    ] = "09:00"
    zone: Annotated[
        str,
        Meta(examples=["Europe/Berlin"], extra={"valid": is_zone}, description="time zone in which that is"),
    ] = "UTC"
    urgent: Annotated[
        float,
        Meta(
            ge=0,
            le=1440,
            description="minutes between two posts of what is urgent; 0: it waits for the digest",
        ),
    ] = 5


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    engine: EngineLimits = EngineLimits()
    limits: GameLimits = GameLimits()
    throttle: Throttle = Throttle()
    logs: LogLimits = LogLimits()
    backup: BackupPolicy = BackupPolicy()
    archive: ArchivePolicy = ArchivePolicy()
    budgets: BudgetLimits = BudgetLimits()
    metrics: Metrics = Metrics()
    digest: DigestSettings = DigestSettings()
    cooldowns: Annotated[
        dict[str, Annotated[float, Meta(ge=0, le=YEAR)]],
        Meta(description="seconds before a command may be used again, by command"),
    ] = {}
    scopes: Annotated[
        dict[str, Scope],
        Meta(description="whose such a cooldown is, by command: a member's, or all's in a channel or guild"),
    ] = {}


SECTIONS = Config.__struct_fields__


class BadConfig(Exception):
    """The configuration can't be used. Each of ``problems`` is one sentence that names the line or the
    variable, and the remedy; the text is the first of them."""

    def __init__(self, *problems: str) -> None:
        more = f" ({len(problems) - 1} more: run 'milena config check'.)" if len(problems) > 1 else ""
        super().__init__(problems[0] + more)
        self.problems = problems


class Effective(NamedTuple):
    """``sources``: where the value of a setting comes from, by its name (``engine.queue``): a line of
    the file, or a variable. A setting that is not there has its default. ``overridden``: the lines of the
    file that a variable has won over, by the same names."""

    config: Config
    sources: dict[str, str]
    overridden: dict[str, str] = {}


def load(
    directory: Path,
    cooldowns: Mapping[str, float] | None = None,
    scopes: Mapping[str, Scope] | None = None,
) -> Config:
    """The configuration of a data directory: defaults, then the file, then the environment.

    ``cooldowns``: every command, with the seconds it rests by default. Without them the section takes
    any name. ``scopes``: of those whose cooldown is not the member's own by default. Raises BadConfig.
    """
    return gather(directory / FILE, os.environ, cooldowns, scopes).config


def settings(cooldowns: Mapping[str, float], scopes: Mapping[str, Scope] | None = None) -> list[Setting]:
    """Everything that can be set; see :func:`load`."""
    whose = {**dict.fromkeys(cooldowns, "member"), **(scopes or {})}
    return describe(Config, {"cooldowns": cooldowns, "scopes": whose})


def gather(
    file: Path,
    environment: Mapping[str, str],
    cooldowns: Mapping[str, float] | None = None,
    scopes: Mapping[str, Scope] | None = None,
) -> Effective:
    """What :func:`load` gives, and where each value comes from. The file need not be there."""
    problems: list[str] = []
    perhaps = _perhaps_newer(file.parent)
    given = [*_from_file(file, problems, perhaps), *_from_environment(environment, cooldowns or {})]
    if cooldowns is None:
        cooldowns = {each.key: 0.0 for each in given if each.section in ("cooldowns", "scopes")}
    known = {(setting.section, setting.key): setting for setting in settings(cooldowns, scopes)}
    values: dict[str, dict[str, Any]] = {}
    sources: dict[str, str] = {}
    overridden: dict[str, str] = {}
    for each in given:
        setting = known.get((each.section, each.key))
        if setting is None:
            near = {other.key: each.spell(other) for other in known.values() if other.section == each.section}
            unknown = each.spell(Setting(each.section, each.key, Any, "", "", 0))
            wrong = f"unknown setting {unknown}; {_did_you_mean(each.key, near)}{perhaps}"
        else:
            try:
                value = setting.read(each.value, strict=each.strict)
                values.setdefault(each.section, {})[each.key] = value
                if setting.name in sources:
                    overridden[setting.name] = sources[setting.name]
                sources[setting.name] = each.where
                continue
            except msgspec.ValidationError:
                wrong = f"{each.spell(setting)} must be {setting.wanted}, not {_clip(each.value)}."
        problems.append(wrong if each.where in wrong else f"{each.where}: {wrong}")
    if problems:
        raise BadConfig(*problems)
    return Effective(msgspec.convert(values, Config), sources, overridden)


class _Given(NamedTuple):
    """One value: ``where`` it stands, how a setting is spelled there, and what it says."""

    where: str
    spell: Callable[[Setting], str]
    strict: bool
    section: str
    key: str
    value: Any


def _from_file(file: Path, problems: list[str], perhaps: str) -> Iterator[_Given]:
    try:
        document = toml.read(file)
    except toml.Unreadable as error:
        problems.append(str(error))
        return
    for section, table in document.values.items():
        where = f"{file}:{document.lines[section, '']}"
        if section not in SECTIONS:
            near = _did_you_mean(section, {name: f"[{name}]" for name in SECTIONS})
            problems.append(f"{where}: unknown section [{section}]; {near}{perhaps}")
        elif not isinstance(table, dict):
            problems.append(f"{where}: {section} is a section: write [{section}], and its settings below.")
        else:
            for key, value in table.items():
                where = f"{file}:{document.lines[section, key]}"
                yield _Given(where, lambda setting: setting.name, True, section, key, value)


def _from_environment(environment: Mapping[str, str], cooldowns: Mapping[str, float]) -> Iterator[_Given]:
    keys = {setting.variable: setting.key for setting in settings(cooldowns)}
    for variable, value in sorted(environment.items()):
        section, _, rest = variable.removeprefix("MILENA_").lower().partition("_")
        if section in SECTIONS and variable.startswith(f"MILENA_{section.upper()}_"):
            key = keys.get(variable, rest)
            yield _Given(variable, lambda setting: setting.variable, False, section, key, value)


def _did_you_mean(unknown: str, known: Mapping[str, str]) -> str:
    """``known``: what there is, and how it is spelled."""
    near = [known[name] for name in get_close_matches(unknown, known)]
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known.values())}."


def _perhaps_newer(directory: Path) -> str:
    """Where a newer release was used, it may be one of its settings."""
    newer = releases.newer(directory)
    return f" Milena {newer[-1].milena}, which was used here, may know it." if newer else ""


def _clip(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}..."
