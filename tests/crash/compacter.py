"""Makes the file of a log smaller, and kills itself at one step of it:

    compacter.py DATA STEP NTH

Of the step "vacuum" the NTH is a thousand instructions of SQLite's virtual machine.
"""

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))

from killing import Step

from milena.store import compacting, locking

data = Path(sys.argv[1])
at = Step(sys.argv[2], int(sys.argv[3])).at


class Connection(sqlite3.Connection):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.set_progress_handler(at("vacuum", lambda: 0), 1000)


def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
    return real(*arguments, **options, factory=Connection)


real, sqlite3.connect = sqlite3.connect, connect  # type: ignore[assignment]
os.fsync = at("fsync", os.fsync)
Path.replace = at("replace", Path.replace)  # type: ignore[method-assign]
compacting.leave_wal = at("leave_wal", compacting.leave_wal)
compacting._contents = at("contents", compacting._contents)

with locking.alone(data):
    compacting.compact(data / "events.db")
