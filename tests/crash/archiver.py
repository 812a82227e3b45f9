"""Archives all that is over in a data directory, and kills itself at one step of it:

    archiver.py DATA STEP NTH

STEP is what is about to be done for the NTH time (from 1), or has just been done where it ends in "+".
"""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from killing import Step

from milena import archiving
from milena.aggregates import GAMES
from milena.home import Home
from milena.store import Store, moving

data = Path(sys.argv[1])
at = Step(sys.argv[2], int(sys.argv[3])).at

os.fsync = at("fsync", os.fsync)
Path.replace = at("replace", Path.replace)  # type: ignore[method-assign]
moving.register = at("register", moving.register)
moving.move = at("move", moving.move)
leave = type(Store.transaction(None)).__exit__  # type: ignore[arg-type]
type(Store.transaction(None)).__exit__ = at("commit", leave)  # type: ignore[arg-type, method-assign]

with Home(data) as home:
    archiving.archive(home.store, GAMES, 2**62)
