"""The corpus: every release replays every recorded game."""

import json
from pathlib import Path

import pytest

from milena import games
from milena.aggregates import GAMES
from milena.domain.refusal import Refused
from milena.home import Home
from milena.replay.corpus import Difference, again, check, corpus, read, record, recordings, write

RECORDED = dict(recordings(corpus()))


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_game_replays_as_it_was_recorded(name: str) -> None:
    recording = read(RECORDED[name].read_bytes())

    plies = check(GAMES, recording)

    tags = [line.tag for line in recording.lines]
    assert tags.count("game.ended") == 1
    assert (plies > 0) == ("game.started" in tags)


@pytest.mark.parametrize("game", games.names())
def test_every_game_has_at_least_three_recordings(game: str) -> None:
    headers = [json.loads(RECORDED[name].read_bytes().splitlines()[0]) for name in RECORDED]

    assert sum(header["game"] == game for header in headers) >= 3


def test_everything_that_can_happen_to_a_game_is_recorded_somewhere() -> None:
    lines = [line for file in RECORDED.values() for line in read(file.read_bytes()).lines]
    ends = {json.loads(bytes(line.payload))["how"] for line in lines if line.tag == "game.ended"}

    assert ends >= {"finished", "resigned", "agreed", "timeout", "aborted", "declined", "expired", "voided"}
    assert {event.tag for event in GAMES.events} == {line.tag for line in lines}


def test_a_recording_is_written_as_it_is_read() -> None:
    for name, file in RECORDED.items():
        assert write(read(file.read_bytes())) == file.read_bytes(), name


def test_a_game_from_the_log_is_recorded_and_replays(data: Path) -> None:
    with Home(data) as home:
        for key in home.store.streams("game")[:4]:
            events = [(row.tag, row.payload, row.time) for row in home.store.stream(f"game:{key}")]

            recording = read(write(record(GAMES, key, events)))

            assert check(GAMES, recording) == home.store.fold(GAMES, key).state.ply
            assert [(line.tag, bytes(line.payload).decode(), line.time) for line in recording.lines] == events


def test_a_game_that_goes_on_is_not_recorded(data: Path) -> None:
    with Home(data) as home:
        key = home.store.streams("game")[-1]
        events = [(row.tag, row.payload, row.time) for row in home.store.stream(f"game:{key}")]

    with pytest.raises(Refused, match="goes on"):
        record(GAMES, key, events)


def spoil(name: str, number: int, **fields: object) -> bytes:
    """A recording of the corpus with another line ``number``."""
    lines = RECORDED[name].read_bytes().splitlines()
    line = {**json.loads(lines[number - 1]), **fields}
    lines[number - 1] = json.dumps(line, separators=(",", ":")).encode()
    return b"".join(line + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"state": {"x": 1, "o": 32}}, "the state after ply 2"),
        ({"state": {"x": "1"}}, "the state after ply 2"),
        ({"state": None}, "the state after ply 2"),
        ({"views": ["0" * 16] * 3}, "the views after ply 2"),
        ({"payload": {"ply": 2, "seat": 1, "move": "1"}}, "can't be replayed: Cell 1 is taken"),
        ({"payload": {"ply": 2, "seat": 0, "move": "2"}}, "not the turn of seat 0"),
        ({"tag": "game.exploded"}, "game.exploded can't be replayed"),
        ({"surprise": 1}, "can't be read"),
    ],
)
def test_the_first_line_that_differs_is_named(fields: dict[str, object], why: str) -> None:
    with pytest.raises(Difference, match=why) as difference:
        check(GAMES, read(spoil("tictactoe/won.jsonl", 7, **fields)))

    assert difference.value.line == 7


def test_a_draw_that_the_seed_does_not_give_differs() -> None:
    tag, number = "game.chance_drawn", 5
    payload = json.loads(RECORDED["2048/aborted.jsonl"].read_bytes().splitlines()[number - 1])["payload"]
    other = "1=4" if payload["outcome"] != "1=4" else "1=2"

    with pytest.raises(Difference, match="not what the seed gives") as difference:
        check(
            GAMES,
            read(spoil("2048/aborted.jsonl", number, tag=tag, payload={**payload, "outcome": other})),
        )

    assert difference.value.line == number


@pytest.mark.parametrize("kept", [0, 1, 2, 6])
def test_a_recording_that_was_cut_differs(kept: int) -> None:
    lines = RECORDED["tictactoe/won.jsonl"].read_bytes().splitlines()[:kept]

    with pytest.raises(Difference):
        check(GAMES, read(b"\n".join(lines)))


def test_a_recording_of_another_game_than_its_header_says_differs() -> None:
    with pytest.raises(Difference, match="line 2"):
        check(GAMES, read(spoil("tictactoe/won.jsonl", 1, game="connect4")))


def test_views_that_were_changed_on_purpose_are_recorded_again_and_states_are_not() -> None:
    original = RECORDED["tictactoe/won.jsonl"].read_bytes()
    other_views = spoil("tictactoe/won.jsonl", 7, views=["0" * 16] * 3)
    other_state = spoil("tictactoe/won.jsonl", 7, state={"x": 1, "o": 32})

    assert write(again(GAMES, read(other_views))) == original
    with pytest.raises(Difference, match="line 7"):
        again(GAMES, read(other_state))


def test_rules_that_play_another_way_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = games.load("2048")
    monkeypatch.setattr(rules, "chances", lambda state: [("1=2", 1)], raising=False)

    with pytest.raises(Difference, match="not what the seed gives"):
        check(GAMES, read(RECORDED["2048/target-64.jsonl"].read_bytes()))
