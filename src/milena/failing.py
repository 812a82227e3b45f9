"""How a process of Milena's ends where something goes wrong: a line on standard error, and an exit status."""

import errno
import sys

from milena import journal
from milena.streams import Unwritable, give_up

EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_DAMAGED = 3


def complain(sentence: str) -> None:
    """One line on standard error, if it can be written: how the process ends is the same without it."""
    line = "".join(char if char.isprintable() else "?" for char in sentence)
    try:
        print(f"{journal.head('ERROR')}milena: {line}", file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        give_up(sys.stderr)


def explain(error: Exception) -> int:
    """Tell what is the matter; the exit status for it. What is a bug is raised again."""
    from milena.domain.refusal import Refused
    from milena.games import BadGame
    from milena.ops.config import BadConfig
    from milena.readside.errors import BadModel, Poison
    from milena.store.errors import Damaged, StoreError

    if _is_for_memory(error):
        complain("there is too little memory; end something else, or allow her more ('ulimit -v').")
        return EXIT_REFUSED
    match error:
        case Refused():
            complain(error.sentence)
            return EXIT_REFUSED
        case Damaged():
            complain(str(error))
            return EXIT_DAMAGED
        case StoreError() | BadGame() | BadModel() | Poison():
            complain(str(error))
            return EXIT_REFUSED
        case BadConfig():
            complain(str(error))
            return EXIT_USAGE
        case Unwritable():
            give_up(sys.stdout)
            complain(str(error))
            return EXIT_REFUSED
        case OSError(filename=str() as file, strerror=str() as why):
            complain(f"{file} can't be used: {why}; check its rights, and the room there.")
            return EXIT_REFUSED
    raise error


def _is_for_memory(error: Exception) -> bool:
    """Whether there was none left: for an object, a thread, or to load a library."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    text = str(error)
    return isinstance(error, MemoryError) or "start new thread" in text or "failed to map segment" in text
