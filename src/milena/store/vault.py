"""The identity vault: who the players are, the keys of their private texts, and the one secret of this
installation.

Events hold player ids; names and Discord ids are here, in a file of their own. Erasing a person is
deleting here, and the log stays whole: who stood behind an id is not known any more, and what was sealed
with the person's key can't be read any more. The master secret gives each game its seed, as
``HMAC-SHA256(master, "seed/" + game id)``: known before the game, the same after a crash, and telling
nothing of any other game when it is revealed.

SQLite leaves what is deleted in the file until its place is needed. Not here: ``secure_delete`` overwrites
it, also a name that somebody had before, and :meth:`Vault.forget` makes the file anew and empties its WAL.
"""

import hmac
import os
import secrets
import threading
from pathlib import Path
from typing import Literal

from milena.domain.ids import PlayerId, new_id
from milena.store.errors import SEE_TO_IT, Damaged, TooNew, Unavailable
from milena.store.files import Files
from milena.store.formats import Format, migrate, stamp, uri
from milena.store.sqlite import connect, explained

Source = Literal["terminal", "discord", "machine"]

APPLICATION_ID = 0x4D4C5654  # "MLVT"
LONGEST_NAME = 40
KEPT_SEEDS = 10_000
"""Seeds kept in memory: every command on a game asks for its seed."""

MIGRATIONS = [
    """
    CREATE TABLE players (
        id      TEXT PRIMARY KEY,
        source  TEXT NOT NULL,
        outside TEXT NOT NULL,  -- the id there: a Discord id, the name of a terminal user or a machine
        name    TEXT NOT NULL,
        UNIQUE (source, outside)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE keys (                 -- of private texts, made when a player writes the first one
        player TEXT PRIMARY KEY,
        key    BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
]


def format() -> Format:
    """The format of the vault."""
    return Format("a vault of Milena's", APPLICATION_ID, MIGRATIONS)


class Vault:
    """Opens ``path``, or makes it (readable by its owner only). Safe to use from any thread.

    ``as_it_is``: one of an older release stays so. It can sign then, which all can, and no more.
    """

    def __init__(self, path: Path, *, as_it_is: bool = False) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}
        self._keys: dict[str, bytes] = {}
        self._seeds: dict[str, bytes] = {}
        self._generation = self._seen = 0
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise Unavailable(f"The vault {path} can't be opened: {error.strerror}; {SEE_TO_IT}.") from error
        with explained(f"The vault {path}"):
            self._db = connect(uri(str(path)))
            try:
                self._db.execute("PRAGMA secure_delete = ON").fetchone()
                self._db.execute("PRAGMA temp_store = MEMORY")  # nothing of it in files elsewhere
                if as_it_is:
                    self._check()
                else:
                    self._make()
                self.files = Files(path)
                self._master = self._secret("master")
            except BaseException:
                self._db.close()
                raise

    def _make(self) -> None:
        """The tables of a new vault, and its secret: all, or nothing of it."""
        secret = secrets.token_bytes(32)
        migrate(
            self._db,
            str(self.path),
            format(),
            lambda: self._db.execute("INSERT INTO secrets VALUES ('master', ?)", (secret,)),
        )

    def _check(self) -> None:
        found = stamp(self._db)
        if found.application != APPLICATION_ID:
            raise Damaged(f"{self.path} is not {format().what}.")
        if found.version > format().version:
            raise TooNew(str(self.path), found.version, format().version)

    def close(self) -> None:
        self._db.close()

    # -------------------------------------------------------------------------------------- people

    def player(self, source: Source, outside: str, name: str | None = None) -> PlayerId:
        """The id of a person, who gets one at the first meeting. ``name`` defaults to ``outside``."""
        with self._lock, explained(str(self.path)):
            row = self._db.execute(
                "SELECT id FROM players WHERE source = ? AND outside = ?", (source, outside)
            ).fetchone()
            if row is None:
                # Another process may come first: then its id holds.
                row = self._db.execute(
                    "INSERT INTO players VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (source, outside) DO UPDATE SET name = excluded.name RETURNING id",
                    (new_id(), source, outside, name or outside),
                ).fetchone()
            return PlayerId(row[0])

    def meet(self, source: Source, outside: str, name: str) -> PlayerId:
        """:meth:`player` for somebody who is called ``name`` now, and was perhaps called otherwise before."""
        player = self.player(source, outside, name)
        with self._lock, explained(str(self.path)):
            self._db.execute("UPDATE players SET name = ? WHERE id = ? AND name <> ?", (name, player, name))
            self._names.pop(player, None)
        return player

    def find(self, name: str) -> list[PlayerId]:
        """The players with this name."""
        with self._lock, explained(str(self.path)):
            rows = self._db.execute("SELECT id FROM players WHERE name = ? ORDER BY id", (name,)).fetchall()
        return [PlayerId(row[0]) for row in rows]

    def name(self, player: str) -> str:
        """The name of a player; the id itself for one who is not, or no longer, known here."""
        with self._lock, explained(str(self.path)):
            self._look()
            if player not in self._names:
                row = self._db.execute("SELECT name FROM players WHERE id = ?", (player,)).fetchone()
                if row is None:
                    return player
                self._names[player] = row[0]
            return self._names[player]

    def source(self, player: str) -> Source | None:
        """Where a player comes from; None for one who is not, or no longer, known here."""
        with self._lock, explained(str(self.path)):
            row = self._db.execute("SELECT source FROM players WHERE id = ?", (player,)).fetchone()
        return row[0] if row else None

    def outside(self, player: str) -> str | None:
        """The id that a player has there; None for one who is not, or no longer, known here."""
        with self._lock, explained(str(self.path)):
            row = self._db.execute("SELECT outside FROM players WHERE id = ?", (player,)).fetchone()
        return row[0] if row else None

    def outsider(self, outside: str) -> PlayerId | None:
        """The person whose id on Discord this is; None where there is none."""
        with self._lock, explained(str(self.path)):
            row = self._db.execute(
                "SELECT id FROM players WHERE source = 'discord' AND outside = ?", (outside,)
            ).fetchone()
        return PlayerId(row[0]) if row else None

    def knows(self, player: str) -> bool:
        return self.source(player) is not None

    @property
    def generation(self) -> int:
        """Grows when somebody may have been erased, by whatever process: who remembers people has to ask
        anew."""
        with self._lock, explained(str(self.path)):
            self._look()
            return self._generation

    def _look(self) -> None:
        """Forget what is remembered, where another process wrote."""
        seen: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        if seen != self._seen:
            self._seen = seen
            self._forget_all()

    def _forget_all(self) -> None:
        self._generation += 1
        self._names.clear()
        self._keys.clear()

    def forget(self, player: str) -> bool:
        """Erase a person: name, outside id, and the key of the private texts; whether there was anything.
        Done once more it does no harm. The same person is a new player from then on.

        Raises Unavailable where another process reads the vault for seconds: the person is gone from it
        then, and the bytes from the file when it is done once more.
        """
        with self._lock, explained(str(self.path)):
            self._db.execute("BEGIN IMMEDIATE")
            found = self._db.execute("DELETE FROM players WHERE id = ?", (player,)).rowcount
            found += self._db.execute("DELETE FROM keys WHERE player = ?", (player,)).rowcount
            self._db.execute("COMMIT")
            self._forget_all()
            self._db.execute("VACUUM")
            busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise Unavailable(f"{self.path} is read by another process all the time; do it once more.")
        return found > 0

    # ------------------------------------------------------------------------------------- secrets

    def key(self, player: str, *, make: bool = False) -> bytes | None:
        """The key of a player's private texts; None where there is none (any more), and it is not to be
        made."""
        with self._lock, explained(str(self.path)):
            self._look()
            key = self._keys.get(player)
            if key is None:
                if make:
                    self._db.execute(
                        "INSERT INTO keys SELECT id, ? FROM players WHERE id = ? ON CONFLICT DO NOTHING",
                        (secrets.token_bytes(32), player),
                    )
                row = self._db.execute("SELECT key FROM keys WHERE player = ?", (player,)).fetchone()
                if row is None:
                    return None
                key = self._keys[player] = row[0]
            return key

    def seed(self, game: str) -> bytes:
        """The secret seed of a game (see milena.domain.chance)."""
        seed = self._seeds.get(game)
        if seed is None:
            if len(self._seeds) >= KEPT_SEEDS:
                self._seeds.clear()
            seed = self._seeds[game] = hmac.digest(self._master, b"seed/" + game.encode(), "sha256")
        return seed

    def sign(self, message: bytes) -> str:
        """A signature that only this vault can make, in hex."""
        return hmac.digest(self._master, b"sign/" + message, "sha256").hex()

    def _secret(self, name: str) -> bytes:
        row = self._db.execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise Damaged(f"The vault {self.path} has lost its secret; restore it from a backup.")
        value: bytes = row[0]
        return value
