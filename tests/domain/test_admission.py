"""Admission: restrictions, permissions, cooldowns, in this order, and exact to the millisecond."""

from datetime import UTC, datetime

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from milena.domain.admission import admit
from milena.domain.command import Command, Invocation, Scope
from milena.domain.guild import Guild, Guilds
from milena.domain.guild.events import CooldownBegan
from milena.domain.guild.state import Restriction
from milena.domain.member import Member
from milena.domain.refusal import Refused, fill_moments, moment

NOON = 1_767_268_800_000
GUILDS = Guilds()


class Nothing(Struct, frozen=True):
    pass


def rolling(scope: Scope = "member") -> Command:
    return Command("roll", "fun", "Roll.", Nothing, lambda desk, options: {}, cooldown=60, scope=scope)


def call(time: int, place: str = "811/hall") -> Invocation:
    return Invocation("i1", "roll", {}, "ann", place, time)  # type: ignore[arg-type]


def resting(scope: Scope, ready: int) -> tuple[Guild, Member]:
    """A guild and a member after a use of the command in the hall."""
    guild, member = GUILDS.initial("811"), Member("811:ann")
    if scope == "member":
        return guild, Member("811:ann", 1, {"roll": ready})
    return GUILDS.evolve(guild, CooldownBegan("roll", ready, "hall" * (scope == "channel"))), member


@pytest.mark.parametrize(
    ("scope", "where"), [("member", ""), ("channel", " in this channel"), ("guild", " in this server")]
)
def test_a_command_rests_to_the_millisecond(scope: Scope, where: str) -> None:
    state = resting(scope, NOON + 60_000)
    with pytest.raises(Refused) as caught:
        admit(rolling(scope), call(NOON + 59_999), *state)
    assert caught.value.code == "cooldown"
    assert caught.value.sentence == f"/roll can be used again{where} <t:{NOON // 1000 + 60}:R>."
    admit(rolling(scope), call(NOON + 60_000), *state)


def test_a_channel_rests_by_itself_and_a_guild_as_a_whole() -> None:
    admit(rolling("channel"), call(NOON, "811/yard"), *resting("channel", NOON + 1))
    with pytest.raises(Refused):
        admit(rolling("guild"), call(NOON, "811/yard"), *resting("guild", NOON + 1))


def test_by_the_clock_on_the_wall() -> None:
    def now() -> int:
        return int(datetime.now(UTC).timestamp() * 1000)

    with freeze_time("2026-01-01 12:00:00", tz_offset=0) as clock:
        assert now() == NOON
        state = resting("member", now() + 1500)
        for _ in range(2):
            with pytest.raises(Refused):
                admit(rolling(), call(now()), *state)
            clock.tick(0.75)
        admit(rolling(), call(now()), *state)


@given(st.integers(0, 120_000), st.sampled_from(["member", "channel", "guild"]))
def test_it_rests_before_its_time_and_never_after(later: int, scope: Scope) -> None:
    refused = False
    try:
        admit(rolling(scope), call(NOON + later), *resting(scope, NOON + 60_000))
    except Refused:
        refused = True
    assert refused == (later < 60_000)


def test_a_restriction_is_told_before_a_permission_and_that_before_a_cooldown() -> None:
    guild, member = resting("member", NOON + 1)
    closed = Guild("811", rules={"/roll": {"everyone": False}})
    shut = Guild("811", rules=closed.rules, restrictions=(Restriction(1, "roll", "bob"),))  # type: ignore[arg-type]
    codes = []
    for each in (shut, closed, guild):
        with pytest.raises(Refused) as caught:
            admit(rolling(), call(NOON), each, member)
        codes.append(caught.value.code)
    assert codes == ["restricted", "not_permitted", "cooldown"]


@given(st.integers(1, 4_102_444_800_000))
def test_a_time_in_a_sentence_is_never_too_early(ms: int) -> None:
    assert 0 <= int(fill_moments(moment(ms), str)) - ms < 1000
