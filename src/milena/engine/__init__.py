"""The engine: every invocation, from any front end, goes through one queue to one writer."""

from milena.engine.answer import Answer
from milena.engine.deadlines import Kind
from milena.engine.engine import Engine
from milena.engine.house import House
from milena.engine.scheduler import Scheduler

__all__ = ["Answer", "Engine", "House", "Kind", "Scheduler"]
