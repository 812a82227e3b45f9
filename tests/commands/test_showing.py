"""What is looked up is shown after the commit: with what was just done, for one guild, never recorded."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from milena.commands import commands
from milena.domain.command import Command, Result, Sight
from milena.domain.refusal import Refused
from milena.engine import Answer

Guild = Any


@pytest.fixture
def ping_shows(guild: Guild) -> Callable[..., Answer]:
    """``ping_shows(show)``: the answer to /ping, if it showed that."""

    def ask(show: Callable[[Sight, Any, Result], Result]) -> Answer:
        known: dict[str, Command] = {**commands(), "ping": replace(commands()["ping"], show=show)}
        guild.engine.commands = known
        asked = guild.invocation("ping", guild.ann)
        answer = guild.engine.call(asked)
        stored = guild.home.store.invocation(asked.id)
        shown: Answer = guild.seeing.shown(asked, answer)
        assert guild.home.store.invocation(asked.id) == stored
        assert guild.engine.call(asked) == replace(answer, repeated=True)
        return shown

    return ask


def test_the_answer_is_what_is_shown(ping_shows: Callable[..., Answer]) -> None:
    answer = ping_shows(lambda sight, options, result: {"says": f"{sorted(result)} {type(options).__name__}"})
    assert (answer.verdict, answer.result) == ("accepted", {"says": "['asked', 'says'] Options"})


def test_a_refusal_in_it_is_told_and_the_command_stands(ping_shows: Callable[..., Answer]) -> None:
    def show(sight: Sight, options: Any, result: Result) -> Result:
        raise Refused("no_page", "There is no such page.")

    answer = ping_shows(show)
    assert (answer.verdict, answer.code, answer.sentence) == ("refused", "no_page", "There is no such page.")
    assert answer.result == {}


@pytest.mark.parametrize("wrong", [{"says": object()}, {"says": 1 / 2, 1j: 3}, None])
def test_a_bug_in_it_is_logged_with_the_id_that_the_person_is_told(
    ping_shows: Callable[..., Answer], caplog: pytest.LogCaptureFixture, wrong: Any
) -> None:
    def show(sight: Sight, options: Any, result: Result) -> Result:
        if wrong is None:
            raise KeyError("oops")
        shown: Result = wrong
        return shown

    with caplog.at_level(logging.ERROR):
        answer = ping_shows(show)
    assert answer.verdict == "failed"
    told = answer.sentence.removeprefix("It was done, but can't be shown. Tell the operator: ").rstrip(".")
    assert told == answer.invocation[-8:]
    [record] = caplog.records
    assert told in record.getMessage()
    assert answer.invocation in record.getMessage()


def test_what_was_refused_is_not_shown(guild: Guild) -> None:
    asked = guild.invocation("help", guild.ann, about="zebra")
    answer = guild.engine.call(asked)
    assert guild.seeing.shown(asked, answer) is answer


def test_it_sees_what_was_just_done(guild: Guild) -> None:
    guild.over()
    before = guild.does("leaderboard", guild.ann).result["table"]["rows"]
    assert [row[1] for row in before] == [guild.ann, guild.bob]
    guild.over()
    guild.later += 5
    [first, _] = guild.does("leaderboard", guild.ann).result["table"]["rows"]
    assert first[1:4] == [guild.ann, 2, 2]


def test_where_a_follower_runs_it_is_waited_for(guild: Guild) -> None:
    readside = guild.home.readside()
    follower = readside.follower()
    seeing = guild.home.seeing(guild.engine, readside)
    with follower:
        guild.over()
        asked = guild.invocation("leaderboard", guild.ann)
        answer = guild.engine.call(asked)
        follower.wait(answer.position)  # as long as a first start takes; then it is quick
        assert [row[1] for row in seeing.shown(asked, answer).result["table"]["rows"]] == [
            guild.ann, guild.bob,
        ]  # fmt: skip


def test_a_read_model_that_lags_is_told(guild: Guild) -> None:
    asked = guild.invocation("leaderboard", guild.ann)
    answer = guild.engine.call(asked)
    readside = guild.home.readside()
    with readside.follower() as follower:
        follower.wait(answer.position)
        ahead = replace(answer, position=answer.position + 1)  # what no follower can have reached
        shown = guild.home.seeing(guild.engine, readside).shown(asked, ahead)
    assert (shown.verdict, shown.code) == ("refused", "behind")
    assert "leaderboard is at position" in shown.sentence
    assert shown.sentence.endswith("Try again in a moment.")


@pytest.mark.parametrize(
    "look",
    [
        lambda sight, here: sight.game(here["game"]),
        lambda sight, here: sight.state("poll", here["poll"]),
        lambda sight, here: sight.state("story", here["story"]),
        lambda sight, here: sight.state("guild", "811"),
        lambda sight, here: sight.state("lobby", "811"),
        lambda sight, here: sight.state("shelf", "811"),
        lambda sight, here: sight.state("reminder", f"811:{here['ann']}"),
        lambda sight, here: sight.state("member", f"811:{here['ann']}"),
    ],
)
def test_nothing_of_another_guild_is_seen(
    guild: Guild, look: Callable[[Sight, dict[str, str]], object]
) -> None:
    here = {"game": guild.over(), "ann": guild.ann}
    here["poll"] = guild.does("poll create", guild.ann, question="Tea?", choices="a, b").result["poll"]
    here["story"] = guild.does("story start", guild.ann, title="The fox").result["story"]
    guild.does("remind me", guild.ann, when="in 2h", text="tea")

    def show(sight: Sight, options: Any, result: Result) -> Result:
        look(sight, here)
        rows = sight.ask("leaderboard", "top").rows + sight.ask("audit", "latest").rows
        return {"says": f"{len(rows)}"}

    guild.engine.commands = {**commands(), "ping": replace(commands()["ping"], show=show)}
    inside = guild.ask("ping", guild.ann)
    assert (inside.verdict, int(inside.result["says"]) > 5) == ("accepted", True)
    outside = guild.ask("ping", guild.ann, place="812/1")
    assert (outside.verdict, outside.code in ("elsewhere", "unknown_game_id")) == ("refused", True)
    guild.engine.commands["ping"] = replace(commands()["ping"], show=lambda *given: show_rows(given[0]))
    assert guild.does("ping", guild.ann, place="812/1").result["says"] == "0 2"


def show_rows(sight: Sight) -> Result:
    """How many rows of the leaderboard and of the audit (both pings there) are seen."""
    return {"says": f"{len(sight.ask('leaderboard', 'top').rows)} {len(sight.ask('audit', 'latest').rows)}"}
