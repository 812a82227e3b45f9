"""Each command, once accepted and once refused; what was answered is answered again, with no new event."""

import json
from typing import Any

import pytest
from asking import ACCEPTED, REFUSED, invocation_of
from forking import Forks
from msgspec.structs import replace

from milena.commands import commands

Guild = Any


def test_every_command_is_tried_here() -> None:
    assert set(ACCEPTED) == set(REFUSED) == set(commands())


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepted_command_delivered_again_gets_the_same_answer_and_changes_nothing(
    guild: Guild, name: str
) -> None:
    invocation = invocation_of(guild, ACCEPTED[name](guild))
    first = guild.engine.call(invocation)
    assert (first.verdict, first.code) == ("accepted", ""), first.sentence
    if commands()[name].show is not None:
        shown = guild.seeing.shown(invocation, first)
        assert (shown.verdict, shown.code) == ("accepted", ""), shown.sentence
        assert shown.result.get("says", "").strip() or "game" in shown.result
        assert len(str(first.result)) < 100, "what is looked up is not recorded"
    elif "game" in first.result:
        assert {*first.result} - {"at"} == {"game", "status", "ply"}
        game = guild.game(first.result["game"])
        assert (game.status, game.ply) == (first.result["status"], first.result["ply"])
    elif not commands()[name].internal and commands()[name].show is None:
        assert first.result["says"].strip()
    head = guild.home.store.head()
    for _ in range(2):
        assert guild.engine.call(invocation) == replace(first, repeated=True)
    assert guild.home.store.head() == head


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_command_says_why_and_changes_nothing_but_its_own_record(guild: Guild, name: str) -> None:
    code, ask = REFUSED[name]
    invocation = invocation_of(guild, ask(guild))
    head = guild.home.store.head().position
    answer = guild.engine.call(invocation)
    assert (answer.verdict, answer.code) == ("refused", code), answer
    assert answer.sentence.endswith(".")
    assert guild.home.store.head().position == head + 1
    assert guild.engine.call(invocation) == replace(answer, repeated=True)
    assert guild.home.store.head().position == head + 1


ABOUT_A_GAME = sorted(
    name
    for name, command in commands().items()
    if command.category == "games" and name not in ("open", "match", "game list", "leaderboard")
)


@pytest.mark.parametrize("name", ABOUT_A_GAME)
def test_a_game_that_is_not_there_is_refused_by_each_command(guild: Guild, name: str) -> None:
    more = {"move": {"move": "1"}, "invite": {"player": guild.bob}, "void": {"reason": "none"}}
    more["game end"] = more["void"]
    more |= {
        "board post": {"channel": "5", "message": "6"},
        "board lose": {"message": "6", "gone": "channel"},
    }
    answer = guild.ask(name, guild.ann, game="0123456789", moderator=True, **more.get(name, {}))
    assert answer.code == "unknown_game_id"
    assert "'0123456789'" in answer.sentence


def test_the_same_command_asked_anew_is_decided_anew(guild: Guild) -> None:
    game = guild.playing()
    assert guild.ask("move", guild.ann, game=game, move="5").verdict == "accepted"
    assert guild.ask("move", guild.ann, game=game, move="5").code == "not_your_turn"


def test_what_milena_asks_herself_is_offered_to_nobody(guild: Guild, forks: Forks) -> None:
    hers = {name for name, command in commands().items() if command.internal}
    assert hers == {
        "flood", "expire", "poll expire", "remind fire", "effect settle", "board post", "board lose",
        "privacy forget", "budget", "digest post",
    }  # fmt: skip
    data = ("--data", str(guild.home.path))
    listed = forks.run("call", "--json", *data)
    assert {each["name"] for each in json.loads(listed.stdout)} == set(commands()) - hers
    called = forks.run("call", "expire", f"game={guild.playing()}", *data)
    assert called.returncode == 1
    assert "There is no command 'expire'" in called.stderr
