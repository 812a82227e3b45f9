"""For a process that kills itself at one step of what it does."""

import os
import signal
from collections.abc import Callable
from typing import Any


class Step:
    """What is about to be done for the ``nth`` time (from 1), or has just been done where ``text`` ends in
    "+"."""

    def __init__(self, text: str, nth: int) -> None:
        self._name, self._after = text.rstrip("+"), text.endswith("+")
        self._left = nth

    def at(self, name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        """``do``, which is the step of this name."""

        def done(*arguments: Any, **options: Any) -> Any:
            self._left -= name == self._name
            here = name == self._name and self._left == 0
            if here and not self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = do(*arguments, **options)
            if here:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return done
