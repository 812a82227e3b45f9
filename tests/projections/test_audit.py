"""The audit: a row for all that was called and played, with nothing secret in it, and each guild its own."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any

import pytest
from book import MINUTE, START, Book
from folding import Row, cuts, fold, orders, played, playing
from hypothesis import given, settings
from scenario import Called, Played, Scenario

from milena.domain.case import CaseAmended, CaseOpened
from milena.domain.effect import Details, EffectDone, EffectFailed, EffectIntended
from milena.domain.guild.events import (
    CooldownBegan,
    MaintenanceChanged,
    PermissionChanged,
    Restricted,
    RestrictionLifted,
    SettingChanged,
)
from milena.domain.ids import Place, PlayerId
from milena.domain.member import CommandInvoked, CommandThrottled

MOVES = ("game.move_played", "game.move_hidden", "game.choice_sealed")
SEALED = {"rock-paper-scissors"}
"""Games whose moves nobody else may know when they are made."""
WITHOUT_MOVE = {"rock-paper-scissors", "minesweeper"}
"""Games of these stories whose commands are recorded without the move, as they led to something sealed."""


def as_told(called: Called) -> Row:
    """The row of a command, as those who were there would write it."""
    return {
        "position": called.position,
        "time": called.time,
        "guild": called.guild,
        "channel": called.channel,
        "player": called.player,
        "command": called.command,
        "verdict": called.verdict,
        "code": called.code or None,
        "sentence": called.sentence or None,
        "game": called.game,
        "correlation": called.correlation,
        "ready": called.ready or None,
    }


def options_as_told(called: Called, games: dict[str, Played]) -> dict[str, Any]:
    kind = games[called.game].kind if called.game in games else ""
    hidden = {"salt"} | ({"move"} if called.command == "move" and kind in WITHOUT_MOVE else set())
    told = {name: value for name, value in called.options.items() if name not in hidden}
    if told.get("questions"):
        told["questions"] = f"{len(told['questions'])} given"
    return told


@settings(max_examples=25)
@given(played, orders, cuts)
def test_the_rows_are_the_same_however_the_log_is_cut(stories: Any, order: int, cuts: set[int]) -> None:
    with (
        playing(stories, order) as scenario,
        fold(scenario, "audit") as whole,
        fold(scenario, "audit", cuts) as cut,
    ):
        assert cut.dump() == whole.dump()


@settings(max_examples=25)
@given(played, orders)
def test_every_command_has_a_row_that_tells_what_came_of_it(stories: Any, order: int) -> None:
    with playing(stories, order) as scenario, fold(scenario, "audit") as audit:
        told = [as_told(called) for called in scenario.called]
        names = ", ".join(told[0])
        assert (
            audit.rows(f"SELECT {names} FROM entries WHERE tag = 'command.invoked' ORDER BY position") == told
        )
        rows = audit.rows("SELECT options FROM entries WHERE verdict = 'accepted' ORDER BY position")
        accepted = [called for called in scenario.called if called.verdict == "accepted"]
        assert [json.loads(row["options"]) for row in rows] == [
            options_as_told(called, scenario.games) for called in accepted
        ]


@settings(max_examples=25)
@given(played, orders)
def test_every_move_and_ending_has_a_row_in_the_guild_of_its_game(stories: Any, order: int) -> None:
    with playing(stories, order) as scenario, fold(scenario, "audit") as audit:
        for game in scenario.games.values():
            rows = audit.rows(
                "SELECT * FROM entries WHERE game = ? AND tag LIKE 'game.%' ORDER BY position", game.key
            )
            assert {(row["guild"], row["channel"]) for row in rows} == {(game.guild, game.channel)}
            moves = [(row["player"], row["detail"]) for row in rows if row["tag"] in MOVES]
            assert moves == [
                (player, "(sealed)" if game.kind in SEALED else move) for player, move in game.moves
            ]
            endings = [(row["time"], row["code"]) for row in rows if row["tag"] == "game.ended"]
            assert endings == ([(game.ended, game.how)] if game.ended else [])
            voided = [row["detail"] for row in rows if row["tag"] == "game.voided"]
            assert voided == ([game.voided] if game.voided else [])


@settings(max_examples=15)
@given(played, orders)
def test_a_guild_sees_its_own_rows_and_all_of_them(stories: Any, order: int) -> None:
    with playing(stories, order) as scenario, fold(scenario, "audit") as audit:
        for guild in (*scenario.guilds, "nowhere"):
            here = [called for called in scenario.called if called.guild == guild]
            refused = [called.position for called in here if called.verdict != "accepted"]
            assert [row["position"] for row in audit.ask("refused", guild)] == refused[::-1]
            counted = Counter((c.command, c.code) for c in here if c.verdict != "accepted")
            asked = {(row["command"], row["code"]): row["times"] for row in audit.ask("most_refused", guild)}
            assert asked == counted
            games = [game for game in scenario.games.values() if game.guild == guild]
            moves = Counter(player for game in games for player, _ in game.moves)
            asked = {row["player"]: row["moves"] for row in audit.ask("moves_per_player", guild)}
            assert asked == moves
            undone = {
                row["game"]: row["what"] for row in audit.ask("undone", guild) if "taken" not in row["what"]
            }
            assert undone == {
                game.key: "voided" if game.voided else "aborted"
                for game in games
                if game.voided or game.how == "aborted"
            }


def test_the_story_of_a_game_is_for_its_guild_and_has_all_of_it(everything: Scenario) -> None:
    with fold(everything, "audit") as audit:
        for game in everything.games.values():
            story = audit.ask("story", game.guild, game=game.key)
            assert story[0]["tag"] == "game.opened"
            assert len([row for row in story if row["tag"] in MOVES]) == len(game.moves)
            refused = [
                called.code
                for called in everything.called
                if (called.game, called.guild) == (game.key, game.guild) and called.verdict != "accepted"
            ]
            assert [row["code"] for row in story if row["command"]] == refused
            other = "812" if game.guild == "811" else "811"
            told = [row["tag"] for row in audit.ask("story", other, game=game.key)]
            assert set(told) <= {"command.invoked"}  # what its own people called


def test_a_player_is_found_with_all_but_moves(everything: Scenario) -> None:
    with fold(everything, "audit") as audit:
        for player in everything.people:
            expected = [
                called.position
                for called in everything.called
                if called.player == player and (called.command != "move" or called.verdict != "accepted")
            ]
            assert [row["position"] for row in audit.ask("by_player", player=player)] == expected[::-1]


def test_what_is_routine_is_known_without_its_payload(everything: Scenario) -> None:
    """What the view says of a routine command, it says without a look."""
    with fold(everything, "audit", cuts=range(1, everything.head)) as audit:
        routine = audit.rows(
            "SELECT payload ->> '$.command' AS command, payload ->> '$.verdict' AS verdict, "
            "payload ->> '$.options.game' AS game, game AS known "
            "FROM _records WHERE routine = 1 AND tag = 'command.invoked'"
        )
        moves = [each for each in everything.called if (each.command, each.verdict) == ("move", "accepted")]
        assert [row.pop("known") for row in routine] == [each.game for each in moves]
        assert routine == [{"command": "move", "verdict": "accepted", "game": each.game} for each in moves]


def test_a_move_is_told_also_where_its_command_was_left_out(everything: Scenario) -> None:
    with fold(everything, "audit") as audit:
        moves = audit.rows("SELECT position, causation, game, detail FROM entries WHERE played = 1")
    with fold(everything, "audit", dropped=[move["causation"] for move in moves]) as audit:
        left = audit.rows(
            "SELECT position, causation, game, detail FROM entries WHERE tag IN (?, ?, ?) ORDER BY position",
            *MOVES,
        )
    assert len(moves) > 10
    assert left == sorted(moves, key=lambda move: int(move["position"]))


def test_the_commands_around_an_event(everything: Scenario) -> None:
    positions = [called.position for called in everything.called]
    middle = len(positions) // 2
    with fold(everything, "audit") as audit:
        rows = audit.ask("around", position=positions[middle])
        assert [row["position"] for row in rows] == positions[middle - 9 : middle + 11]
        assert len(audit.ask("around", position=0)) == 10


def test_whom_much_is_refused(everything: Scenario) -> None:
    counted = Counter(called.player for called in everything.called if called.verdict != "accepted")
    with fold(everything, "audit") as audit:
        assert {row["player"]: row["refused"] for row in audit.ask("restless")} == counted


# -------------------------------------------------------------------------------------------- words


@pytest.fixture
def talk(scenario: Scenario) -> Scenario:
    scenario.play([("talk", 0), ("voided_in_play", 2)])
    return scenario


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("egypt", []),
        ("ägypten", ["say"]),
        ("AGYPTEN morning", ["say"]),
        ("wants to read", ["say"]),
        ("buy", ["say"]),
        ("bug", ["explode"]),
        ("uberzeugend", ["void", None]),
        ("quattuor", []),
        ("operator", ["explode"]),
        ('"', []),
        ("", []),
        ("buy OR bug", []),
        ('buy" OR "bug', []),
        ("spam*", ["say"]),
        ("NOT", []),
        ("text:spam", []),
    ],
)
def test_words_are_found_as_words(talk: Scenario, text: str, command: list[str | None]) -> None:
    with fold(talk, "audit") as audit:
        assert sorted(row["command"] or "" for row in audit.ask("search", text=text)) == sorted(
            each or "" for each in command
        )


def test_a_guild_searches_its_own_words_only(talk: Scenario) -> None:
    with fold(talk, "audit") as audit:
        assert len(audit.ask("search", "811", text="buy")) == 1
        assert audit.ask("search", "81", text="buy") == []


# ----------------------------------------------------------------------------------------- secrets


def test_nothing_secret_is_in_it(everything: Scenario) -> None:
    with fold(everything, "audit") as audit:
        everything_said = repr(audit.dump())
        hidden = audit.rows(
            "SELECT DISTINCT detail FROM entries WHERE tag LIKE '%hidden' OR tag LIKE '%sealed'"
        )
    assert hidden == [{"detail": "(sealed)"}]
    for game in everything.games:
        assert everything.home.vault.seed(game).hex() not in everything_said
    assert "quattuor" not in everything_said
    assert "1 given" in everything_said


def test_what_only_the_log_may_hold_is_not_in_the_file(everything: Scenario) -> None:
    with fold(everything, "audit") as audit:
        sealed = audit.rows(
            "SELECT payload FROM _records WHERE tag LIKE '%hidden' OR tag = 'game.choice_sealed'"
        )
        assert len(sealed) > 10
        assert all({"move", "outcome"}.isdisjoint(json.loads(row["payload"])) for row in sealed)
        answered = "SELECT count(*) AS n FROM _records WHERE routine = 0 AND payload ->> '$.result' <> ''"
        assert audit.rows(answered) == [{"n": 0}]
        assert audit.rows("SELECT 1 FROM _records WHERE tag = 'game.ended' AND payload LIKE '%seed%'") == []


def test_salts_are_left_out(scenario: Scenario) -> None:
    game = scenario.call("open", scenario.people[0], "811/1", game="tictactoe", salt="pepper").result["game"]
    scenario.call("join", scenario.people[1], "811/1", about=game, salt="paprika")
    with fold(scenario, "audit") as audit:
        said = repr(audit.dump())
        assert "pepper" not in said
        assert "paprika" not in said
        rows = audit.rows("SELECT options FROM entries WHERE command = 'join'")
        assert rows == [{"options": json.dumps({"game": game}, separators=(",", ":"))}]


def add(scenario: Scenario, stream: str, tag: str, payload: dict[str, Any], place: str) -> int:
    """An event that nobody here can cause; returns its position."""
    position = scenario.head + 1
    with closing(sqlite3.connect(scenario.home.store.path, isolation_level=None)) as db:
        row = (
            position,
            stream,
            1,
            tag,
            json.dumps(payload, separators=(",", ":")),
            7,
            "somebody",
            place,
            "cause",
            3,
            None,
            bytes(32),
        )
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return position


def test_events_of_later_releases_have_what_the_envelope_tells(scenario: Scenario) -> None:
    # given an event that this release does not know
    scenario.play([("won", 0)])
    position = add(scenario, "member:811:x", "member.warned", {"secret": "words"}, "811/2")
    # when it is folded, then there is a row, which tells nothing that may be secret
    with fold(scenario, "audit") as audit:
        (row,) = audit.rows("SELECT * FROM entries WHERE position = ?", position)
        told = {name: value for name, value in row.items() if value is not None}
        assert told == {
            "position": position, "routine": 0, "played": 0, "time": 7, "guild": "811", "channel": "2",
            "player": "somebody", "tag": "member.warned", "correlation": "cause", "causation": 3,
        }  # fmt: skip


def test_a_game_that_is_set_aside_is_told_in_its_guild(scenario: Scenario) -> None:
    payload = {"game": "g", "version": 3, "failing": "game.x", "ply": 2, "problem": "it can't be replayed"}
    add(scenario, "lobby:811", "lobby.game_set_aside", payload, "812/1")
    with fold(scenario, "audit") as audit:
        (row,) = audit.ask("story", "811", game="g")
        assert (row["tag"], row["detail"]) == ("lobby.game_set_aside", "it can't be replayed")
        assert audit.ask("story", "812", game="g") == []


def test_things_in_a_list_are_counted_wherever_they_stand(scenario: Scenario) -> None:
    mixed = ["first", {"answer": "quattuor"}]
    options = {"mixed": mixed, "deep": {"x": mixed}}
    payload = {"command": "say", "verdict": "accepted", "options": options}
    add(scenario, "member:811:x", "command.invoked", payload, "811/2")
    with fold(scenario, "audit") as audit:
        assert "quattuor" not in repr(audit.dump())
        (row,) = audit.rows("SELECT options FROM entries")
        assert json.loads(row["options"]) == {"mixed": "2 given", "deep": {"x": "2 given"}}


# ------------------------------------------------------------------------------------------ guilds


def test_what_is_changed_in_a_guild_says_from_what_to_what() -> None:
    by, book = PlayerId("ann"), Book()
    for event in (
        SettingChanged("timezone", None, "Europe/Vienna", by, START),
        PermissionChanged("user:bob", "/roll", "", "granted", by, START),
        PermissionChanged("role:7", "fun", "granted", "", by, START),
        Restricted(1, "roll", by, START, channel="c1", user="bob", reason="too loud"),
        RestrictionLifted(1, by, START, ran_out=True),
        MaintenanceChanged(True, by, START, "an upgrade"),
        CooldownBegan("roll", START + 1),
    ):
        book.write("guild:8", event, "8/1", by)
    book.write("member:8:bob", CommandThrottled(70, START, START + MINUTE), "8/1", "bob")
    with book.kept(), fold(book, "audit", {3}) as audit:
        rows = audit.rows("SELECT tag, guild, player, detail FROM entries ORDER BY position")
    assert [row["detail"] for row in rows] == [
        "timezone: default → Europe/Vienna",
        "<bob>, /roll: granted",
        "role:7, fun: no rule",
        "#1 /roll, channel c1, <bob>: too loud",
        "#1, its time was over",
        "on: an upgrade",
        "70 more were refused",
    ]
    assert {row["guild"] for row in rows} == {"8"}


def test_what_moderators_do_is_told_with_what_came_of_it() -> None:
    ann, bob, place = PlayerId("ann"), PlayerId("bob"), Place("8/1")
    book = Book()
    book.write("case:8", CaseOpened(1, "kick", ann, START, bob, "rude", effect="e1"), place, ann)
    book.write("effect:e1", EffectIntended("kick", "case:8:1", place, Details(member=bob)), place, ann)
    book.write("effect:e1", EffectFailed("hierarchy", "Bob stands above."), place, "clock")
    book.write("case:8", CaseAmended(1, ann, START, "rude", "very rude"), place, ann)
    book.write("effect:e2", EffectIntended("purge", "case:8:2", place, Details(count=9)), place, ann)
    book.write("effect:e2", EffectDone({"removed": 7}), place, "clock")
    book.write("effect:e3", EffectIntended("message", "reminder:8:bob:1", place), place, "clock")
    book.write("effect:e3", EffectDone({"message": "99"}), place, "clock")
    with book.kept(), fold(book, "audit", {2}) as audit:
        told = [(row["what"], row["code"], row["sentence"]) for row in reversed(audit.ask("latest", "8"))]
        assert told == [
            ("case.opened", None, "case 1, kick <bob>: rude"),
            ("effect.failed", "hierarchy", "Bob stands above."),
            ("case.amended", None, "case 1: very rude"),
            ("effect.done", None, "purge, messages removed: 7"),
        ]
        failed = audit.rows("SELECT detail FROM entries WHERE tag = 'effect.failed'")
        assert failed == [{"detail": "kick <bob>"}]
        assert [row["sentence"] for row in audit.ask("search", "8", text="very")] == ["case 1: very rude"]


def test_nobody_is_told_who_voted_for_what() -> None:
    book = Book()
    voted = CommandInvoked("poll vote", {"poll": "p1", "choice": "aye"}, "accepted", result={"says": "aye"})
    book.write("member:8:ann", voted, "8/1", "ann")
    with book.kept(), fold(book, "audit") as audit:
        (row,) = audit.rows("SELECT * FROM entries")
        assert not any("aye" in str(value) for value in row.values())
        assert audit.ask("search", "8", text="aye") == []
