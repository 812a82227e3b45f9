"""All commands alike: each is tried by who may and who may not, where it is restricted, too fast, and too
soon. Each time one case is let in, one refused for just that reason, and one stands on the very edge.
(Who may without a rule of the server is in test_authority.py.)"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from asking import ACCEPTED, invocation_of
from msgspec.structs import replace

from milena.aggregates import AGGREGATES
from milena.commands import commands, offered
from milena.domain.command import Invocation, Scope
from milena.domain.ids import InvocationId, Place, new_id
from milena.domain.limits import GameLimits
from milena.domain.throttle import Throttle
from milena.engine import Answer, Engine, House
from milena.home import Home

Guild = Any
GATES = {
    "restricted", "not_permitted", "not_a_moderator", "not_an_admin", "throttled", "guild_throttled",
    "cooldown",
}  # fmt: skip
NOBODY = {"moderator": False, "admin": False, "owner": False, "roles": ()}
ADMINS_ONLY = sorted(name for name, command in offered().items() if command.permission == "admin")
PERSONAL = sorted(name for name, command in offered().items() if command.personal)
RULED = sorted(set(offered()) - set(PERSONAL))
OTHERS = sorted(set(RULED) - set(ADMINS_ONLY))
BY_DEFAULT = {"everyone": "", "moderator": "not_a_moderator", "admin": "not_an_admin"}
LATER = 600_000
"""In ms: what was prepared for a test is long over."""


def again(invocation: Invocation, later: int = 0, **changed: Any) -> Invocation:
    """The same once more, under a new id, so many ms later."""
    return replace(invocation, id=InvocationId(new_id()), time=invocation.time + later, **changed)


def gate(engine: Engine, invocation: Invocation) -> str:
    """The code of the gate that an invocation is stopped at; empty where it comes through to its command."""
    answer: Answer = engine.call(invocation)
    assert answer.verdict != "failed", answer
    return answer.code if answer.code in GATES else ""


@pytest.fixture
def stricter(guild: Guild) -> Iterator[Callable[..., Engine]]:
    """``stricter(throttle, roll={"cooldown": 60})``: one more engine on the guild's log, where commands are
    throttled, or declared in another way."""
    with ExitStack() as stack:

        def make(throttle: Throttle, /, **declared: Any) -> Engine:
            known = {
                name: replace(command, **{"cooldown": 0.0, **declared.get(name.replace(" ", "_"), {})})
                for name, command in commands().items()
            }
            limits = GameLimits(guild=0, channel=0, member=0)
            house = House(limits, guild.engine.house.machines, throttle=throttle)
            home = stack.enter_context(Home(guild.home.path))
            return stack.enter_context(Engine(home.store, AGGREGATES, known, house=house))

        yield make


@pytest.fixture
def unhurried(stricter: Callable[..., Engine]) -> Engine:
    """An engine for whom nobody is too fast or too soon."""
    return stricter(Throttle(0, 0))


# --------------------------------------------------------------------------------------- permissions


@pytest.mark.parametrize("name", RULED)
def test_a_role_is_let_in_and_another_kept_out(guild: Guild, unhurried: Engine, name: str) -> None:
    plain = replace(invocation_of(guild, ACCEPTED[name](guild)), **NOBODY)
    default = BY_DEFAULT[offered()[name].permission]
    guild.does("config permissions grant", guild.cat, command=name, role="red", admin=True)
    guild.does("config permissions revoke", guild.cat, command=name, role="blue", admin=True)
    assert gate(unhurried, again(plain, roles=("red",))) == ""
    assert gate(unhurried, again(plain, roles=("blue",))) == "not_permitted"
    assert gate(unhurried, again(plain, roles=("green",))) == default
    assert gate(unhurried, again(plain, roles=("red", "blue"))) == "not_permitted"
    guild.does("config permissions grant", guild.cat, command=name, user=plain.player, admin=True)
    assert gate(unhurried, again(plain, roles=("red", "blue"))) == ""


@pytest.mark.parametrize("name", RULED)
def test_a_category_is_closed_but_for_one_command(guild: Guild, unhurried: Engine, name: str) -> None:
    plain = replace(invocation_of(guild, ACCEPTED[name](guild)), **NOBODY)
    guild.does("config permissions revoke", guild.cat, command=offered()[name].category, admin=True)
    assert gate(unhurried, again(plain)) == "not_permitted"
    explained = guild.does(
        "config permissions explain", guild.cat, command=name, user=plain.player, admin=True
    )
    assert "revoked from everyone" in explained.result["rule"]
    guild.does("config permissions grant", guild.cat, command=name, admin=True)
    assert gate(unhurried, again(plain)) == ""


@pytest.mark.parametrize("name", PERSONAL)
def test_what_is_about_who_asks_alone_is_taken_from_nobody(
    guild: Guild, unhurried: Engine, name: str
) -> None:
    asked = invocation_of(guild, ACCEPTED[name](guild))
    guild.does("config permissions revoke", guild.cat, command="utility", admin=True)
    for refused, command in (
        ("not_revocable", "config permissions revoke"),
        ("not_restrictable", "restrict command add"),
    ):
        assert guild.ask(command, guild.cat, command=name, admin=True).code == refused
    assert gate(unhurried, again(asked)) == ""


# -------------------------------------------------------------------------------------- restrictions


@pytest.mark.parametrize("name", OTHERS)
def test_it_is_restricted_in_a_channel_until_a_time(guild: Guild, unhurried: Engine, name: str) -> None:
    asked = invocation_of(guild, ACCEPTED[name](guild))
    restrict = guild.invocation(
        "restrict command add", guild.cat, command=name, channel="4711", during="1h", admin=True
    )
    assert guild.engine.call(restrict).verdict == "accepted"
    ends = restrict.time + 3_600_000
    assert gate(unhurried, again(asked, ends - asked.time - 1)) == "restricted"
    assert gate(unhurried, again(asked, ends - asked.time - 1, place=Place("811/yard"))) == ""
    assert gate(unhurried, again(asked, ends - asked.time)) == ""


@pytest.mark.parametrize("name", ADMINS_ONLY)
def test_what_is_for_admins_is_never_restricted(guild: Guild, name: str) -> None:
    answer = guild.ask("restrict command add", guild.cat, command=name, admin=True)
    assert answer.code == "not_restrictable"


# ---------------------------------------------------------------------------------- throttle, cooldown


@pytest.mark.parametrize("name", sorted(offered()))
def test_one_a_minute(guild: Guild, stricter: Callable[..., Engine], name: str) -> None:
    asked = again(invocation_of(guild, ACCEPTED[name](guild)), LATER)
    engine = stricter(Throttle(1, 0))
    assert gate(engine, asked) == ""
    assert gate(engine, again(asked, 59_999)) == "throttled"
    assert gate(engine, again(asked, 59_999, player=guild.dan)) == ""
    assert gate(engine, again(asked, 60_000)) == ""


@pytest.mark.parametrize("scope", ["member", "channel", "guild"])
@pytest.mark.parametrize("name", sorted(offered()))
def test_it_rests_for_a_minute(
    guild: Guild, stricter: Callable[..., Engine], name: str, scope: Scope
) -> None:
    asked = invocation_of(guild, ACCEPTED[name](guild))
    declared = {name.replace(" ", "_"): {"cooldown": 60.0, "scope": scope}}
    engine = stricter(Throttle(0, 0), **declared)
    assert engine.call(again(asked, options={"nonsense": 1})).code == "bad_option", "which costs nothing"
    assert engine.call(asked).verdict == "accepted"
    soon = again(asked, 59_999)
    assert gate(engine, soon) == "cooldown"
    elsewhere, other = again(soon, place=Place("811/yard")), again(soon, player=guild.dan)
    assert gate(engine, elsewhere) == ("" if scope == "channel" else "cooldown")
    assert (gate(engine, other) == "cooldown") is (scope != "member")
    engine.close()
    engine = stricter(Throttle(0, 0), **declared)  # as after a restart
    assert gate(engine, again(soon)) == "cooldown"
    assert gate(engine, again(asked, 60_000)) == ""
