"""Rules of permission: the most specific one decides, and is named."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec import Struct

from milena.domain.command import Command, Invocation
from milena.domain.guild import Guild
from milena.domain.guild.events import PermissionChanged
from milena.domain.guild.permissions import check_permission, ruling
from milena.domain.guild.requests import ChangePermission
from milena.domain.guild.restrictions import why_not
from milena.domain.guild.targets import check_own, subject, target
from milena.domain.refusal import Refused

NOON = 1_767_268_800_000
Make = Callable[..., Any]


def guild(**rules: dict[str, bool]) -> Guild:
    """``guild(open={"everyone": False}, games={...})``: rules on /open, and on the category games."""
    named = {name if name == "games" else f"/{name}": rule for name, rule in rules.items()}
    return Guild("811", rules=named)


@pytest.mark.parametrize(
    ("permission", "known", "allowed"),
    [
        ("everyone", {}, True),
        ("moderator", {}, False),
        ("moderator", {"moderator": True}, True),
        ("moderator", {"admin": True}, True),
        ("moderator", {"owner": True}, True),
        ("admin", {"moderator": True}, False),
        ("admin", {"admin": True}, True),
        ("admin", {"owner": True}, True),
    ],
)
def test_without_a_rule_the_command_says_who_may(
    command: Make, call: Make, permission: str, known: dict[str, bool], allowed: bool
) -> None:
    assert ruling(guild(), command(permission=permission), call(**known)).allowed is allowed


@pytest.mark.parametrize(
    ("rules", "allowed", "rule"),
    [
        ({"open": {"everyone": False}}, False, "/open is revoked from everyone"),
        ({"open": {"everyone": False, "role:red": True}}, True, "/open is granted to role red"),
        ({"open": {"role:red": False, "user:ann": True}}, True, "/open is granted to <ann>"),
        ({"open": {"role:red": True, "role:blue": False}}, False, "/open is revoked from role blue"),
        ({"open": {"role:green": False}}, True, "it is for everyone"),
        ({"open": {"user:bob": False}}, True, "it is for everyone"),
        ({"games": {"user:ann": False}}, False, "games is revoked from <ann>"),
        ({"games": {"user:ann": False}, "open": {"everyone": True}}, True, "/open is granted to everyone"),
        ({"games": {"everyone": False}, "join": {"everyone": True}}, False, "games is revoked from everyone"),
    ],
)
def test_the_most_specific_rule_decides_and_is_named(
    command: Make, call: Make, rules: dict[str, dict[str, bool]], allowed: bool, rule: str
) -> None:
    found = ruling(guild(**rules), command(), call(roles=("blue", "red")))
    assert (found.allowed, found.rule) == (allowed, rule)


def test_what_is_about_who_asks_alone_is_taken_from_nobody(command: Make, call: Make) -> None:
    closed = guild(open={"user:ann": False}, games={"everyone": False})
    assert ruling(closed, command(personal=True), call()).allowed
    assert why_not(command(personal=True))


def test_nobody_can_be_locked_out_of_what_lets_them_in_again(command: Make, call: Make) -> None:
    closed = guild(open={"user:ann": False, "everyone": False}, games={"everyone": False})
    assert ruling(closed, command(permission="admin"), call(admin=True)).allowed
    assert ruling(closed, command(), call(owner=True)).allowed
    assert not ruling(closed, command(), call(admin=True)).allowed


@pytest.mark.parametrize(
    ("rules", "permission", "code"),
    [({}, "moderator", "not_a_moderator"), ({}, "admin", "not_an_admin"),
     ({"open": {"everyone": False}}, "everyone", "not_permitted")],
)  # fmt: skip
def test_a_refusal_says_by_what(
    command: Make, call: Make, rules: dict[str, dict[str, bool]], permission: str, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        check_permission(guild(**rules), command(permission=permission), call())
    assert caught.value.code == code


def test_the_authority_is_told_where_a_command_is_not_open_to_everyone(command: Make, call: Make) -> None:
    red = guild(open={"role:red": True})
    assert check_permission(red, command(permission="admin"), call(roles=("red",))) == "role:red /open"
    assert check_permission(guild(), command(permission="moderator"), call(moderator=True)) == "moderator"
    assert check_permission(guild(), command(permission="admin"), call(owner=True)) == "owner"
    assert check_permission(guild(), command(), call(owner=True)) == ""
    assert check_permission(red, command(), call()) == ""


SUBJECTS = ("everyone", "role:red", "role:blue", "user:ann", "user:bob")
RULES = st.dictionaries(
    st.sampled_from(["/open", "/join", "games", "fun"]),
    st.dictionaries(st.sampled_from(SUBJECTS), st.booleans()),
)
ROLES = st.sets(st.sampled_from(["red", "blue", "green"])).map(lambda roles: tuple(sorted(roles)))


class Nothing(Struct, frozen=True):
    pass


def opening(permission: str = "everyone") -> Command:
    return Command("open", "games", "Open.", Nothing, lambda desk, options: {}, permission=permission)  # type: ignore[arg-type]


def by_ann(roles: tuple[str, ...]) -> Invocation:
    return Invocation("i1", "open", {}, "ann", "811/hall", NOON, roles=roles)  # type: ignore[arg-type]


@examples(RULES, ROLES, st.sampled_from(["/open", "games"]), st.sampled_from(SUBJECTS))
def test_a_grant_lets_nobody_down_and_a_revocation_nobody_in(
    rules: dict[str, dict[str, bool]], roles: tuple[str, ...], what: str, who: str
) -> None:
    def allowed(may: bool | None) -> bool:
        subjects = {name: rule for name, rule in rules.get(what, {}).items() if name != who}
        changed = subjects if may is None else {**subjects, who: may}
        return ruling(Guild("811", rules={**rules, what: changed}), opening(), by_ann(roles)).allowed

    assert allowed(False) <= allowed(True)


@examples(RULES, ROLES)
def test_the_rules_about_others_change_nothing(
    rules: dict[str, dict[str, bool]], roles: tuple[str, ...]
) -> None:
    mine = {"everyone", "user:ann", *(f"role:{role}" for role in roles)}
    about_me = {
        target: {who: may for who, may in subjects.items() if who in mine}
        for target, subjects in rules.items()
        if target in ("/open", "games")
    }
    every = ruling(Guild("811", rules=rules), opening(), by_ann(roles))
    assert every == ruling(Guild("811", rules=about_me), opening(), by_ann(roles))


def test_a_rule_is_granted_revoked_and_taken_back(given: Make) -> None:
    case = given(ChangePermission("role:red", "/open", "revoked", "ann", NOON))
    assert case.guild.rules == {"/open": {"role:red": False}}
    assert case.when(ChangePermission("role:red", "/open", "granted", "bob", NOON)) == [
        PermissionChanged("role:red", "/open", "revoked", "granted", "bob", NOON)  # type: ignore[arg-type]
    ]
    assert case.guild.rules == {"/open": {"role:red": True}}
    assert case.refusal(ChangePermission("role:red", "/open", "granted", "bob", NOON)) == "unchanged"
    case.when(ChangePermission("role:red", "/open", "", "bob", NOON))
    assert case.guild.rules == {}
    assert case.refusal(ChangePermission("role:red", "/open", "", "bob", NOON)) == "unchanged"
    assert [each.what for each in case.guild.history] == ["/open for role red"] * 3


def test_there_can_be_five_hundred_rules(given: Make) -> None:
    case = given(*(ChangePermission(f"user:{n}", "/open", "granted", "ann", NOON) for n in range(500)))
    assert case.refusal(ChangePermission("user:x", "/open", "granted", "ann", NOON)) == "too_many_rules"
    case.when(ChangePermission("user:7", "/open", "revoked", "ann", NOON))


def test_who_and_what_a_rule_is_about_as_it_is_typed(command: Make) -> None:
    commands = {"poll create": command("poll create")}
    assert target(commands, " /poll  create ") == "/poll create"
    assert target(commands, "games") == "games"
    assert [subject("", ""), subject("7", ""), subject("", "ann")] == ["everyone", "role:7", "user:ann"]
    with pytest.raises(Refused, match="those are admin, fun, games, utility"):
        target(commands, "poll")
    with pytest.raises(Refused, match="not for both"):
        subject("7", "ann")


def test_who_is_no_admin_can_not_say_who_may_what_they_may_not_themselves(command: Make, call: Make) -> None:
    commands = {"open": command(), "void": command("void", permission="moderator")}
    check_own(commands, guild(), call(), "/open")
    check_own(commands, guild(), call(moderator=True), "games")
    check_own(commands, guild(games={"everyone": False}), call(admin=True), "/open")
    for what in ("/void", "games"):
        with pytest.raises(Refused) as caught:
            check_own(commands, guild(), call(), what)
        assert caught.value.code == "not_yours"
