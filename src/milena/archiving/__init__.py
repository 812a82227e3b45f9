"""Archiving: ended games are moved out of the log, into files that are checked and can be replayed."""

from milena.archiving.checking import Checked, check, strays
from milena.archiving.making import Done, Kept, archive, finish

__all__ = ["Checked", "Done", "Kept", "archive", "check", "finish", "strays"]
