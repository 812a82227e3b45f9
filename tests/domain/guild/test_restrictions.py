"""Restrictions: a command rests somewhere, for somebody, for a while; and maintenance."""

from collections.abc import Callable
from typing import Any

import pytest

from milena.domain.guild.events import MaintenanceChanged, Restricted, RestrictionLifted
from milena.domain.guild.requests import Lift, Restrict, SetMaintenance
from milena.domain.guild.restrictions import check_restrictions, described
from milena.domain.refusal import Refused, fill_names

NOON = 1_767_268_800_000
Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("narrowed", "known", "refused"),
    [
        ({}, {}, True),
        ({"channel": "hall"}, {}, True),
        ({"channel": "hall"}, {"place": "811/yard"}, False),
        ({"channel": "hall"}, {"place": "811/thread", "parent": "hall"}, True),
        ({"channel": "hall"}, {"place": "811/thread", "parent": "yard"}, False),
        ({"role": "red"}, {}, False),
        ({"role": "red"}, {"roles": ("blue", "red")}, True),
        ({"user": "ann"}, {}, True),
        ({"user": "bob"}, {}, False),
        ({"channel": "hall", "user": "bob"}, {}, False),
        ({"channel": "hall", "role": "red", "user": "ann"}, {"roles": ("red",)}, True),
        ({"until": NOON + 1}, {}, True),
        ({"until": NOON}, {}, False),
        ({}, {"admin": True, "owner": True}, True),
    ],
)
def test_it_holds_where_all_that_narrows_it_fits(
    given: Make, command: Make, call: Make, narrowed: dict[str, Any], known: dict[str, Any], refused: bool
) -> None:
    guild = given(Restrict("open", "bob", NOON - 5, **narrowed)).guild
    check_restrictions(guild, command("join"), call("join", **known))
    if not refused:
        check_restrictions(guild, command(), call(**known))
        return
    with pytest.raises(Refused) as caught:
        check_restrictions(guild, command(), call(**known))
    assert caught.value.code == "restricted"
    assert caught.value.sentence.startswith("/open is restricted (number 1")


def test_the_refusal_names_it_and_says_why_and_until_when(given: Make, command: Make, call: Make) -> None:
    asked = Restrict("open", "bob", NOON, channel="hall", role="red", until=NOON + 1500, reason="too loud.")
    with pytest.raises(Refused) as caught:
        check_restrictions(given(asked).guild, command(), call(roles=("red",)))
    until = f"<t:{NOON // 1000 + 2}:R>"
    assert caught.value.sentence == (
        f"/open is restricted (number 1, in #hall, for role red, ends {until}): too loud."
    )


def test_a_channel_and_a_role_are_told_as_discord_names_them_and_elsewhere_by_their_ids(given: Make) -> None:
    [narrowed] = given(Restrict("open", "bob", NOON, channel="12", role="34")).guild.restrictions
    assert described(narrowed) == "number 1, in <#12>, for <@&34>"
    assert fill_names(described(narrowed), str) == "number 1, in channel 12, for role 34"


def test_what_is_for_admins_can_not_be_restricted(given: Make, command: Make, call: Make) -> None:
    guild = given(Restrict("config set", "bob", NOON)).guild
    check_restrictions(guild, command("config set", permission="admin"), call("config set"))


def test_numbers_are_never_given_again_and_what_ran_out_is_cleared_away(given: Make) -> None:
    case = given(Restrict("open", "ann", NOON, until=NOON + 10), Restrict("join", "ann", NOON))
    assert case.when(Lift(2, "bob", NOON + 1)) == [RestrictionLifted(2, "bob", NOON + 1)]  # type: ignore[arg-type]
    assert case.refusal(Lift(2, "bob", NOON + 1)) == "unknown_restriction"
    assert case.when(Restrict("move", "bob", NOON + 10)) == [
        RestrictionLifted(1, "bob", NOON + 10, ran_out=True),  # type: ignore[arg-type]
        Restricted(3, "move", "bob", NOON + 10),  # type: ignore[arg-type]
    ]
    assert [each.number for each in case.guild.restrictions] == [3]


def test_a_restriction_that_makes_no_sense_is_refused(given: Make) -> None:
    case = given(*(Restrict("open", "ann", NOON) for _ in range(100)))
    assert case.refusal(Restrict("open", "ann", NOON)) == "too_many_restrictions"
    assert given().refusal(Restrict("open", "ann", NOON, until=NOON)) == "bad_time"
    assert given().refusal(Restrict("open", "ann", NOON, reason="x" * 201)) == "bad_reason"
    assert given().refusal(Restrict("open", "ann", NOON, reason="a\u202eb")) == "bad_reason"


def test_maintenance_is_on_or_off_and_says_why(given: Make) -> None:
    case = given()
    assert case.refusal(SetMaintenance(False, "ann", NOON)) == "unchanged"
    assert case.when(SetMaintenance(True, "ann", NOON, " an  upgrade ")) == [
        MaintenanceChanged(True, "ann", NOON, "an upgrade")  # type: ignore[arg-type]
    ]
    assert case.guild.maintenance == "an upgrade"
    assert case.refusal(SetMaintenance(True, "ann", NOON)) == "unchanged"
    case.when(SetMaintenance(False, "ann", NOON))
    assert case.guild.maintenance is None
    assert [(each.before, each.after) for each in case.guild.history] == [(False, True), (True, False)]
