"""/effect settle: record what came of something that was done outside. Milena asks for it herself.

Where moderators asked for it, they are told what they could not know before: that it could not be done, or
how many messages it removed; and the case is told in the server's moderation log.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from milena.domain import case_log
from milena.domain.command import Command, Desk, Result
from milena.domain.effect import Effect, Fail, Finish, Intend


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    effect: Annotated[str, Meta(max_length=80, description="its id")]
    result: Annotated[dict[str, Any], Meta(description="what came of it")] = {}
    code: Annotated[str, Meta(max_length=40, description="why it failed; empty where it did not")] = ""
    sentence: Annotated[str, Meta(max_length=400, description="the same for people")] = ""


def run(desk: Desk, options: Options) -> Result:
    end = Fail(options.code, options.sentence) if options.code else Finish(options.result)
    effect: Effect = desk.act("effect", options.effect, end)
    failed, kind = effect.status == "failed", effect.about.partition(":")[0]
    if kind == "case":
        if failed or effect.what == "purge":
            desk.act("effect", desk.new_id(), Intend("message", f"effect:{effect.key}", effect.place))
        case_log.tell(desk, case_log.number_in(effect.about))
    elif kind == "log" and failed:
        case_log.lost(desk, effect)
    return {"effect": effect.key, "status": effect.status}


command = Command("effect settle", "admin", "Record what came of it.", Options, run, internal=True)
