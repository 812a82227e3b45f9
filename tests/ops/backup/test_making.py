"""A backup is one file with the log, the vault, the signed head and the configuration, and nothing else."""

import os
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from playing_on import Played, Table, tree

from milena.home import Home
from milena.ops.backup import Backup, backups, check, make, name_of, prune, restore, told
from milena.ops.retention import BackupPolicy
from milena.store import Unavailable


def names(path: Path) -> list[str]:
    with tarfile.open(path) as archive:
        return archive.getnames()


def test_it_holds_what_can_not_be_made_again_and_says_what_that_is(made: Backup, original: Played) -> None:
    with Home(original.path) as home:
        head, games = home.store.head(), home.store.streams("game")

    assert names(made.path) == ["manifest.json", "events.db", "vault.db", "head.json", "milena.toml"]
    assert made.head == head
    assert (made.manifest.games, made.manifest.players) == (len(games), 2)
    assert told(made.path) == made
    assert check(made.path) == made.manifest


def test_only_its_owner_may_read_it(made: Backup) -> None:
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    with tarfile.open(made.path) as archive:
        assert {member.mode for member in archive} == {0o600}


def test_it_is_made_while_somebody_plays_and_its_vault_knows_all_who_are_in_its_log(tmp_path: Path) -> None:
    # Given somebody new who opens a game whenever the backup has got a bit further
    with Home(tmp_path / "data") as home, home.engine() as engine:
        table = Table(home, engine)
        table.begin()
        first, newcomers = home.store.head(), 0

        def open_game(done: int, total: int) -> None:
            nonlocal newcomers
            newcomers += 1
            assert table.ask(f"player {newcomers}", "open", game="tictactoe").verdict == "accepted"

        # When a backup is made
        backup = make(home.path, tmp_path / "backups" / name_of(0, "a"), open_game)
        last = home.store.head()
        assert first.position < last.position

    # Then it has the log as it was once, and the vault knows all who are in it
    assert first.position <= backup.head.position < last.position
    restore(backup.path, tmp_path / "restored")
    with Home(tmp_path / "restored") as home:
        assert home.store.head() == backup.head
        people = {row.player for row in home.store.scan()}
        assert {home.vault.source(player) for player in people} == {"terminal"}


def test_tables_of_another_program_beside_the_log_do_no_harm(tmp_path: Path) -> None:
    Home(tmp_path / "data").close()
    with closing(sqlite3.connect(tmp_path / "data" / "events.db")) as log:
        log.execute("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)")

    backup = make(tmp_path / "data", tmp_path / name_of(0))

    assert check(backup.path) == backup.manifest


def test_a_name_that_is_taken_stands(made: Backup, original: Played) -> None:
    before = made.path.read_bytes()

    assert make(original.path, made.path) == made
    assert made.path.read_bytes() == before


def test_where_there_is_no_data_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="There is no Milena data in"):
        make(tmp_path / "nothing", tmp_path / "backups" / "a.tar.gz")

    assert list(tmp_path.iterdir()) == []


class Enough(Exception):
    pass


@pytest.mark.parametrize("part", [0.1, 0.4, 0.6, 0.9], ids=["copying", "checking", "packing", "reading"])
def test_one_that_is_given_up_leaves_nothing(original: Played, tmp_path: Path, part: float) -> None:
    def give_up(done: int, total: int) -> None:
        if done / total >= part:
            raise Enough

    with pytest.raises(Enough):
        make(original.path, tmp_path / "backups" / name_of(0), give_up)

    assert tree(tmp_path) == {"backups": b""}


def test_two_are_not_made_in_a_folder_at_once(original: Played, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    said = []

    def another(done: int, total: int) -> None:
        if not said:
            with pytest.raises(Unavailable) as caught:
                make(original.path, folder / name_of(0))
            said.append(str(caught.value))

    make(original.path, folder / name_of(0), another)

    assert said == [f"A backup is being made in {folder} already; wait until that is done."]
    assert len(backups(folder)) == 1


def test_what_somebody_left_who_was_killed_is_swept(original: Played, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    (folder / "4711.part").mkdir(parents=True)
    (folder / "4711.part" / "events.db").write_bytes(b"half")

    made = make(original.path, folder / name_of(0))

    assert list(folder.iterdir()) == [made.path]


def test_who_was_erased_is_not_in_the_next_backup_at_all(tmp_path: Path) -> None:
    # Given a player who was in the vault and is not any more
    with Home(tmp_path / "data") as home:
        for number in range(50):
            home.vault.player("discord", f"outsider-{number}", f"Nobody Knows {number}")
    with closing(sqlite3.connect(tmp_path / "data" / "vault.db")) as vault:
        vault.execute("DELETE FROM players WHERE outside = 'outsider-7'")
        vault.commit()

    backup = make(tmp_path / "data", tmp_path / name_of(0))

    with tarfile.open(backup.path) as archive:
        found = archive.extractfile("vault.db")
        assert found is not None
        copied = found.read()
    assert b"outsider-8" in copied
    assert b"outsider-7" not in copied
    assert b"Nobody Knows 7" not in copied


def test_a_full_folder_of_backups_is_pruned_by_their_names(tmp_path: Path) -> None:
    day = 24 * 3600 * 1000
    paths = [tmp_path / name_of(number * day, "a") for number in range(40)]
    for path in (*paths, tmp_path / "notes.txt", tmp_path / "20260101T000000Z-a.tar.gz.old"):
        path.touch()
    policy = BackupPolicy(days=2, weeks=0, months=2)

    would = prune(tmp_path, policy, dry=True)
    assert len(list(tmp_path.iterdir())) == 42
    assert prune(tmp_path, policy) == would

    # 1970-02-08 and 09 of the days, 01-31 of the months
    assert sorted(backups(tmp_path)) == [paths[30], paths[38], paths[39]]
    assert os.listdir(tmp_path).count("notes.txt") == 1
