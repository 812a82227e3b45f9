"""/case list: what moderators did here, the newest first; or to one member."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.ids import PlayerId
from milena.domain.moderating import cases_of, described

PAGE = 10


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    member: Annotated[PlayerId, Meta(max_length=40, description="only those of this member")] = PlayerId("")
    before: Annotated[int, Meta(ge=0, description="only those with a lower number; 0: the newest")] = 0


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    cases = cases_of(sight)
    those = cases.about(options.member) if options.member else list(cases.cases.values())
    older = [case for case in those if not options.before or case.number < options.before]
    page = older[: -PAGE - 1 : -1]
    answer: Result = {
        "cases": [case.number for case in page],
        "says": "\n".join(map(described, page)) or "There are no such cases.",
    }
    if len(older) > PAGE:
        given = {**sight.invocation.options, "before": page[-1].number}
        answer["actions"] = [msgspec.to_builtins(Action("Older", "case list", given))]
    return answer


command = Command(
    "case list", "admin", "List the cases of moderation.", Options, run, permission="moderator",
    discreet=True, show=show,
)  # fmt: skip
