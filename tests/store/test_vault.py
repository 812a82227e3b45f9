"""The vault: who is who, and the one secret of an installation."""

import hashlib
import hmac
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from milena.store import Damaged, Unavailable, Vault


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.db"


def test_a_person_has_one_id_for_ever(path: Path) -> None:
    vault = Vault(path)
    ann = vault.player("terminal", "ann")
    assert vault.player("terminal", "ann") == ann
    assert vault.player("terminal", "bob") != ann
    assert vault.player("discord", "ann", "Ann") != ann
    vault.close()
    again = Vault(path)
    assert again.player("terminal", "ann") == ann
    again.close()


def test_a_person_has_a_name_and_can_be_found_by_it(path: Path) -> None:
    vault = Vault(path)
    ann = vault.player("terminal", "ann")
    ann_too = vault.player("discord", "1234", "ann")
    assert vault.name(ann) == vault.name(ann_too) == "ann"
    assert set(vault.find("ann")) == {ann, ann_too}
    assert vault.find("nobody") == []
    assert vault.name("nobody-here") == "nobody-here"
    vault.close()


def test_who_is_met_again_is_called_as_now(path: Path) -> None:
    with closing(Vault(path)) as vault:
        player = vault.meet("discord", "811", "Ann")
        assert vault.name(player) == "Ann"
        assert vault.meet("discord", "811", "Anna") == player
        assert vault.name(player) == "Anna"
        assert vault.find("Ann") == []


def test_two_processes_give_a_new_person_the_same_id(path: Path) -> None:
    one, other = Vault(path), Vault(path)
    assert [one.player("terminal", f"p{n}") for n in range(20)] == [
        other.player("terminal", f"p{n}") for n in range(20)
    ]
    one.close()
    other.close()


def test_many_threads_may_meet_the_same_person_at_once(path: Path) -> None:
    vault = Vault(path)
    ids: list[str] = []
    threads = [
        Thread(target=lambda: ids.extend(vault.player("terminal", f"p{n}") for n in range(20)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 160
    assert len(set(ids)) == 20
    vault.close()


def test_a_game_has_a_seed_of_its_own_that_outlives_a_restart(path: Path) -> None:
    vault = Vault(path)
    seed = vault.seed("1g5k2m9xq4")
    assert len(seed) == 32
    assert vault.seed("1g5k2m9xq5") != seed
    vault.close()
    again = Vault(path)
    assert again.seed("1g5k2m9xq4") == seed
    again.close()


def test_the_seed_is_made_of_the_master_secret_as_it_is_written_down(path: Path) -> None:
    vault = Vault(path)
    with sqlite3.connect(path) as connection:
        ((master,),) = connection.execute("SELECT value FROM secrets WHERE name = 'master'")
    connection.close()
    assert len(master) == 32
    assert vault.seed("abc") == hmac.new(master, b"seed/abc", hashlib.sha256).digest()
    vault.close()


def test_two_installations_share_no_seed_and_no_signature(tmp_path: Path) -> None:
    one, other = Vault(tmp_path / "one.db"), Vault(tmp_path / "other.db")
    assert one.seed("abc") != other.seed("abc")
    assert one.sign(b"head") != other.sign(b"head")
    assert one.sign(b"head") == one.sign(b"head") != one.sign(b"heads")
    one.close()
    other.close()


def test_it_is_readable_by_its_owner_only(path: Path) -> None:
    previous = os.umask(0)
    try:
        vault = Vault(path)
        vault.player("terminal", "ann")
        for file in path.parent.glob("vault.db*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        vault.close()
    finally:
        os.umask(previous)


def test_a_file_of_somebody_elses_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(Damaged, match="not a vault of Milena's; choose another data directory"):
        Vault(path)
    assert path.read_bytes() == before


def test_what_is_no_database_is_named_as_damaged(path: Path) -> None:
    path.write_bytes(b"This is no database, but a letter.\n" * 100)
    with pytest.raises(Damaged, match=r"vault\.db is damaged .* restore a backup"):
        Vault(path)


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can't be opened: No such file or directory"):
        Vault(tmp_path / "nowhere" / "vault.db")


def test_who_is_forgotten_is_somebody_new_and_no_byte_of_the_name_is_left(path: Path) -> None:
    vault = Vault(path)
    ann = vault.player("discord", "917349812376498123", "Ann of long ago")
    vault.meet("discord", "917349812376498123", "Ann Quuxmoor")
    others = [vault.player("discord", str(n), f"other {n}") for n in range(200)]
    key = vault.key(ann, make=True)
    assert key is not None
    assert key == vault.key(ann)

    assert vault.forget(ann) is True

    for needle in (b"Ann of long ago", b"Quuxmoor", b"917349812376498123", key):
        assert not any(needle in file.read_bytes() for file in path.parent.iterdir())
    assert (vault.knows(ann), vault.name(ann), vault.key(ann), vault.key(ann, make=True)) == (
        False, ann, None, None,
    )  # fmt: skip
    assert vault.forget(ann) is False
    assert vault.player("discord", "917349812376498123", "Ann Quuxmoor") != ann
    assert [vault.name(other) for other in others] == [f"other {n}" for n in range(200)]
    vault.close()


def test_another_process_sees_at_once_that_somebody_was_forgotten(path: Path) -> None:
    one, other = Vault(path), Vault(path)
    ann = one.player("terminal", "ann")
    key = one.key(ann, make=True)
    assert (other.name(ann), other.key(ann)) == ("ann", key)
    before = other.generation

    one.forget(ann)

    assert (other.name(ann), other.key(ann)) == (ann, None)
    assert other.generation > before
    one.close()
    other.close()


def test_each_player_has_a_key_of_the_own_and_nobody_unknown_has_one(path: Path) -> None:
    vault = Vault(path)
    ann, bob = vault.player("terminal", "ann"), vault.player("terminal", "bob")
    assert vault.key(ann) is None
    assert vault.key(ann, make=True) != vault.key(bob, make=True)
    assert vault.key("2q4610vyh0k3", make=True) is None
    vault.close()


def test_a_vault_of_release_0_1_gets_its_table_of_keys(path: Path) -> None:
    vault = Vault(path)
    ann, seed = vault.player("terminal", "ann"), vault.seed("2q4610vyh0k3")
    vault.close()
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE keys")
        db.execute("PRAGMA user_version = 1")
    db.close()
    vault = Vault(path)
    assert (vault.player("terminal", "ann"), vault.seed("2q4610vyh0k3")) == (ann, seed)
    assert vault.key(ann, make=True)
    vault.close()


def test_a_vault_of_a_newer_release_is_refused(path: Path) -> None:
    Vault(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(Unavailable, match="newer Milena"):
        Vault(path)
