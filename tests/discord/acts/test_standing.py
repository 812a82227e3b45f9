"""Who stands where, as an interaction tells it: built of what the stand-in sends."""

import pytest
from standin import P, StandIn
from standin.choosing import resolve

from milena.discord.standing import ALL, others, powers, rank
from milena.domain.command import Standing
from milena.domain.ids import PlayerId


@pytest.mark.parametrize(
    ("permissions", "may"),
    [
        (P.SEND_MESSAGES, ()),
        (P.MODERATE_MEMBERS, ("timeout", "warn")),
        (P.KICK_MEMBERS | P.BAN_MEMBERS, ("ban", "kick", "unban", "warn")),
        (P.MANAGE_MESSAGES, ("purge",)),
        (P.ADMINISTRATOR, ALL),
    ],
)
def test_a_permission_lends_its_own_powers_and_no_others(permissions: P, may: tuple[str, ...]) -> None:
    assert powers(int(permissions)) == may


async def test_those_whom_the_options_name_are_known(discord: StandIn) -> None:
    club = discord.guild("Club")
    low, high = club.role("low"), club.role("high")
    ann, bob = discord.person("ann", club, low, high), discord.person("bob", club)
    gone = discord.person("gone")
    positions = {role.id: role.position for role in club.roles.values()}
    owner, milena = discord.world.owner, discord.world.bot
    named = resolve(ann, [ann, bob])
    named["users"] |= {each.id: each.json() for each in (gone.user, owner, milena)}
    named["members"] |= {each.id: club.members[each.id].json(user=False) for each in (owner, milena)}
    payload = {"application_id": milena.id, "data": {"resolved": named}}
    found = others(payload, positions, owner.id, PlayerId)
    assert found == {
        ann.id: Standing(high.position, roles=(low.id, high.id)),
        bob.id: Standing(0),
        gone.id: Standing(there=False),
        owner.id: Standing(0, owner=True),
        milena.id: Standing(positions[club.bot.roles[0]], milena=True, roles=tuple(club.bot.roles)),
    }
    assert others({"application_id": milena.id, "data": {}}, positions, owner.id, PlayerId) == {}
    for unsaid in (None, {"users": None}, {"users": {ann.id: {}}, "members": {ann.id: {}}}):
        sent = {"application_id": milena.id, "data": {"resolved": unsaid}}
        assert set(others(sent, positions, owner.id, PlayerId).values()) <= {Standing(0)}
    assert rank([low.id, high.id], positions) == high.position
