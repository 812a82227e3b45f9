"""/game show, list and replay, and how commands are called where they are typed otherwise than in the log."""

from typing import Any

import pytest

Guild = Any
OTHER = "812/4711"


def plies(answer: Any) -> list[tuple[str, int]]:
    return [(action["label"], action["options"]["ply"]) for action in answer.result.get("actions", [])]


def test_games_are_listed_with_whom_they_wait_for(guild: Guild) -> None:
    playing, waiting = guild.playing(), guild.waiting("othello", place="811/other")
    private = guild.waiting("connect4", invite=[guild.bob], private=True)
    here = guild.does("game list", guild.cat).result
    assert here["says"].splitlines()[1] == (
        f"tictactoe {playing}: <{guild.ann}> and <{guild.bob}>, <{guild.ann}> to move"
    )
    assert (
        here["says"]
        .splitlines()[0]
        .startswith(f"connect4 {private}: <{guild.ann}>, only for the invited, until <t:")
    )
    assert here["games"] == [private, playing]
    everywhere = guild.does("game list", guild.cat, everywhere=True).result
    assert set(everywhere["games"]) == {private, waiting, playing}
    assert f"othello {waiting}: <{guild.ann}>, 1 free, until <t:" in everywhere["says"]
    assert guild.does("game list", guild.cat, kind="tictactoe").result["games"] == [playing]
    assert guild.does("game list", guild.cat, player=guild.bob).result["games"] == [playing]
    assert "/play opens one" in guild.does("game list", guild.cat, place=OTHER).result["says"]


def test_a_long_list_has_pages(guild: Guild) -> None:
    games = [guild.waiting("2048", sit=False) for _ in range(16)]
    first = guild.does("game list", guild.cat).result
    assert len(first["games"]) == 15
    [more] = first["actions"]
    assert (more["command"], more["options"]["page"]) == ("game list", 2)
    second = guild.does("game list", guild.cat, **more["options"]).result
    assert "actions" not in second
    assert {*first["games"], *second["games"]} == {*games}
    assert guild.does("game list", guild.cat, page=3).result["says"] == "There are no more."


def test_a_game_is_replayed_ply_by_ply(guild: Guild) -> None:
    game = guild.playing()
    for player, move in ((guild.ann, "5"), (guild.bob, "1"), (guild.ann, "9")):
        guild.must("move", player, game=game, move=move)
    last = guild.does("game replay", guild.cat, game=game)
    assert (last.result["at"], last.result["says"]) == (3, "Ply 3 of 3.")
    assert plies(last) == [("First", 0), ("Back", 2)]
    first = guild.does("game replay", guild.cat, game=game, ply=0)
    assert plies(first) == [("Next", 1), ("Last", 3)]
    assert plies(guild.does("game replay", guild.cat, game=game, ply=1)) == [
        ("Back", 0), ("Next", 2), ("Last", 3),
    ]  # fmt: skip
    assert guild.ask("game replay", guild.cat, game=game, ply=4).code == "no_such_ply"


@pytest.mark.parametrize("command", ["game show", "game replay"])
def test_what_is_played_in_another_server_is_not_seen(guild: Guild, command: str) -> None:
    game = guild.playing()
    assert guild.ask(command, guild.cat, game=game, place=OTHER).code == "unknown_game_id"
    assert guild.ask(command, guild.cat, game=game, place="terminal/main").verdict == "accepted"


def test_rules_and_help_know_a_command_as_it_is_typed(guild: Guild) -> None:
    for words in ("game join", "/game join", "join", "/join"):
        told = guild.does("config permissions explain", guild.ann, command=words, admin=True).result
        assert told["allowed"]
    granted = guild.does("config permissions grant", guild.ann, command="/game resign", admin=True)
    assert granted.result["target"] == "/resign"
    assert guild.does("help", guild.ann, about="game join").result["says"].startswith("/game join (games):")
    assert "  /game join: " in guild.does("help", guild.ann, about="games").result["says"]
