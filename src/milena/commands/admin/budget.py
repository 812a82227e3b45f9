"""/budget: record that a budget was crossed, or is kept again. Milena asks for it herself."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.budget import Cross, Keep
from milena.domain.command import Command, Desk, Result


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    budget: Annotated[str, Meta(min_length=1, max_length=60, description="which one")]
    crossed: Annotated[bool, Meta(description="crossed, or kept again")]
    value: Annotated[float, Meta(description="what was measured")]
    limit: Annotated[float, Meta(description="what may be")]


def run(desk: Desk, options: Options) -> Result:
    change = (Cross if options.crossed else Keep)(options.value, options.limit)
    desk.act("budget", options.budget, change)
    return {"budget": options.budget, "crossed": options.crossed}


command = Command("budget", "admin", "Record that a budget was crossed.", Options, run, internal=True)
