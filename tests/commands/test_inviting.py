"""Invitations, from places as Discord has them: a kept seat, an answer, an end; a seat handed over."""

from collections.abc import Callable
from typing import Any

import pytest

Guild = Any


def test_a_seat_is_kept_for_who_is_invited(guild: Guild) -> None:
    game = guild.waiting(invite=[guild.bob])
    assert guild.ask("join", guild.cat, game=game).code == "no_free_seat"
    assert guild.ask("accept", guild.cat, game=game).code == "nothing_offered"
    assert guild.ask("accept", guild.bob, game=game).result["status"] == "playing"


def test_who_is_invited_may_answer_from_another_channel_of_the_guild(guild: Guild) -> None:
    game = guild.waiting(invite=[guild.bob])
    guild.must("accept", guild.bob, game=game, place="811/9000")
    assert guild.game(game).place == "811/4711"
    assert guild.engine.read("lobby", "811").state.games[game].channel == "4711"


def test_to_join_is_to_accept(guild: Guild) -> None:
    game = guild.waiting("hangman", seats=3, invite=[guild.bob])
    guild.must("join", guild.bob, game=game)
    assert guild.game(game).seat_of(guild.bob) == 1
    assert guild.game(game).invited == ()


def test_a_declined_seat_is_free_for_others_and_a_private_game_ends(guild: Guild) -> None:
    opened, private = (guild.waiting(invite=[guild.bob], private=own) for own in (False, True))
    for game in (opened, private):
        guild.must("decline", guild.bob, game=game)
    assert guild.ask("join", guild.cat, game=opened).result["status"] == "playing"
    assert (guild.game(private).status, guild.game(private).how) == ("ended", "declined")


def test_nobody_but_who_is_invited_comes_into_a_private_game(guild: Guild) -> None:
    game = guild.waiting("hangman", seats=3, private=True, invite=[guild.bob])
    assert guild.ask("join", guild.cat, game=game).code == "private"
    guild.must("invite", guild.ann, game=game, player=guild.cat)
    guild.must("accept", guild.cat, game=game)
    guild.must("accept", guild.bob, game=game)
    assert guild.game(game).players == (guild.ann, guild.bob, guild.cat)


def test_an_invitation_stands_as_long_as_the_configuration_says(open_guild: Callable[..., Guild]) -> None:
    guild = open_guild(invitation=60)
    game = guild.waiting(invite=[guild.bob])
    guild.later = 59
    assert guild.ask("expire", guild.cat, game=game).code == "nothing_due"
    guild.later = 61
    guild.must("expire", guild.cat, game=game)
    assert guild.ask("accept", guild.bob, game=game).code == "nothing_offered"
    assert guild.ask("join", guild.cat, game=game).result["status"] == "playing"


@pytest.mark.parametrize("how", ["open", "invite", "hand over"])
def test_a_machine_is_no_guest(guild: Guild, how: str) -> None:
    machine = guild.home.vault.player("machine", "minimax")
    if how == "open":
        answer = guild.ask("open", guild.ann, game="tictactoe", invite=[machine])
    else:
        game = guild.waiting() if how == "invite" else guild.playing()
        answer = guild.ask("invite", guild.ann, game=game, player=machine)
    assert answer.code == "machine"
    assert "open the game with it" in answer.sentence


def test_a_game_for_one_has_no_seat_for_a_guest(guild: Guild) -> None:
    answer = guild.ask("open", guild.ann, game="hangman", seats=1, invite=[guild.bob])
    assert answer.code == "no_free_seat"
    assert "more players" in answer.sentence


def test_a_seat_is_handed_over_when_the_other_agrees(guild: Guild) -> None:
    game = guild.playing()
    guild.must("move", guild.ann, game=game, move="5")
    guild.must("invite", guild.ann, game=game, player=guild.cat)
    assert guild.game(game).players == (guild.ann, guild.bob)
    guild.must("accept", guild.cat, game=game)
    assert guild.game(game).players == (guild.cat, guild.bob)
    assert guild.engine.read("lobby", "811").state.games[game].players == (guild.cat, guild.bob)
    guild.must("move", guild.bob, game=game, move="1")
    assert guild.ask("move", guild.ann, game=game, move="2").code == "not_seated"
    guild.must("move", guild.cat, game=game, move="2")
