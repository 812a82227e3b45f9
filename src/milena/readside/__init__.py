"""The read side: read models follow the log, can be thrown away and made anew, and answer questions.

A read model is a folder (see :mod:`milena.readside.model`). Its rows live in an SQLite file of its own in the
data directory, made from the log and from nothing else.
"""

from milena.readside.asking import Answered, Asking, People
from milena.readside.errors import BadModel, Behind, Poison
from milena.readside.follower import Follower
from milena.readside.log import Log
from milena.readside.model import Model, load, names
from milena.readside.own import Letter
from milena.readside.question import Parameter, Question
from milena.readside.readside import ReadSide
from milena.readside.status import Status

__all__ = [
    "Answered", "Asking", "BadModel", "Behind", "Follower", "Letter", "Log", "Model", "Parameter", "People",
    "Poison", "Question", "ReadSide", "Status", "load", "names",
]  # fmt: skip
