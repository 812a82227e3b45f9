"""/case reason: amend the reason of a case; whose case it is may do that, and admins."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain import case_log
from milena.domain.case import AmendCase, Cases
from milena.domain.command import Command, Desk, Result
from milena.domain.effect import Effect


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    case: Annotated[int, Meta(ge=1, description="its number")]
    reason: Annotated[str, Meta(min_length=1, max_length=200, description="the reason from now on")]


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    request = AmendCase(
        options.case, asked.player, asked.time, options.reason, chief=asked.admin or asked.owner
    )
    cases: Cases = desk.act("case", desk.guild.key, request)
    case = cases.cases[options.case]
    acted: Effect = desk.state("effect", case.effect)
    if acted.status != "pending":  # or else the reason is told with what comes of it
        case_log.tell(desk, case.number, len(case.amendments))
    return {"case": options.case, "says": f"Case {options.case} has another reason now."}


command = Command(
    "case reason", "admin", "Amend the reason of a case.", Options, run, permission="moderator", discreet=True
)
