"""Who may call which command where: one table, and every command tried in each of its cells; and nobody
reaches from one server into another."""

from typing import Any

import pytest
from asking import ACCEPTED, invocation_of
from msgspec.structs import replace

from milena.commands import offered
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.slash.installed import installed

Guild = Any
HERE, ELSEWHERE, DIRECT = "811/4711", "999/1", "dm-{player}/7"
PEOPLE: dict[str, dict[str, Any]] = {
    "member": {},
    "moderator": {"moderator": True},
    "admin": {"admin": True},
    "owner": {"owner": True},
    "restricted member": {},
    "restricted moderator": {"moderator": True},
    "restricted owner": {"owner": True},
}
MATRIX = """
who                   place   everyone    moderator        admin         personal
member                here    in          not_a_moderator  not_an_admin  in
moderator             here    in          in               not_an_admin  in
admin                 here    in          in               in            in
owner                 here    in          in               in            in
restricted member     here    restricted  restricted       not_an_admin  in
restricted moderator  here    restricted  restricted       not_an_admin  in
restricted owner      here    restricted  restricted       in            in
member                direct  in          not_a_moderator  not_an_admin  in
"""
TABLE = {
    (who, place, permission): gate
    for line in MATRIX.strip().splitlines()[1:]
    for who, place, *gates in [[cell.strip() for cell in line.split("  ") if cell.strip()]]
    for permission, gate in zip(("everyone", "moderator", "admin", "personal"), gates, strict=True)
}
GATES = {"restricted", "not_a_moderator", "not_an_admin"}


def again(invocation: Invocation, **changed: Any) -> Invocation:
    nobody: dict[str, Any] = {"moderator": False, "admin": False, "owner": False, "roles": ()}
    return replace(invocation, **{**nobody, **changed, "id": InvocationId(new_id())})


@pytest.mark.parametrize("name", sorted(offered()))
def test_everybody_gets_as_far_as_the_table_says(guild: Guild, name: str) -> None:
    asked = invocation_of(guild, ACCEPTED[name](guild))
    permission = "personal" if offered()[name].personal else offered()[name].permission
    if permission in ("everyone", "moderator"):
        guild.does("restrict command add", guild.cat, command=name, user=guild.dan, admin=True)
    found = {}
    for who, place, about in TABLE:
        if about != permission:
            continue
        player = guild.dan if who.startswith("restricted") else asked.player
        where = HERE if place == "here" else DIRECT.format(player=player)
        answer = guild.engine.call(again(asked, player=player, place=Place(where), **PEOPLE[who]))
        if answer.code != "cooldown":  # it is let in, and was before
            found[who, place, about] = answer.code if answer.code in GATES else "in"
    assert found == {cell: gate for cell, gate in TABLE.items() if cell in found}
    assert len(found) >= (3 if permission == "personal" else 5)  # nobody is restricted, so more rest


def test_a_slash_asks_for_no_less_than_its_command() -> None:
    for slash in installed():
        values = {option.name: "1" for option in slash.options if option.required}
        command, _ = slash.invoke(values)
        assert slash.permission == offered()[command].permission, slash.name


def streams(guild: Guild, after: int = 0) -> set[str]:
    return {row.stream for row in guild.home.store.scan(after)}


@pytest.mark.parametrize("name", sorted(offered()))
def test_whoever_owns_another_server_reaches_nothing_in_this_one(guild: Guild, name: str) -> None:
    asked = invocation_of(guild, ACCEPTED[name](guild))
    guild.does("poll create", guild.cat, question="Whose is the lighthouse?", choices="mine, yours")
    guild.does("warn", guild.ann, member=guild.bob, reason="the lighthouse", moderator=True)
    before, head = streams(guild), guild.home.store.head().position
    outsider = again(asked, player=guild.dan, place=Place(ELSEWHERE), admin=True, owner=True)

    answer = guild.seeing.shown(outsider, guild.engine.call(outsider))

    assert answer.verdict != "failed"
    assert streams(guild, head) & before == set()
    assert "lighthouse" not in str(answer)
    if {"game", "poll", "story", "case"} & {*asked.options} and name not in ("open", "match"):
        assert answer.verdict == "refused", answer
