"""What the verbs share: the data directory, JSON, and how errors are told."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from milena.failing import EXIT_DAMAGED as EXIT_DAMAGED
from milena.failing import EXIT_REFUSED as EXIT_REFUSED
from milena.failing import EXIT_USAGE as EXIT_USAGE
from milena.failing import complain as complain

if TYPE_CHECKING:
    from rich.console import Console

    from milena.home import Home
    from milena.ops.logs import Level

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="MILENA_DATA",
        readable=False,  # told better below
        help="Data directory. Default: the platform's user data directory.",
        show_default=False,
    ),
]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"],
    typer.Option(
        "--log-level",
        envvar="MILENA_LOG_LEVEL",
        case_sensitive=False,
        help="The least that is shown of the log here; with debug, a file is written too.",
    ),
]
BLANKS = re.compile(r"[ ]+(?=\n)")

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def data_directory(data: Path | None) -> Path:
    """The directory that --data names, or the platform's place for user data: it may have to be made. What
    this process makes from here on, there or elsewhere, is for its owner only. Raises Unavailable."""
    os.umask(0o077)
    if data is None:
        from platformdirs import user_data_path

        path = user_data_path("milena")
    else:
        path = data
    if trouble := _trouble(path):
        from milena.store import Unavailable

        raise Unavailable(f"The data directory {path} {trouble}, or choose another with --data.")
    return path.expanduser()


def _trouble(path: Path) -> str | None:
    """Why nothing could be read from such a directory, and what to do."""
    try:
        path = path.expanduser()
        str(path).encode()
        is_there = S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None  # whether it can be made is seen when it is
    except RuntimeError:
        return "is in the home of somebody unknown; write the path in full"
    except UnicodeEncodeError:
        return "has a name that is no UTF-8; rename it"
    except OSError as error:
        return f"can't be reached: {error.strerror}; see to its path and its rights"
    if not is_there:
        return "is no directory; move it away"
    return None if os.access(path, os.R_OK | os.X_OK) else "can't be read; see to its rights"


def open_home(data: Path | None, *, make: bool = True) -> "Home":
    """The home in the data directory, with its configuration. Without ``make`` it must be there
    already, so that a mistyped --data makes no directory."""
    from milena.commands import cooldowns, scopes
    from milena.home import Home
    from milena.ops.config import load
    from milena.store.errors import NoData

    path = data_directory(data)
    if not make and not any((path / name).exists() for name in ("events.db", "head.json")):
        raise NoData(path)
    return Home(path, load(path, cooldowns(), scopes()))


@contextmanager
def logged_home(data: Path | None, shows: "Level", *, make: bool = True) -> "Iterator[Home]":
    """:func:`open_home`, with what happens in it in the files of the log: for what runs a while."""
    from milena.ops import logs

    with open_home(data, make=make) as home, logs.begin(home.path, home.config.logs, shows):
        yield home


def find_game(home: "Home", text: str) -> str:
    """The id of the game that ``text`` begins, or ends, or is ``last``. Raises Refused: none, or several."""
    from milena.domain.refusal import Refused

    wanted = text.strip().lower()
    keys = home.store.streams("game")
    if wanted == "last" and keys:
        return keys[-1]
    if wanted in keys:
        return wanted
    found = [key for key in keys if wanted and (key.startswith(wanted) or key.endswith(wanted))]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused("unknown_game_id", f"There is no game {text[:40]!r}; 'milena games' lists them.")
    some = ", ".join(found[:4]) + (", ..." if len(found) > 4 else "")
    raise Refused("ambiguous_id", f"{text[:40]!r} fits {len(found)} games ({some}); type more of the id.")


def count(number: int, noun: str) -> str:
    """``1 game``, ``2 games``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def size(count: int) -> str:
    """Bytes, as ``12.3 kB`` or ``4.5 MB``."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def print_json(value: Any) -> None:
    """One JSON document on standard output, indented."""
    import msgspec

    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.write(encoded.decode() + "\n")


def console() -> "Console":
    """Where to print for people: no colour, no cut lines and no blanks behind them when piped."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=200, file=cast("IO[str]", _Trimmed()))


class _Trimmed:
    """Standard output without the blanks that fill the last column of a table."""

    encoding = property(lambda self: sys.stdout.encoding)

    def write(self, text: str) -> None:
        sys.stdout.write(BLANKS.sub("", text))

    def flush(self) -> None:
        sys.stdout.flush()
