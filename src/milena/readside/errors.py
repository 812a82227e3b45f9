"""What can go wrong on the read side; each error says what to do about it."""

from milena.store import StoreError


class BadModel(Exception):
    """A read model can't be used as it is written: its folder, and what is wrong with it."""


class Poison(Exception):
    """A read model can't take in an event: its position, its tag, and why."""

    def __init__(self, model: str, position: int, tag: str, problem: str) -> None:
        super().__init__(f"{model} can't take in position {position} ({tag}): {problem}")
        self.model = model
        self.position = position
        self.tag = tag
        self.problem = problem


class Behind(StoreError):
    """A read model does not stand where it was asked to: it is being made, or was given up."""
