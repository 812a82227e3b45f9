"""Ids: short, typable, sorted by time, and never the same twice."""

from threading import Thread

import pytest
from freezegun import freeze_time

from milena.domain import ids
from milena.domain.ids import ALPHABET, new_id


@pytest.fixture(autouse=True)
def _forget_the_last_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a new process does, and leaves no tick of a far future behind."""
    monkeypatch.setattr(ids, "_tick", 0)


def test_an_id_is_twelve_characters_that_are_not_mistaken_for_others() -> None:
    for _ in range(1000):
        made = new_id()
        assert len(made) == 12
        assert set(made) <= set(ALPHABET)
    assert len(set(ALPHABET)) == 32
    assert not set("ilou") & set(ALPHABET)
    assert list(ALPHABET) == sorted(ALPHABET)


def test_a_later_id_sorts_behind_an_earlier_one() -> None:
    years = [f"{year}-06-01 12:00:00" for year in range(2030, 2058)]
    made = []
    for moment in years:
        with freeze_time(moment):
            made.append(new_id())
    assert made == sorted(made)
    assert len({len(each) for each in made}) == 1


def test_one_tick_later_is_enough() -> None:
    with freeze_time("2057-12-31 00:00:00") as clock:
        made = []
        for _ in range(100):
            made.append(new_id())
            clock.tick(1 / 32)
    assert made == sorted(made)


def test_a_clock_that_is_set_back_gives_no_id_twice_and_no_earlier_prefix() -> None:
    with freeze_time("2050-01-01 00:00:00"):
        before = new_id()
    with freeze_time("2030-01-01 00:00:00"):
        after = [new_id() for _ in range(1000)]
    assert before not in after
    assert {each[:7] for each in after} == {before[:7]}


def test_ids_of_one_moment_sort_as_they_were_given() -> None:
    with freeze_time("2050-01-01 00:00:00"):
        made = [new_id() for _ in range(32**3)]
    assert made == sorted(made)


def test_two_processes_rarely_begin_a_tick_at_the_same_place() -> None:
    tails = set()
    for _ in range(1000):  # each tick begins as that of another process would
        ids._tick = 0
        tails.add(new_id()[7:])
    assert len(tails) > 990


def test_ids_are_unique_across_threads() -> None:
    made: list[list[str]] = [[] for _ in range(8)]

    def make(into: list[str]) -> None:
        into.extend(new_id() for _ in range(10_000))

    threads = [Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each for into in made for each in into}) == 80_000


def test_more_ids_than_one_tick_holds_are_those_of_the_next_ticks() -> None:
    with freeze_time("2050-01-01 00:00:00"):
        made = [new_id() for _ in range(80_000)]
    assert len(set(made)) == 80_000
    assert len({each[:7] for each in made}) == 3, "a tick holds 32768 ids"


def test_the_prefix_is_the_time_that_is_written_down() -> None:
    with freeze_time("2024-01-01 00:00:10"):
        made = new_id()
    ticks = 0
    for letter in made[:7]:
        ticks = ticks * 32 + ALPHABET.index(letter)
    assert ticks == 320
