"""How a guild takes its events in."""

from typing import Any

from msgspec.structs import asdict, replace

from milena.domain.event import Event
from milena.domain.guild.events import (
    CooldownBegan,
    MaintenanceChanged,
    PermissionChanged,
    Restricted,
    RestrictionLifted,
    SettingChanged,
)
from milena.domain.guild.permissions import told
from milena.domain.guild.state import Change, Guild, Restriction
from milena.domain.refusal import by_id

REMEMBERED = 50
"""Changes that the history keeps at hand."""


def evolve(guild: Guild, event: Event) -> Guild:
    match event:
        case SettingChanged():
            settings = {name: value for name, value in guild.settings.items() if name != event.name}
            if event.after is not None:
                settings[event.name] = event.after
            return _noted(replace(guild, settings=settings), event, event.name, event.before, event.after)
        case PermissionChanged():
            return _noted(
                replace(guild, rules=_rules(guild, event)),
                # By its id, as snapshots of earlier releases have it.
                event, f"{event.target} for {by_id(told(event.subject))}",
                event.before or None, event.after or None,
            )  # fmt: skip
        case Restricted():
            fields = {name: value for name, value in asdict(event).items() if name != "at"}
            restrictions = (*guild.restrictions, Restriction(**fields))
            changed = replace(guild, restrictions=restrictions, restricted=event.number)
            return _noted(changed, event, f"restriction {event.number}", None, event.command)
        case RestrictionLifted():
            rest = tuple(each for each in guild.restrictions if each.number != event.number)
            gone = next((each.command for each in guild.restrictions if each.number == event.number), None)
            return _noted(replace(guild, restrictions=rest), event, f"restriction {event.number}", gone, None)
        case MaintenanceChanged():
            changed = replace(guild, maintenance=event.reason if event.on else None)
            return _noted(changed, event, "maintenance", guild.maintenance is not None, event.on)
        case CooldownBegan():
            return replace(guild, cooldowns={**guild.cooldowns, _rests(event): event.ready})
        case _:
            raise TypeError(f"a guild knows no {type(event).__name__}")


def _rules(guild: Guild, event: PermissionChanged) -> dict[str, dict[str, bool]]:
    subjects = {name: may for name, may in guild.rules.get(event.target, {}).items() if name != event.subject}
    if event.after:
        subjects[event.subject] = event.after == "granted"
    rules = {target: rule for target, rule in guild.rules.items() if target != event.target}
    return {**rules, event.target: subjects} if subjects else rules


def _rests(event: CooldownBegan) -> str:
    return f"{event.command} {event.channel}" if event.channel else event.command


def _noted(guild: Guild, event: Any, what: str, before: Any, after: Any) -> Guild:
    change = Change(event.at, event.by, what, before, after)
    return replace(guild, history=(*guild.history[1 - REMEMBERED :], change))
