"""A read model as its author wrote it: a folder of a few files.

``model.toml``   its title, what it is about, its version, the tags of the events that it is made of
``schema.sql``   its tables
``fold.sql``     statements that take in a batch of events at once (see views.sql for what they read)
``handlers.py``  where SQL alone can't: a function an event tag, and one to settle each batch
any other .sql   a named question

One of fold.sql and handlers.py is enough. The folders of this installation lie in ``projections/``; a
package adds its own through the entry-point group ``milena.projections``, each entry named as the read model
is and pointing at the package (a folder with an ``__init__.py``) that holds these files.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from sqlite3 import Connection
from typing import Protocol

import msgspec
from msgspec import Struct

from milena.domain.event import Event
from milena.domain.game import Game
from milena.domain.refusal import Refused
from milena.readside.errors import BadModel
from milena.readside.question import BadQuestion, Question, parse
from milena.store import Envelope
from milena.store.formats import statements

SHIPPED = "milena.projections"
NAME = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")
OWN_FILES = ("schema", "fold")
"""The .sql files that are no questions."""


class Folding(Protocol):
    """What a handler may use. ``db`` is the read model's file, in the transaction of this batch; the views
    of views.sql can be read there too."""

    @property
    def db(self) -> Connection: ...

    def event(self, envelope: Envelope) -> Event:
        """The event of a row of the log."""

    def game(self, key: str) -> Game | None:
        """A game as it stood at the end of this batch; None where it can't be replayed."""


Handler = Callable[[Folding, Envelope], None]


class _Described(Struct, frozen=True, forbid_unknown_fields=True):
    """model.toml."""

    title: str
    about: str
    version: int
    tags: tuple[str, ...]


class Model(Struct, frozen=True):
    """A read model.

    ``tags``         the tags of the events that can change it
    ``schema``       the statements that make its tables, ``fold`` those that take in a batch
    ``handlers``     by event tag: called for each event, in order, after ``fold``
    ``settle``       called once after each batch
    ``fingerprint``  of version and schema: a file with another one is made anew
    """

    name: str
    title: str
    about: str
    version: int
    tags: frozenset[str]
    schema: tuple[str, ...]
    fold: tuple[str, ...] = ()
    handlers: Mapping[str, Handler] = {}
    settle: Callable[[Folding], None] | None = None
    questions: Mapping[str, Question] = {}

    @property
    def fingerprint(self) -> str:
        return sha256("\0".join((str(self.version), *self.schema)).encode()).hexdigest()[:16]


@cache
def _plugins() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="milena.projections")}


@cache
def _own() -> frozenset[str]:
    return frozenset(
        entry.name for entry in files(SHIPPED).iterdir() if entry.is_dir() and NAME.match(entry.name)
    )


def shipped() -> list[str]:
    """The names of those that ship with Milena, sorted."""
    return sorted(_own())


def names() -> list[str]:
    """The name of every read model, sorted."""
    return sorted({*_own(), *_plugins()})


@cache
def load(name: str) -> Model:
    """The read model called ``name``. Raises Refused where there is none, BadModel where it is broken.

    One that ships with Milena can't be replaced by a package.
    """
    if name in _own():
        return read(name, f"{SHIPPED}.{name}", files(SHIPPED) / name)
    if name in _plugins():
        package = _plugins()[name].value
        try:
            folder = files(package)
        except Exception as error:
            raise BadModel(f"read model {name!r}: package {package} can't be loaded: {error!r}") from error
        return read(name, package, folder)
    raise Refused("unknown_model", f"There is no read model {name[:40]!r}. There are: {', '.join(names())}.")


def read(name: str, package: str, folder: Traversable) -> Model:
    """The read model in a folder, which is that of the Python package ``package``. Raises BadModel."""
    if not NAME.match(name):
        raise BadModel(f"read model {name[:40]!r}: a name is up to 31 small letters, digits and _.")
    described = _described(name, folder)
    scripts = {
        entry.name.removesuffix(".sql"): entry.read_text("utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }
    if "schema" not in scripts:
        raise BadModel(f"read model {name!r}: its folder has no schema.sql.")
    handlers, settle = _handlers(name, package, folder)
    if "fold" not in scripts and not handlers and settle is None:
        raise BadModel(f"read model {name!r}: its folder has neither a fold.sql nor a handlers.py.")
    try:
        questions = {stem: parse(name, stem, text) for stem, text in scripts.items() if stem not in OWN_FILES}
    except BadQuestion as error:
        raise BadModel(str(error)) from error
    return Model(
        name=name,
        title=described.title,
        about=described.about,
        version=described.version,
        tags=frozenset({*described.tags, *handlers}),
        schema=_statements(name, "schema.sql", scripts["schema"]),
        fold=_statements(name, "fold.sql", scripts.get("fold", "")),
        handlers=handlers,
        settle=settle,
        questions=questions,
    )


def _described(name: str, folder: Traversable) -> _Described:
    try:
        text = (folder / "model.toml").read_text("utf-8")
        return msgspec.convert(tomllib.loads(text), _Described)
    except FileNotFoundError:
        raise BadModel(f"read model {name!r}: its folder has no model.toml.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise BadModel(f"read model {name!r}: model.toml: {error}") from error


def _handlers(
    name: str, package: str, folder: Traversable
) -> tuple[dict[str, Handler], Callable[[Folding], None] | None]:
    if not (folder / "handlers.py").is_file():
        return {}, None
    try:
        module = import_module(f"{package}.handlers")
    except Exception as error:
        raise BadModel(f"read model {name!r}: handlers.py can't be loaded: {error!r}") from error
    handlers, settle = getattr(module, "HANDLERS", {}), getattr(module, "settle", None)
    if not isinstance(handlers, Mapping) or not all(map(callable, handlers.values())):
        raise BadModel(
            f"read model {name!r}: handlers.py: HANDLERS is no mapping of event tags to functions."
        )
    if settle is not None and not callable(settle):
        raise BadModel(f"read model {name!r}: handlers.py: settle is no function.")
    return dict(handlers), settle


def _statements(name: str, file: str, script: str) -> tuple[str, ...]:
    found = tuple(statements(script))
    rest = script.removeprefix("".join(found))
    if any(line.strip() and not line.startswith("--") for line in rest.splitlines()):
        raise BadModel(f"read model {name!r}: the last statement of {file} does not end with a semicolon.")
    return found
