"""Voiding: moderators take a result away, in their own guild, with a reason."""

from typing import Any

Guild = Any


def test_members_can_not_void_whatever_they_play(guild: Guild) -> None:
    game = guild.over()
    for player in (guild.ann, guild.bob, guild.cat):
        answer = guild.ask("void", player, game=game, reason="I lost")
        assert (answer.verdict, answer.code) == ("refused", "not_a_moderator")
    assert not guild.game(game).voided


def test_a_moderator_voids_a_game_that_is_over_or_goes_on(guild: Guild) -> None:
    for game in (guild.over(), guild.playing(), guild.waiting()):
        guild.must("void", guild.cat, game=game, reason="played  by two sisters.", moderator=True)
        assert guild.game(game).status == "ended"
        assert guild.game(game).voided == "played by two sisters"
        again = guild.ask("void", guild.cat, game=game, reason="again", moderator=True)
        assert again.code == "already_voided"
    assert guild.engine.read("lobby", "811").state.games == {}


def test_a_moderator_of_another_guild_is_nobody_here(guild: Guild) -> None:
    game = guild.over()
    answer = guild.ask("void", guild.cat, game=game, reason="envy", moderator=True, place="812/1")
    assert answer.code == "not_a_moderator"
    assert "server where this game is played" in answer.sentence
    assert not guild.game(game).voided


def test_the_operator_may_void_every_game_from_the_terminal(guild: Guild) -> None:
    game = guild.over()
    guild.must("void", guild.cat, game=game, reason="error", moderator=True, place="terminal/main")
    assert guild.game(game).voided == "error"
