"""What is typed into a question's fields becomes what the question takes."""

import sqlite3
from pathlib import Path

import pytest
from serving import Server

from milena.home import Home
from milena.readside import load, names
from milena.readside.question import parse
from milena.terminal.when import when
from milena.web.asked import Typed, canned


def sql(text: str) -> str:
    return str(canned(parse("model", "name", f"-- Title\n{text}"))["sql"])


def test_only_parameters_are_wrapped() -> None:
    wrapped = sql("SELECT ':kind', \":kind\" -- :kind\n, /* :kind */ :kind FROM t WHERE x = :kind OR a::kind")
    assert wrapped.count("nullif(trim(:kind), '')") == 2
    assert "SELECT ':kind', \":kind\" -- :kind\n, /* :kind */ nullif" in wrapped
    assert wrapped.endswith("a::kind")


def test_a_field_that_was_left_empty_is_null() -> None:
    db = sqlite3.connect(":memory:")
    question = sql("SELECT :kind IS NULL, :position IS NULL, :limit, :offset")
    empty = {"kind": " ", "position": "", "limit": "", "offset": ""}
    assert db.execute(question, empty).fetchone() == (1, 1, 20, 0)
    given = {"kind": " chess ", "position": "12", "limit": "7", "offset": "14"}
    assert db.execute(question, given).fetchone() == (0, 0, 7, 14)


def test_nobody_is_asked_for_the_time() -> None:
    described = canned(parse("model", "name", "-- Title\n-- About.\nSELECT :now, :player, :limit"))
    assert described["params"] == ["player", "limit"]
    assert described["title"] == "Title"
    assert described["description"] == "About."


@pytest.fixture
def typed(home: Home) -> Typed:
    return Typed(home.vault, when)


def test_a_player_is_typed_as_a_name_or_an_id(typed: Typed, home: Home) -> None:
    ann = home.vault.player("discord", "1", "Ann")
    assert typed.player(" Ann ") == ann
    assert typed.player(ann) == ann
    assert typed.player("") is None
    assert typed.notes({"player": "Ann"}) == []


def test_of_two_with_one_name_nobody_is_meant(typed: Typed, home: Home) -> None:
    both = [home.vault.player("discord", outside, "Ann") for outside in "12"]
    assert typed.player("Ann") not in both
    [note] = typed.notes({"player": "Ann"})
    assert "2 players are called Ann" in note
    assert all(each in note for each in both)


def test_a_name_that_nobody_has_is_told(typed: Typed) -> None:
    assert typed.notes({"player": "Nobody"}) == [
        "Nobody is called Nobody; as an id it is of nobody who is known now."
    ]


def test_a_time_is_typed_as_people_do_or_as_the_tables_have_it(typed: Typed) -> None:
    assert typed.moment("2026-01-01T00:00:00Z") == 1_767_225_600_000
    assert typed.moment("1767225600000") == 1_767_225_600_000
    assert typed.moment("") is None
    assert typed.moment("soon") is None
    assert "soon is no date" in typed.notes({"until": "soon"})[0]


def test_every_question_can_be_asked_with_empty_fields(server: Server) -> None:
    asked = []
    for name in names():
        if server.get(f"/{name}").status == 404:  # it can't be used
            continue
        for question in load(name).questions:
            answer = server.get(f"/{name}/{question}")
            if "Type the words to look for." not in answer.text:
                assert answer.status == 200, (name, question, answer.text)
            asked.append(question)
    assert {"top", "current", "profile"} <= set(asked)


def test_the_rows_of_a_question_can_be_paged(server: Server) -> None:
    first = server.get("/leaderboard/top?limit=2").text
    assert 'rel="next" href="/leaderboard/top?limit=2&amp;offset=2"' in first
    assert 'rel="prev"' not in first
    second = server.get("/leaderboard/top?limit=2&offset=2").text
    assert 'rel="prev"' in second
    assert first != second


def test_the_data_directory_is_told_nowhere(server: Server, played: object) -> None:
    directory = str(played.directory)  # type: ignore[attr-defined]
    for path in (
        "/",
        "/.json",
        "/leaderboard",
        "/leaderboard.json",
        "/leaderboard/top.json",
        "/audit/entries",
    ):
        answer = server.get(path)
        assert answer.status == 200
        assert directory not in answer.text
        assert Path(directory).name + "/" not in answer.text
