"""Games: which are open and over, who sits there, and whose turn it is."""

import json
import sqlite3
from contextlib import closing
from typing import Any

from folding import Row, cuts, fold, orders, played, playing
from hypothesis import given, settings
from scenario import DAY, Played, Scenario


def as_told(game: Played) -> Row:
    """The row of a game, as those who were there would write it."""
    return {
        "game": game.key,
        "guild": game.guild,
        "channel": game.channel,
        "kind": game.kind,
        "status": game.status,
        "host": game.host,
        "private": int(game.private),
        "seats": len(game.seats),
        "free": game.free,
        "players": game.players,
        "opened": game.opened,
        "began": game.began,
        "ended": game.ended,
        "how": game.how,
        "voided": game.voided,
        "aside": None,
        "plies": game.plies,
        "turn": sorted(game.turn),
        "since": game.since if game.status == "playing" else None,
        "until": game.until,
        "time": game.time,
    }


def told(row: Row) -> Row:
    """A row as it is there, with its lists decoded. (How an ending is put in words is the game's affair.)"""
    lists = {"players": json.loads(row["players"]), "turn": sorted(json.loads(row["turn"]))}
    return {name: value for name, value in {**row, **lists}.items() if name not in ("reason", "rematch")}


@settings(max_examples=40)
@given(played, orders, cuts)
def test_each_game_stands_as_it_was_played_however_the_log_is_cut(
    stories: Any, order: int, cuts: set[int]
) -> None:
    with playing(stories, order) as scenario, fold(scenario, "games", cuts) as games:
        rows = [told(row) for row in games.rows("SELECT * FROM games ORDER BY game")]
        assert rows == [as_told(game) for _, game in sorted(scenario.games.items())]
        with fold(scenario, "games") as whole:
            assert whole.dump() == games.dump()


@settings(max_examples=20)
@given(played, orders)
def test_seats_and_invitations_are_those_of_the_players(stories: Any, order: int) -> None:
    with playing(stories, order) as scenario, fold(scenario, "games") as games:
        seats = games.rows("SELECT game, seat, guild, player FROM seats")
        assert sorted(map(repr, seats)) == sorted(
            repr({"game": game.key, "seat": seat, "guild": game.guild, "player": player})
            for game in scenario.games.values()
            for seat, player in enumerate(game.seats)
            if player is not None
        )
        invitations = games.rows("SELECT game, guild, player, until FROM invitations")
        assert sorted(map(repr, invitations)) == sorted(
            repr({"game": game.key, "guild": game.guild, "player": player, "until": until})
            for game in scenario.games.values()
            for player, until in game.invited.items()
        )


def test_a_guild_is_told_of_its_own_games(everything: Scenario) -> None:
    with fold(everything, "games") as games:
        for guild in (*everything.guilds, "nowhere"):
            here = [game for game in everything.games.values() if game.guild == guild]
            open_here = {game.key for game in here if game.status != "ended"}
            assert {row["game"] for row in games.ask("open", guild)} == open_here
            over = sorted((game.ended, game.key) for game in here if game.ended)
            assert [(row["ended"], row["game"]) for row in games.ask("ended", guild)] == over[::-1]
            joinable = {
                game.key: game.free
                for game in here
                if game.status == "waiting" and game.free > 0 and not game.private
            }
            assert {row["game"]: row["free"] for row in games.ask("waiting", guild)} == joinable
            invited = {(game.key, player) for game in here for player in game.invited}
            assert {(row["game"], row["player"]) for row in games.ask("invited", guild)} == invited


def test_a_player_is_told_where_the_others_wait(everything: Scenario) -> None:
    with fold(everything, "games") as games:
        for player in everything.people:
            rows = games.ask("by_player", player=player)
            assert {row["game"]: row["my_turn"] for row in rows} == {
                game.key: int(player in game.turn)
                for game in everything.games.values()
                if player in game.players
            }
            over = [row["ended"] is not None for row in rows]
            assert over == sorted(over)


def test_games_are_stuck_where_nobody_has_moved_for_a_day(everything: Scenario) -> None:
    now = everything.now + DAY // 2
    played = [game for game in everything.games.values() if game.status == "playing" and game.since]
    with fold(everything, "games") as games:
        for guild in everything.guilds:
            stuck = {game.key for game in played if game.guild == guild and (game.since or 0) < now - DAY}
            assert {row["game"] for row in games.ask("stuck", guild, now=now)} == stuck
        for since in (0, everything.now // 2, everything.now, everything.now + 1):
            stuck = {game.key for game in played if (game.since or 0) < since}
            assert {row["game"] for row in games.ask("stuck", since=since)} == stuck


def test_nothing_of_a_board_is_in_it(everything: Scenario) -> None:
    with fold(everything, "games") as games:
        said = repr(games.dump())
    for game in everything.games:
        assert everything.home.vault.seed(game).hex() not in said
    assert "rock" not in said.replace("rock-paper-scissors", "")


# -------------------------------------------------------------------------- what can't be replayed


def add(scenario: Scenario, stream: str, version: int, tag: str, payload: dict[str, Any]) -> None:
    """An event that nobody here can cause."""
    position = scenario.head + 1
    with closing(sqlite3.connect(scenario.home.store.path, isolation_level=None)) as db:
        row = (position, stream, version, tag, json.dumps(payload), scenario.now, "x", "811/1", "c", 1, None)
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, bytes(32)))


def versions(scenario: Scenario, stream: str) -> int:
    with closing(sqlite3.connect(scenario.home.store.path)) as db:
        found: int = db.execute("SELECT max(version) FROM events WHERE stream = ?", (stream,)).fetchone()[0]
    return found


def test_a_game_that_can_not_be_replayed_has_no_turn(scenario: Scenario) -> None:
    # given a game with a move that no rules allow
    scenario.play([("too_late_to_abort", 0)])
    (game,) = scenario.games
    last = versions(scenario, f"game:{game}")
    add(scenario, f"game:{game}", last + 1, "game.move_played", {"ply": 3, "seat": 0, "move": "99"})
    # when it is folded, then it is there, but nobody's turn; whether it was looked at before, or not
    for ends in ((), range(1, scenario.head)):
        with fold(scenario, "games", ends) as games:
            (row,) = games.rows("SELECT status, turn, plies FROM games")
            assert row == {"status": "playing", "turn": "[]", "plies": 3}


def test_a_game_that_is_set_aside_is_back_when_it_is_listed_again(scenario: Scenario) -> None:
    scenario.play([("too_late_to_abort", 0)])
    (game,) = scenario.games
    players = scenario.games[game].players
    last = versions(scenario, "lobby:811")
    aside = {"game": game, "version": 9, "failing": "game.x", "ply": 2, "problem": "it can't be replayed"}
    add(scenario, "lobby:811", last + 1, "lobby.game_set_aside", aside)
    with fold(scenario, "games") as games:
        (row,) = games.ask("open", "811")
        assert (row["status"], row["turn"], row["problem"]) == ("set aside", "[]", "it can't be replayed")
        assert games.ask("stuck", "811", since=2**60) == []
    add(scenario, "lobby:811", last + 2, "lobby.game_listed", {"game": game, "listed": {}})
    for ends in ((), range(1, scenario.head)):
        with fold(scenario, "games", ends) as games:
            (row,) = games.ask("open", "811")
            assert (row["status"], json.loads(row["turn"])) == ("playing", players[:1])


def test_what_is_kept_of_one_log_is_not_taken_for_another(scenario: Scenario) -> None:
    # given a game that was looked at when it was at its second move
    scenario.play([("too_late_to_abort", 0)])
    (game,) = scenario.games
    with fold(scenario, "games"):
        pass
    # when the same game has gone on otherwise, in a log that was restored
    with closing(sqlite3.connect(scenario.home.store.path, isolation_level=None)) as db:
        db.execute("DROP TRIGGER events_are_never_changed")
        last = db.execute("SELECT max(position) FROM events WHERE tag = 'game.move_played'").fetchone()[0]
        db.execute(
            "UPDATE events SET tag = ?, payload = ?, hash = zeroblob(32) WHERE position = ?",
            ("game.draw_offered", '{"seat":1}', last),
        )
    # then its turn is that of the new one
    with fold(scenario, "games") as games:
        (row,) = games.rows("SELECT turn FROM games")
        assert json.loads(row["turn"]) == scenario.games[game].players[1:]
