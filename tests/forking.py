"""``milena ARGUMENTS``, or a script, as a process of its own, without the half second of importing Milena.

This file is both sides: a process that has imported everything (``python -P forking.py``) forks itself for
each call, and :class:`Forks` asks it to. What is forked is a process as any other: it has its own
environment, streams, terminal and signals, and ends as an interpreter does. Where the start itself is
tested, or what ``PYTHONPATH`` and the like change, start ``python -m milena`` instead.
"""

import contextlib
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PATIENCE = 120.0
"""Seconds after which a process that does not end is killed."""
LONGEST = 1 << 17
"""Bytes of one order."""
ELSEWHERE = ("milena.__main__", "milena.discord", "milena.web")
"""Not imported before: a fork imports them itself where it needs them."""
LATE = (
    "cryptography.hazmat.primitives.ciphers.aead", "loguru", "platformdirs", "prompt_toolkit",
    "prompt_toolkit.patch_stdout", "rich.live", "rich.markup", "rich.progress", "rich.table", "rich.tree",
    "typer._adapters",
)  # fmt: skip
"""What is imported only when it is needed. Without them a fork would take longer, and that is all."""


class Forked:
    """A process that was forked for us, with as much of ``subprocess.Popen`` as its users need."""

    def __init__(self, told: int) -> None:
        self._told = os.fdopen(told, "rb")
        self.pid = int(self._told.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def wait(self, timeout: float = PATIENCE) -> int:
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("milena", timeout)
            self._ended()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self) -> None:
        self.returncode = int(self._told.readline())
        self._told.close()


class Forks:
    """The process that forks, until ``close``."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", __file__, str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()

    def start(
        self,
        *arguments: str,
        streams: tuple[int, int, int],
        env: Mapping[str, str] = os.environ,
        script: Path | None = None,
        terminal: bool = False,
    ) -> Forked:
        """``streams``: what becomes its stdin, stdout and stderr; ``script``: a file that is run instead of
        ``milena``; ``terminal``: the streams are the terminal that controls it."""
        order = {
            "program": str(script or "milena"),
            "arguments": arguments,
            "env": dict(env),
            "cwd": os.getcwd(),
            "terminal": terminal,
        }
        told, tells = os.pipe()
        try:
            socket.send_fds(self._orders, [json.dumps(order).encode()], [*streams, tells])
        finally:
            os.close(tells)
        return Forked(told)

    def run(
        self, *arguments: str, env: Mapping[str, str] = os.environ, input: str | bytes = ""
    ) -> "subprocess.CompletedProcess[str]":
        """Until it has ended. It sees no terminal, and reads ``input``."""
        with contextlib.ExitStack() as files:
            stdin, stdout, stderr = (files.enter_context(tempfile.TemporaryFile()) for _ in range(3))
            stdin.write(input.encode() if isinstance(input, str) else input)
            stdin.seek(0)
            process = self.start(
                *arguments, env=env, streams=(stdin.fileno(), stdout.fileno(), stderr.fileno())
            )
            try:
                status = process.wait()
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            stdout.seek(0)
            stderr.seek(0)
            return subprocess.CompletedProcess(
                ["milena", *arguments], status, stdout.read().decode(), stderr.read().decode()
            )

    def close(self) -> None:
        self._orders.close()
        self._process.wait()


# ------------------------------------------------------------------------------------- the one that forks


def modules() -> Iterator[str]:
    import milena

    yield "milena.cli"
    for found in pkgutil.walk_packages(milena.__path__, "milena."):
        if not found.name.startswith(ELSEWHERE):
            yield found.name


def serve(orders: socket.socket) -> dict[str, Any] | None:
    """Fork for each order: returns it in the child, and None when there are no more."""
    children: dict[int, tuple[int, int]] = {}
    while True:
        for ready in select.select([orders, *children], [], [])[0]:
            if ready is not orders:
                pid, tells = children.pop(ready)
                os.close(ready)
                _, status = os.waitpid(pid, 0)
                with contextlib.suppress(BrokenPipeError):
                    os.write(tells, b"%d\n" % os.waitstatus_to_exitcode(status))
                os.close(tells)
                continue
            message, given, _, _ = socket.recv_fds(orders, LONGEST, 4)
            if not message:
                return None
            order: dict[str, Any] = json.loads(message)
            *streams, tells = given
            pid = os.fork()
            if pid == 0:
                orders.close()
                for pidfd, (_, other) in children.items():
                    os.close(pidfd)
                    os.close(other)
                os.close(tells)
                return order | {"streams": streams}
            for each in streams:
                os.close(each)
            with contextlib.suppress(BrokenPipeError):
                os.write(tells, b"%d\n" % pid)
            children[os.pidfd_open(pid)] = pid, tells


def become(order: dict[str, Any]) -> None:
    """The process that was asked for."""
    if order["terminal"]:
        os.setsid()
    for number, stream in enumerate(order["streams"]):
        os.dup2(stream, number)
        os.close(stream)
    if order["terminal"]:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    sys.argv = [order["program"], *order["arguments"]]
    sys.stdin = os.fdopen(0)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", 1, closefd=False)


def main() -> None:
    orders = socket.socket(fileno=int(sys.argv[1]))
    for name in modules():
        importlib.import_module(name)
    for name in LATE:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from milena.cli import main as milena
    from milena.slash.installed import installed

    installed()
    gc.collect()
    gc.freeze()  # a collection in a fork need not touch, and so copy, all of this
    order = serve(orders)
    if order is not None:
        become(order)
        if order["program"] == "milena":
            milena()
        else:
            sys.path.insert(0, os.path.dirname(order["program"]))
            runpy.run_path(order["program"], run_name="__main__")


if __name__ == "__main__":
    main()
