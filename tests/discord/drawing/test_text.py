"""What people wrote is shown as they wrote it, and does nothing."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin import mentions

from milena.discord import text

ZALGO = "Z" + "\u0301\u0302\u0303\u0304\u0305\u0306" * 4
PIECES = [
    *"ab \\*_~|`<>[]()#-+1.@:/!&\n",
    "\u200b",
    "\u202e",
    "\u200d",
    "👩",
    "é",
    "👍🏽",
    "everyone",
    "http",
]
NASTY = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
WHOLE = ("👨‍👩‍👧", "🇩🇪", "e\u0301", "👍🏽")


def seen(markdown: str) -> str:
    """What a reader sees of escaped text."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace("\u2060", "")


@pytest.mark.parametrize(
    ("wrote", "shows"),
    [
        ("**bold** __x__ ~~y~~ ||z||", r"\*\*bold\*\* \_\_x\_\_ \~\~y\~\~ \|\|z\|\|"),
        ("# big", r"\# big"),
        ("> quoted", r"\> quoted"),
        ("-# small", r"\-# small"),
        ("1. one", r"1\. one"),
        ("[a](https://evil)", "\\[a\\](https:\u2060//evil)"),
        ("<@123> <#4> <@&5>", "\\<@\u2060123> \\<#4> \\<@\u2060&5>"),
        ("</ban:6> <t:7:R>", r"\</ban:6> \<t:7:R>"),
        ("@everyone @here", "@\u2060everyone @\u2060here"),
        ("discord.gg/abc", "discord.gg\u2060/abc"),
        ("two\nlines\u2028three", "two lines three"),
        ("a\u200bb\u202ec\u2066d", "abcd"),
        ("👨‍👩‍👧 🇩🇪 ❤️", "👨‍👩‍👧 🇩🇪 ❤️"),
        ("\u3164\u2800", ""),
    ],
)  # fmt: skip
def test_markdown_mentions_links_and_what_can_not_be_seen_are_harmless(wrote: str, shows: str) -> None:
    assert text.escape(wrote) == shows


@given(NASTY)
def test_a_reader_sees_what_was_written(wrote: str) -> None:
    assert seen(text.escape(wrote)) == text.plain(wrote)


@given(NASTY)
def test_nothing_that_is_escaped_mentions_anybody(wrote: str) -> None:
    everything = {"parse": ["users", "roles", "everyone"]}
    escaped = text.escape(f"@everyone <@1> {wrote} <@&2>")
    pinged = mentions.pings(escaped, everything, may_all=True, mentionable={"2"}, answered=None)
    assert pinged == mentions.pings("", everything, may_all=True, mentionable=set(), answered=None)


@given(
    st.lists(st.sampled_from([*PIECES, "<@1>", "<@&2>", "<#3>", "<t:4:R>", "<a5>"]), max_size=40).map("".join)
)
def test_nothing_that_is_said_mentions_anybody(wrote: str) -> None:
    everything = {"parse": ["users", "roles", "everyone"]}
    said = text.say(f"'{wrote}' is no move: @everyone <@1> {wrote}", lambda player: f"<@1>{player}@here")
    # Roles are for Discord to name; that they ping nobody is what each message says of itself.
    assert not mentions.pings(said, everything, may_all=True, mentionable=set(), answered=None).users
    assert "@everyone" not in said
    assert "@here" not in said


@given(NASTY)
def test_what_is_plain_stays_so(wrote: str) -> None:
    assert text.plain(text.plain(wrote)) == text.plain(wrote)


def test_accents_do_not_climb_over_other_lines() -> None:
    assert len(unicodedata.normalize("NFD", text.plain(ZALGO))) <= 5


@given(st.lists(st.sampled_from([*"ab ", *WHOLE]), max_size=30).map("".join), st.integers(1, 30))
def test_nothing_is_cut_in_the_middle_of_a_character(wrote: str, longest: int) -> None:
    clipped = text.clip(wrote, longest)
    assert len(clipped.encode("utf-16-le")) // 2 <= longest
    if clipped != wrote:
        kept = clipped.removesuffix("…")
        assert wrote.startswith(kept)
        rest = wrote[len(kept) :].lstrip()
        assert not rest or rest.startswith(("a", "b", *WHOLE))
        assert not kept or kept.endswith(("a", "b", " ", *WHOLE))


def test_a_sentence_has_names_and_times_and_what_was_typed_is_escaped_once() -> None:
    names = {"a1": "*ann*\u202e", "b2": "\u200b"}
    said = text.say("<a1> wrote '**x**' to <b2>, try again <t:1800000000:R>.", names.__getitem__)
    assert said == r"\*ann\* wrote '\*\*x\*\*' to somebody, try again <t:1800000000:R>."


def test_a_role_and_a_channel_are_for_discord_to_name() -> None:
    assert text.say("in <#12>, for <@&34>: <@5>", str) == "in <#12>, for <@&34>: \\<@\u20605>"


def test_a_block_can_not_be_left() -> None:
    assert text.block(["a ```", "  b\u202e", ""]) == "```\na '''\n  b\n \n```"


def test_whole_lines_are_kept_as_far_as_there_is_room() -> None:
    assert text.fit(["one", "two", "three"], 8) == "one\ntwo"
    assert text.fit(["one", "two", "three"], 100) == "one\ntwo\nthree"
    assert text.fit(["one", "two", "three"], 10) == "one\ntwo\n…"
