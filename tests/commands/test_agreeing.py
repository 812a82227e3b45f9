"""What the others have to agree to: a draw, a move that is taken back."""

from typing import Any

Guild = Any


def test_a_draw_is_offered_and_accepted(guild: Guild) -> None:
    game = guild.playing("connect4")
    guild.must("draw", guild.ann, game=game)
    assert guild.ask("draw", guild.ann, game=game).code == "already_offered"
    assert guild.ask("accept", guild.bob, game=game).result["status"] == "ended"
    assert guild.game(game).outcome.scores == (0.5, 0.5)


def test_a_draw_is_declined_or_played_over(guild: Guild) -> None:
    game = guild.playing("connect4")
    guild.must("draw", guild.ann, game=game)
    guild.must("decline", guild.bob, game=game)
    assert guild.ask("accept", guild.bob, game=game).code == "nothing_offered"
    guild.must("draw", guild.bob, game=game)
    guild.must("move", guild.ann, game=game, move="4")
    assert guild.ask("accept", guild.ann, game=game).code == "nothing_offered"


def test_a_move_is_taken_back_by_consent_only(guild: Guild) -> None:
    game = guild.playing()
    guild.must("move", guild.ann, game=game, move="5")
    board = guild.game(game).board
    guild.must("takeback", guild.ann, game=game)
    assert guild.ask("accept", guild.cat, game=game).code == "nothing_offered"
    assert guild.ask("accept", guild.ann, game=game).code == "already_offered"
    assert guild.game(game).board == board
    assert guild.ask("accept", guild.bob, game=game).result["ply"] == 2
    assert guild.game(game).board != board
    guild.must("move", guild.ann, game=game, move="1")


def test_a_takeback_is_declined(guild: Guild) -> None:
    game = guild.playing()
    guild.must("move", guild.ann, game=game, move="5")
    guild.must("takeback", guild.ann, game=game)
    guild.must("decline", guild.bob, game=game)
    assert guild.ask("takeback", guild.bob, game=game).code == "no_takeback"
    guild.must("move", guild.bob, game=game, move="1")


def test_the_others_begin_without_who_does_not_come(guild: Guild) -> None:
    game = guild.waiting("liars-dice", seats=4)
    assert guild.ask("begin", guild.ann, game=game).code == "too_few"
    guild.must("join", guild.bob, game=game)
    assert guild.ask("begin", guild.cat, game=game).code == "not_seated"
    assert guild.ask("begin", guild.bob, game=game).result["status"] == "playing"
    assert guild.game(game).players == (guild.ann, guild.bob)
    assert guild.ask("begin", guild.ann, game=game).code == "has_begun"
    listed = guild.engine.read("lobby", "811").state.games[game]
    assert (listed.began, listed.free) == (True, 0)
