"""Polls: one vote a person, changeable until it closes; by itself, once, also after a restart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.aggregates import AGGREGATES
from milena.domain.poll import OpenPoll, Poll, Polls, Vote
from milena.domain.refusal import Refused
from milena.replay.verify import verify
from milena.unfinished import open_polls

Guild = Any
POLLS = Polls()


def create(guild: Guild, **options: Any) -> str:
    asked = {"question": "Tea or coffee?", "choices": "tea | coffee | water", **options}
    return str(guild.does("poll create", guild.ann, **asked).result["poll"])


def poll(guild: Guild, key: str) -> Poll:
    state: Poll = guild.engine.read("poll", key).state
    return state


def test_a_vote_can_be_changed_until_it_closes(guild: Guild) -> None:
    key = create(guild)
    guild.does("poll vote", guild.bob, poll=key, choice="1")
    guild.does("poll vote", guild.cat, poll=key, choice="2")
    guild.does("poll vote", guild.bob, poll=key, choice="2")
    assert guild.ask("poll vote", guild.bob, poll=key, choice="2").code == "unchanged"
    assert guild.ask("poll vote", guild.bob, poll=key, choice="1,2").code == "bad_vote"
    closed = guild.does("poll close", guild.ann, poll=key)
    assert closed.result["votes"] == [0, 2, 0]
    assert guild.ask("poll vote", guild.dan, poll=key, choice="1").code == "poll_closed"
    assert guild.ask("poll close", guild.ann, poll=key).code == "poll_closed"


def test_in_a_poll_of_several_choices_each_counts(guild: Guild) -> None:
    key = create(guild, multiple=True)
    guild.does("poll vote", guild.bob, poll=key, choice="1, 3, 3")
    guild.does("poll vote", guild.cat, poll=key, choice="3")
    assert poll(guild, key).counts == (1, 0, 2)


def test_of_several_choices_each_button_adds_one_or_takes_it_back(guild: Guild) -> None:
    key = create(guild, multiple=True)
    shown = guild.does("poll show", guild.bob, poll=key).result
    first, _, third = [action.options for action in shown["actions"]]
    guild.does("poll vote", guild.bob, **first)
    guild.does("poll vote", guild.bob, **third)
    assert poll(guild, key).counts == (1, 0, 1)
    guild.does("poll vote", guild.bob, **first)
    assert poll(guild, key).counts == (0, 0, 1)
    assert guild.ask("poll vote", guild.bob, **third).code == "bad_vote", "one vote has to stay"
    guild.does("poll vote", guild.bob, poll=key, choice="2")
    assert poll(guild, key).counts == (0, 1, 0), "typed, it stands instead of what was before"


@pytest.mark.parametrize("said", [{}, {"anonymous": True}, {"anonymous": False}])
def test_it_tells_who_voted_for_what_where_it_says_so(guild: Guild, said: dict[str, bool]) -> None:
    named = said.get("anonymous") is False
    key = create(guild, **said)
    guild.does("poll vote", guild.bob, poll=key, choice="1")
    shown = guild.does("poll show", guild.cat, poll=key).result
    assert (f"<{guild.bob}>" in str(shown)) is named
    tea, coffee, water = shown["chart"]["bars"]
    assert (tea["label"], tea["count"], shown["chart"]["whole"]) == ("tea", 1, 1)
    assert (coffee["count"], water["count"]) == (0, 0)
    warning = " Everybody sees who voted for what." if named else ""
    assert f"\n1 voted; open.{warning}\n" in shown["says"]


@pytest.mark.parametrize(
    ("votes", "result"),
    [
        ({}, "Nobody voted."),
        ({"bob": "2", "cat": "2", "dan": "1"}, "Most votes: coffee (2)."),
        ({"bob": "1", "cat": "3"}, "Tied: tea, water (1)."),
    ],
)
def test_a_closed_one_tells_the_result(guild: Guild, votes: dict[str, str], result: str) -> None:
    key = create(guild)
    for name, choice in votes.items():
        guild.does("poll vote", getattr(guild, name), poll=key, choice=choice)
    says = guild.does("poll close", guild.ann, poll=key).result["says"]
    assert says == f"Tea or coffee?\n{len(votes)} voted; closed. {result}"


def test_only_its_author_and_moderators_close_it(guild: Guild) -> None:
    key = create(guild)
    assert guild.ask("poll close", guild.bob, poll=key).code == "not_yours"
    guild.does("poll close", guild.bob, poll=key, moderator=True)


def test_a_poll_of_another_guild_is_not_known_here(guild: Guild) -> None:
    key = create(guild)
    assert guild.ask("poll vote", guild.bob, place="812/1", poll=key, choice="1").code == "unknown_poll"


def test_it_closes_by_itself_once_though_nothing_ran_then(guild: Guild) -> None:
    guild.later = -7200  # two hours ago, and it has been over for long
    late = create(guild, during="1h")
    guild.later = 0
    lasts = create(guild, during="1h")
    guild.later = 20
    closed = create(guild)
    guild.does("poll close", guild.ann, poll=closed)
    assert open_polls(guild.home.store) == sorted([late, lasts])
    assert [guild.home.scheduler(guild.engine).turn() for _ in range(2)] == [1, 0]
    events = [guild.home.store.event(row) for row in guild.home.store.stream(f"poll:{late}")]
    assert (events[-1].tag, events[-1].ran_out, events[-1].voters) == ("poll.closed", True, 0)
    assert poll(guild, lasts).closed is False
    assert verify(guild.home.store, AGGREGATES).findings == []


def test_who_is_late_by_a_millisecond_is_refused_though_nobody_has_closed_it(guild: Guild) -> None:
    state = POLLS.decide(
        POLLS.initial("p"),
        OpenPoll("?", ("a", "b"), "ann", "g/c", until=1000),  # type: ignore[arg-type]
    ).state
    POLLS.decide(state, Vote("bob", (0,), 999))  # type: ignore[arg-type]
    with pytest.raises(Refused) as caught:
        POLLS.decide(state, Vote("bob", (0,), 1000))  # type: ignore[arg-type]
    assert caught.value.code == "poll_closed"


@given(
    st.lists(st.tuples(st.sampled_from(["ann", "bob", "cat"]), st.integers(0, 2)), max_size=30),
    st.integers(0, 30),
)
def test_each_person_counts_once_with_the_last_vote(votes: list[tuple[str, int]], cut: int) -> None:
    state = POLLS.decide(POLLS.initial("p"), OpenPoll("?", ("a", "b", "c"), "ann", "g/c")).state  # type: ignore[arg-type]
    for number, (player, choice) in enumerate(votes):
        if number == cut:
            state = POLLS.decode(POLLS.encode(state))
        if state.votes.get(player) != (choice,):  # type: ignore[call-overload]
            state = POLLS.decide(state, Vote(player, (choice,), 0)).state  # type: ignore[arg-type]
    last = dict(votes)
    assert state.counts == tuple(list(last.values()).count(choice) for choice in range(3))
