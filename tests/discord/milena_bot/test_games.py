"""Games played by people on Discord, against the real process."""

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from kit import StartMilena, commands, forgive_second_answers, key_of, labels, opened, press, recorded
from processes import Bot
from standin import Guild, Message, Overwrite, P, Person, StandIn


def _first_move(message: Message) -> str:
    """The custom id of a button that plays."""
    return next(str(each["custom_id"]) for each in message.buttons if each["custom_id"].startswith("1:p:"))


async def test_a_game_by_buttons_to_its_end(
    discord: StandIn, milena: Bot, home_dir: Path, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob)
    for who, cell in zip((ann, bob) * 3, "123456789", strict=False):
        await press(who, board, cell)
        assert cell not in labels(board)
    # 1, 3, 5 are ann's, 2, 4, 6 bob's.
    await press(ann, board, "7")
    assert "Ann won" in board.content
    assert "Rematch" in labels(board)
    assert len(ann.sees()) == 1, "one message a game"


async def test_who_is_invited_is_pinged_and_nobody_else(milena: Bot, ann: Person, bob: Person) -> None:
    board = (await ann.slash("play tictactoe", opponent=bob)).message
    assert board.pings.users == {bob.id}


async def test_where_no_board_can_be_kept_no_game_is_opened(
    discord: StandIn, milena: Bot, club: Guild, ann: Person
) -> None:
    hidden = club.channel("hidden")
    milena_herself = discord.world.bot.id
    hidden.overwrites[milena_herself] = Overwrite(milena_herself, 1, deny=int(P.VIEW_CHANNEL))
    for command, options in (("play tictactoe", {}), ("match", {"game": "tictactoe"})):
        shown = await ann.at(hidden).slash(command, **options)
        assert shown.ephemeral
        assert "View Channel" in shown.text
    assert not (await ann.at(None).slash("play tictactoe")).ephemeral


async def test_a_press_that_is_wrong_is_answered_rightly_and_plays_nothing(
    milena: Bot, home_dir: Path, discord: StandIn, ann: Person, bob: Person, club: Guild
) -> None:
    carl = discord.person("carl", club)
    board = await opened(ann, bob)
    old = next(each["custom_id"] for each in board.buttons if each.get("label") == "5")
    before = await bob.press(board, "5")
    assert before.ephemeral
    assert "not your turn" in before.text
    assert (await carl.press(board, "5")).ephemeral
    await press(ann, board, "5")
    again = await ann.press(board, old, anyway=True)
    assert again.ephemeral
    stale = await bob.press(board, old, anyway=True)
    assert stale.ephemeral
    assert "moved on" in stale.text
    milena.terminate()
    await milena.ends()
    assert [event.move for _, event in recorded(home_dir, "game.move_played")] == ["5"]  # type: ignore[attr-defined]


async def test_both_press_at_once(
    milena: Bot, discord: StandIn, home_dir: Path, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob)
    shown = await asyncio.gather(*(ann.press(board, cell) for cell in "12345"))
    assert sorted(each.how == "message" for each in shown) == [False] + [True] * 4
    milena.terminate()
    await milena.ends()
    assert len(recorded(home_dir, "game.move_played")) == 1


async def test_killed_in_the_middle_it_goes_on(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild, ann: Person, bob: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    board = await opened(ann, bob)
    await press(ann, board, "1")
    await first.kill()
    await discord.until(lambda: not discord.gateway.connected())
    await start_milena()
    await discord.ready()
    for who, cell in zip((bob, ann, bob, ann), "4253", strict=True):
        await press(who, board, cell)
    assert "Ann won" in board.content
    assert len(ann.sees()) == 1


async def test_a_board_whose_message_was_not_noted_is_found_after_a_restart(
    discord: StandIn, start_milena: StartMilena, ann: Person, bob: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    # Given that the answer with the board is in the channel, and that nobody heard of it:
    discord.faults.slow(60.0, "*callback*", after=True)
    opening = asyncio.ensure_future(ann.slash("play tictactoe", opponent=bob))
    await discord.until(lambda: len(bob.sees()) == 1)
    await first.kill()
    (board,) = bob.sees()
    discord.faults.clear()
    opening.cancel()
    await discord.until(lambda: not discord.gateway.connected())
    await start_milena()
    await discord.ready()
    await bob.press(board, "Accept")
    await press(ann, board, "5")
    await discord.until(lambda: "Bob to move" in board.content)
    assert bob.sees() == [board], "there is one message, and that shows the game"


async def test_what_a_board_missed_is_drawn_after_a_restart(
    discord: StandIn, start_milena: StartMilena, ann: Person, bob: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    board = await opened(ann, bob)
    # Given that the move is in the log, and neither its answer nor an edit ever came to Discord:
    discord.faults.reset("*", times=1000)
    pressed = asyncio.ensure_future(ann.press(board, "5"))
    await discord.until(lambda: len(discord.record.calls) > 10)
    await first.kill()
    await pressed
    discord.faults.clear()
    await start_milena()
    await discord.until(lambda: "Bob to move" in board.content)


async def test_a_move_is_typed_in_a_modal_or_as_a_command(
    discord: StandIn, milena: Bot, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob, "wordchain")
    form = await ann.press(board, "Type a move")
    assert form.how == "form"
    shown = await ann.submit(form, {"Your move": "no word at all"})
    assert shown.ephemeral
    before, form = board.content, await ann.press(board, "Type a move")
    await ann.submit(form, {"Your move": "-"})
    await discord.until(lambda: board.content != before)
    assert (await ann.press(board, "Type a move")).ephemeral, "who has passed can't move any more"


async def test_moves_are_completed_and_played_as_a_command(
    discord: StandIn, milena: Bot, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob, "othello")
    (game,) = (await ann.complete("move", "game", "")).choices
    assert game[1] == key_of(board)
    moves = (await ann.complete("move", "move", "", game=game[1])).choices
    assert {move for _, move in moves} == {"c4", "d3", "e6", "f5"}
    played = await ann.slash("move", game=game[1], move="d3")
    assert played.ephemeral
    await discord.until(lambda: "Bob to move" in board.content)


async def test_hidden_things_are_seen_by_their_owner_alone(
    discord: StandIn, milena: Bot, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob, "crazy-eights")
    hands = [(await who.press(board, "Your move")) for who in (ann, bob)]
    assert all(each.ephemeral for each in hands)
    held = [re.search(r"In hand: \*\*(.+)\*\*", each.text) for each in hands]
    assert held[0]
    assert held[1]
    for card in held[0][1].split(" · "):
        assert card not in hands[1].text, "bob sees no card of ann's"
    assert hands[0].message not in bob.sees()
    # Whoever may move does so on the own side of the board, and the board follows.
    before = board.content
    mover, hand = (ann, hands[0]) if "Ann to move" in board.content else (bob, hands[1])
    assert (await mover.press(hand.message, _first_move(hand.message))).how == "updated"
    await discord.until(lambda: board.content != before)


async def test_a_machine_plays_too(discord: StandIn, milena: Bot, ann: Person) -> None:
    board = (await ann.slash("play tictactoe", machine="minimax")).message
    await press(ann, board, "5")
    await discord.until(lambda: "Ann to move" in board.content)


async def test_a_rematch_is_a_new_board(discord: StandIn, milena: Bot, ann: Person, bob: Person) -> None:
    board = await opened(ann, bob)
    asked = await ann.press(board, "Call off")
    await ann.press(asked.message, "Abort")
    await discord.until(lambda: "Rematch" in labels(board))
    again = await bob.press(board, "Rematch")
    assert again.how == "message"
    assert not again.ephemeral
    assert again.message is not board
    await discord.until(lambda: "Rematch" not in labels(board))


async def test_a_board_that_was_deleted_comes_again(
    discord: StandIn, milena: Bot, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob)
    key = key_of(board)
    discord.delete_message(board)
    await ann.slash("move", game=key, move="5")
    await discord.until(
        lambda: any("Bob to move" in each.content and not each.only_for for each in ann.sees())
    )


async def test_in_a_channel_where_milena_may_not_speak_games_go_on(
    discord: StandIn, milena: Bot, club: Guild, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob)
    discord.delete_channel(board.channel)
    other = club.channel("other")
    discord.gateway.tell_channel("CHANNEL_CREATE", other)
    key = key_of(board)
    shown = await ann.at(other).slash("move", game=key, move="5")
    assert shown.how == "message"
    await milena.says("is gone; it goes on")


async def test_other_bots_are_not_played_with(
    discord: StandIn, milena: Bot, club: Guild, ann: Person
) -> None:
    robot = discord.person("robot", club)
    robot.user.bot = True
    shown = await ann.slash("play tictactoe", opponent=robot)
    assert shown.ephemeral
    assert "bot" in shown.text


async def test_interactions_that_come_again_change_nothing(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild, ann: Person, bob: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    board = await opened(ann, bob)
    await press(ann, board, "1")
    discord.faults.redeliver(3, seed=1)
    await press(bob, board, "2")
    # After a restart nobody remembers but the log.
    await first.kill()
    await discord.until(lambda: not discord.gateway.connected())
    second = await start_milena()
    await discord.ready()
    discord.faults.redeliver(2, seed=2)
    await press(ann, board, "3")
    second.terminate()
    assert await second.ends() == 0
    assert [each for each in commands(home_dir) if not each.startswith("board")] == [
        "open", "accept", "move", "move", "move",
    ]  # fmt: skip
    forgive_second_answers(discord, restarted=True)


async def test_a_play_that_comes_again_and_takes_long_leaves_its_board_alone(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild, ann: Person, bob: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    asked = await ann.slash("play tictactoe", opponent=bob)
    # Given that nobody remembers but the log, and that it can't be asked for longer than an answer may take:
    await first.kill()
    await discord.until(lambda: not discord.gateway.connected())
    second = await start_milena()
    await discord.ready()
    with closing(sqlite3.connect(home_dir / "events.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        discord.desk.send(asked.interaction)
        late = asked.interaction.made + 2.6
        await discord.until(lambda: discord.record.refused or discord.clock.now() > late)
        other.execute("ROLLBACK")
    await ann.slash("ping")
    second.terminate()
    assert await second.ends() == 0
    assert not asked.message.deleted
    forgive_second_answers(discord, restarted=True)


async def test_a_game_is_replayed_in_one_message(
    discord: StandIn, milena: Bot, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob)
    await press(ann, board, "5")
    await press(bob, board, "1")
    replay = await bob.slash("game replay", game=key_of(board), ply=0)
    assert "Ply 0 of 2." in replay.text
    assert "X" not in replay.text
    turned = await bob.press(replay.message, "Next")
    assert turned.how == "updated"
    assert "Ply 1 of 2." in replay.message.content
    assert "X" in replay.message.content
    assert "O" not in replay.message.content.partition("```")[2].partition("```")[0]


async def test_a_game_is_shown_again_to_all(discord: StandIn, milena: Bot, ann: Person, bob: Person) -> None:
    board = await opened(ann, bob)
    again = (await bob.slash("game show", game=key_of(board))).message
    assert again in ann.sees()
    assert not again.pings
    # It is a board as well, if not the one that is kept up.
    assert (await ann.press(again, "5")).how == "updated"
    assert "Bob to move" in again.content
    await discord.until(lambda: "Bob to move" in board.content)


async def test_what_milena_asks_herself_is_behind_no_button(milena: Bot, ann: Person, bob: Person) -> None:
    board = await opened(ann, bob)
    forged = await ann.press(board, f'1:a:{{"game":"{key_of(board)}"}}:expire', anyway=True)
    assert forged.ephemeral
    assert "older" in forged.text


async def test_games_of_another_server_are_not_there(
    discord: StandIn, milena: Bot, ann: Person, bob: Person
) -> None:
    board = await opened(ann, bob)
    elsewhere = discord.person("carl", discord.guild("Elsewhere"))
    message = (await elsewhere.slash("ping")).message
    shown = await elsewhere.press(message, f"1:h:{key_of(board)}:0", anyway=True)
    assert shown.ephemeral
    assert "There is no game" in shown.text
