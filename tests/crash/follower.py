"""Follows the log of a data directory into the read models of tallying.py, until it is killed.

    python follower.py DATA MODELS follow|rebuild

Says on standard output when it has begun, and then each position that it has come to. ``rebuild`` makes
them anew, again and again.
"""

import os
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "readside"))

from tallying import Folder, Writing, diary, tally

from milena.home import Home
from milena.readside import file as files

files.BATCH = 7  # so that there are many moments at which it can be killed


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def main() -> None:
    data, models, what = sys.argv[1:]
    with Home(Path(data)) as home:
        readside = Folder(Path(models), Writing(home).log).readside(tally(), diary())
        if what == "rebuild":
            while True:
                for name in readside.models:
                    readside.rebuild(name, lambda done, total: say(f"{done}"))
        with readside.follower() as follower:
            say("begun")
            told = 0
            while True:
                if (position := follower.position) != told:
                    told = position
                    say(f"{position}")
                time.sleep(0.001)


if __name__ == "__main__":
    main()
