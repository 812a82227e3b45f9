"""A rematch: the same game again with the seats turned round, once, whoever asks first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Guild = Any


def test_the_seats_are_turned_round_and_the_second_to_ask_agrees(guild: Guild) -> None:
    over = guild.over("connect4", clock="5m")
    again = guild.must("rematch", guild.bob, game=over)
    assert guild.game(again).status == "waiting"
    assert guild.must("rematch", guild.ann, game=over) == again
    game = guild.game(again)
    assert (game.status, game.players) == ("playing", (guild.bob, guild.ann))
    assert (game.rematch_of, guild.game(over).rematch) == (over, again)
    assert game.clock == guild.game(over).clock


def test_both_ask_at_the_same_moment_and_one_game_comes_of_it(guild: Guild) -> None:
    with ThreadPoolExecutor(2) as pool:
        for _ in range(30):
            over = guild.over()
            asked = [guild.invocation("rematch", player, game=over) for player in (guild.ann, guild.bob)]
            answers = list(pool.map(guild.engine.call, asked))
            assert [answer.verdict for answer in answers] == ["accepted"] * 2
            (again,) = {answer.result["game"] for answer in answers}
            assert guild.game(again).players == (guild.bob, guild.ann)
            assert guild.game(again).status == "playing"
            guild.must("abort", guild.ann, game=again)
    assert len(guild.home.store.streams("game")) == 60


def test_nobody_else_can_ask_or_come_in(guild: Guild) -> None:
    over = guild.over()
    assert guild.ask("rematch", guild.cat, game=over).code == "not_seated"
    again = guild.must("rematch", guild.ann, game=over)
    assert guild.ask("rematch", guild.cat, game=over).code == "rematched"
    assert guild.ask("join", guild.cat, game=again).code == "private"
    assert guild.must("match", guild.cat, game="tictactoe") != again


def test_a_rematch_that_was_declined_can_be_asked_for_anew(guild: Guild) -> None:
    over = guild.over()
    declined = guild.must("rematch", guild.ann, game=over)
    guild.must("decline", guild.bob, game=declined)
    assert guild.game(declined).status == "ended"
    again = guild.must("rematch", guild.bob, game=over)
    assert again != declined
    assert guild.must("rematch", guild.ann, game=over) == again
    assert guild.game(again).status == "playing"


def test_a_rematch_that_has_begun_is_the_only_one(guild: Guild) -> None:
    over = guild.over()
    again = guild.must("rematch", guild.ann, game=over)
    guild.must("accept", guild.bob, game=again)
    guild.must("resign", guild.bob, game=again)
    answer = guild.ask("rematch", guild.ann, game=over)
    assert answer.code == "rematched"
    assert again in answer.sentence
    assert guild.must("rematch", guild.ann, game=again) not in (over, again)


def test_a_game_with_a_clock_of_its_own_can_be_played_again(guild: Guild) -> None:
    over = guild.over("math", seats=2)
    again = guild.must("rematch", guild.ann, game=over)
    assert guild.game(again).clock == guild.game(over).clock is not None


def test_who_plays_alone_begins_again_at_once(guild: Guild) -> None:
    over = guild.waiting("hangman", seats=1)
    guild.must("resign", guild.ann, game=over)
    assert guild.ask("rematch", guild.ann, game=over).result["status"] == "playing"


def test_a_machine_agrees_at_once(guild: Guild) -> None:
    over = guild.waiting(machines=["minimax"])
    guild.must("resign", guild.ann, game=over)
    again = guild.must("rematch", guild.ann, game=over)
    assert guild.game(again).status == "playing"
    assert guild.game(again).seat_of(guild.ann) == 1


def test_the_limits_hold_for_a_rematch_too(open_guild: Callable[..., Guild]) -> None:
    guild = open_guild(member=1)
    over = guild.over()
    elsewhere = guild.must("open", guild.bob, game="tictactoe")
    again = guild.must("rematch", guild.ann, game=over)
    assert guild.ask("rematch", guild.bob, game=over).code == "member_limit"
    guild.must("abort", guild.bob, game=elsewhere)
    assert guild.must("rematch", guild.bob, game=over) == again
