"""Which slashes there are, and what each stands for."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from milena import games
from milena.commands import commands, offered
from milena.domain.command import Command, Desk, Result
from milena.domain.game import check_options
from milena.domain.ids import PlayerId
from milena.domain.rules import NoOptions, Rules, Seats
from milena.domain.spelling import typed
from milena.games.connect4 import ConnectFour
from milena.slash import Option, Slash, Values, slashes
from milena.slash.fitting import size
from milena.slash.installed import installed, machines
from milena.slash.meaning import may_be_left_out

SLASHES = {slash.name: slash for slash in installed()}
BOB = PlayerId("2q4610vyh0k3")


def no_machines(rules: Rules[Any, Any]) -> Sequence[str]:
    return ()


def decide_nothing(desk: Desk, options: Any) -> Result:
    return {}


def values_for(option: Option) -> st.SearchStrategy[Any]:
    """What a person could give for an option."""
    if option.choices:
        return st.sampled_from([choice.value for choice in option.choices])
    low = None if option.low is None else int(option.low)
    high = None if option.high is None else int(option.high)
    match option.kind:
        case "text":
            return st.text(min_size=1, max_size=option.longest or 50)
        case "integer":
            return st.integers(-(2**53) if low is None else low, 2**53 if high is None else high)
        case "number":
            return st.floats(low, high, allow_nan=False)
        case "boolean":
            return st.booleans()
        case "player":
            return st.just(BOB)
        case "file":
            return st.text(max_size=100)
        case "channel" | "role":
            return st.just("1234567890123456789")
    raise AssertionError(f"no values for {option.kind}")


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Slash, Values]:
    slash = draw(st.sampled_from(installed()))
    values: Values = {}
    for option in slash.options:
        if option.required or may_be_left_out(slash.name, option) or draw(st.booleans()):
            values[option.name] = draw(values_for(option))
    return slash, values


@given(filled_in())
def test_whatever_is_filled_in_fits_the_command_that_a_slash_stands_for(filled: tuple[Slash, Values]) -> None:
    slash, values = filled
    name, options = slash.invoke(values)
    msgspec.convert(options, commands()[name].options)
    if name == "open":
        check_options(games.load(options["game"]), options["options"])


def test_every_command_that_people_can_call_can_be_typed() -> None:
    reached = {
        slash.invoke({option.name: "x" for option in slash.options})[0]
        for slash in installed()
        if not slash.path[0].startswith("play")
    }
    asked_otherwise = {name for name in offered() if typed(name) != name and typed(name) in offered()}
    assert reached | {"open"} | asked_otherwise == set(offered())


def test_every_game_can_be_played() -> None:
    opened = [slash.invoke({}) for slash in installed() if slash.path[0].startswith("play")]
    assert sorted(options["game"] for _, options in opened) == games.names()
    assert {name for name, _ in opened} == {"open"}


def test_no_slash_hides_another() -> None:
    paths = [slash.path for slash in installed()]
    assert len(set(paths)) == len(paths)
    longer = {path[:count] for path in paths for count in range(1, len(path))}
    assert not longer & set(paths), "a word is either a command or a group of them"


def test_what_concerns_a_game_stands_behind_game_and_keeps_its_name_in_the_log() -> None:
    assert SLASHES["game join"].invoke({"game": "abc"}) == ("join", {"game": "abc"})
    assert SLASHES["game void"].permission == "moderator"
    assert SLASHES["move"].invoke({"game": "abc", "move": "5"}) == ("move", {"game": "abc", "move": "5"})
    assert [option.name for option in SLASHES["move"].options] == ["move", "game"]


def test_no_text_of_ours_is_cut() -> None:
    for slash in installed():
        for text in (slash.description, *(option.description for option in slash.options)):
            assert not text.endswith("…"), f"/{slash.name}: {text}: write it in 100 characters"


@pytest.mark.parametrize(
    ("slash", "values", "asked"),
    [
        ("play connect4", {}, {"game": "connect4", "options": {}}),
        (
            "play connect4",
            {"opponent": BOB, "popout": True, "clock": "5m"},
            {"options": {"popout": True}, "invite": [BOB], "seats": 2, "clock": "5m"},
        ),
        ("play connect4", {"machine": "mcts3"}, {"machines": ["mcts3"], "seats": 2}),
        ("play yahtzee", {"seats": 4, "machine": "bot"}, {"machines": ["bot"] * 3, "seats": 4}),
        (
            "play yahtzee",
            {"seats": 4, "machine": "bot", "opponent": BOB},
            {"machines": ["bot"] * 2, "invite": [BOB], "seats": 4},
        ),
        ("play tictactoe", {"seats": 10**15, "machine": "bot"}, {"machines": ["bot"], "seats": 10**15}),
        ("play yahtzee", {"opponent": BOB}, {"invite": [BOB], "seats": 2}),
        ("play tictactoe", {"private": True}, {"private": True}),
    ],
)
def test_play_opens_a_game_for_those_who_are_named(slash: str, values: Values, asked: dict[str, Any]) -> None:
    name, options = SLASHES[slash].invoke(values)
    assert name == "open"
    assert options | asked == options
    assert options.keys() <= asked.keys() | {"game", "options"}


def test_a_game_is_offered_what_means_something_for_it() -> None:
    names = {name: {option.name for option in slash.options} for name, slash in SLASHES.items()}
    assert not names["play 2048"] & {"opponent", "machine", "seats", "private"}, "it is for one"
    assert "seats" not in names["play tictactoe"], "it is for two, always"
    assert "clock" not in names["play quiz"], "it has a clock of its own"
    [machine] = [option for option in SLASHES["play tictactoe"].options if option.name == "machine"]
    assert [choice.value for choice in machine.choices] == machines(games.load("tictactoe"))
    assert "minimax" in machines(games.load("tictactoe"))


def test_limits_and_choices_come_from_the_declaration() -> None:
    size, target = SLASHES["play 2048"].options[-2:]
    assert (size.kind, size.low, size.high, size.default) == ("integer", 3, 6, "4")
    assert [choice.value for choice in target.choices][:3] == [0, 64, 128]
    [question] = SLASHES["8ball"].options
    assert (question.kind, question.required, question.longest) == ("text", True, 200)
    kinds = {option.name: option.kind for option in SLASHES["restrict command add"].options}
    assert kinds == {
        "command": "text", "channel": "channel", "role": "role", "user": "player", "during": "text",
        "reason": "text",
    }  # fmt: skip


class Strange(Struct, frozen=True):
    """What somebody else's game may declare."""

    seats: Annotated[int, Meta(ge=1, description="a" * 300)] = 1
    Loud: int = 0
    ünder: int = 0
    undescribed: float | None = None
    exact: Annotated[int, Meta(gt=0, lt=10)] = 3
    huge: Annotated[int, Meta(le=2**60)] = 3
    many: Literal[tuple(range(40))] = 0  # type: ignore[valid-type]
    table: dict[str, int] = {}
    one: Literal["this"] = "this"


def strange(name: str, options: type[Struct] = Strange) -> Rules[Any, Any]:
    class Other(ConnectFour):
        seats = Seats(2, 4)

        def clock(self, options: Any) -> None:
            return None

    Other.name = name
    Other.options_type = options  # type: ignore[assignment]
    return Other()


def test_the_options_of_anybodys_game_are_made_to_fit() -> None:
    [slash] = [each for each in slashes(offered(), [strange("odd")], no_machines) if each.path[0] == "play"]
    options = {option.name: option for option in slash.options}
    assert set(options) == {
        "opponent", "seats", "clock", "private", "game-seats", "undescribed", "exact", "huge", "many",
    }  # fmt: skip
    assert len(options["game-seats"].description) == 100
    assert options["undescribed"].description == "undescribed"
    assert (options["exact"].low, options["exact"].high) == (1, 9)
    assert options["huge"].high is None
    assert not options["many"].choices, "40 are more than can be listed"
    assert slash.invoke({"seats": 3, "game-seats": 7})[1] == {
        "game": "odd", "options": {"seats": 7}, "seats": 3,
    }  # fmt: skip


def test_more_games_than_one_command_has_room_for_go_on_in_the_next() -> None:
    found = slashes(offered(), [strange(f"odd{number:02}") for number in range(60)], no_machines)
    by_command: dict[str, list[str]] = {}
    for slash in found:
        if slash.path[0].startswith("play"):
            by_command.setdefault(slash.path[0], []).append(slash.path[1])
    assert sum(map(len, by_command.values())) == 60
    assert all(len(games) <= 25 for games in by_command.values())
    assert [*by_command] == ["play", "play-more", "play-more-2"]


def test_a_command_named_as_it_is_typed_goes_before_an_older_one() -> None:
    older = offered()["void"]
    newer = msgspec.structs.replace(older, name="game void")
    [slash] = slashes({"void": older, "game void": newer}, [], no_machines)
    assert slash.invoke({})[0] == "game void"


class Much(Struct, frozen=True):
    about: Annotated[str, Meta(description="x" * 100)]
    also: Annotated[str, Meta(description="y" * 100)] = ""


def many(*names: str, options: type[Struct] = Much) -> dict[str, Command]:
    return {name: Command(name, "fun", "z" * 100, options, decide_nothing) for name in names}


def test_what_packages_add_never_keeps_the_rest_from_being_declared() -> None:
    games = [strange("ok")]
    found = slashes(
        {"open": offered()["open"]} | many("play", "play ok", "play more", "war"), games, no_machines
    )
    assert [slash.name for slash in found] == ["play more", "play ok", "war"]
    assert found[1].invoke({})[0] == "open"
    assert len(slashes(many(*(f"one{number}" for number in range(120))), [], no_machines)) == 100
    names = [f"one two n{number}" for number in range(30)]
    inside = slashes(many(*names, "one three", options=NoOptions), [], no_machines)
    assert len(inside) == 26, "25 in a group, and one beside the group"
    assert sum(map(size, slashes(many(*names), [], no_machines))) <= 7500


class Optional(Struct, frozen=True):
    apply: Literal["", "recommended"] = ""
    size: Annotated[int, Meta(ge=1, le=1)] = 1


def test_nothing_is_no_choice_and_what_is_settled_is_none_either() -> None:
    [slash] = slashes({"set": Command("set", "fun", "Set it.", Optional, decide_nothing)}, [], no_machines)
    [option] = slash.options
    assert [choice.value for choice in option.choices] == ["recommended"]


def test_what_can_not_be_typed_is_not_offered() -> None:
    odd = [
        Command(name, "fun", "What it does.", Strange, decide_nothing)
        for name in ("Shout", "one two three four", "good word", "")
    ]
    found = slashes({each.name: each for each in odd}, [strange("No Name"), strange("ok")], no_machines)
    assert [slash.name for slash in found] == ["good word"], "and without open, nothing can be played"
