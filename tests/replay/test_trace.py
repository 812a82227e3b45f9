"""A trace leads from any event to the invocation behind it, and to all that this one caused."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from milena.aggregates import AGGREGATES, GAMES
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.domain.refusal import Refused
from milena.home import Home
from milena.replay.trace import Node, find, trace
from milena.store import Envelope


@pytest.fixture
def home(data: Path) -> Iterator[Home]:
    with Home(data) as home:
        yield home


def of(home: Home, tag: str) -> list[Envelope]:
    return [event for event in home.store.scan() if event.tag == tag]


def tags(node: Node) -> list[Any]:
    return [node.event.tag, *(tags(each) for each in node.caused)]


# ------------------------------------------------------------------------------------------- finding


@pytest.mark.parametrize("text", ["17", "#17", " 17 "])
def test_a_position_is_found(home: Home, text: str) -> None:
    assert find(home.store, GAMES, text).position == 17


def test_an_invocation_is_found_by_its_id_or_the_end_of_it(home: Home) -> None:
    invoked = of(home, "command.invoked")[-1]
    assert invoked.invocation is not None

    assert find(home.store, GAMES, invoked.invocation) == invoked
    assert find(home.store, GAMES, invoked.invocation[3:].upper()) == invoked


def test_an_invocation_is_found_by_the_beginning_of_its_id(
    home: Home, invocation: Callable[..., Invocation]
) -> None:
    with home.engine() as engine:
        call = Invocation(
            InvocationId("987654321987654321"), "join", {"game": "x"}, PlayerId("p"), Place("d/c"), 1
        )
        position = engine.call(call).position

    assert find(home.store, GAMES, "98765432").position == position


def test_a_game_stands_for_its_opening(home: Home) -> None:
    opened = of(home, "game.opened")[2]

    assert find(home.store, GAMES, opened.stream.removeprefix("game:")) == opened


@pytest.mark.parametrize(
    "text", ["", "#", "#0", "99999", "#99999", "nothing", "9" * 400, "²", "\0", "%", "_"]
)
def test_what_is_nowhere_is_refused_with_what_there_is(home: Home, text: str) -> None:
    with pytest.raises(Refused, match="There is no event") as refusal:
        find(home.store, GAMES, text)

    assert f"1 to {home.store.head().position}" in refusal.value.sentence
    assert len(refusal.value.sentence) < 200


def test_an_id_that_several_have_is_refused_with_some_of_them(home: Home) -> None:
    begin = of(home, "game.opened")[0].stream.removeprefix("game:")[:2]

    with pytest.raises(Refused, match=r"fits several ids .*; type more") as refusal:
        find(home.store, GAMES, begin)

    assert refusal.value.code == "ambiguous_id"


# ------------------------------------------------------------------------------------------- tracing


def test_from_each_event_of_an_invocation_the_same_tree_is_reached(home: Home) -> None:
    last_move = of(home, "game.ended")[0]
    assert last_move.causation is not None

    trees = [
        trace(home.store, AGGREGATES, event)
        for event in home.store.scan(last_move.causation - 1, last_move.position)
    ]

    assert len(trees) == 3
    assert all(
        tags(tree) == ["command.invoked", ["game.move_played"], ["game.ended"], ["lobby.game_closed"]]
        for tree in trees
    )


def test_a_draw_leads_back_to_the_move_that_made_it_due(home: Home) -> None:
    drawn = of(home, "game.chance_drawn")[4]

    tree = trace(home.store, AGGREGATES, drawn)

    assert tree.fields["command"] == "move"
    assert tags(tree) == ["command.invoked", ["game.move_played"], ["game.chance_drawn"]]


def test_an_invocation_that_followed_hangs_below_the_event_that_led_to_it(home: Home) -> None:
    opened = of(home, "game.opened")[4]
    key = opened.stream.removeprefix("game:")
    follows = (opened.correlation, opened.position)
    with home.engine() as engine:
        abort = Invocation(
            InvocationId("robot"), "abort", {"game": key}, opened.player, opened.place, 1, follows
        )
        assert engine.call(abort).verdict == "accepted"
    ended = of(home, "game.ended")[-1]

    tree = trace(home.store, AGGREGATES, ended)

    assert tags(tree) == [
        "command.invoked",
        ["game.opened", ["command.invoked", ["game.ended"], ["lobby.game_closed"]]],
        ["game.seat_taken"],
        ["lobby.game_listed"],
    ]
    assert tree.event.position == opened.causation


def test_a_refused_invocation_caused_nothing(home: Home) -> None:
    refused = of(home, "command.invoked")[-1]

    tree = trace(home.store, AGGREGATES, refused)

    assert tree.fields["verdict"] == "refused"
    assert tree.caused == []


def test_what_is_sealed_in_a_game_that_goes_on_stays_sealed(home: Home) -> None:
    waiting = of(home, "game.choice_sealed")[-1]

    [choice] = trace(home.store, AGGREGATES, waiting).caused

    assert (choice.sealed, choice.fields) == ("move", {"seat": 0, "move": None})


def test_what_was_sealed_in_a_game_that_has_ended_is_told(home: Home) -> None:
    first = of(home, "game.choice_sealed")[0]

    [choice] = trace(home.store, AGGREGATES, first).caused

    assert (choice.sealed, choice.fields) == ("", {"seat": 1, "move": "rock"})
