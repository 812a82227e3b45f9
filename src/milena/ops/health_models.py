"""How the read models stand: what ``milena doctor`` tells of them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from milena.ops.health import Check, rights
from milena.ops.health_check import NEAR
from milena.store import StoreError, sqlite
from milena.store.formats import look


class Fitting(Protocol):
    """What is asked of a read model: a file that was made for it bears its fingerprint."""

    @property
    def fingerprint(self) -> str: ...


class _Found(NamedTuple):
    """``letters``: events that could not be taken in and wait; up to ``position`` all others are."""

    fingerprint: str
    position: int
    letters: int


def check_read_models(
    directory: Path,
    names: Iterable[str],
    load: Callable[[str], Fitting],
    bad: type[Exception],
    log: Path | None = None,
    running: bool = False,
) -> Iterator[Check]:
    """The read models, whose files lie in ``directory``; ``load`` raises ``bad`` for one that is no use.
    ``log``: the file that they follow, while Milena is ``running``."""
    head = _head(log)
    good: list[str] = []
    waiting: list[str] = []
    for name in names:
        check = f"read model {name}"
        try:
            fingerprint = load(name).fingerprint
            if not (directory / f"{name}.db").exists():
                waiting.append(name)
                continue
            found = _read_model(directory / f"{name}.db")
        except bad as error:
            yield Check(check, str(error), "problem", "upgrade or uninstall that package")
            continue
        except (StoreError, TypeError, ValueError) as error:
            yield Check(
                check, f"its file can't be read: {error}", "problem", f"milena projections rebuild {name}"
            )
            continue
        if found.letters:
            events = f"{found.letters} event{'s' * (found.letters != 1)} could not be taken in"
            yield Check(check, events, "problem", f"milena projections dead-letters list {name}")
        if found.fingerprint != fingerprint or (head is not None and found.position > head):
            waiting.append(name)
            continue
        good.append(name)
        if head is not None and head - found.position > NEAR:
            yield _behind(check, head - found.position, running)
    if directory.is_dir():
        yield rights("read model rights", directory, 0o700)
    note = f"; made when next used: {', '.join(waiting)}" if waiting else ""
    yield Check("read models", f"{len(good)}{': ' * bool(good)}{', '.join(good)}{note}")


def _behind(check: str, lag: int, running: bool) -> Check:
    if running:
        remedy = "'milena errors list' tells whether it fails; else the machine is too slow for it"
        return Check(check, f"{lag} events behind the log, though Milena runs", "problem", remedy)
    return Check(check, f"{lag} events behind the log", "note", "it takes them in when it is next used")


def _head(log: Path | None) -> int | None:
    if log is not None and log.exists():
        with suppress(StoreError), sqlite.explained(str(log)), closing(look(log)) as db:
            last: int | None = db.execute("SELECT max(position) FROM events").fetchone()[0]
            return last or 0
    return None


def _read_model(link: Path) -> _Found:
    """Raises StoreError, and TypeError or ValueError where it does not say what it is."""
    with sqlite.explained(str(link)), closing(look(link.resolve())) as db:
        fingerprint, position = db.execute("SELECT fingerprint, position FROM _readside").fetchone()
        (letters,) = db.execute("SELECT count(*) FROM _dead_letters WHERE NOT dropped").fetchone()
    return _Found(fingerprint, int(position), letters)
