"""The log as an Application of the eventsourcing library, with a writer that commits in groups."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment, EnvType

from milena.domain.event import Event
from milena.store import archive, schema, sqlite
from milena.store.envelope import HEAD, INSERT, Head, head, link
from milena.store.errors import SEE_TO_IT, Unavailable
from milena.store.files import Files
from milena.store.formats import uri
from milena.store.mapper import Mapper
from milena.store.reading import Params, Reading
from milena.store.recorder import Factory, Pool, Recorder
from milena.store.sealing import owner_of, sealing_key
from milena.store.snapshot import pack, topic
from milena.store.vault import Vault

KEPT_SNAPSHOTS = 2
"""A stream keeps this many of its last snapshots."""


class Transaction(Reading):
    """A write in progress: nobody else writes until it ends. Rows are appended all or none.

    ``strangers`` are the streams that other processes wrote to since this store wrote last; None
    where that is not known (all may have changed).
    """

    def __init__(
        self, connection: sqlite3.Connection, name: str, codec: Mapper, archives: Path, known: Head | None
    ) -> None:
        self.codec, self.archives = codec, archives
        self._connection = connection
        self._name = name
        found = self.rows(HEAD)
        self._head = head(found[0] if found else None)
        self.strangers: list[str] | None = None if known is None else self._since(known)

    def _since(self, known: Head) -> list[str] | None:
        if self._head == known:
            return []
        if self._head.position <= known.position:
            return None
        sql = "SELECT DISTINCT stream FROM events WHERE position > ?"
        return [row[0] for row in self.rows(sql, (known.position,))]

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        return self._do(self._connection.execute, sql, params).fetchall()

    def _do(self, do: Callable[[str, Params], sqlite3.Cursor], sql: str, params: Params) -> sqlite3.Cursor:
        """Where the disk fails in the middle, SQLite ends the transaction by itself: what came then would
        be written at once, row by row."""
        if not self._connection.in_transaction:
            raise Unavailable("The disk gave up in the middle, so nothing was written; try again.")
        try:
            return do(sql, params)
        except sqlite3.Error as error:
            raise sqlite.explain(error, self._name) from error

    def head(self) -> Head:
        """As it will be when this transaction commits."""
        return self._head

    def append(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Append events: the fields of an Envelope behind ``position``, ``hash`` left out. Positions
        count on from ``head()``. Raises Conflict where a version or invocation is taken."""
        position, previous = self._head
        linked = []
        for fields in rows:
            position += 1
            fields = (position, *fields)
            previous = link(previous, fields)
            linked.append((*fields, previous))
        self._do(self._connection.executemany, INSERT, linked)
        self._head = Head(position, previous)

    def snapshot(self, kind: str, stream: str, version: int, state: bytes, *, secret: bool = False) -> None:
        """Keep a snapshot of a stream of this kind: ``state`` as the aggregate encoded it, sealed where
        it is ``secret``."""
        packed = pack(state, (lambda text: self.codec.seal(text, stream)) if secret else None)
        self.rows(
            "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)",
            (stream, version, topic(kind), packed),
        )
        self.rows(
            "DELETE FROM snapshots WHERE originator_id = ? AND originator_version < ("
            "SELECT min(originator_version) FROM (SELECT originator_version FROM snapshots "
            "WHERE originator_id = ? ORDER BY originator_version DESC LIMIT ?))",
            (stream, stream, KEPT_SNAPSHOTS),
        )


class Store(Application[str], Reading):
    """Opens the log at ``path``, or makes it. ``events`` are all event classes that may be in it;
    ``archives`` is the folder of what was moved out of it, by default the one beside it.

    The methods of :class:`Reading` may be called from any thread, :meth:`transaction` from one at a
    time. Raises Unavailable or Damaged, with a sentence for the operator.
    """

    name = "milena"
    recorder: Recorder
    is_snapshotting_enabled = True

    def __init__(
        self, path: Path, vault: Vault, events: Iterable[type[Event]], archives: Path | None = None
    ) -> None:
        self.path = path
        self.archives = archives or path.with_name(archive.FOLDER)
        self.vault = vault
        self.classes = tuple(events)
        self.codec = Mapper(self.classes, self._sealing_keys, self._is_erased)
        self._database = uri(str(path))
        self._writer: sqlite3.Connection | None = None
        self._known: Head | None = None
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite would let others read it
            super().__init__()
        except OSError as error:
            raise Unavailable(f"{path} can't be opened: {error.strerror}; {SEE_TO_IT}.") from error
        self._files = Files(path)
        pool = self.recorder.datastore.pool
        assert isinstance(pool, Pool)
        pool.files = self._files

    # The library's hooks: our configuration comes from the arguments, never from the environment.

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name, {"SQLITE_DBNAME": self._database, "IS_SNAPSHOTTING_ENABLED": "y"})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return Factory(env)

    def construct_mapper(self) -> Mapper:
        return self.codec

    def _sealing_keys(self, stream: str) -> Iterator[bytes]:
        """Our own key for this stream, then the one that its end revealed: a game that was imported
        was sealed with a key of another vault. What is private has its owner's key, and no other."""
        owner = owner_of(stream)
        if owner is not None:
            key = self.vault.key(owner, make=True)
            if key is not None:
                yield key
            return
        yield sealing_key(self.vault.seed(stream.partition(":")[2]))
        for each in self.stream(stream):
            if each.tag == "game.ended" and (seed := msgspec.json.decode(each.payload).get("seed")):
                yield sealing_key(bytes.fromhex(seed))

    def _is_erased(self, stream: str) -> bool:
        owner = owner_of(stream)
        return owner is not None and not self.vault.knows(owner)

    # ----------------------------------------------------------------------------- reading, writing

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        with sqlite.explained(str(self.path)):
            return self.recorder.rows(sql, params)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Hold the write lock, see all that is written, append, commit at the end of the block.

        An error in the block, or of the disk, leaves nothing behind and is raised: Conflict where
        somebody else was first, Unavailable where the disk is full or locked.
        """
        with sqlite.explained(str(self.path)):
            if self._writer is None:
                self._check_files()
                self._writer = sqlite.connect(self._database)
            writer = self._writer
            writer.execute("BEGIN IMMEDIATE")
            try:
                transaction = Transaction(writer, str(self.path), self.codec, self.archives, self._known)
                yield transaction
                self._check_files()
                writer.execute("COMMIT")
            except BaseException:
                self._known = None
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise
            self._known = transaction.head()

    def try_writing(self) -> None:
        """Write what is there already, which changes nothing. Raises Unavailable where it can't be done.
        For the thread that writes."""
        with self.transaction() as transaction:
            [(version,)] = transaction.rows("PRAGMA user_version")
            transaction.rows(f"PRAGMA user_version = {version:d}")

    def _check_files(self) -> None:
        """A log without its vault is of no use: who wrote it would be known to nobody."""
        self._files.check()
        self.vault.files.check()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        super().close()

    @property
    def format(self) -> int:
        """The number of the file's format, see milena.store.schema."""
        return schema.VERSION
