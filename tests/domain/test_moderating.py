"""Who may act on whom."""

from typing import Any

import pytest

from milena.domain.command import Invocation, Standing
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.domain.moderating import check_target
from milena.domain.refusal import Refused

ANN, BOB = PlayerId("ann"), PlayerId("bob")


def refusal(act: Any, member: PlayerId = BOB, *, known: Standing | None = None, **caller: Any) -> str:
    others = {} if known is None else {member: known}
    asked = Invocation(InvocationId("1"), act, {}, ANN, Place("811/1"), 0, others=others, **caller)
    try:
        check_target(asked, act, member, machine=False)
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("rank", "known", "code"),
    [
        (5, Standing(4), ""),
        (5, Standing(5), "above_you"),
        (5, Standing(6), "above_you"),
        (0, Standing(0), "above_you"),
        (0, Standing(0, there=False), "not_a_member"),
        (9, Standing(1, owner=True), "owner"),
        (9, Standing(1, milena=True), "milena"),
        (0, None, ""),
    ],
)
def test_nobody_acts_on_who_does_not_stand_below(rank: int, known: Standing | None, code: str) -> None:
    assert refusal("kick", known=known, rank=rank) == code


def test_the_owner_stands_above_all_roles_and_is_above_nobody_else_there_is() -> None:
    assert refusal("kick", known=Standing(9), rank=1, owner=True) == ""
    assert refusal("kick", known=Standing(9), rank=1, admin=True) == "above_you"
    assert refusal("kick", known=Standing(9, milena=True), owner=True) == "milena"


@pytest.mark.parametrize("act", ["warn", "timeout", "kick", "ban", "unban"])
def test_nobody_acts_on_oneself_or_on_a_machine(act: Any) -> None:
    assert refusal(act, ANN, owner=True) == "yourself"
    asked = Invocation(InvocationId("1"), act, {}, ANN, Place("811/1"), 0)
    with pytest.raises(Refused, match="her machines"):
        check_target(asked, act, BOB, machine=True)


@pytest.mark.parametrize(("act", "code"), [("kick", "not_a_member"), ("ban", ""), ("unban", "")])
def test_who_is_gone_can_be_banned_and_unbanned(act: Any, code: str) -> None:
    assert refusal(act, known=Standing(there=False)) == code
