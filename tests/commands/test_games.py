"""The commands about games, through the engine: what each answers, and what it lets happen."""

from collections.abc import Callable
from typing import Any, get_args

import msgspec
import pytest

from milena.commands import commands
from milena.domain.command import Category
from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine
from milena.home import Home

Invoke = Callable[..., Answer]
Rows = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize("name", commands())
def test_a_command_is_declared_so_that_every_front_end_can_offer_it(name: str) -> None:
    command = commands()[name]
    info = msgspec.inspect.type_info(command.options)
    assert isinstance(info, msgspec.inspect.StructType)
    assert command.category in get_args(Category)
    assert command.description.endswith(".")
    assert command.cooldown >= 0
    assert set(command.private) <= {field.name for field in info.fields}
    assert info.forbid_unknown_fields
    schema = msgspec.json.schema(command.options)["$defs"][command.options.__name__]
    for field in info.fields:
        explained = schema["properties"][field.encode_name]
        assert any(each.get("description") for each in (explained, *explained.get("anyOf", ()))), field.name


def test_these_commands_are_there() -> None:
    assert set(commands()) >= {"open", "join", "leave", "move", "resign", "abort"}


def test_opening_answers_the_id_of_the_game_and_takes_the_first_seat(
    invoke: Invoke, engine: Engine, ann: PlayerId
) -> None:
    answer = invoke("open", ann, game="tictactoe", salt="mine")
    game = engine.read("game", answer.result["game"]).state
    assert answer.result == {"game": game.key, "status": "waiting", "ply": 0}
    assert game.seat_of(ann) == 0
    assert game.salts == ["mine"]


def test_opening_for_others_takes_no_seat(invoke: Invoke, engine: Engine, ann: PlayerId) -> None:
    answer = invoke("open", ann, game="hangman", seats=3, sit=False, options={"wrong": 2})
    game = engine.read("game", answer.result["game"]).state
    assert game.seats == (None, None, None)
    assert (game.host, game.options["wrong"]) == (ann, 2)


def test_a_game_for_one_starts_at_once(invoke: Invoke, ann: PlayerId) -> None:
    result = invoke("open", ann, game="2048").result
    assert (result["status"], result["ply"]) == ("playing", 2)


def test_seats_are_counted_from_one(invoke: Invoke, engine: Engine, ann: PlayerId, bob: PlayerId) -> None:
    game = invoke("open", ann, game="tictactoe", sit=False).result["game"]
    assert invoke("join", bob, game=game, seat=0).code == "bad_option"
    assert invoke("join", bob, game=game, seat=3).code == "seat_taken"
    assert invoke("join", bob, game=game, seat=2).verdict == "accepted"
    assert engine.read("game", game).state.seat_of(bob) == 1


def test_a_whole_game_from_opening_to_its_end(
    invoke: Invoke, engine: Engine, ann: PlayerId, bob: PlayerId
) -> None:
    game = invoke("open", ann, game="tictactoe").result["game"]
    assert invoke("join", bob, game=game).result == {"game": game, "status": "playing", "ply": 0}
    for ply, (player, move) in enumerate(zip([ann, bob] * 2, "1425", strict=True), start=1):
        assert invoke("move", player, game=game, move=move, ply=ply - 1).result["ply"] == ply
    assert invoke("move", ann, game=game, move="3").result == {"game": game, "status": "ended", "ply": 5}
    ended = engine.read("game", game).state
    assert ended.outcome is not None
    assert (ended.outcome.scores, ended.outcome.reason) == ((1, 0), "three in a row")
    assert invoke("move", bob, game=game, move="9").code == "game_over"


def test_a_seat_can_be_given_back_before_the_start_only(invoke: Invoke, ann: PlayerId, bob: PlayerId) -> None:
    game = invoke("open", ann, game="tictactoe").result["game"]
    assert invoke("leave", bob, game=game).code == "not_seated"
    assert invoke("leave", ann, game=game).verdict == "accepted"
    for player in (ann, bob):
        invoke("join", player, game=game)
    assert invoke("leave", ann, game=game).code == "has_begun"


def test_resigning_and_aborting_end_a_game_and_reveal_its_seed(
    invoke: Invoke, engine: Engine, home: Home, ann: PlayerId, bob: PlayerId
) -> None:
    for command, how in (("resign", "resigned"), ("abort", "aborted")):
        game = invoke("open", ann, game="connect4").result["game"]
        invoke("join", bob, game=game)
        assert invoke(command, bob, game=game).result["status"] == "ended"
        state = engine.read("game", game).state
        assert state.how == how
        assert state.seed == home.vault.seed(game).hex()


@pytest.mark.parametrize("command", ["join", "leave", "move", "resign", "abort"])
def test_a_game_that_is_not_there_is_refused(invoke: Invoke, ann: PlayerId, command: str) -> None:
    options = {"move": "1"} if command == "move" else {}
    answer = invoke(command, ann, game="0123456789", **options)
    assert answer.code == "unknown_game_id"
    assert "'0123456789'" in answer.sentence


def test_an_open_move_is_recorded_with_the_invocation_and_a_secret_one_is_not(
    invoke: Invoke, home: Home, ann: PlayerId, bob: PlayerId
) -> None:
    recorded = []
    for name, move in (("tictactoe", "5"), ("rock-paper-scissors", "rock")):
        game = invoke("open", ann, game=name).result["game"]
        invoke("join", bob, game=game)
        stored = home.store.invocation(invoke("move", ann, game=game, move=move).invocation)
        assert stored is not None
        recorded.append(msgspec.json.decode(stored.payload)["options"] == {"game": game, "move": move})
        assert msgspec.json.decode(stored.payload)["options"]["game"] == game
    assert recorded == [True, False]
