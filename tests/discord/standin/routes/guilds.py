"""Guilds: their channels, roles and members, and what a moderator does to members."""

from datetime import datetime

from standin import permissions
from standin.errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_BAN,
    UNKNOWN_MEMBER,
    UNKNOWN_ROLE,
    UNKNOWN_USER,
    Form,
    Json,
)
from standin.permissions import P
from standin.rest import Ask, Routes
from standin.world import Guild, Member

routes = Routes()
GUILD = "/guilds/{guild}"
LONGEST = 28 * 24 * 3600
"""Seconds of a time-out."""
KICK, BAN, UNBAN, MEMBER_UPDATE, MEMBER_ROLES = 20, 22, 23, 24, 25


@routes("GET", GUILD)
def guild(ask: Ask) -> Json:
    return ask.guild().json()


@routes("GET", GUILD + "/channels")
def channels(ask: Ask) -> list[Json]:
    return [each.json() for each in ask.guild().channels.values()]


@routes("GET", GUILD + "/roles")
def roles(ask: Ask) -> list[Json]:
    return [each.json() for each in ask.guild().roles.values()]


@routes("GET", GUILD + "/members/{user}")
def member(ask: Ask) -> Json:
    return _member(ask).json()


@routes("PATCH", GUILD + "/members/{user}")
def change(ask: Ask) -> Json:
    """Time out, rename, give roles."""
    member, said = _member(ask), ask.said
    form = Form()
    form.text("nick", said.get("nick"), 32)
    if "communication_disabled_until" in said:
        _below(ask, member, P.MODERATE_MEMBERS)
        until = said["communication_disabled_until"]
        moment = _moment(form, until)
        if moment > ask.discord.clock.now() + LONGEST + 60:
            form.wrong("communication_disabled_until", "BASE_TYPE_MAX", "Time-outs are 28 days at most")
        form.check()
        if until and permissions.in_guild(member) & P.ADMINISTRATOR:
            raise MISSING_PERMISSIONS
        member.timeout, member.timeout_until = until, moment
    form.check()
    if "roles" in said:
        _below(ask, member, P.MANAGE_ROLES)
        member.roles = [str(each) for each in said["roles"]]
    if "nick" in said:
        member.nick = said["nick"]
    ask.discord.audit(member.guild, MEMBER_UPDATE, member.user.id, ask.reason)
    return member.json()


@routes("PUT", GUILD + "/members/{user}/roles/{role}")
def give_role(ask: Ask) -> None:
    _role(ask)
    member = _member(ask)
    member.roles = [*dict.fromkeys([*member.roles, ask.ids["role"]])]


@routes("DELETE", GUILD + "/members/{user}/roles/{role}")
def take_role(ask: Ask) -> None:
    _role(ask)
    member = _member(ask)
    member.roles = [each for each in member.roles if each != ask.ids["role"]]


@routes("DELETE", GUILD + "/members/{user}")
def kick(ask: Ask) -> None:
    member = _member(ask)
    _below(ask, member, P.KICK_MEMBERS)
    del member.guild.members[member.user.id]
    ask.discord.audit(member.guild, KICK, member.user.id, ask.reason)


@routes("GET", GUILD + "/bans/{user}")
def banned(ask: Ask) -> Json:
    found = _with(ask, P.BAN_MEMBERS).bans.get(ask.ids["user"])
    if found is None:
        raise UNKNOWN_BAN
    return found


@routes("PUT", GUILD + "/bans/{user}")
def ban(ask: Ask) -> None:
    guild = _with(ask, P.BAN_MEMBERS)
    user = ask.discord.world.users.get(ask.ids["user"])
    if user is None:
        raise UNKNOWN_USER
    form = Form()
    body = ask.body or {}
    form.number("delete_message_seconds", body.get("delete_message_seconds"), 0, 604_800)
    form.check()
    if user.id in guild.members:
        _below(ask, guild.members[user.id], P.BAN_MEMBERS)
        del guild.members[user.id]
    guild.bans[user.id] = {"user": user.json(), "reason": ask.reason}
    ask.discord.audit(guild, BAN, user.id, ask.reason)


@routes("DELETE", GUILD + "/bans/{user}")
def unban(ask: Ask) -> None:
    guild = _with(ask, P.BAN_MEMBERS)
    if guild.bans.pop(ask.ids["user"], None) is None:
        raise UNKNOWN_BAN
    ask.discord.audit(guild, UNBAN, ask.ids["user"], ask.reason)


def _member(ask: Ask) -> Member:
    found = ask.guild().members.get(ask.ids["user"])
    if found is None:
        raise UNKNOWN_MEMBER
    return found


def _role(ask: Ask) -> None:
    guild = _with(ask, P.MANAGE_ROLES)
    role = guild.roles.get(ask.ids["role"])
    if role is None:
        raise UNKNOWN_ROLE
    if role.position >= guild.bot.rank():
        raise MISSING_PERMISSIONS
    ask.discord.audit(guild, MEMBER_ROLES, ask.ids["user"], ask.reason)


def _with(ask: Ask, needed: P) -> Guild:
    """The guild, where the bot has the permission."""
    guild = ask.guild()
    if guild.bot.user.id not in guild.members:
        raise MISSING_ACCESS
    if not permissions.in_guild(guild.bot) & needed:
        raise MISSING_PERMISSIONS
    return guild


def _below(ask: Ask, member: Member, needed: P) -> None:
    """One acts only on members whose highest role is below one's own."""
    if member.rank() >= _with(ask, needed).bot.rank():
        raise MISSING_PERMISSIONS


def _moment(form: Form, until: object) -> float:
    if until is None:
        return 0.0
    try:
        return datetime.fromisoformat(str(until)).timestamp()
    except ValueError:
        form.wrong("communication_disabled_until", "DATE_TIME_TYPE_PARSE", f"Could not parse {until}.")
        return 0.0
