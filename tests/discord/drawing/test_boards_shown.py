"""What a board looks like."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))

from tabletop import GAMES, KEY, NOW, PEOPLE, SEED, Table, player

from milena.discord import drawing
from milena.discord.message import Message
from milena.domain.clock import parse
from milena.domain.game import AskTakeback, Invite, OfferDraw, Resign


def rows(message: Message) -> list[list[str]]:
    return [
        [part.get("label") or part["placeholder"] for part in row["components"]] for row in message.components
    ]


def parts(message: Message) -> dict[str, Any]:
    found = [part for row in message.components for part in row["components"]]
    return {part.get("label") or part["placeholder"]: part for part in found}


def started(name: str, *moves: str, **options: Any) -> Table:
    table = Table(name)
    table.open(options=options)
    table.sit()
    for number, move in enumerate(moves):
        table.play(number % 2, move)
    return table


def board(table: Table) -> Message:
    return drawing.board(table.history(), PEOPLE)


def test_a_small_board_is_pressed_where_it_is_shown() -> None:
    drawn = board(started("tictactoe", "5", "1"))
    assert rows(drawn) == [["O", "2", "3"], ["4", "X", "6"], ["7", "8", "9"], ["Draw", "Take back", "Resign"]]
    assert parts(drawn)["O"]["disabled"]
    assert parts(drawn)["2"]["custom_id"] == f"1:p:{KEY}:2::2"
    assert drawn.content.split("\n") == [
        f"**Tic-tac-toe** · `{KEY}`",
        "▸ **ann** ❌",
        "· **bob** ⭕",
        "**ann to move**",
        "-# 1 ann 5 · 2 bob 1",
    ]


def test_a_board_that_nobody_can_press_any_more_is_emoji() -> None:
    drawn = board(started("tictactoe", "1", "4", "2", "5", "3"))
    assert "❌❌❌\n⭕⭕🟦\n🟦🟦🟦" in drawn.content
    assert "**ann won: three in a row.**" in drawn.content
    assert rows(drawn) == [["Rematch"]]


def test_columns_are_buttons_below_a_board_of_emoji() -> None:
    drawn = board(started("connect4", "4", "4"))
    assert "🟦🟦🟦⚪🟦🟦🟦\n🟦🟦🟦⚫🟦🟦🟦\n1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣" in drawn.content
    assert rows(drawn)[:2] == [["1", "2", "3", "4", "5"], ["6", "7"]]


def test_a_large_board_is_a_picture_with_words_for_who_can_not_see_it() -> None:
    drawn = board(started("othello"))
    [picture] = drawn.files
    assert picture.data.startswith(b"\x89PNG")
    assert "4: _ _ · ○ ● _ _ _." in picture.description
    assert rows(drawn)[0] == ["d3", "c4", "f5", "e6"]


def test_without_pillow_it_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milena.discord.picture.available", lambda: False)
    drawn = board(started("othello"))
    assert not drawn.files
    assert "4     · ○ ●" in drawn.content


def test_what_is_too_much_for_buttons_is_behind_one() -> None:
    drawn = board(started("minesweeper"))
    assert rows(drawn)[-1][:2] == ["Your move", "Type a move"]
    hand = drawing.hand(started("minesweeper").history(), 0, PEOPLE, 1)
    assert hand.ephemeral
    assert rows(hand)[:2] == [["Choose a move: C8 to F5, 26–50 of 81"], ["◀ Moves before", "Moves after ▶"]]


def test_a_hand_is_for_its_player_only() -> None:
    table = started("crazy-eights")
    history = table.history()
    assert rows(board(table)) == [["Your move", "Call off"]]
    cards = table.game.board.hands[0]
    assert " · ".join(cards) in drawing.hand(history, 0, PEOPLE).content
    assert " · ".join(cards) not in drawing.hand(history, 1, PEOPLE).content
    [waits] = {0, 1} - {*GAMES.actors(table.game)}
    assert rows(drawing.hand(history, waits, PEOPLE)) == [["Look again"]]


def test_who_has_chosen_is_told_and_not_what() -> None:
    table = started("rock-paper-scissors")
    table.play(0, "rock")
    drawn = board(table)
    assert "**ann** ✓" in drawn.content
    assert "rock" not in drawn.content
    assert rows(drawn)[0] == ["rock", "paper", "scissors"]


def test_who_is_invited_is_called_and_can_accept_or_decline() -> None:
    table = Table("tictactoe")
    table.open()
    table.sit(1)
    table.do(Invite(player(0), player(1), NOW + 60_000))
    drawn = board(table)
    assert f"<@1001> is invited, until <t:{NOW // 1000 + 60}:R>" in drawn.content
    assert drawn.pings == ("1001",)
    assert rows(drawn) == [["Accept", "Decline", "Leave"]]
    assert parts(drawn)["Accept"]["custom_id"] == f"1:c:{KEY}:accept:seat"


def test_a_game_that_waits_can_be_joined() -> None:
    table = Table("crazy-eights")
    table.open(3)
    table.sit(2)
    assert rows(board(table)) == [["Join", "Begin", "Leave"]]
    assert "1 seat free" in board(table).content


def test_what_is_asked_can_be_answered() -> None:
    table = started("tictactoe", "5", "1")
    table.do(AskTakeback(player(1), NOW))
    assert rows(board(table))[-1] == ["Accept", "Decline", "Resign"]
    assert "bob asks to take a move back." in board(table).content
    table = started("tictactoe", "5", "1")
    table.do(OfferDraw(player(0), SEED))
    assert parts(board(table))["Decline"]["custom_id"] == f"1:c:{KEY}:decline:draw"


def test_clocks_run_on_discord() -> None:
    table = Table("tictactoe")
    table.open(clock=parse("5m"))
    table.sit()
    drawn = board(table)
    assert f"▸ **ann** ❌ ⏳ <t:{NOW // 1000 + 300}:R>" in drawn.content
    assert "· **bob** ⭕ ⏱ 5m" in drawn.content


def test_to_give_up_is_to_be_confirmed() -> None:
    asked = drawing.confirm(started("tictactoe", "5", "1").history(), "resign")
    assert asked.ephemeral
    assert rows(asked) == [["Resign", "Play on"]]


def test_the_result_stays_when_somebody_gives_up() -> None:
    table = started("connect4", "1", "2")
    table.do(Resign(player(0), SEED))
    assert "**bob won: ann resigned.**" in board(table).content


def test_names_are_shown_as_they_were_written() -> None:
    table = Table("liars-dice")
    table.open(4)
    table.sit()
    content = re.sub("```.*```", "", board(table).content, flags=re.DOTALL)
    assert r"**c\*y\*d @" in content
    assert "@everyone" not in content
    assert "<@42>" not in content
    assert "\u202e" not in content
