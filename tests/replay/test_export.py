"""An export holds the whole log; an import of it gives the same chain, or nothing."""

import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from spoiling import audit, chain_anew, hand_in

from milena.aggregates import AGGREGATES
from milena.home import Home
from milena.replay.export import BadLine, export, import_
from milena.replay.verify import verify
from milena.store import Damaged, Unavailable


@pytest.fixture
def lines(data: Path) -> list[bytes]:
    """The export of a log with something of everything in it."""
    with Home(data) as home:
        return exported(home).splitlines(keepends=True)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "empty") as home:
        yield home


def exported(home: Home, upto: int = 2**62) -> bytes:
    out = io.BytesIO()
    export(home.store, out, upto)
    return out.getvalue()


def test_an_import_of_an_export_gives_the_same_log(data: Path, empty: Home) -> None:
    with Home(data) as home:
        head = import_(empty.store, io.BytesIO(exported(home)))

        assert head == empty.store.head() == home.store.head()
        assert list(empty.store.scan()) == list(home.store.scan())
        assert exported(empty) == exported(home)


def test_the_header_tells_how_many_events_follow_and_the_hash_of_the_last(lines: list[bytes]) -> None:
    header, last = json.loads(lines[0]), json.loads(lines[-1])

    assert header["format"] == 1
    assert header["events"] == last["position"] == len(lines) - 1
    assert header["head"] == last["hash"]


def test_an_export_up_to_a_position_is_a_whole_log_of_its_own(data: Path, empty: Home) -> None:
    with Home(data) as home:
        head = import_(empty.store, io.BytesIO(exported(home, upto=20)))

        assert head.position == 20
        assert list(empty.store.scan()) == list(home.store.scan(upto=20))


def test_an_empty_log_goes_out_and_in(tmp_path: Path, empty: Home) -> None:
    with Home(tmp_path / "other") as other:
        assert import_(empty.store, io.BytesIO(exported(other))).position == 0


def test_an_imported_game_goes_on_where_its_vault_goes_along(
    data: Path, tmp_path: Path, invocation: Callable[..., object]
) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    (moved / "vault.db").write_bytes((data / "vault.db").read_bytes())
    with Home(data) as home, Home(moved) as new:
        import_(new.store, io.BytesIO(exported(home)))
        opened = [event for event in home.store.scan() if event.tag == "game.opened"][4]
        with new.engine() as engine:
            key = opened.stream.removeprefix("game:")
            answer = engine.call(invocation("move", opened.player, game=key, move="4"))  # type: ignore[arg-type]

    assert answer.verdict == "accepted"
    with Home(moved) as new:  # the head is noted by now
        assert verify(new.store, AGGREGATES).level is None


def test_a_log_that_has_events_takes_no_import_and_stays_as_it_is(data: Path, lines: list[bytes]) -> None:
    with Home(data) as home:
        before = home.store.head()

        with pytest.raises(Unavailable, match=r"needs an empty one.*--data"):
            import_(home.store, io.BytesIO(b"".join(lines)))

        assert home.store.head() == before


def change(**fields: object) -> Callable[[bytes], bytes]:
    return lambda line: json.dumps({**json.loads(line), **fields}).encode() + b"\n"


def without(field: str) -> Callable[[bytes], bytes]:
    return lambda line: json.dumps({k: v for k, v in json.loads(line).items() if k != field}).encode()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (change(time=5), "its hash does not follow"),
        (change(payload="{}"), "its hash does not follow"),
        (change(payload="x" * 10_000), "its hash does not follow"),
        (change(hash="00" * 32), "its hash does not follow"),
        (change(position=12), "it has position 12, and 9 is due"),
        (change(version="9"), "Expected `int`"),
        (change(time=10**30), "Expected `int` <= "),
        (change(hash="zz"), "Expected `str` matching"),
        (change(surprise=1), "unknown field `surprise`"),
        (without("player"), "missing required field `player`"),
        (lambda line: line[:40], "not what 'milena export' writes"),
        (lambda line: b"\n", "not what 'milena export' writes"),
        (lambda line: b"\xff\x00garbage" * 1000 + b"\n", "not what 'milena export' writes"),
        (lambda line: b"[" * 10_000 + b"\n", "not what 'milena export' writes"),
        (lambda line: b'{"surprise":' * 10_000 + b"\n", "not what 'milena export' writes"),
    ],
)
def test_the_first_line_that_is_not_right_is_named_and_nothing_is_written(
    lines: list[bytes], empty: Home, spoil: Callable[[bytes], bytes], why: str
) -> None:
    lines[9] = spoil(lines[9])

    with pytest.raises(BadLine, match=why) as error:
        import_(empty.store, io.BytesIO(b"".join(lines)))

    assert error.value.line == 10
    assert str(error.value).startswith("line 10: ")
    assert empty.store.head().position == 0


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda lines: lines[:30], 31),
        (lambda lines: [*lines[:30], lines[30][:25]], 31),
        (lambda lines: [*lines[:30], *lines[31:]], 31),
        (lambda lines: [*lines[:30], lines[31], lines[30], *lines[32:]], 31),
        (lambda lines: [*lines, lines[-1]], None),
        (lambda lines: lines[1:], 1),
        (lambda lines: [], 1),
        (lambda lines: [change(format=0)(lines[0]), *lines[1:]], 1),
        (lambda lines: [change(events=7)(lines[0]), *lines[1:]], 9),
        (lambda lines: [change(head="00" * 32)(lines[0]), *lines[1:]], None),
    ],
    ids=[
        "cut behind a line", "cut in a line", "a line left out", "two lines swapped", "the last line twice",
        "no header", "nothing", "another format", "another count", "another head",
    ],
)  # fmt: skip
def test_a_file_that_is_not_whole_is_refused_and_nothing_is_written(
    lines: list[bytes], empty: Home, spoil: Callable[[list[bytes]], list[bytes]], line: int | None
) -> None:
    spoiled = spoil(lines)

    with pytest.raises(BadLine) as error:
        import_(empty.store, io.BytesIO(b"".join(spoiled)))

    assert error.value.line == (line or len(spoiled))
    assert empty.store.head().position == 0


def test_a_file_of_a_newer_release_names_it(lines: list[bytes], empty: Home) -> None:
    newer = change(format=2, milena="0.9.0", more=1)(lines[0])

    with pytest.raises(Unavailable, match=r"Milena 0\.9\.0 wrote it in format 2, and this release knows 1"):
        import_(empty.store, io.BytesIO(b"".join([newer, *lines[1:]])))

    assert empty.store.head().position == 0


def test_a_file_without_line_ends_is_refused_before_it_fills_the_memory(empty: Home) -> None:
    class Endless(io.RawIOBase):
        def readline(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= 1 << 26
            return b"x" * size

    with pytest.raises(BadLine, match="line 1: it is longer than 16 MiB"):
        import_(empty.store, Endless())  # type: ignore[arg-type]


def test_an_invocation_that_comes_twice_is_named_though_the_chain_fits(data: Path, empty: Home) -> None:
    with hand_in(data) as db:
        last = db.execute("SELECT max(position) FROM events").fetchone()[0]
        db.execute("DROP INDEX events_invocation")
        db.execute(
            "UPDATE events SET invocation = (SELECT invocation FROM events) WHERE position = ?", (last,)
        )
        chain_anew(db, last)
    with Home(data) as home, pytest.raises(BadLine, match="invocation id was there before") as error:
        import_(empty.store, io.BytesIO(exported(home)))

    assert error.value.line == last + 1
    assert empty.store.head().position == 0


def test_a_log_with_a_gap_is_not_exported(data: Path) -> None:
    with hand_in(data) as db:
        db.execute("DELETE FROM events WHERE position = 7")

    with Home(data) as home, pytest.raises(Damaged, match="position 7 is missing"):
        exported(home)


def test_a_changed_event_is_exported_as_it_is_and_found_by_the_import(data: Path, empty: Home) -> None:
    with hand_in(data) as db:
        db.execute("UPDATE events SET player = 'eve' WHERE position = 7")

    with Home(data) as home, pytest.raises(BadLine) as error:
        import_(empty.store, io.BytesIO(exported(home)))

    assert error.value.line == 8
    assert audit(data).findings[0].position == 7


def test_a_long_log_goes_out_and_in_with_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    def peak(events: int) -> int:
        file = tmp_path / f"{events}.jsonl"
        with Home(tmp_path / f"from{events}") as home, Home(tmp_path / f"to{events}") as new:
            with home.store.transaction() as transaction:
                transaction.append(
                    ("member:t:ann", n, "command.invoked", "{}", 0, "ann", "t", f"i{n}", None, f"i{n}")
                    for n in range(1, events + 1)
                )
            tracemalloc.start()
            with file.open("wb") as out:
                export(home.store, out)
            with file.open("rb") as source:
                import_(new.store, source)
            used = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return used

    short, long = peak(3000), peak(12000)

    assert long < short + 500_000
