"""The engine: every invocation, from any front end, goes through one queue to one writer."""

from milena.engine.answer import Answer
from milena.engine.engine import Engine
from milena.engine.house import House
from milena.engine.scheduler import Kind, Scheduler

__all__ = ["Answer", "Engine", "House", "Kind", "Scheduler"]
