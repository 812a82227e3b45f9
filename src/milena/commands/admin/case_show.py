"""/case show: all that is known of a case, and what came of it."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.case import found
from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.effect import Effect
from milena.domain.moderating import cases_of, described, past


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    case: Annotated[int, Meta(ge=1, description="its number")]


def run(desk: Desk, options: Options) -> Result:
    return {"case": found(cases_of(desk), options.case).number}


def show(sight: Sight, options: Options, result: Result) -> Result:
    case = found(cases_of(sight), options.case)
    effect: Effect = sight.state("effect", case.effect)
    lines = [described(case), _came_of_it(effect)]
    for each in case.amendments:
        before = each.before or "(none)"
        lines.append(f"Amended by <{each.by}>, {past(each.at)}; before, the reason was: {before}")
    return {**result, "status": effect.status, "says": "\n".join(lines)}


def _came_of_it(effect: Effect) -> str:
    match effect.status:
        case "done" if "removed" in effect.result:
            return f"Done: {effect.result['removed']} removed."
        case "done":
            return "Done."
        case "failed":
            return f"Not done: {effect.sentence}"
        case _:
            return "Not done yet."


command = Command(
    "case show", "admin", "Show a case of moderation.", Options, run, permission="moderator", discreet=True,
    show=show,
)  # fmt: skip
