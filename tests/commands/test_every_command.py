"""Each command, once accepted and once refused; what was answered is answered again, with no new event."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from milena.commands import commands
from milena.domain.command import Invocation
from milena.domain.ids import PlayerId

Guild = Any
Asked = tuple[str, PlayerId, dict[str, Any]]


def _asked_takeback(guild: Guild) -> str:
    game: str = guild.playing()
    guild.must("move", guild.ann, game=game, move="5")
    guild.must("takeback", guild.ann, game=game)
    return game


ACCEPTED: dict[str, Callable[[Guild], Asked]] = {
    "abort": lambda g: ("abort", g.bob, {"game": g.playing()}),
    "accept": lambda g: ("accept", g.bob, {"game": g.waiting(invite=[g.bob], private=True)}),
    "begin": lambda g: ("begin", g.ann, {"game": g.waiting("hangman", seats=3)}),
    "decline": lambda g: ("decline", g.bob, {"game": g.waiting(invite=[g.bob])}),
    "draw": lambda g: ("draw", g.bob, {"game": g.playing("connect4")}),
    "expire": lambda g: ("expire", g.cat, {"game": _with_a_clock(g)}),
    "invite": lambda g: ("invite", g.ann, {"game": g.waiting(), "player": g.bob}),
    "join": lambda g: ("join", g.bob, {"game": g.waiting()}),
    "leave": lambda g: ("leave", g.ann, {"game": g.waiting()}),
    "match": lambda g: ("match", g.bob, {"game": "tictactoe"}),
    "move": lambda g: ("move", g.ann, {"game": g.playing(), "move": "5"}),
    "open": lambda g: ("open", g.ann, {"game": "tictactoe", "clock": "5m"}),
    "rematch": lambda g: ("rematch", g.ann, {"game": g.over()}),
    "resign": lambda g: ("resign", g.ann, {"game": g.playing()}),
    "takeback": lambda g: ("takeback", g.bob, {"game": _asked_takeback(g)}),
    "void": lambda g: ("void", g.cat, {"game": g.over(), "reason": "no show", "moderator": True}),
}
"""What each command can be asked for so that it is accepted."""

REFUSED: dict[str, tuple[str, Callable[[Guild], Asked]]] = {
    "abort": ("not_seated", lambda g: ("abort", g.cat, {"game": g.playing()})),
    "accept": ("nothing_offered", lambda g: ("accept", g.cat, {"game": g.waiting(invite=[g.bob])})),
    "begin": ("too_few", lambda g: ("begin", g.ann, {"game": g.waiting()})),
    "decline": ("nothing_offered", lambda g: ("decline", g.bob, {"game": g.playing()})),
    "draw": ("no_draws", lambda g: ("draw", g.ann, {"game": g.playing("rock-paper-scissors")})),
    "expire": ("nothing_due", lambda g: ("expire", g.cat, {"game": g.playing()})),
    "invite": ("already_seated", lambda g: ("invite", g.ann, {"game": g.playing(), "player": g.bob})),
    "join": ("no_free_seat", lambda g: ("join", g.cat, {"game": g.playing()})),
    "leave": ("has_begun", lambda g: ("leave", g.ann, {"game": g.playing()})),
    "match": ("bad_clock", lambda g: ("match", g.bob, {"game": "tictactoe", "clock": "soon"})),
    "move": ("not_your_turn", lambda g: ("move", g.bob, {"game": g.playing(), "move": "5"})),
    "open": ("seats", lambda g: ("open", g.ann, {"game": "tictactoe", "seats": 3})),
    "rematch": ("not_over", lambda g: ("rematch", g.ann, {"game": g.playing()})),
    "resign": ("game_over", lambda g: ("resign", g.ann, {"game": g.over()})),
    "takeback": ("no_takeback", lambda g: ("takeback", g.ann, {"game": g.playing()})),
    "void": ("bad_reason", lambda g: ("void", g.cat, {"game": g.over(), "reason": " ", "moderator": True})),
}
"""What each command can be asked for so that it is refused, and the code of the refusal."""


def _with_a_clock(guild: Guild) -> str:
    game: str = guild.playing(clock="30s/turn")
    guild.later = 31
    return game


def _invocation(guild: Guild, asked: Asked) -> Invocation:
    command, player, options = asked
    invocation: Invocation = guild.invocation(command, player, **options)
    return invocation


def test_every_command_is_tried_here() -> None:
    assert set(ACCEPTED) == set(REFUSED) == set(commands())


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepted_command_delivered_again_gets_the_same_answer_and_changes_nothing(
    guild: Guild, name: str
) -> None:
    invocation = _invocation(guild, ACCEPTED[name](guild))
    first = guild.engine.call(invocation)
    assert (first.verdict, first.code) == ("accepted", ""), first.sentence
    assert first.result.keys() == {"game", "status", "ply"}
    game = guild.game(first.result["game"])
    assert (game.status, game.ply) == (first.result["status"], first.result["ply"])
    head = guild.home.store.head()
    for _ in range(2):
        assert guild.engine.call(invocation) == replace(first, repeated=True)
    assert guild.home.store.head() == head


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_command_says_why_and_changes_nothing_but_its_own_record(guild: Guild, name: str) -> None:
    code, ask = REFUSED[name]
    invocation = _invocation(guild, ask(guild))
    head = guild.home.store.head().position
    answer = guild.engine.call(invocation)
    assert (answer.verdict, answer.code) == ("refused", code), answer
    assert answer.sentence.endswith(".")
    assert guild.home.store.head().position == head + 1
    assert guild.engine.call(invocation) == replace(answer, repeated=True)
    assert guild.home.store.head().position == head + 1


@pytest.mark.parametrize("name", sorted(set(commands()) - {"open", "match"}))
def test_a_game_that_is_not_there_is_refused_by_each_command(guild: Guild, name: str) -> None:
    more = {"move": {"move": "1"}, "invite": {"player": guild.bob}, "void": {"reason": "none"}}
    answer = guild.ask(name, guild.ann, game="0123456789", moderator=True, **more.get(name, {}))
    assert answer.code == "unknown_game_id"
    assert "'0123456789'" in answer.sentence


def test_the_same_command_asked_anew_is_decided_anew(guild: Guild) -> None:
    game = guild.playing()
    assert guild.ask("move", guild.ann, game=game, move="5").verdict == "accepted"
    assert guild.ask("move", guild.ann, game=game, move="5").code == "not_your_turn"


def test_what_milena_asks_herself_is_offered_to_nobody(guild: Guild) -> None:
    assert [name for name, command in commands().items() if command.internal] == ["expire"]
    milena, data = [sys.executable, "-m", "milena", "call"], ["--data", str(guild.home.path)]
    listed = subprocess.run([*milena, "--json", *data], capture_output=True, check=True)
    assert {each["name"] for each in json.loads(listed.stdout)} == set(commands()) - {"expire"}
    called = subprocess.run(
        [*milena, "expire", f"game={guild.playing()}", *data], capture_output=True, text=True
    )
    assert called.returncode == 1
    assert "There is no command 'expire'" in called.stderr
