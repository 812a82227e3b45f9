"""Cooldowns: what rests for whom, until when."""

from typing import Any

from book import Book
from folding import cuts, fold, orders, played, playing
from hypothesis import given, settings
from scenario import COOLDOWN, START, Called, Scenario

from milena.domain.guild.events import CooldownBegan


def resting(scenario: Scenario) -> dict[tuple[str, str, str], Called]:
    """The last call of each command that rests after it, by guild, player and command."""
    return {
        (called.guild, called.player, called.command): called for called in scenario.called if called.ready
    }


@settings(max_examples=25)
@given(played, orders, cuts)
def test_however_the_log_is_cut_the_last_call_counts(stories: Any, order: int, cuts: set[int]) -> None:
    with playing(stories, order) as scenario, fold(scenario, "cooldowns", cuts) as cooldowns:
        expected = {key: (called.time, called.ready) for key, called in resting(scenario).items()}
        rows = cooldowns.rows("SELECT * FROM cooldowns")
        assert {
            (row["guild"], row["player"], row["command"]): (row["since"], row["ready"]) for row in rows
        } == expected
        with fold(scenario, "cooldowns") as whole:
            assert whole.dump() == cooldowns.dump()


def test_what_runs_is_told_in_its_own_guild_until_it_is_ready(everything: Scenario) -> None:
    with fold(everything, "cooldowns") as cooldowns:
        for guild in (*everything.guilds, "nowhere"):
            here = {key: called for key, called in resting(everything).items() if key[0] == guild}
            told = {(row["player"], row["command"]) for row in cooldowns.ask("running", guild, now=START)}
            assert told == {key[1:] for key in here}
            for key, called in here.items():
                for now, running in ((called.ready - 1, True), (called.ready, False)):
                    rows = cooldowns.ask("running", guild, now=now)
                    assert (key[1:] in {(row["player"], row["command"]) for row in rows}) is running
        latest = max(called.ready for called in resting(everything).values())
        assert cooldowns.ask("running", now=latest) == []


def test_a_player_is_told_what_rests_and_what_is_ready(scenario: Scenario) -> None:
    # given somebody who opened a game, and another one much later
    ann = scenario.people[0]
    scenario.call("open", ann, "811/1", at=START, game="tictactoe")
    scenario.call("open", ann, "811/2", at=START + 9 * COOLDOWN, game="tictactoe")
    # when it is asked what rests for this player, then there is the later one, as long as it does
    with fold(scenario, "cooldowns") as cooldowns:
        (row,) = cooldowns.ask("by_player", "811", player=ann, now=START + 9 * COOLDOWN)
        assert row == {
            "player": ann,
            "channel": "",
            "command": "open",
            "since": START + 9 * COOLDOWN,
            "ready": START + 10 * COOLDOWN,
            "running": 1,
        }
        (row,) = cooldowns.ask("by_player", "811", player=ann, now=START + 10 * COOLDOWN)
        assert row["running"] == 0
        assert cooldowns.ask("by_player", "812", player=ann) == []


def test_a_command_that_was_refused_as_it_rests_does_not_rest_longer(scenario: Scenario) -> None:
    scenario.play([("hasty", 0)])
    with fold(scenario, "cooldowns") as cooldowns:
        (row,) = cooldowns.rows("SELECT since FROM cooldowns")
    assert row["since"] == scenario.called[0].time


def test_what_rests_for_all_is_told_with_what_rests_for_one() -> None:
    # given commands that rest for everybody, in a channel and in all of a guild, the one of them twice
    book = Book()
    for channel, ready in (("c1", 7), ("", 8), ("c1", 9)):
        book.write("guild:811", CooldownBegan("roll", START + ready * COOLDOWN, channel), "811/c1")
    with book.kept(), fold(book, "cooldowns", {1, 2}) as cooldowns:
        # when it is asked what rests there for anybody, then the last time of each place counts
        for question, asked in (("running", {}), ("by_player", {"player": "ann"})):
            rows = cooldowns.ask(question, "811", now=START, **asked)
            assert {(row["player"], row["channel"], row["ready"]) for row in rows} == {
                ("", "c1", START + 9 * COOLDOWN),
                ("", "", START + 8 * COOLDOWN),
            }
        assert cooldowns.ask("running", "812", now=START) == []
