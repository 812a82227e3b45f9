"""Whatever options come in: they are refused in a sentence, with an event, or taken; nothing ever fails."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milena.commands import offered

Guild = Any
NASTY = (
    "", " ", "@everyone", "<@1234>", "<@&99> <#1>", "x" * 5000, "\u202egnp.exe", "Z\u0351\u0352a\u0300" * 50,
    "\x00", "\ud800", "'; DROP TABLE events; --", "{0.__class__}", "%s%n", "../../etc/passwd",
    "١٢٣", "ⅷ", "-1",
    "1e999", "NaN", "null", "true", "🎲" * 100, "<t:99999999999999:R>", "a\nb\rc", "\u200b",
)  # fmt: skip
ANY = st.one_of(
    st.sampled_from(NASTY),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=50),
    st.lists(st.sampled_from(NASTY), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)


def told_once(guild: Guild, name: str, options: dict[str, Any]) -> None:
    head = guild.home.store.head().position
    guild.later += 3600  # whatever rests, rests no more
    asked = guild.invocation(name, guild.ann, moderator=True, admin=True)
    asked = type(asked)(**{**_fields(asked), "options": options})
    answer = guild.engine.call(asked)
    if answer.verdict == "accepted":
        shown = guild.seeing.shown(asked, answer)
        assert shown.verdict != "failed", shown
    assert answer.verdict in ("accepted", "refused"), answer
    if answer.verdict == "refused":
        assert answer.sentence.endswith((".", "?"))
        assert len(answer.sentence) < 1000
        assert guild.home.store.head().position == head + 1
    assert guild.home.store.at(head + 1).invocation == asked.id


def _fields(invocation: Any) -> dict[str, Any]:
    return {name: getattr(invocation, name) for name in invocation.__struct_fields__}


@pytest.mark.parametrize("name", sorted(offered()))
def test_nasty_texts_in_every_option(guild: Guild, name: str) -> None:
    fields = offered()[name].options.__struct_encode_fields__
    told_once(guild, name, {})
    for nasty in NASTY:
        told_once(guild, name, dict.fromkeys(fields, nasty))
        told_once(guild, name, {nasty: nasty})
    for wrong in (None, 5, -1, 2**70, 1.5, [], {}, ["x"], {"x": "y"}, True):
        told_once(guild, name, dict.fromkeys(fields, wrong))


@pytest.mark.parametrize("name", sorted(offered()))
@settings(
    max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_anything_at_all(guild: Guild, name: str, data: st.DataObject) -> None:
    fields = offered()[name].options.__struct_encode_fields__
    keys = st.one_of(st.sampled_from([*fields, "more"]), st.text(max_size=8))
    told_once(guild, name, data.draw(st.dictionaries(keys, ANY, max_size=5)))


def test_each_of_them_is_in_the_audit_with_its_reason(guild: Guild) -> None:
    for name in sorted(offered()):
        for nasty in ("@everyone", "\u202egnp.exe", "\x00", "\ud800"):
            told_once(guild, name, {"nonsense": nasty})
    readside = guild.home.readside()
    readside.catch_up(["audit"])
    with readside.asking("audit", "811") as asking:
        found = asking.select(
            "SELECT command, verdict, code, count(*) FROM entries WHERE tag = 'command.invoked' "
            "GROUP BY 1, 2, 3",
            (),
        )
    assert sorted(found.rows) == [(name, "refused", "bad_option", 4) for name in sorted(offered())]
