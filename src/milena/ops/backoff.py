"""How long to wait until what went wrong is tried again: ever longer, and never in step with others."""

import random

SPREAD = 0.3
"""This part of a pause, at most, it is shorter or longer, by chance."""


class Backoff:
    """The first pause has about ``first`` seconds, each one twice as many, up to ``longest``."""

    def __init__(self, first: float, longest: float) -> None:
        self.first, self.longest = first, longest
        self.tries = 0
        """In vain, since it went well."""

    def pause(self) -> float:
        """It went wrong (once more): so many seconds to wait."""
        pause = min(self.longest, self.first * 2.0 ** min(self.tries, 30))
        self.tries += 1
        return pause * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311

    def over(self) -> None:
        """It went well."""
        self.tries = 0
