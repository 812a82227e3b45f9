"""What holds for the messages about every game: Discord takes them, and they tell no secret."""

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from standin.components import Components
from standin.errors import Form
from standin.mentions import pings

sys.path.append(str(Path(__file__).parent))

from tabletop import GAMES, PEOPLE, Table, player

from milena import games
from milena.discord import custom_ids, drawing, pressing
from milena.discord.custom_ids import Ask, Menu, Numbered, Play
from milena.discord.message import Message
from milena.domain.game import Game
from milena.replay.history import History

PLAYING = (Play, Numbered, Menu, Ask)
SEEDS = range(3)
LOOKS = 12
"""Positions of a play-out that are drawn."""


@pytest.fixture(scope="module", params=games.names())
def positions(request: pytest.FixtureRequest) -> list[History]:
    """Random positions of a game, from those of its play-outs that go furthest too."""
    return [history for seed in SEEDS for history in _positions(request.param, seed)]


def _positions(game: str, seed: int) -> Iterator[History]:
    table = Table(game, seed)
    table.open_any()
    step = 1
    for _ in range(LOOKS):
        yield table.history()
        if table.game.status == "ended":
            return
        table.go_on(step)
        step = max(1, table.game.ply // 4)


def check(message: Message) -> None:
    """Discord would take it, and it pings nobody who is not to be pinged."""
    form, unknown, body = Form(), list[str](), message.body()
    form.text("content", body["content"], 2000)
    assert len(body["content"].encode("utf-16-le")) <= 4000
    Components(form, unknown).message("components", body["components"], v2=False)
    for file in message.files:
        assert 0 < len(file.description) <= 1024
        assert len(file.data) < 60_000
    form.check()
    assert not unknown
    assert body["content"] or message.files
    everything = {"parse": ["users", "roles", "everyone"]}
    pinged = pings(body["content"], everything, may_all=True, mentionable=set())
    assert pinged.users <= set(message.pings)
    assert not pinged.everyone


def pressable(message: Message) -> list[dict[str, object]]:
    parts = [part for row in message.components for part in row["components"]]
    return [part for part in parts if not part.get("disabled")]


def messages(history: History) -> Iterator[Message]:
    yield drawing.board(history, PEOPLE)
    for seat in range(len(history.game.seats)):
        for page in (0, 1, 99):
            yield drawing.hand(history, seat, PEOPLE, page)


def test_discord_takes_every_message(positions: list[History]) -> None:
    for history in positions:
        for message in messages(history):
            check(message)
        modal, form = drawing.ask(history, Ask(history.game.key, 3, None)), Form()
        Components(form, []).modal("data", modal)
        form.check()


def test_every_id_is_ours(positions: list[History]) -> None:
    for history in positions:
        for message in messages(history):
            for part in pressable(message):
                assert custom_ids.parse(str(part["custom_id"])) is not None


def test_what_is_offered_can_be_played(positions: list[History]) -> None:
    for history in positions:
        for seat in GAMES.actors(history.game):
            for message in (drawing.board(history, PEOPLE), drawing.hand(history, seat, PEOPLE)):
                for id, value in offered(message):
                    meant = pressing.meaning(id, value)
                    if isinstance(meant, pressing.Nth):
                        meant = pressing.nth(GAMES, history.game, player(seat), meant)
                    assert isinstance(meant, pressing.Invoke)
                    assert meant.command == "move"
                    assert meant.options["move"] in GAMES.rules(history.game).legal(history.game.board, seat)
                    assert GAMES.looked_at(history.game).items() <= meant.options.items()


def offered(message: Message) -> Iterator[tuple[str, list[str]]]:
    for part in pressable(message):
        id = str(part["custom_id"])
        meant = custom_ids.parse(id)
        if isinstance(meant, (Play, Numbered)):
            yield id, []
        elif isinstance(meant, Menu):
            options = part["options"]
            assert isinstance(options, list)
            for option in options:
                yield id, [option["value"]]


def test_who_may_move_is_led_to_a_move(positions: list[History]) -> None:
    for history in positions:
        for seat in GAMES.actors(history.game):
            led = (*PLAYING, custom_ids.Hand)
            assert any(isinstance(id, led) for id in ids(drawing.board(history, PEOPLE)))
            assert any(isinstance(id, PLAYING) for id in ids(drawing.hand(history, seat, PEOPLE)))


def ids(message: Message) -> list[custom_ids.CustomId | None]:
    return [custom_ids.parse(str(part["custom_id"])) for part in pressable(message)]


def test_a_board_tells_nothing_that_a_spectator_must_not_know(positions: list[History]) -> None:
    """Two states that a spectator can't tell apart have the same board."""
    for history in positions:
        game = history.game
        if game.status == "playing":
            drawn = drawing.board(history, PEOPLE)
            for world in indistinguishable(game):
                show(history, replace(game, board=world))
                assert drawing.board(history, PEOPLE) == drawn
            show(history, game)


def show(history: History, game: Game) -> None:
    history.game = game
    history.plies[-1] = replace(history.plies[-1], game=game)


def indistinguishable(game: Game) -> Iterator[Any]:
    """Boards that look to a spectator as this one does: what the players may imagine."""
    rules, random = GAMES.rules(game), Random(game.ply)
    hidden = rules.hide(game.board, None)
    for seat in range(len(game.seats)):
        for _ in range(3):
            world = rules.imagine(rules.hide(game.board, seat), seat, random.randrange)
            if rules.hide(world, None) == hidden:
                yield world


def test_where_something_is_hidden_there_are_boards_that_look_alike() -> None:
    """Or the law above would hold of nothing."""
    table = Table("crazy-eights")
    table.open()
    table.sit()
    assert any(world != table.game.board for world in indistinguishable(table.game))
