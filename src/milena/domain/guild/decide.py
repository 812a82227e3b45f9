"""What a guild makes of what is asked of it."""

from msgspec import Struct
from msgspec.structs import asdict

from milena.domain.event import Changes
from milena.domain.guild.events import (
    CooldownBegan,
    Effect,
    MaintenanceChanged,
    PermissionChanged,
    Restricted,
    RestrictionLifted,
    SettingChanged,
)
from milena.domain.guild.permissions import told
from milena.domain.guild.requests import (
    ChangePermission,
    ChangeSetting,
    Lift,
    Rest,
    Restrict,
    SetMaintenance,
)
from milena.domain.guild.restrictions import is_over
from milena.domain.guild.settings import find_setting, shown
from milena.domain.guild.state import Guild
from milena.domain.refusal import Refused

MOST_RULES = 500
MOST_RESTRICTIONS = 100
LONGEST_REASON = 200


def decide(changes: Changes[Guild], request: Struct) -> None:
    """Raises Refused."""
    match request:
        case ChangeSetting():
            _change_setting(changes, request)
        case ChangePermission():
            _change_permission(changes, request)
        case Restrict():
            _restrict(changes, request)
        case Lift():
            _lift(changes, request)
        case SetMaintenance():
            _maintain(changes, request)
        case Rest():
            changes.add(CooldownBegan(request.command, request.ready, request.channel))
        case _:
            raise TypeError(f"a guild knows no {type(request).__name__}")


def _change_setting(changes: Changes[Guild], request: ChangeSetting) -> None:
    setting = find_setting(request.name)
    before = changes.state.settings.get(request.name)
    after = None if request.value == setting.default else request.value
    if before == after:
        value = setting.default if after is None else after
        raise Refused("unchanged", f"{request.name} is {shown(value)} already.")
    changes.add(SettingChanged(request.name, before, after, request.by, request.at))


def _change_permission(changes: Changes[Guild], request: ChangePermission) -> None:
    rules = changes.state.rules
    may = rules.get(request.target, {}).get(request.subject)
    before: Effect = "" if may is None else "granted" if may else "revoked"
    if before == request.effect:
        state = f"{before} already" if before else "neither granted nor revoked"
        raise Refused("unchanged", f"For {told(request.subject)}, {request.target} is {state}.")
    if not before and sum(map(len, rules.values())) >= MOST_RULES:
        raise Refused("too_many_rules", f"There can be {MOST_RULES} rules of permission: clear one first.")
    changes.add(
        PermissionChanged(request.subject, request.target, before, request.effect, request.by, request.at)
    )


def _restrict(changes: Changes[Guild], request: Restrict) -> None:
    if request.until and request.until <= request.at:
        raise Refused("bad_time", "A restriction has to end later than now.")
    reason = " ".join(request.reason.split())
    if len(reason) > LONGEST_REASON or not (reason.isprintable() or not reason):
        raise Refused("bad_reason", f"A reason has at most {LONGEST_REASON} characters, all printable.")
    for each in changes.state.restrictions:
        if is_over(each, request.at):
            changes.add(RestrictionLifted(each.number, request.by, request.at, ran_out=True))
    if len(changes.state.restrictions) >= MOST_RESTRICTIONS:
        raise Refused(
            "too_many_restrictions", f"There can be {MOST_RESTRICTIONS} restrictions: remove one first."
        )
    fields = {**asdict(request), "reason": reason}
    changes.add(Restricted(changes.state.restricted + 1, **fields))


def _lift(changes: Changes[Guild], request: Lift) -> None:
    numbers = [each.number for each in changes.state.restrictions]
    if request.number not in numbers:
        there = f"there are {', '.join(map(str, numbers))}" if numbers else "there are none"
        raise Refused("unknown_restriction", f"There is no restriction {request.number}; {there}.")
    changes.add(RestrictionLifted(request.number, request.by, request.at))


def _maintain(changes: Changes[Guild], request: SetMaintenance) -> None:
    if (changes.state.maintenance is not None) == request.on:
        raise Refused("unchanged", f"Maintenance is {'on' if request.on else 'off'} already.")
    reason = " ".join(request.reason.split())
    if len(reason) > LONGEST_REASON or not (reason.isprintable() or not reason):
        raise Refused("bad_reason", f"A reason has at most {LONGEST_REASON} characters, all printable.")
    changes.add(MaintenanceChanged(request.on, request.by, request.at, reason))
