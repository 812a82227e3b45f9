"""Stories that are told together: whose turn it is, what is voted on, and what becomes of them."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.story import AddLine, FinishStory, StartStory, Stories, Story, VoteOnStory

Guild = Any
STORIES = Stories()


def start(guild: Guild, **options: Any) -> str:
    return str(guild.does("story start", guild.ann, title="The fox", **options).result["story"])


def told(guild: Guild, story: str) -> Story:
    state: Story = guild.engine.read("story", story).state
    return state


def test_it_is_told_in_turns_until_there_is_no_more_room(guild: Guild) -> None:
    story = start(guild, lines=3)
    guild.does("story add", guild.ann, text="Once there\n was  a fox.")
    assert guild.ask("story add", guild.ann, text="It slept.").code == "not_your_turn"
    guild.does("story add", guild.bob, text="It slept.")
    answer = guild.does("story add", guild.ann, text="It woke.")
    assert [line.text for line in told(guild, story).told] == [
        "Once there was a fox.",
        "It slept.",
        "It woke.",
    ]
    assert told(guild, story).finished == "full"
    assert answer.result["says"].endswith("Finished with 3 lines (there was no more room).")
    assert guild.ask("story add", guild.bob, text="And then?").code == "no_story"
    shown = guild.does("story show", guild.dan).result["says"]
    assert f"2. It slept. (<{guild.bob}>)" in shown


def test_each_has_so_many_turns(guild: Guild) -> None:
    start(guild, turns=1)
    guild.does("story add", guild.ann, text="One.")
    guild.does("story add", guild.bob, text="Two.")
    answer = guild.ask("story add", guild.ann, text="Three.")
    assert (answer.code, answer.sentence) == (
        "no_turns_left", "Each may tell 1 lines of this story, and you have."
    )  # fmt: skip


def test_one_at_a_time_in_a_channel(guild: Guild) -> None:
    first = start(guild)
    assert guild.ask("story start", guild.bob, title="Another").code == "story_open"
    elsewhere = guild.does("story start", guild.bob, title="Another", place="811/yard")
    assert elsewhere.result["story"] != first
    guild.does("story finish", guild.cat, moderator=True)
    guild.later += 10
    assert guild.does("story start", guild.bob, title="The next").result["story"] != first
    assert told(guild, first).finished == "closed"
    assert "The fox" in guild.does("story show", guild.bob, story=first).result["says"]
    assert guild.ask("story show", guild.bob, story=first, place="812/1").code == "unknown_story"


def test_more_than_half_of_its_tellers_strike_a_line(guild: Guild) -> None:
    story = start(guild)
    for player, text in ((guild.ann, "One."), (guild.bob, "Two."), (guild.cat, "Three.")):
        guild.does("story add", player, text=text)
    assert guild.ask("story vote", guild.dan, on="strike").code == "not_a_teller"
    assert guild.does("story vote", guild.ann, on="strike", line=3).result["passed"] is False
    assert guild.ask("story vote", guild.ann, on="strike").code == "unchanged"
    assert guild.does("story vote", guild.bob, on="strike", line=3).result["passed"] is True
    assert [line.text for line in told(guild, story).told] == ["One.", "Two."]
    assert guild.ask("story vote", guild.bob, on="strike", line=3).code == "overtaken"
    guild.does("story add", guild.cat, text="Four."), "its teller may tell another one"


def test_a_new_line_makes_votes_to_strike_the_last_one_void(guild: Guild) -> None:
    start(guild)
    guild.does("story add", guild.ann, text="One.")
    guild.does("story add", guild.bob, text="Two.")
    guild.does("story vote", guild.ann, on="strike")
    guild.does("story add", guild.ann, text="Three.")
    assert guild.does("story vote", guild.bob, on="strike").result["passed"] is False


def test_more_than_half_of_its_tellers_finish_it(guild: Guild) -> None:
    story = start(guild)
    guild.does("story add", guild.ann, text="One.")
    guild.does("story add", guild.bob, text="Two.")
    assert guild.does("story vote", guild.ann, on="finish").result["passed"] is False
    assert guild.does("story vote", guild.bob, on="finish").result["says"] == "The story is finished."
    assert told(guild, story).finished == "voted"


def test_it_is_read_in_pages(guild: Guild) -> None:
    story = start(guild)
    for number in range(12):
        guild.does("story add", (guild.ann, guild.bob)[number % 2], text=f"Line {number}.")
    first = guild.does("story show", guild.cat).result
    assert [(each.label, each.options) for each in first["actions"]] == [
        ("Next", {"story": story, "page": 2})
    ]
    second = guild.does("story show", guild.cat, **first["actions"][0].options).result
    assert "11. Line 10." in second["says"]
    assert "\n10. " not in second["says"]
    assert [each.label for each in second["actions"]] == ["Previous"]
    assert guild.ask("story show", guild.cat, page=3).code == "no_page"


@pytest.mark.parametrize("text", [" ", "\u202eevil", "\u200b", "a\x00b", "\ud800"])
def test_a_line_can_be_seen(guild: Guild, text: str) -> None:
    start(guild)
    assert guild.ask("story add", guild.ann, text=text).code in ("bad_text", "bad_option")
    guild.does("story add", guild.ann, text="A family: 👩\u200d👩\u200d👧")


PLAYERS = [PlayerId(name) for name in "abcd"]
REQUESTS = st.one_of(
    st.builds(AddLine, st.sampled_from(PLAYERS), st.sampled_from(["x", "y z", " "])),
    st.builds(
        VoteOnStory, st.sampled_from(PLAYERS), st.sampled_from(["finish", "strike"]), st.integers(0, 3)
    ),
    st.builds(FinishStory, st.sampled_from(PLAYERS), st.just(False)),
)


@given(st.integers(2, 6), st.integers(0, 2), st.lists(REQUESTS, max_size=40))
def test_whatever_is_asked_nobody_tells_two_lines_in_a_row(
    lines: int, turns: int, requests: list[Any]
) -> None:
    start = StartStory("Title", PLAYERS[0], "g/c", lines, turns)
    state, events = STORIES.initial("s"), []
    for request in [start, *requests]:
        was_over = bool(state.finished)
        try:
            changes = STORIES.decide(state, request)
        except Refused:
            continue
        assert not was_over
        state = changes.state
        events += changes.events
        tellers = [line.player for line in state.told]
        assert len(tellers) <= lines
        assert all(one != other for one, other in pairwise(tellers))
        assert not turns or all(tellers.count(player) <= turns for player in PLAYERS)
        assert STORIES.decode(STORIES.encode(state)) == state
    folded = STORIES.initial("s")
    for event in events:
        folded = STORIES.evolve(folded, event)
    assert folded == state
