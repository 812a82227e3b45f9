"""Moderation: each act is a case with a number; what is to be done outside is wanted in the same append."""

from typing import Any

import pytest
from msgspec.structs import replace

from milena.aggregates import AGGREGATES
from milena.domain.case import Case
from milena.domain.command import Standing
from milena.domain.effect import Details, Effect
from milena.domain.ids import InvocationId, new_id
from milena.domain.refusal import moment
from milena.replay.verify import verify
from milena.store.lookup import begun_only

Guild = Any
DAY = 86_400


def case(guild: Guild, number: int) -> Case:
    found: Case = guild.engine.read("case", "811").state.cases[number]
    return found


def effect_of(guild: Guild, number: int) -> Effect:
    found: Effect = guild.engine.read("effect", case(guild, number).effect).state
    return found


def act(guild: Guild, command: str, **options: Any) -> Any:
    return guild.ask(command, guild.ann, moderator=True, **options)


@pytest.mark.parametrize(
    ("command", "options", "what", "data"),
    [
        ("warn", {"reason": "spam"}, "message", {"privately": True}),
        ("timeout", {"during": "28d"}, "timeout", {"until": 28 * DAY * 1000}),
        ("kick", {}, "kick", {}),
        ("ban", {"forget": "7d", "reason": "spam"}, "ban", {"forget": 7 * DAY}),
        ("unban", {}, "unban", {}),
    ],
)
def test_an_act_is_a_case_and_an_effect(
    guild: Guild, command: str, options: dict[str, Any], what: str, data: dict[str, Any]
) -> None:
    asked = guild.invocation(command, guild.ann, member=guild.bob, moderator=True, **options)
    answer = guild.engine.call(asked)
    until = asked.time + data["until"] if "until" in data else 0
    data = {**data, "until": until}
    made = case(guild, answer.result["case"])
    reason = options.get("reason", "")
    assert made == Case(1, command, guild.ann, asked.time, guild.bob, reason, until, made.effect)
    wanted = Effect(made.effect, what, "case:811:1", asked.place, Details(guild.bob, **data), "pending")
    assert effect_of(guild, 1) == wanted
    assert [row.correlation for row in guild.home.store.scan()][-3:] == [asked.id] * 3
    assert f"Case 1: <{guild.bob}> will be" in answer.result["says"]
    assert until == 0 or moment(until) in answer.result["says"]
    assert verify(guild.home.store, AGGREGATES).level in (None, "note")


def test_cases_are_counted_in_each_guild_and_told_when_somebody_is_acted_on(guild: Guild) -> None:
    for reason in ("one", "two", "three", "four"):
        act(guild, "warn", member=guild.bob, reason=reason)
    act(guild, "warn", member=guild.cat, reason="another")
    assert act(guild, "warn", member=guild.bob, reason="elsewhere", place="812/1").result["case"] == 1
    says = act(guild, "kick", member=guild.bob).result["says"]
    assert "Case 6:" in says
    assert "4 earlier cases, the last 3:" in says
    assert [word for word in ("one", "two", "three", "four", "another") if word in says] == [
        "two",
        "three",
        "four",
    ]
    listed = guild.does("case list", guild.cat, member=guild.bob, moderator=True)
    assert listed.result["cases"] == [6, 4, 3, 2, 1]


def test_a_list_has_pages(guild: Guild) -> None:
    for number in range(12):
        act(guild, "warn", member=guild.bob, reason=f"number {number + 1}")
    first = guild.does("case list", guild.ann, moderator=True).result
    assert first["cases"] == list(range(12, 2, -1))
    [older] = first["actions"]
    second = guild.does(older["command"], guild.ann, moderator=True, **older["options"]).result
    assert (second["cases"], "actions" in second) == ([2, 1], False)


def test_what_was_said_before_is_still_told_when_a_case_is_amended(guild: Guild) -> None:
    act(guild, "kick", member=guild.bob, reason="spam")
    guild.does("case reason", guild.ann, case=1, reason="a mistake", moderator=True)
    assert guild.ask("case reason", guild.cat, case=1, reason="no", moderator=True).code == "not_yours"
    guild.does("case reason", guild.cat, case=1, reason="settled", admin=True)
    says = guild.does("case show", guild.dan, case=1, moderator=True).result["says"]
    assert [word in says for word in ("spam", "a mistake", "settled", f"<{guild.cat}>")] == [True] * 4
    assert "Not done yet." in says


def test_a_power_that_somebody_has_not_is_not_lent_but_by_a_rule(guild: Guild) -> None:
    asked = guild.invocation("ban", guild.ann, member=guild.bob, moderator=True)

    def code(**changed: Any) -> str:
        again = replace(asked, id=InvocationId(new_id()), **changed)
        return str(guild.engine.call(again).code)

    assert code(powers=("purge",)) == "not_permitted"
    assert code(powers=("purge", "ban")) == ""
    assert code(powers=("purge",), admin=True) == "not_permitted", "whoever may change settings can't ban"
    assert code(powers=("purge",), owner=True) == ""
    guild.does("config permissions grant", guild.cat, command="ban", role="7", admin=True)
    assert code(powers=("purge",), roles=("7",)) == ""
    assert code(powers=("purge",), roles=("8",)) == "not_permitted"


def test_who_stands_above_is_left_alone_and_no_case_is_made(guild: Guild) -> None:
    asked = guild.invocation("kick", guild.ann, member=guild.bob, moderator=True)
    answer = guild.engine.call(replace(asked, rank=3, others={guild.bob: Standing(3)}))
    assert (answer.verdict, answer.code) == ("refused", "above_you")
    assert guild.engine.read("case", "811").state.cases == {}
    assert begun_only(guild.home.store, "effect") == []


# ------------------------------------------------------------------------------------------- purge


def test_a_purge_is_confirmed_and_happens_once(guild: Guild) -> None:
    asked = guild.invocation("purge", guild.ann, count=100, age="14d", user=guild.bob, moderator=True)
    [action] = guild.engine.call(asked).result["actions"]
    assert begun_only(guild.home.store, "effect") == []
    options = action["options"]
    assert guild.does("purge", guild.ann, moderator=True, **options).result["case"] == 1
    assert act(guild, "purge", **options).code == "done_already"
    data = effect_of(guild, 1).data
    assert (data.count, data.member, data.bots) == (100, guild.bob, False)
    assert (data.before, data.question) == (asked.time, asked.id)
    assert data.after > asked.time - 14 * DAY * 1000, "none may turn too old meanwhile"


def test_what_is_confirmed_too_late_is_asked_again(guild: Guild) -> None:
    options = act(guild, "purge", count=5).result["actions"][0]["options"]
    guild.later = 601
    assert act(guild, "purge", **options).code == "not_confirmed"
    assert act(guild, "purge", count=101).code == "bad_option"
    assert act(guild, "purge", count=5, age="15d").code == "bad_time"


# ---------------------------------------------------------------------------------- what came of it


def test_moderators_are_told_what_could_not_be_done(guild: Guild) -> None:
    act(guild, "kick", member=guild.bob)
    key = case(guild, 1).effect
    guild.does("effect settle", guild.cat, effect=key, code="unknown_member", sentence="Not there.")
    assert guild.ask("effect settle", guild.cat, effect=key).code == "not_pending"
    [notice] = begun_only(guild.home.store, "effect")
    told = guild.engine.read("effect", notice).state
    assert (told.what, told.about, told.place) == ("message", f"effect:{key}", "811/4711")
    shown = guild.does("case show", guild.ann, case=1, moderator=True).result
    assert shown["status"] == "failed"
    assert "Not done: Not there." in shown["says"]
    guild.does("effect settle", guild.cat, effect=notice, code="missing_access", sentence="No way in.")
    assert begun_only(guild.home.store, "effect") == [], "nobody is told that nobody could be told"


def test_what_could_be_done_is_told_by_the_answer_alone_but_for_a_count(guild: Guild) -> None:
    act(guild, "kick", member=guild.bob)
    guild.does("effect settle", guild.cat, effect=case(guild, 1).effect)
    assert begun_only(guild.home.store, "effect") == []
    options = act(guild, "purge", count=5).result["actions"][0]["options"]
    act(guild, "purge", **options)
    guild.does("effect settle", guild.cat, effect=case(guild, 2).effect, result={"removed": 4})
    assert len(begun_only(guild.home.store, "effect")) == 1
    assert "Done: 4 removed." in guild.does("case show", guild.ann, case=2, moderator=True).result["says"]


def test_what_came_of_a_case_is_told_in_the_log_of_the_server_that_names_one(guild: Guild) -> None:
    act(guild, "kick", member=guild.bob, reason="spam")
    guild.does("effect settle", guild.cat, effect=case(guild, 1).effect)
    assert begun_only(guild.home.store, "effect") == []
    guild.does("config set", guild.ann, name="moderation-log", value="<#7>", admin=True)
    act(guild, "ban", member=guild.bob, place="811/5")
    guild.does("effect settle", guild.cat, effect=case(guild, 2).effect)
    *_, done, wanted = guild.home.store.scan()
    assert (done.tag, wanted.tag, done.correlation) == ("effect.done", "effect.intended", wanted.correlation)
    [key] = begun_only(guild.home.store, "effect")
    told = guild.engine.read("effect", key).state
    assert (told.what, told.about, told.place, told.data) == ("message", "log:811:2", "811/7", Details())
    guild.does("effect settle", guild.cat, effect=key, code="given_up", sentence="Too late.")
    assert begun_only(guild.home.store, "effect") == []
    assert guild.engine.read("guild", "811").state.settings == {"moderation-log": "7"}, "that passes"


def test_what_fires_is_a_message_that_waits_to_be_delivered(guild: Guild) -> None:
    guild.later = -7200
    guild.does("remind me", guild.ann, when="in 1h", text="the surprise party", privately=True)
    poll = guild.does("poll create", guild.bob, question="Tea?", choices="a, b", during="1h").result["poll"]
    guild.later = 0
    assert guild.home.scheduler(guild.engine).turn() == 2
    effects = [guild.engine.read("effect", key).state for key in begun_only(guild.home.store, "effect")]
    found = {each.about: each for each in effects}
    assert found.keys() == {f"poll:{poll}", f"reminder:811:{guild.ann}:1"}
    reminder = found[f"reminder:811:{guild.ann}:1"]
    assert (reminder.place, reminder.data.member, reminder.data.privately) == ("811/4711", guild.ann, True)
    assert reminder.data.late > 3_500_000
    assert all("surprise" not in row.payload for row in guild.home.store.scan())


def test_a_poll_that_is_closed_elsewhere_is_told_where_it_was_asked(guild: Guild) -> None:
    for place, told in (("811/4711", 0), ("811/9", 1)):
        poll = guild.does("poll create", guild.ann, question="Tea?", choices="a, b").result["poll"]
        guild.later += 11
        guild.does("poll close", guild.ann, poll=poll, place=place)
        assert len(begun_only(guild.home.store, "effect")) == told
