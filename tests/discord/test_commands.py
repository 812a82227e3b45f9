"""Application commands: what an application may declare, where, and what it gets back."""

from typing import Any

import pytest
from raw import Json, RawBot, Socket
from standin import CannotDo, Guild, P, Person, StandIn

CHOICE = {"name": "x", "value": "x"}


def command(**more: Any) -> Json:
    return {"name": "ping", "description": "x", "type": 1} | more


def option(kind: int = 3, name: str = "word", **more: Any) -> Json:
    return {"type": kind, "name": name, "description": "x"} | more


SUB = option(1, "sub")

FITS = [
    command(name="p" * 32, description="x" * 100),
    command(name="größe", name_localizations={"de": "größe", "ja": "サイズ"}),
    command(options=[option(name=f"o{number}") for number in range(25)]),
    command(options=[option(choices=[{"name": str(number), "value": str(number)} for number in range(25)])]),
    command(options=[option(4, min_value=0, max_value=10), option(3, "text", min_length=0, max_length=6000)]),
    command(options=[option(2, "group", options=[option(1, "sub", options=[option()])]), SUB]),
    command(contexts=[0], integration_types=[0], default_member_permissions="8", nsfw=False),
    command(type=2, name="Play with", description=""),
]

FAILS: list[tuple[Json, list[str]]] = [
    (command(name="Ping"), ["name APPLICATION_COMMAND_INVALID_NAME"]),
    (command(name="a b"), ["name APPLICATION_COMMAND_INVALID_NAME"]),
    (command(name="p" * 33), ["name BASE_TYPE_BAD_LENGTH", "name APPLICATION_COMMAND_INVALID_NAME"]),
    (command(description=""), ["description BASE_TYPE_BAD_LENGTH"]),
    (command(description="x" * 101), ["description BASE_TYPE_BAD_LENGTH"]),
    (command(description=None), ["description BASE_TYPE_REQUIRED"]),
    (command(name_localizations={"xx": "y"}), ["name_localizations.xx BASE_TYPE_CHOICES"]),
    (command(name_localizations={"de": "A B"}), ["name_localizations.de APPLICATION_COMMAND_INVALID_NAME"]),
    (
        command(description_localizations={"de": "x" * 101}),
        ["description_localizations.de BASE_TYPE_BAD_LENGTH"],
    ),
    (command(contexts=[3]), ["contexts.0 BASE_TYPE_CHOICES"]),
    (command(default_member_permissions="all"), ["default_member_permissions BITFIELD_TYPE_COERCE"]),
    (command(options=[option(name=f"o{number}") for number in range(26)]), ["options BASE_TYPE_BAD_LENGTH"]),
    (
        command(options=[option(), option()]),
        ["options.1.name APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"],
    ),
    (
        command(options=[option(), option(name="b", required=True)]),
        ["options.1.required APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"],
    ),
    (command(options=[SUB, option()]), ["options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"]),
    (command(options=[option(1, "sub", options=[SUB])]), ["options.0.options.0.type BASE_TYPE_CHOICES"]),
    (command(options=[option(12)]), ["options.0.type BASE_TYPE_CHOICES"]),
    (command(options=[option(choices=[CHOICE] * 26)]), ["options.0.choices BASE_TYPE_BAD_LENGTH"]),
    (
        command(options=[option(choices=[CHOICE], autocomplete=True)]),
        ["options.0.autocomplete APPLICATION_COMMAND_AUTOCOMPLETE_INVALID"],
    ),
    (
        command(options=[option(choices=[{"name": "x", "value": "x" * 101}])]),
        ["options.0.choices.0.value BASE_TYPE_BAD_LENGTH"],
    ),
    (
        command(options=[option(3, min_value=1)]),
        ["options.0.min_value APPLICATION_COMMAND_OPTIONS_MIN_MAX_INVALID"],
    ),
    (command(options=[option(3, max_length=6001)]), ["options.0.max_length NUMBER_TYPE_MAX"]),
    (command(type=2), ["description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_FORBIDDEN"]),
]


@pytest.fixture
def everywhere(raw: RawBot) -> str:
    return f"/applications/{raw.id}/commands"


@pytest.mark.parametrize("said", FITS)
async def test_what_fits(discord: StandIn, raw: RawBot, everywhere: str, said: Json) -> None:
    answer = await raw.call("PUT", everywhere, [said])
    assert answer.status == 200, answer
    assert {name: answer.said[0][name] for name in said} == said
    assert not discord.record.violations
    assert not discord.record.unknown_fields


@pytest.mark.parametrize(("said", "wrong"), FAILS)
async def test_what_does_not(
    discord: StandIn, raw: RawBot, everywhere: str, said: Json, wrong: list[str]
) -> None:
    answer = await raw.call("POST", everywhere, said)
    assert (answer.status, answer.code, answer.wrong) == (400, 50035, wrong)
    at_once = await raw.call("PUT", everywhere, [command(name="fine"), said])
    assert at_once.wrong == [f"1.{each}" for each in wrong]
    assert len(discord.record.violations) == 2


async def test_limits_of_all_together(raw: RawBot, everywhere: str) -> None:
    many = [command(name=f"c{number}") for number in range(101)]
    assert (await raw.call("PUT", everywhere, many)).code == 30032
    assert (await raw.call("PUT", everywhere, many[:100])).status == 200
    assert (await raw.call("POST", everywhere, many[100])).code == 30032
    twice = await raw.call("PUT", everywhere, [command(), command()])
    assert twice.wrong == ["1.name APPLICATION_COMMANDS_DUPLICATE_NAME"]
    choices = [
        {"name": f"{number:03}" + "x" * 97, "value": f"{number:03}" + "y" * 97} for number in range(25)
    ]
    large = command(options=[option(name=f"o{number}", choices=choices) for number in range(2)])
    assert "APPLICATION_COMMAND_TOO_LARGE" in (await raw.call("POST", everywhere, large)).wrong[0]


async def test_commands_keep_their_ids_and_can_be_changed(
    discord: StandIn, raw: RawBot, everywhere: str
) -> None:
    localised = command(name_localizations={"de": "ping"}, options=[option()])
    first = (await raw.call("PUT", everywhere, [localised, command(name="other")])).said
    again = (await raw.call("PUT", everywhere, [localised])).said
    assert again == [first[0]]
    listed = (await raw.call("GET", everywhere)).said
    assert "name_localizations" not in listed[0]
    listed = (await raw.call("GET", everywhere + "?with_localizations=true")).said
    assert listed[0]["name_localizations"] == {"de": "ping"}
    path = f"{everywhere}/{first[0]['id']}"
    changed = (await raw.call("PATCH", path, {"description": "new"})).said
    assert (changed["description"], changed["options"]) == ("new", first[0]["options"])
    assert changed["version"] != first[0]["version"]
    assert (await raw.call("GET", path)).said == changed
    replaced = (await raw.call("POST", everywhere, command())).said
    assert replaced["id"] == first[0]["id"]
    assert (await raw.call("DELETE", path)).status == 204
    assert (await raw.call("GET", path)).code == 10063
    assert (await raw.call("GET", "/applications/1/commands")).status == 403


async def test_a_guild_has_its_own(
    discord: StandIn, raw: RawBot, everywhere: str, socket: Socket, club: Guild, ann: Person
) -> None:
    own = f"/applications/{raw.id}/guilds/{club.id}/commands"
    await raw.call("PUT", everywhere, [command()])
    mine = (await raw.call("POST", own, command())).said
    assert mine["guild_id"] == club.id
    _, interaction = await raw.meet(socket, ann.slash("ping"), 4, {"content": "x"})
    assert interaction["data"]["id"] == mine["id"]
    assert (await raw.call("GET", own + "/permissions")).said == []
    assert (await raw.call("GET", f"/applications/{raw.id}/guilds/1/commands")).code == 10004


async def test_default_permissions_hide_a_command(
    discord: StandIn, raw: RawBot, socket: Socket, club: Guild, ann: Person
) -> None:
    await raw.command("ban", default_member_permissions=str(int(P.BAN_MEMBERS)))
    await raw.command("closed", default_member_permissions="0")
    with pytest.raises(CannotDo, match="no command ban is offered to ann"):
        await ann.slash("ban")
    mod = discord.person("mod", club, club.role("mods", int(P.BAN_MEMBERS)))
    await raw.meet(socket, mod.slash("ban"), 4, {"content": "x"})
    with pytest.raises(CannotDo):
        await mod.slash("closed")
    admin = discord.person("admin", club, club.role("admins", int(P.ADMINISTRATOR)))
    await raw.meet(socket, admin.slash("closed"), 4, {"content": "x"})
