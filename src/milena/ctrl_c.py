"""Ctrl-C while there is nothing to put in order: at the start, while all is imported, and at the end.

There the process just ends, as one in C would: Python's own way is a traceback. Whoever was started in the
background, with Ctrl-C ignored, is left so.
"""

from signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal


def ends() -> None:
    """From now on Ctrl-C ends the process at once, and silently."""
    if getsignal(SIGINT) is default_int_handler:
        signal(SIGINT, SIG_DFL)


def interrupts() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt again."""
    if getsignal(SIGINT) is SIG_DFL:
        signal(SIGINT, default_int_handler)
