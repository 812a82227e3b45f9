"""Forks bots on demand: most of the time that a bot needs to start goes into importing the library.

``warm.py`` forks bare ones, ``warm.py milena`` runs ``milena ARGUMENTS``. Told on stdin, a line of JSON each:
``{"environment": {...}, "log": path, "arguments": [...]}``. Says on stdout:
``{"started": pid}``, and when one has ended ``{"ended": pid, "status": status}``.
"""

import asyncio
import json
import os
import select
import signal
import sys
import traceback

if sys.argv[1:] == ["milena"]:
    from milena import cli
    from milena.discord import (
        process,
        running,  # noqa: F401 - it takes the longest
    )
    from milena.slash.installed import installed

    installed()

    def become(_: str, arguments: list[str], environment: dict[str, str]) -> None:
        """What ``milena run`` would become is there already."""
        status = process.main(arguments[arguments.index(process.__package__) + 1 :])
        sys.stdout.flush()
        os._exit(status)

    os.execve = become
else:
    from bare_bot import *  # noqa: F403 - the library looks for commands among the names of __main__
    from bare_bot import main


def say(said: dict[str, int]) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


def bot(environment: dict[str, str], log: str, arguments: list[str]) -> None:
    """In the child, which never comes back."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.update(environment)
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(file, 1)
        os.dup2(file, 2)
        if arguments:
            status = cli.run(arguments)
        else:
            asyncio.run(main())
            status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def serve() -> None:
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    while True:
        ready, _, _ = select.select([sys.stdin, ended], [], [])
        if ended in ready:
            os.read(ended, 1024)
        for each in list(children):
            pid, status = os.waitpid(each, os.WNOHANG)
            if pid:
                children.discard(pid)
                say({"ended": pid, "status": os.waitstatus_to_exitcode(status)})
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                return
            order = json.loads(line)
            pid = os.fork()
            if pid == 0:
                bot(**order)
            children.add(pid)
            say({"started": pid})


if __name__ == "__main__":
    serve()
