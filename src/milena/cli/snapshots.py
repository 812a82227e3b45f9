"""milena snapshots: the cache in the store, and the corpus of recorded games and logs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from milena import __version__
from milena.cli import snapshots_logs
from milena.cli.common import (
    EXIT_REFUSED,
    Data,
    Json,
    complain,
    count,
    data_directory,
    find_game,
    open_home,
    print_json,
)

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Corpus = Annotated[
    Path | None,
    typer.Option(
        "--corpus",
        exists=True,
        file_okay=False,
        help="A directory with recorded games and logs. Default: those of this release.",
        show_default=False,
    ),
]
To = Annotated[
    Path | None,
    typer.Option(
        "--to",
        help="The file. Default: snapshots/GAME/ID.jsonl, snapshots/logs/RELEASE.jsonl.",
        show_default=False,
    ),
]
Keep = Annotated[int, typer.Option("--keep", min=0, max=1_000_000, help="How many of each stream to keep.")]
What = Annotated[
    str,
    typer.Argument(
        metavar="GAME_ID|log|FILE",
        help="An ended game; the whole log of made-up people, whose private texts all can read then; or a "
        "recording, to take views, shapes of states and read models as they are now.",
    ),
]


def register(app: typer.Typer) -> None:
    snapshots = typer.Typer(help="Snapshots in the store, and the recorded games and logs.")
    snapshots.command("list")(_list)
    snapshots.command("check")(_check)
    snapshots.command("record")(_record)
    snapshots.command("prune")(_prune)
    app.add_typer(snapshots, name="snapshots", no_args_is_help=True)


def _list(data: Data = None, corpus: Corpus = None, json: Json = False) -> None:
    """List the snapshots in the store, the recorded games and logs."""
    from milena.replay.corpus import recordings
    from milena.replay.recorded_log import recorded_logs

    stored = _stored(data, refold=False)
    files = [*recordings(_root(corpus)), *recorded_logs(_root(corpus))]
    recorded: list[dict[str, Any]] = [{"file": name, "bytes": len(file.read_bytes())} for name, file in files]
    if json:
        print_json({"store": stored, "corpus": recorded})
        return
    for each in stored:
        typer.echo(f"{each['stream']:<32} {each['version']:>8} {each['bytes']:>8} bytes  {each['verdict']}")
    widest = max((len(each["file"]) for each in recorded), default=0)
    for each in recorded:
        typer.echo(f"{each['file']:<{widest}} {each['bytes']:>8} bytes  recorded")
    typer.echo(f"{count(len(stored), 'snapshot')} in the store, {count(len(recorded), 'recording')}.")


def _check(data: Data = None, corpus: Corpus = None, json: Json = False) -> int:
    """Replay what is recorded, and compare it with the record.

    Every recorded game and log; and the store's snapshots with what the log gives.

    Exit status 1, with the file and line, where something differs.
    """
    from milena.aggregates import GAMES
    from milena.replay.corpus import Difference, check, read, recordings

    games, plies, problems = 0, 0, []
    for name, file in recordings(_root(corpus)):
        games += 1
        try:
            plies += check(GAMES, read(file.read_bytes()))
        except Difference as difference:
            problems.append(f"{name}, {difference}")
    logs, streams = snapshots_logs.check(_root(corpus), problems)
    stored = _stored(data, refold=True)
    bad = [each for each in stored if each["verdict"] not in ("good", "other schema")]
    problems += [
        f"the snapshot of {each['stream']} at version {each['version']} is {each['verdict']}." for each in bad
    ]
    if json:
        told = {"recordings": games, "plies": plies, "logs": logs, "streams": streams}
        print_json({**told, "snapshots": len(stored), "problems": problems})
        return EXIT_REFUSED if problems else 0
    for problem in problems:
        complain(problem)
    if bad:
        complain("'milena snapshots prune' empties the cache; nothing is lost by it.")
    if not games and not logs:
        complain("there are no recorded games here, and no logs.")
    if not problems:
        typer.echo(f"{games} recorded games replay as recorded ({plies} plies).")
        if logs:
            typer.echo(
                f"{count(logs, 'recorded log')} read as recorded ({streams} streams, and the read models)."
            )
        if stored:
            typer.echo(f"{len(stored)} snapshots in the store are what the log gives.")
    return EXIT_REFUSED if problems or not (games or logs) else 0


def _record(what: What, to: To = None, data: Data = None) -> None:
    """Record an ended game, or a whole log, for the corpus.

    A game with the state after each ply; a log with what it leads to.
    """
    from milena.aggregates import GAMES
    from milena.domain.refusal import Refused
    from milena.replay.corpus import SUFFIX, Difference, again, read, record, write

    if what.endswith(SUFFIX) and snapshots_logs.is_one(_read(Path(what))):
        path = to or Path(what)
        recording_of_log = snapshots_logs.again(what, _read(Path(what)))
        _write(path, recording_of_log)
        typer.echo(f"Recorded {path} again.")
        return
    if what == "log":
        path = to or Path("snapshots", "logs", f"{__version__}{SUFFIX}")
        _check_new(path)
        with open_home(data, make=False) as home:
            _write(path, snapshots_logs.record(home))
            typer.echo(f"Recorded {count(home.store.head().position, 'event')} in {path}.")
        return
    if what.endswith(SUFFIX):
        try:
            recording = again(GAMES, read(_read(Path(what))))
        except Difference as difference:
            raise Refused("differs", f"{what}, {difference} Raise the version of the rules.") from None
        path = to or Path(what)
    else:
        with open_home(data, make=False) as home:
            key = find_game(home, what)
            rows = home.store.stream(f"game:{key}")
        try:
            recording = record(GAMES, key, [(row.tag, row.payload, row.time) for row in rows])
        except Difference as difference:
            raise Refused("differs", f"The game {key} can't be recorded: {difference}") from None
        path = to or Path("snapshots", recording.header.game, key + SUFFIX)
        _check_new(path)
    _write(path, write(recording))
    typer.echo(f"Recorded {len(recording.lines)} events in {path}.")


def _prune(keep: Keep = 0, data: Data = None) -> None:
    """Remove snapshots from the store. They are a cache: nothing is lost."""
    from milena.store.snapshot_table import prune

    with open_home(data, make=False) as home:
        removed = prune(home.store, keep)
    typer.echo(f"Removed {removed} snapshot{'s' * (removed != 1)}.")


def _check_new(path: Path) -> None:
    from milena.domain.refusal import Refused

    if path.exists():
        raise Refused("exists", f"{path} is there already; name another file with --to.")


def _root(corpus: Path | None) -> "Traversable":
    from milena.replay import corpus as corpora

    return corpora.corpus() if corpus is None else corpus


def _stored(data: Path | None, *, refold: bool) -> list[dict[str, Any]]:
    """The snapshots in the store; none where there is no store and none was asked for."""
    from milena.aggregates import AGGREGATES
    from milena.replay.stored import judged

    if data is None and not (data_directory(data) / "events.db").exists():
        return []
    with open_home(data, make=False) as home:
        return [
            {
                "stream": snapshot.stream,
                "version": snapshot.version,
                "topic": snapshot.topic,
                "bytes": snapshot.size,
                "verdict": verdict,
            }
            for snapshot, verdict in judged(home.store, AGGREGATES, refold=refold)
        ]


def _read(path: Path) -> bytes:
    from milena.store import Unavailable

    try:
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(f"{path} can't be read: {error.strerror}.") from error


def _write(path: Path, data: bytes) -> None:
    from milena.store import Unavailable

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise Unavailable(f"{path} can't be written: {error.strerror}; choose another with --to.") from error
