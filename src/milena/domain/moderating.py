"""What moderators may do to whom, and the case that is made of it."""

from milena.domain.case import Act, Case, Cases, OpenCase, checked
from milena.domain.command import Desk, Invocation, Result, Sight, Standing
from milena.domain.effect import Details, Intend
from milena.domain.guild.permissions import ruling
from milena.domain.ids import Place, PlayerId
from milena.domain.refusal import Refused, moment

DONE: dict[Act, str] = {
    "warn": "warned", "timeout": "timed out", "kick": "kicked", "ban": "banned", "unban": "unbanned",
    "purge": "purged",
}  # fmt: skip
"""Each act, as what happens to somebody."""
TO_MEMBERS: tuple[Act, ...] = ("warn", "timeout", "kick")
"""What can be done only to who is there."""
ID = "^[0-9a-z-]+$"
"""What the id of a player looks like."""
TOLD = 3
"""Earlier cases that are told when somebody is acted on."""


def check_power(desk: Desk, act: Act) -> None:
    """Milena lends nobody a power that the front end says he or she has not, unless a rule of the guild
    does. Raises Refused."""
    asked = desk.invocation
    if asked.powers is None or act in asked.powers or asked.owner:
        return
    command = desk.commands.get(asked.command)
    if command is not None and " " in ruling(desk.guild, command, asked).authority:
        return  # by a rule, such as "role:12 /kick"
    raise Refused(
        "not_permitted",
        f"Your roles do not allow you to {act} here. An admin can change them, or use /config permissions.",
    )


def check_target(asked: Invocation, act: Act, member: PlayerId, *, machine: bool) -> None:
    """Whether the one who calls may act on ``member``. Raises Refused."""
    if member == asked.player:
        raise Refused("yourself", "You can't do that to yourself.")
    known = asked.others.get(member)
    if machine or (known or Standing()).milena:
        raise Refused("milena", "That can't be done to Milena, or to her machines.")
    if known is None:
        return
    if known.owner:
        raise Refused("owner", f"<{member}> owns this server: nobody can do that.")
    if not known.there and act in TO_MEMBERS:
        raise Refused("not_a_member", f"<{member}> is not in this server, or not any more.")
    if known.there and known.rank >= asked.rank and not asked.owner:
        raise Refused("above_you", f"<{member}>'s highest role is not below yours, so you can't do that.")


def act_on(
    desk: Desk, act: Act, member: PlayerId, reason: str, data: Details | None = None, until: int = 0
) -> Result:
    """Open a case, and ask for what has to be done outside."""
    check_power(desk, act)
    check_target(desk.invocation, act, member, machine=desk.is_machine(member))
    earlier = cases_of(desk).about(member)
    details = data or Details(member)
    number = open_case(desk, act, details, reason, desk.new_id(), until)
    lasts = f" until {moment(until)}" if until else ""
    why = f" Reason: {checked(reason)}." if reason.strip() else ""
    says = f"Case {number}: <{member}> will be {DONE[act]}{lasts}.{why}"
    return {"case": number, "says": "\n".join([says, *_history(earlier)])}


def open_case(desk: Desk, act: Act, data: Details, reason: str, effect: str, until: int = 0) -> int:
    """Returns its number. ``effect``: the key of the effect that is intended for it."""
    asked = desk.invocation
    request = OpenCase(act, asked.player, asked.time, data.member, reason, until, effect)
    cases: Cases = desk.act("case", desk.guild.key, request)
    number = len(cases.cases)
    what = "message" if act == "warn" else act
    desk.act("effect", effect, Intend(what, f"case:{cases.key}:{number}", Place(asked.place), data))
    return number


def cases_of(desk: Desk | Sight) -> Cases:
    """Those of this guild."""
    cases: Cases = desk.state("case", desk.guild.key)
    return cases


def described(case: Case) -> str:
    """A case in one line: ``7. kick of <id>, <t:...:R>, by <id>: spam``."""
    of = f" of <{case.member}>" if case.member else ""
    until = f" until {moment(case.until)}" if case.until else ""
    why = f": {case.reason}" if case.reason else ""
    return f"{case.number}. {case.act}{of}{until}, {past(case.at)}, by <{case.by}>{why}"


def past(ms: int) -> str:
    """A time that is over, as it stands in a sentence: see :func:`milena.domain.refusal.moment`."""
    return f"<t:{ms // 1000}:R>"


def _history(earlier: list[Case]) -> list[str]:
    if not earlier:
        return []
    count = f"{len(earlier)} earlier case{'s' * (len(earlier) > 1)}"
    last = f", the last {TOLD}" if len(earlier) > TOLD else ""
    return [f"{count}{last}:", *(described(case) for case in reversed(earlier[-TOLD:]))]
