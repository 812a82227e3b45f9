"""What a read model answers, as tables, JSON and CSV."""

import csv
import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console

from milena.readside import Answered
from milena.terminal.answers import csv_text, records, table

NAMES = {"p1": "ann", "p2": "bob \x1b[2Jthe bad"}
TIME = 1_785_000_000_123


@pytest.fixture(autouse=True)
def _in_kolkata(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def name(player: str) -> str:
    return NAMES.get(player, player)


def shown(answered: Answered) -> str:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(table(answered, name))
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def one(**fields: Any) -> Answered:
    return Answered(tuple(fields), [tuple(fields.values())], False)


def test_players_are_shown_by_name_and_times_as_on_the_wall() -> None:
    told = shown(one(time=TIME, player="p1", command="open", duration_us=1234, points=3))
    assert told.splitlines()[0].split() == ["time", "player", "command", "duration", "points"]
    assert told.splitlines()[1].split() == ["2026-07-25", "22:50:00", "ann", "open", "1.2", "ms", "3"]


def test_programs_get_the_id_and_the_name_iso_times_and_milliseconds() -> None:
    answered = one(time=TIME, player="p1", host="p9", duration_us=1234)
    assert records(answered, name) == [
        {
            "time": "2026-07-25T17:20:00.123Z", "player": "p1", "player_name": "ann", "host": "p9",
            "host_name": "p9", "duration_ms": 1.234,
        }
    ]  # fmt: skip


def test_csv_has_headings_also_where_there_are_no_rows() -> None:
    answered = Answered(("time", "player", "text"), [(TIME, "p1", 'a "b",\nc')], False)
    rows = list(csv.reader(io.StringIO(csv_text(answered, name), newline="")))
    assert rows == [
        ["time", "player", "player_name", "text"],
        ["2026-07-25T17:20:00.123Z", "p1", "ann", 'a "b",\nc'],
    ]
    none = csv_text(answered._replace(rows=[]), name)
    assert none == "time,player,player_name,text\r\n"


def test_what_is_not_there_is_empty() -> None:
    answered = one(ready=0, player=None, duration_us=None, last=None)
    assert shown(answered).splitlines()[1].strip() == ""
    assert records(answered, name) == [
        {"ready": None, "player": None, "player_name": None, "duration_ms": None, "last": None}
    ]


def test_a_text_of_a_players_can_not_command_the_terminal() -> None:
    told = shown(one(player="p2", text="[red]one\ntwo\x9b31m\u202ethree"))
    assert "\x1b" not in told
    assert "bob ?[2Jthe bad" in told
    assert "[red]one two?31m?three" in told
    assert len(told.splitlines()) == 2


@pytest.mark.parametrize("odd", [10**17, -(10**17), "never", 1.5, b"\xff"])
def test_a_question_with_an_odd_time_is_shown_as_it_is(odd: Any) -> None:
    answered = one(time=odd, duration_us=odd, player=odd)
    assert shown(answered)
    assert records(answered, name)
    assert csv_text(answered, name)
