"""The keeper of boards, against the stand-in: the message of a game shows it as it is, whatever happens."""

import asyncio
from itertools import pairwise

import pytest
from keeping import EDIT, POST, Club
from standin import Overwrite, P, Settings
from standin.errors import UNKNOWN_CHANNEL

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id


@pytest.fixture
def settings() -> Settings:
    """What is counted here are the keeper's own calls, without those that were too many."""
    return Settings(rate_limits=False)


async def test_a_game_has_one_message_that_goes_with_it_to_its_end(here: Club) -> None:
    async with here.keeping():
        key = await here.game()
        board = await here.until_shown("ann to move")
        await here.move(key, "1", "4", "2", "5", "3")
        ended = await here.until_shown("ann won: three in a row.")
    assert ended.id == board.id == here.board(key).message
    assert here.board(key).channel == here.channel.id


async def test_what_is_overtaken_is_not_sent(here: Club) -> None:
    async with here.keeping():
        key = await here.game()
        await here.until_shown("ann to move")
        edits = len(here.discord.record.of(EDIT))
        here.rest.gate.clear()
        await here.move(key, "1")
        await here.discord.until(lambda: here.rest.held)
        await here.move(key, "4", "2", "5", "3")
        here.rest.gate.set()
        await here.until_shown("ann won")
    assert len(here.discord.record.of(EDIT)) == edits + 2


async def test_a_slow_keeper_looks_less_often(here: Club) -> None:
    key = await here.game()
    here.pause = 1000.0
    async with here.keeping():
        await here.discord.until(lambda: any("ann to move" in each.content for each in here.shown()))
        [board] = here.shown()
        # All that is left of the first look is its wait for news, which ends with the first move.
        await here.move(key, "1", "4", "2", "5", "3")
        await asyncio.sleep(0.3)  # a keeper that is not slow would have drawn by now
        assert "ann to move" in board.content
    here.pause = 0.0
    async with here.keeping():
        await here.until_shown("ann won")


async def test_no_two_edits_of_a_message_are_in_flight(here: Club) -> None:
    async with here.keeping():
        key = await here.game("connect4")
        await here.until_shown("ann to move")
        for move in "1122334":
            await here.move(key, move)
            await asyncio.sleep(0)
        await here.until_shown("ann won")
    calls = sorted(here.discord.record.of(EDIT), key=lambda call: call.began)
    assert all(one.ended <= other.began for one, other in pairwise(calls))


async def test_a_message_that_was_deleted_is_posted_anew(here: Club) -> None:
    async with here.keeping():
        key = await here.game()
        first = await here.until_shown("ann to move")
        here.discord.delete_message(first)
        await here.move(key, "5")
        second = await here.until_shown("bob to move")
    assert second.id != first.id
    assert here.board(key).message == second.id
    tags = [each.tag for each in here.home.store.stream(f"board:{key}")]
    assert tags == ["board.posted", "board.lost", "board.posted"]


async def test_a_game_goes_on_where_its_channel_is_gone(here: Club, caplog: pytest.LogCaptureFixture) -> None:
    async with here.keeping():
        key = await here.game()
        await here.until_shown("ann to move")
        here.discord.faults.refuse_with(UNKNOWN_CHANNEL, EDIT)
        await here.move(key, "5")
        await here.discord.until(lambda: here.board(key).gone == "channel" and here.settled())
        await here.move(key, "1", "4", "2", "6")
        await here.discord.until(here.settled)
    assert here.engine.read("game", key).state.status == "ended"
    assert len(here.discord.record.of(EDIT)) == 1
    assert len([line for line in caplog.messages if "is gone" in line]) == 1


async def test_where_milena_may_not_post_it_is_told_once_and_tried_when_the_game_goes_on(
    here: Club, caplog: pytest.LogCaptureFixture
) -> None:
    bot = here.discord.world.bot.id
    here.channel.overwrites[bot] = Overwrite(bot, 1, deny=int(P.SEND_MESSAGES))
    async with here.keeping():
        key = await here.game()
        await here.discord.until(here.settled)
        await here.move(key, "5")
        await here.discord.until(lambda: len(here.discord.record.of(POST)) >= 2 and here.settled())
        assert len([line for line in caplog.messages if "can't be shown" in line]) == 1
        del here.channel.overwrites[bot]
        await here.move(key, "1")
        await here.until_shown("ann to move")


async def test_a_board_that_is_behind_the_log_is_drawn_after_a_restart(here: Club) -> None:
    async with here.keeping():
        behind, idle = await here.game(), await here.game("connect4")
        await here.until_shown(behind, 2)
    await here.move(behind, "5")
    before = len(here.discord.record.calls)
    async with here.keeping():
        await here.until_shown("bob to move", 2)
    calls = here.discord.record.calls[before:]
    assert [call.path for call in calls] == [
        f"/channels/{here.channel.id}/messages/{here.board(behind).message}"
    ]
    assert here.board(idle).posted == 1


@pytest.mark.parametrize("damage", ["", "{", '{"position": 99999}', '{"position": "5"}'])
async def test_where_nobody_knows_what_is_shown_all_open_games_are_drawn(here: Club, damage: str) -> None:
    async with here.keeping():
        over, one, other = [await here.game(kind) for kind in ("tictactoe", "connect4", "othello")]
        await here.move(over, "1", "4", "2", "5", "3")
        await here.until_shown("ann won", 3)
    (here.home.path / "boards.json").write_text(damage)
    before = len(here.discord.record.calls)
    async with here.keeping():
        await here.discord.until(lambda: len(here.discord.record.calls) >= before + 2 and here.settled())
    drawn = {call.path.rpartition("/")[2] for call in here.discord.record.calls[before:]}
    assert drawn == {here.board(one).message, here.board(other).message}


async def test_a_message_whose_answer_was_lost_is_not_posted_twice(here: Club) -> None:
    async with here.keeping():
        here.discord.faults.reset(POST, after=True)
        await here.game()
        await here.until_shown("ann to move")


async def test_who_answers_a_press_draws_the_board_and_the_keeper_does_not(here: Club) -> None:
    async with here.keeping() as boards:
        key = await here.game()
        board = await here.until_shown("ann to move")
        async with boards.hold(f"game:{key}", board.id) as held:
            assert held is not None
            await here.move(key, "5")
            message = await held.draw()
            held.shown()
        await here.discord.until(here.settled)
    assert "bob to move" in message.content
    edits = here.discord.record.of(EDIT)
    assert not any("bob to move" in call.body["content"] for call in edits)


async def test_what_was_held_and_not_shown_is_drawn_by_the_keeper(here: Club) -> None:
    async with here.keeping() as boards:
        key = await here.game()
        board = await here.until_shown("ann to move")
        async with boards.hold(f"game:{key}", board.id) as held:
            assert held is not None
            await here.move(key, "5")
            await held.draw()
        await here.until_shown("bob to move")


async def test_a_message_that_shows_no_game_any_more_is_not_held(here: Club) -> None:
    async with here.keeping() as boards:
        key = await here.game()
        await here.until_shown("ann to move")
        async with boards.hold(f"game:{key}", "12345") as held:
            assert held is None


async def test_of_a_game_that_nobody_opened_nothing_is_kept(here: Club) -> None:
    async with here.keeping() as boards:
        async with boards.hold("game:n0such", "12345") as held:
            assert held is None
        assert not boards._easels


async def test_a_board_that_is_being_drawn_is_not_held(here: Club) -> None:
    async with here.keeping() as boards:
        key = await here.game()
        board = await here.until_shown("ann to move")
        here.rest.gate.clear()
        await here.move(key, "5")
        await here.discord.until(lambda: here.rest.held)
        async with boards.hold(f"game:{key}", board.id) as held:
            assert held is None
        here.rest.gate.set()
        await here.until_shown("bob to move")


async def test_the_answer_to_who_opens_a_game_can_be_its_board(here: Club) -> None:
    async with here.keeping() as boards:
        async with boards.opening("900") as opening:
            key = (await here.do("open", here.ann, "900", game="tictactoe")).result["game"]
            await here.do("open", here.bob, game="othello")
            await here.discord.until(here.shown)
            message = await opening.draw(f"game:{key}")
            posted = await boards.studio._calls.request(
                "POST", f"/channels/{here.channel.id}/messages", message.body()
            )
            await opening.posted(here.channel.id, posted["id"])
        await here.do("join", here.bob, game=key)
        board = await here.until_shown("ann to move", 2)
    assert board.id == posted["id"]
    assert len(here.discord.record.of(POST)) == 2


async def test_a_game_that_is_opened_before_the_keeper_looks_for_the_first_time_is_left_to_its_answer_too(
    here: Club,
) -> None:
    async with here.keeping() as boards, boards.opening("900") as opening:
        opened = here.engine.call(here.asked("open", here.ann, "900", game="tictactoe"))
        await here.do("open", here.bob, game="othello")
        await here.discord.until(here.shown)
        assert await opening.draw(f"game:{opened.result['game']}") is not None
        assert len(here.discord.record.of(POST)) == 1


async def test_a_game_that_nobody_shows_as_it_is_opened_gets_a_board_then(here: Club) -> None:
    async with here.keeping() as boards:
        async with boards.opening("900"):
            await here.do("open", here.ann, "900", game="tictactoe")
        await here.until_shown("1 seat free")


async def test_games_of_other_places_and_other_processes_have_no_board_of_ours(here: Club) -> None:
    async with here.keeping():
        for place in ("terminal/main", "5/77"):
            options = {"game": "tictactoe"}
            made = Invocation(InvocationId(new_id()), "open", options, here.ann, Place(place), here.now)
            assert (await here.engine.execute(made)).verdict == "accepted"
        await here.game()
        await here.until_shown("ann to move")
    assert len(here.discord.record.of(POST)) == 1
