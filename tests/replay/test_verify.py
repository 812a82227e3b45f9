"""Verify names the first position that is not what was written."""

import json
import shutil
import sqlite3
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoiling import audit, chain_anew, hand_in

from milena.aggregates import AGGREGATES, GAMES
from milena.home import Home
from milena.replay.export import export, import_
from milena.replay.report import Report
from milena.replay.verify import verify, verify_stream
from milena.store import Envelope
from milena.store.envelope import FIELDS


def events(data: Path, tag: str = "") -> list[Envelope]:
    """The events in a data directory, all or those with a tag."""
    with Home(data) as home:
        return [event for event in home.store.scan() if tag in ("", event.tag)]


def first_bad(data: Path) -> int | None:
    """The first bad position that verify names; the log must be found damaged."""
    report = audit(data)
    assert report.level == "damage", report
    return report.findings[0].position


def head_is_lost(data: Path) -> None:
    """From here on, nothing outside the log tells what it was."""
    (data / "head.json").unlink()


# ------------------------------------------------------------------------------------------ whole logs


def test_an_intact_log_has_no_findings_and_everything_in_it_is_counted(data: Path) -> None:
    written = events(data)

    report = audit(data)

    assert report.findings == []
    assert report.events == len(written)
    assert report.head == (len(written), written[-1].hash.hex())
    assert report.streams == {"member": 2, "game": 6, "lobby": 1}
    assert report.ended == report.seeds == 4
    assert report.draws == sum(event.tag.startswith("game.chance_") for event in written)
    assert report.sealed == 1 + 4 + 1  # a word, two rounds of two fists, and one fist that is still waiting


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    report = audit(tmp_path / "new")

    assert (report.level, report.events, report.head[0]) == ("note", 0, 0)


def test_progress_is_told_from_nothing_to_all(home: Home) -> None:
    with home.store.transaction() as transaction:
        transaction.append(invoked(number) for number in range(1, 2501))
    told: list[tuple[int, int]] = []

    verify(home.store, AGGREGATES, lambda done, total: told.append((done, total)))

    assert told == [(1000, 5000), (2000, 5000), (3500, 5000), (4500, 5000)]


def test_a_long_log_needs_no_more_memory_than_a_short_one(home: Home) -> None:
    def peak(upto: int) -> int:
        with home.store.transaction() as transaction:
            transaction.append(invoked(number) for number in range(home.store.head().position + 1, upto + 1))
        tracemalloc.start()
        assert verify(home.store, AGGREGATES).events == upto
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    short, long = peak(3000), peak(15000)

    assert long < short + 500_000


def invoked(number: int) -> tuple[object, ...]:
    """An invocation that came to nothing, as a row."""
    payload = '{"command":"join","options":{},"verdict":"refused","code":"x","sentence":"x"}'
    id = f"i{number}"
    return ("member:terminal:ann", number, "command.invoked", payload, 0, "ann", "t/m", id, None, id)


# ---------------------------------------------------------------------- a hand that does not recompute


def test_a_changed_payload_is_named(data: Path) -> None:
    position = events(data, "game.move_played")[0].position
    with hand_in(data) as db:
        change = "UPDATE events SET payload = replace(payload, '\"5\"', '\"6\"') WHERE position = ?"
        assert db.execute(change, (position,)).rowcount == 1

    assert first_bad(data) == position


def test_an_event_that_was_taken_out_is_named(data: Path) -> None:
    with hand_in(data) as db:
        db.execute("DELETE FROM events WHERE position = 9")

    report = audit(data)

    assert (report.level, report.findings[0].position) == ("damage", 9)
    assert report.events == 8  # nothing can be said of what stands behind


def test_several_events_that_were_taken_out_are_named_by_the_first(data: Path) -> None:
    with hand_in(data) as db:
        db.execute("DELETE FROM events WHERE position IN (1, 9)")

    assert first_bad(data) == 1


def test_two_events_that_were_swapped_are_named_by_the_first(data: Path) -> None:
    with hand_in(data) as db:
        for before, after in ((11, -1), (17, 11), (-1, 17)):
            db.execute("UPDATE events SET position = ? WHERE position = ?", (after, before))

    assert first_bad(data) == 11


def test_a_forged_event_at_the_end_is_named(data: Path) -> None:
    last = len(events(data))
    with hand_in(data) as db:
        row = db.execute("SELECT * FROM events WHERE position = ?", (last,)).fetchone()
        forged = (last + 1, *row[1:2], row[2] + 1, *row[3:10], "forged", row[11])
        db.execute(f"INSERT INTO events VALUES ({','.join('?' * 12)})", forged)

    assert first_bad(data) == last + 1


def test_a_forged_event_in_the_middle_is_named(data: Path) -> None:
    with hand_in(data) as db:
        db.execute("UPDATE events SET position = -position - 1 WHERE position >= 10")
        db.execute("UPDATE events SET position = -position WHERE position < 0")
        row = db.execute("SELECT * FROM events WHERE position = 11").fetchone()
        forged = (10, "game:forged", 1, *row[3:10], None, row[11])
        db.execute(f"INSERT INTO events VALUES ({','.join('?' * 12)})", forged)

    assert first_bad(data) == 10


def test_a_cut_tail_is_named_by_the_first_event_that_is_missing(data: Path) -> None:
    head_is_lost(data)
    last = len(events(data))
    with hand_in(data) as db:
        db.execute("DELETE FROM events WHERE position > ?", (last - 5,))

    assert first_bad(data) == last - 4


def test_a_cut_that_also_set_the_counter_back_is_found_by_the_kept_head(data: Path) -> None:
    last = len(events(data))
    with hand_in(data) as db:
        db.execute("DELETE FROM events WHERE position > ?", (last - 5,))
        db.execute("UPDATE sqlite_sequence SET seq = ?", (last - 5,))

    assert first_bad(data) == last - 4


def test_a_log_that_was_emptied_is_found_by_the_kept_head(data: Path) -> None:
    with hand_in(data) as db:
        db.execute("DELETE FROM events")
        db.execute("DELETE FROM sqlite_sequence")

    assert first_bad(data) == 1


def test_a_counter_that_was_set_back_is_odd_and_no_damage(data: Path) -> None:
    with hand_in(data) as db:
        db.execute("UPDATE sqlite_sequence SET seq = 3")

    assert audit(data).level == "doubt"


def test_a_missing_trigger_or_index_is_odd_and_no_damage(data: Path) -> None:
    with sqlite3.connect(data / "events.db") as db:
        db.execute("DROP TRIGGER events_are_never_changed")
        db.execute("DROP INDEX events_invocation")

    report = audit(data)

    assert report.level == "doubt"
    assert "index events_invocation, trigger events_are_never_changed" in report.findings[0].sentence


VALUES = dict.fromkeys(FIELDS, "x") | {"version": 1000, "time": 1, "causation": 1000, "hash": b"x" * 32}
COLUMNS = [name for name in FIELDS if name != "position"]


@given(data=st.data())
def test_any_change_of_one_row_is_found_at_its_position(played: Path, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        spoiled = Path(shutil.copytree(played, Path(folder) / "data"))
        position = data.draw(st.integers(1, len(events(spoiled))), "position")
        change = data.draw(st.sampled_from(["delete", *COLUMNS]), "change")
        with hand_in(spoiled) as db:
            if change == "delete":
                db.execute("DELETE FROM events WHERE position = ?", (position,))
            else:
                db.execute(f"UPDATE events SET {change} = ? WHERE position = ?", (VALUES[change], position))

        assert first_bad(spoiled) == position


# ----------------------------------------------------------------- a hand that makes the chain anew


def test_a_tail_that_was_written_anew_is_found_by_the_kept_head(data: Path) -> None:
    last = len(events(data))
    with hand_in(data) as db:
        db.execute(
            "UPDATE events SET payload = replace(payload, 'nowhere', 'elsewhere') WHERE position = ?", (last,)
        )
        chain_anew(db, last)

    report = audit(data)

    assert report.level == "damage"
    assert (report.findings[0].position, "rewritten" in report.findings[0].sentence) == (last, True)


def test_without_a_kept_head_a_note_says_that_a_new_log_could_not_be_told(data: Path) -> None:
    head_is_lost(data)

    report = audit(data)

    assert report.level == "note"
    assert "head.json" in report.findings[0].sentence


def test_a_kept_head_that_this_vault_did_not_sign_is_damage(data: Path) -> None:
    kept = json.loads((data / "head.json").read_text())
    kept["position"] -= 5
    (data / "head.json").write_text(json.dumps(kept))

    report = audit(data)

    assert report.level == "damage"
    assert "not signed" in report.findings[0].sentence


def test_a_changed_draw_is_named(data: Path) -> None:
    drawn = events(data, "game.chance_drawn")[5]
    fields = json.loads(drawn.payload)
    cell, _, tile = fields["outcome"].partition("=")
    fields["outcome"] = f"{cell}={'4' if tile == '2' else '2'}"
    rewrite(data, drawn.position, fields)

    assert first_bad(data) == drawn.position


def test_a_wrong_seed_is_named(data: Path) -> None:
    ended = events(data, "game.ended")[1]
    rewrite(data, ended.position, {**json.loads(ended.payload), "seed": "ab" * 32})

    assert first_bad(data) == ended.position


def test_a_revealed_choice_that_is_not_the_sealed_one_is_named(data: Path) -> None:
    revealed = events(data, "game.choices_revealed")[0]
    rewrite(data, revealed.position, {"ply": 1, "choices": [[0, "rock"], [1, "rock"]]})

    assert first_bad(data) == revealed.position


def test_a_sealed_text_that_does_not_open_is_named(data: Path) -> None:
    hidden = events(data, "game.chance_hidden")[0]
    fields = json.loads(hidden.payload)
    rewrite(data, hidden.position, {**fields, "outcome": fields["outcome"][::-1]})

    assert first_bad(data) == hidden.position


def test_another_winner_is_named(data: Path) -> None:
    ended = events(data, "game.ended")[0]
    rewrite(data, ended.position, {**json.loads(ended.payload), "scores": [0.0, 1.0]})

    assert first_bad(data) == ended.position


@pytest.mark.parametrize(
    ("move", "why"),
    [
        ({"ply": 2, "seat": 1, "move": "5"}, "can't be replayed: Cell 5 is taken"),
        ({"ply": 2, "seat": 0, "move": "1"}, "not the turn of seat 0"),
        ({"ply": 3, "seat": 1, "move": "1"}, "it is ply 3, and 2 is due"),
        ({"ply": 2, "seat": 1}, "can't be replayed: Object missing required field `move`"),
    ],
    ids=["occupied", "other seat", "other ply", "no move"],
)
def test_a_move_that_could_not_be_made_is_named(data: Path, move: dict[str, object], why: str) -> None:
    second = events(data, "game.move_played")[1]
    rewrite(data, second.position, move)

    report = audit(data)

    assert report.findings[0].position == second.position
    assert why in report.findings[0].sentence


def test_an_event_of_no_known_kind_is_named(data: Path) -> None:
    with hand_in(data) as db:
        db.execute("UPDATE events SET tag = 'game.exploded' WHERE position = 8")
        chain_anew(db, 8)

    assert first_bad(data) == 8


def test_a_stream_of_no_known_kind_is_named(data: Path) -> None:
    head_is_lost(data)
    last = events(data)[-1]
    with hand_in(data) as db:
        db.execute("UPDATE events SET stream = 'x', version = 1 WHERE position = ?", (last.position,))
        chain_anew(db, last.position)

    assert first_bad(data) == last.position


def test_an_invocation_that_is_there_twice_is_named_where_it_comes_again(data: Path) -> None:
    again = events(data, "command.invoked")[-1]
    with hand_in(data) as db:
        db.execute("DROP INDEX events_invocation")
        forged = (again.position + 1, again.stream, again.version + 1, *row(again)[3:])
        db.execute(f"INSERT INTO events VALUES ({','.join('?' * 12)})", forged)
        chain_anew(db, again.position + 1)

    assert first_bad(data) == again.position + 1


def test_a_version_that_is_left_out_is_named(data: Path) -> None:
    head_is_lost(data)
    last = events(data)[-1]
    with hand_in(data) as db:
        db.execute("UPDATE events SET version = version + 1 WHERE position = ?", (last.position,))
        chain_anew(db, last.position)

    assert first_bad(data) == last.position


@pytest.mark.parametrize(
    ("column", "value"), [("causation", 1), ("causation", None), ("player", "eve"), ("correlation", "eve")]
)
def test_an_event_behind_an_invocation_that_did_not_cause_it_is_named(
    data: Path, column: str, value: object
) -> None:
    move = events(data, "game.move_played")[2]
    with hand_in(data) as db:
        db.execute(f"UPDATE events SET {column} = ? WHERE position = ?", (value, move.position))
        chain_anew(db, move.position)

    assert first_bad(data) == move.position


def test_of_two_kinds_of_damage_the_first_position_comes_first(data: Path) -> None:
    ended = events(data, "game.ended")
    rewrite(data, ended[0].position, {**json.loads(ended[0].payload), "scores": [0.0, 1.0]})
    with hand_in(data) as db:
        db.execute("DELETE FROM events WHERE position = ?", (ended[2].position,))

    positions = [finding.position for finding in audit(data).findings]

    assert positions == [ended[0].position, ended[2].position]


def test_of_two_damaged_games_the_first_position_is_named(data: Path) -> None:
    ended = events(data, "game.ended")
    for event in (ended[0], ended[2]):
        rewrite(data, event.position, {**json.loads(event.payload), "seed": "ab" * 32})

    assert first_bad(data) == ended[0].position


def rewrite(data: Path, position: int, fields: dict[str, object]) -> None:
    """Another payload at ``position``, and a chain that fits."""
    payload = json.dumps(fields, separators=(",", ":"))
    with hand_in(data) as db:
        db.execute("UPDATE events SET payload = ? WHERE position = ?", (payload, position))
        chain_anew(db, position)


def row(event: Envelope) -> tuple[object, ...]:
    return tuple(getattr(event, name) for name in FIELDS)


# ----------------------------------------------------------------------------------- the file itself


@pytest.mark.parametrize("bit", [0x01, 0x80], ids=["another letter", "no letter at all"])
def test_a_flipped_bit_in_a_payload_is_named(data: Path, bit: int) -> None:
    taken = events(data, "game.seat_taken")[2]
    salt = json.loads(taken.payload)["salt"].encode()
    content = bytearray((data / "events.db").read_bytes())
    at = content.find(b'"salt":"' + salt) + 8
    content[at] ^= bit
    (data / "events.db").write_bytes(content)

    assert first_bad(data) == taken.position


def test_a_page_that_is_gone_is_named_by_its_first_event(data: Path) -> None:
    content = bytearray((data / "events.db").read_bytes())
    written = events(data)
    page_of = [content.find(event.payload.encode()) // 4096 for event in written]
    page = page_of[20]
    content[page * 4096 : page * 4096 + 4096] = bytes([0xAA]) * 4096
    (data / "events.db").write_bytes(content)

    assert first_bad(data) == page_of.index(page) + 1


def test_an_index_that_disagrees_with_its_table_is_damage(data: Path) -> None:
    with sqlite3.connect(data / "events.db") as db:
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events_invocation'").fetchone()[0]
    content = bytearray((data / "events.db").read_bytes())
    id = events(data, "command.invoked")[3].invocation
    assert id is not None
    start = (root - 1) * 4096
    at = content.find(id.encode(), start, start + 4096)
    assert at > 0
    content[at] ^= 0x01
    (data / "events.db").write_bytes(content)

    assert audit(data).level == "damage"


# -------------------------------------------------------------------------------- one game, and others


def test_one_game_can_be_checked_alone(data: Path) -> None:
    game = events(data, "game.opened")[0].stream
    other = events(data, "game.move_played")[-1]
    assert other.stream != game
    rewrite(data, other.position, {"ply": 99, "seat": 0, "move": "up"})

    with Home(data) as home:
        one = verify_stream(home.store, AGGREGATES, game)
        another = verify_stream(home.store, AGGREGATES, other.stream)

    assert (one.findings, one.seeds) == ([], 1)
    assert (another.level, another.findings[0].position) == ("damage", other.position)


def test_a_change_in_one_game_is_named_when_it_is_checked_alone(data: Path) -> None:
    move = events(data, "game.move_played")[1]
    with hand_in(data) as db:
        db.execute("UPDATE events SET time = time + 1 WHERE position = ?", (move.position,))

    with Home(data) as home:
        report = verify_stream(home.store, AGGREGATES, move.stream)

    assert (report.level, report.findings[0].position) == ("damage", move.position)


def test_a_game_whose_opening_was_changed_has_that_one_finding(data: Path) -> None:
    opened = events(data, "game.opened")[0]
    with hand_in(data) as db:
        db.execute("UPDATE events SET time = time + 1 WHERE position = ?", (opened.position,))

    with Home(data) as home:
        report = verify_stream(home.store, AGGREGATES, opened.stream)

    assert [finding.position for finding in report.findings] == [opened.position]


def imported(data: Path, to: Path) -> Report:
    """The log of ``data`` in a home with another vault, verified."""
    with Home(data) as old, Home(to) as new, (to / "log.jsonl").open("w+b") as file:
        export(old.store, file)
        file.seek(0)
        import_(new.store, file)
        return verify(new.store, AGGREGATES)


def test_an_imported_log_is_checked_with_the_seeds_that_were_revealed(data: Path, tmp_path: Path) -> None:
    report = imported(data, tmp_path / "elsewhere")

    assert report.level == "note"
    assert report.draws == sum(event.tag.startswith("game.chance_") for event in events(data))
    assert report.sealed == 1 + 4  # the fist of the game that goes on stays closed


def test_a_running_game_whose_seed_is_elsewhere_is_noted(data: Path, tmp_path: Path) -> None:
    notes = [str(finding) for finding in imported(data, tmp_path / "elsewhere").findings]

    assert any("2 games are not fully checked" in note for note in notes)


def test_an_imported_log_with_a_wrong_seed_is_damaged_where_it_is_revealed(
    data: Path, tmp_path: Path
) -> None:
    ended = events(data, "game.ended")[2]
    rewrite(data, ended.position, {**json.loads(ended.payload), "seed": "ab" * 32})

    report = imported(data, tmp_path / "elsewhere")

    assert (report.level, report.findings[0].position) == ("damage", ended.position)


def test_a_game_whose_rules_are_not_installed_is_odd(data: Path) -> None:
    opened = events(data, "game.opened")[0]
    rewrite(data, opened.position, {**json.loads(opened.payload), "game": "senet"})
    head_is_lost(data)

    report = audit(data)

    assert report.level == "doubt"
    assert "no game 'senet'" in report.findings[0].sentence


def test_a_snapshot_that_is_not_what_the_log_gives_is_odd(data: Path) -> None:
    with Home(data) as home:
        key = home.store.streams("game")[0]
        state = GAMES.encode(home.store.fold(GAMES, key, 5).state)
        with home.store.transaction() as transaction:
            transaction.snapshot("game", f"game:{key}", 5, state)
            transaction.snapshot("game", f"game:{key}", 6, state)

    report = audit(data)

    assert (report.level, report.snapshots) == ("doubt", 2)
    assert f"game:{key} at version 6" in report.findings[0].sentence


def test_a_snapshot_of_what_never_was_is_odd(data: Path) -> None:
    with Home(data) as home:
        key = home.store.streams("game")[0]
        state = GAMES.encode(home.store.fold(GAMES, key).state)
        with home.store.transaction() as transaction:
            transaction.snapshot("game", f"game:{key}", 99, state)

    assert audit(data).level == "doubt"
