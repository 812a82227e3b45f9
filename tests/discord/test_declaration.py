"""The slashes as Discord is told of them, and what comes back when somebody types one."""

from typing import Any

import pytest
from standin.commands import Checker
from standin.commands import size as counted
from standin.errors import Form

from milena.discord.declaration import declaration
from milena.discord.reading import by_path, read, read_typing
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.slash.installed import installed

Json = dict[str, Any]
DECLARED = {command["name"]: command for command in declaration(installed())}
PATHS = by_path(installed())


def player(user: str) -> PlayerId:
    return PlayerId(f"player-{user}")


def test_there_are_no_more_commands_than_discord_takes() -> None:
    assert len(DECLARED) <= 100


@pytest.mark.parametrize("name", DECLARED)
def test_discord_takes_every_command_as_it_is_declared(name: str) -> None:
    form = Form()
    checker = Checker(form)
    checker.command(DECLARED[name])
    assert not form.errors
    assert not checker.unknown
    assert counted(DECLARED[name]) <= 8000


def test_nobody_is_offered_what_only_moderators_and_admins_may() -> None:
    assert DECLARED["config"]["default_member_permissions"] == str(1 << 5)
    assert DECLARED["game"]["default_member_permissions"] is None, "only /game void is for moderators"
    assert DECLARED["config"]["contexts"] == [0]
    assert DECLARED["move"]["contexts"] == [0, 1]


def test_an_option_says_all_that_discord_can_check_itself() -> None:
    play = {each["name"]: each for each in DECLARED["play"]["options"]}
    options = {each["name"]: each for each in play["2048"]["options"]}
    assert options["size"].items() >= {
        "type": 4, "name": "size", "description": "Cells along each side of the board. (default: 4)",
        "min_value": 3, "max_value": 6,
    }.items()  # fmt: skip
    game, move = DECLARED["move"]["options"]
    assert (game["autocomplete"], move["autocomplete"], game["required"]) == (True, True, True)
    group = next(each for each in DECLARED["config"]["options"] if each["name"] == "permissions")
    assert (group["type"], {each["type"] for each in group["options"]}) == (2, {1})


# ------------------------------------------------------------------------------------------ reading


def sub(name: str, *options: Json, kind: int = 1) -> Json:
    return {"name": name, "type": kind, "options": list(options)}


def given(name: str, kind: int, value: Any, **more: Any) -> Json:
    return {"name": name, "type": kind, "value": value, **more}


def test_what_was_typed_is_read_from_inside_groups() -> None:
    data = sub(
        "config",
        sub("permissions", sub("explain", given("command", 3, "open"), given("user", 6, "77")), kind=2),
    )
    slash, values = read(PATHS, data, player)
    assert slash.name == "config permissions explain"
    assert values == {"command": "open", "user": PlayerId("player-77")}


def test_numbers_truths_channels_and_roles_are_read() -> None:
    slash, values = read(
        PATHS,
        sub("play", sub("2048", given("size", 4, 5), given("target", 4, 64))),
        player,
    )
    assert (slash.name, values) == ("play 2048", {"size": 5, "target": 64})
    _, values = read(
        PATHS,
        sub(
            "restrict",
            sub("command", sub("add", given("command", 3, "roll"), given("channel", 7, "11")), kind=2),
        ),
        player,
    )
    assert values == {"command": "roll", "channel": "11"}
    slash, values = read(PATHS, {"name": "ping", "type": 1}, player)
    assert (slash.name, values) == ("ping", {})


@pytest.mark.parametrize(
    "data",
    [
        {"name": "gone"},
        sub("play"),
        sub("play", sub("gone")),
        sub("move", given("game", 3, "abc"), given("move", 3, "5"), given("speed", 4, 5)),
        sub("move", given("game", 3, "abc"), given("move", 4, 5)),
        sub("move", given("game", 3, "abc"), given("move", 3, None)),
        sub("move", given("game", 3, "abc"), given("game", 3, "abd"), given("move", 3, "5")),
        sub("move", given("game", 3, "abc")),
        sub("coin", given("times", 4, True)),
        sub("coin", given("times", 4, "3")),
        {},
    ],
    ids=str,
)
def test_what_is_not_declared_so_is_refused_with_a_remedy(data: Json) -> None:
    with pytest.raises(Refused, match=r"type it again|needs move"):
        read(PATHS, data, player)


def test_what_is_half_typed_is_read_for_completion() -> None:
    data = sub("move", given("game", 3, "abc"), given("move", 3, "b", focused=True))
    typing = read_typing(PATHS, data, player)
    assert (typing.slash.name, typing.name, typing.text, typing.values) == (
        "move", "move", "b", {"game": "abc"},
    )  # fmt: skip
    data = sub("remind", sub("cancel", given("number", 4, "", focused=True)))
    assert read_typing(PATHS, data, player).text == ""
    data = sub("move", given("game", 4, "?"), given("move", 3, "b", focused=True))
    assert read_typing(PATHS, data, player).values == {}
