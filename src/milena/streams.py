"""Standard input, output and error as whoever started this process left them: closed, or on a full disk."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Unwritable(Exception):
    """What is printed can't be written. The text is one sentence that says why."""

    failure = "resource"


@contextmanager
def writing() -> Iterator[None]:
    """What fails in this block is the output, and no other file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unwritable(
            f"the output can't be written ({error.strerror}); send it elsewhere, or make room."
        ) from error


class _Output(io.TextIOWrapper):
    """Not the raw stream below: what Ctrl-C interrupts there just after it was written is written again."""

    def write(self, text: str, /) -> int:
        with writing():
            return super().write(text)

    def flush(self) -> None:
        with writing():
            super().flush()


def prepare() -> None:
    """Make all three safe to use. Those that are closed read nothing, and lose what is written: else the
    next file that is opened would be taken for one of them.
    A terminal that has no ● shows an escape for it."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    # Python has None for what was closed when it began.
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    out = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", 1, closefd=False)  # noqa: SIM115
    sys.stdout = _Output(
        io.BufferedWriter(io.FileIO(1, "w", closefd=False)),
        encoding=out.encoding,
        errors="backslashreplace",
        line_buffering=bool(out.line_buffering or getattr(out, "write_through", False)),
    )
    for stream, errors in (sys.stdin, "replace"), (sys.stderr, "backslashreplace"):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def give_up(stream: TextIO) -> None:
    """What is written from here on, and what waits to be, is lost: nobody can be told, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
