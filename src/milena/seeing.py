"""What people are told of an answer: looked up after the commit, by the command's own ``show``."""

from typing import Protocol

from milena.domain.command import Invocation
from milena.engine import Answer


class Seeing(Protocol):
    """For any thread; it may read files, so an event loop lets another thread do it."""

    def shown(self, invocation: Invocation, answer: Answer) -> Answer:
        """``answer`` with what its command shows as the result; the same where that shows nothing."""
