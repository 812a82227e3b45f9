"""/privacy export: all that is kept of you, as one JSON document."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result, Sight


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    """The document is made after the commit, so it has this invocation in it; it is not recorded."""
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    document = sight.personal()
    count = len(document["events"])
    return {
        "says": f"All that is kept of you, with {count} events. What you wrote privately is in it, too.",
        "document": {"name": f"milena-{sight.invocation.player}.json", "content": document},
    }


command = Command(
    "privacy export", "utility", "Get all that is kept of you, as JSON.", Options, run, discreet=True,
    personal=True, show=show, cooldown=600,
)  # fmt: skip
