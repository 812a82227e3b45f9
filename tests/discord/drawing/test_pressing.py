"""What a press means, and whose presses mean nothing."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from tabletop import GAMES, KEY, SEED, Table, player

from milena.discord import custom_ids, pressing
from milena.discord.custom_ids import (
    Ask,
    Call,
    Choose,
    Control,
    CustomId,
    Hand,
    Menu,
    Numbered,
    Offered,
    Play,
    Typed,
)
from milena.discord.pressing import Confirm, Dismiss, Invoke, NotOurs, Nth, OpenModal, Recall, ShowHand
from milena.domain.game import OfferDraw, Resign
from milena.domain.refusal import Refused

MOVE = Invoke("move", {"game": KEY, "move": "5", "ply": 2}, KEY)


@pytest.mark.parametrize(
    ("id", "values", "typed", "meant"),
    [
        (Play(KEY, 2, None, "5"), [], {}, MOVE),
        (Menu(KEY, 2, None, 0), ["=5"], {}, MOVE),
        (Typed(KEY, 2, None), [], {"move": "5"}, MOVE),
        (Play(KEY, None, 3, "a"), [], {}, Invoke("move", {"game": KEY, "move": "a", "turn": 3}, KEY)),
        (Play(KEY, None, None, "a:b"), [], {}, Invoke("move", {"game": KEY, "move": "a:b"}, KEY)),
        (Menu(KEY, 2, None, 1), ["#30"], {}, Nth(KEY, 2, 30)),
        (Numbered(KEY, 2, 4), [], {}, Nth(KEY, 2, 4)),
        (Ask(KEY, 2, None), [], {}, OpenModal(Ask(KEY, 2, None))),
        (Hand(KEY, 3), [], {}, ShowHand(KEY, 3)),
        (Control(KEY, "join"), [], {}, Invoke("join", {"game": KEY}, KEY)),
        (Control(KEY, "accept", "draw"), [], {}, Invoke("accept", {"game": KEY, "offer": "draw"}, KEY)),
        (Control(KEY, "resign?"), [], {}, Confirm(KEY, "resign")),
        (Control(KEY, "resign"), [], {}, Invoke("resign", {"game": KEY}, KEY)),
        (Control(KEY, "stay"), [], {}, Dismiss(KEY)),
        (Call("remind cancel", {"id": "7"}), [], {}, Invoke("remind cancel", {"id": "7"})),
        (Choose("setup", "value", {"step": "a"}), ["5"], {}, Invoke("setup", {"step": "a", "value": "5"})),
        (Choose("setup", "value", {"step": "games"}), [], {}, NotOurs()),
        (Choose("setup", "value", {"step": "games"}), ["5", "6"], {}, NotOurs()),
        (Offered(12, 1), [], {}, Recall(12, 1)),
        (Menu(KEY, 2, None, 0), [], {}, NotOurs()),
        (Menu(KEY, 2, None, 0), ["5"], {}, NotOurs()),
        (Menu(KEY, 2, None, 0), ["#" + "9" * 5000], {}, NotOurs()),
        (Typed(KEY, 2, None), [], {}, NotOurs()),
    ],
)
def test_what_a_press_means(id: CustomId, values: list[str], typed: dict[str, str], meant: object) -> None:
    assert pressing.meaning(custom_ids.format(id), values, typed) == meant


def test_what_nobody_knows_is_answered_clearly() -> None:
    meant = pressing.meaning("page_next")
    assert isinstance(meant, NotOurs)
    assert "newest message" in meant.sentence


@pytest.fixture
def table() -> Table:
    """Tic-tac-toe after one move: it is the second player's turn."""
    table = Table("tictactoe")
    table.open()
    table.sit()
    table.play(0, "5")
    return table


def refused(table: Table, seat: int, ask: Ask) -> str:
    with pytest.raises(Refused) as caught:
        pressing.check(GAMES, table.game, player(seat), ask)
    return caught.value.code


def test_a_modal_is_opened_for_who_may_move_only(table: Table) -> None:
    now = Ask(KEY, 1, None)
    pressing.check(GAMES, table.game, player(1), now)
    assert refused(table, 0, now) == "not_your_turn"
    assert refused(table, 7, now) == "not_seated"
    assert refused(table, 1, Ask(KEY, 0, None)) == "moved_on"
    table.do(Resign(player(1), SEED))
    assert refused(table, 1, now) == "not_playing"


def test_a_move_by_its_number_is_the_one_that_was_shown(table: Table) -> None:
    meant = pressing.nth(GAMES, table.game, player(1), Nth(KEY, 1, 2))
    assert meant.options == {"game": KEY, "move": "3", "ply": 1}


@pytest.mark.parametrize("stale", [Nth(KEY, 0, 2), Nth(KEY, 1, 8)])
def test_a_number_of_another_board_is_no_move(table: Table, stale: Nth) -> None:
    with pytest.raises(Refused) as caught:
        pressing.nth(GAMES, table.game, player(1), stale)
    assert caught.value.code == "moved_on"


def test_a_number_is_no_move_of_another_ply_where_all_may_move_either() -> None:
    table = Table("quiz")
    table.open(2)
    table.sit()
    ply = table.game.ply
    right = pressing.nth(GAMES, table.game, player(0), Nth(KEY, ply, 0)).options["move"]
    table.play(1, next(move for move in table.rules.legal(table.game.board, 1) if move != right))
    with pytest.raises(Refused) as caught:
        pressing.nth(GAMES, table.game, player(0), Nth(KEY, ply, 0))
    assert caught.value.code == "moved_on"


def test_nobody_agrees_to_what_came_in_the_place_of_what_they_saw(table: Table) -> None:
    """The button was about a takeback, and a draw is offered now."""
    from milena.domain.game import offered, require_offered

    table.do(OfferDraw(player(0), SEED))
    assert offered(table.game, player(1)) == "draw"
    require_offered(table.game, player(1), "draw")
    with pytest.raises(Refused):
        require_offered(table.game, player(1), "takeback")
