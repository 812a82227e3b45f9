"""/config history: who changed what in this server, and when."""

from typing import Annotated, Any

from msgspec import Meta, Struct, to_builtins

from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.guild.state import Change
from milena.domain.refusal import moment


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    count: Annotated[int, Meta(ge=1, le=50, description="how many of the last changes")] = 10


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    changes = sight.guild.history[-options.count :]
    lines = [_line(change) for change in reversed(changes)]
    return {
        "changes": to_builtins(list(changes)),
        "says": "\n".join(lines) or "Nothing was ever changed here.",
    }


def _line(change: Change) -> str:
    return (
        f"{moment(change.at)} <{change.by}>: {change.what}, "
        f"{_word(change.before)} before, {_word(change.after)} after"
    )


def _word(value: Any) -> str:
    return "nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


command = Command(
    "config history", "admin", "Show who changed what in this server.", Options, run, permission="admin",
    discreet=True, show=show,
)  # fmt: skip
