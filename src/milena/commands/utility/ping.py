"""/ping: whether Milena is there, and how long ago you asked."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    return {"asked": desk.invocation.time, "says": "I am here."}


command = Command("ping", "utility", "Ask whether Milena is there.", Options, run)
