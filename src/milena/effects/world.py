"""What a front end has to offer so that effects can be done through it."""

from typing import Any, Protocol

from milena.domain.effect import Effect
from milena.domain.ids import Place


class Impossible(Exception):
    """It can't be done, and not later either. ``code`` is a stable word, ``sentence`` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


class NotNow(Exception):
    """It could not be done this time: it is tried again. The text is for the log."""


class World(Protocol):
    def serves(self, place: Place) -> bool:
        """Whether effects at ``place`` are done by this front end."""

    async def perform(self, effect: Effect, again: bool) -> dict[str, Any]:
        """Do it; returns what is to be recorded of that, as plain data. ``again``: it may have been done
        before, by a process that was stopped before it could say so. Raises Impossible or NotNow."""
