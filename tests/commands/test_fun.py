"""Dice, coins and what chance says: anybody can check each draw, and a forged one is found."""

import hmac
import json
from collections import Counter
from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import replace

from milena.aggregates import AGGREGATES, URNS
from milena.commands.fun import joke, quote
from milena.domain.urn import objection
from milena.replay.verify import verify

Guild = Any


def drawn(guild: Guild) -> list[dict[str, Any]]:
    return [json.loads(row.payload) for row in guild.home.store.stream("urn:811")]


def test_a_roll_can_be_checked_by_hand(guild: Guild) -> None:
    first = guild.does("roll", guild.ann, dice="3d6")
    second = guild.does("roll", guild.bob, dice="2d10+5", salt="my own")
    opened, one, two = drawn(guild)
    assert opened["commitment"] == sha256(bytes.fromhex(one["seed"])).hexdigest()
    assert one["commitment"] == sha256(bytes.fromhex(two["seed"])).hexdigest(), "told before it was asked for"
    assert (one["salt"], two["salt"]) == (first.invocation, "my own")
    for event, many in ((one, 6), (two, 10)):
        for nth, (outcomes, picked) in enumerate(event["picks"], start=1):
            message = f"urn/811/{event['number']}/{nth}/{event['salt']}".encode()
            ticket = hmac.digest(bytes.fromhex(event["seed"]), message, "sha256")
            assert (outcomes, picked) == (many, int.from_bytes(ticket) % many)
    assert second.result["total"] == 5 + sum(picked + 1 for _, picked in two["picks"])
    assert second.result["draw"] == 2
    assert verify(guild.home.store, AGGREGATES).findings == []


@pytest.mark.parametrize("field", ["picks", "seed", "number"])
def test_a_forged_draw_is_found(guild: Guild, field: str) -> None:
    for _ in range(3):
        guild.does("coin", guild.ann)
    state = URNS.initial("811")
    events = [guild.home.store.event(row) for row in guild.home.store.stream("urn:811")]
    for event in events[:-1]:
        assert objection(state, event) is None
        state = URNS.evolve(state, event)
    [[many, picked]] = events[-1].picks
    forged = {"picks": ((many, 1 - picked),), "seed": "00" * 32, "number": 7}[field]
    assert objection(state, events[-1]) is None
    assert objection(state, replace(events[-1], **{field: forged}))


def test_both_sides_of_a_coin_come_up(guild: Guild) -> None:
    sides = Counter(
        side for _ in range(20) for side in guild.does("coin", guild.ann, times=20).result["sides"]
    )
    assert min(sides.values()) > 100


def test_what_is_chosen_is_one_of_the_things(guild: Guild) -> None:
    chosen = {
        guild.does("choose", guild.ann, among="tea | a, b |  coffee ").result["says"] for _ in range(40)
    }
    assert chosen == {"tea", "a, b", "coffee"}


@pytest.mark.parametrize("collection", [joke.collection(), quote.collection()])
def test_the_collections_are_long_and_say_nothing_twice(collection: list[Any]) -> None:
    assert len(collection) >= 60
    assert len({entry.text for entry in collection}) == len(collection)
    assert all(each >= 8 for each in Counter(entry.category for entry in collection).values())


def test_what_the_server_has_added_is_told_with_its_credit(guild: Guild) -> None:
    file = "# ours\n\nferrets|Two ferrets.|Ann\nFerrets | Three ferrets. | Bob | a letter\nbats|No.|Cat\n"
    added = guild.does("collection import", guild.ann, moderator=True, kind="joke", file=file)
    assert (added.result["added"], added.result["last"]) == (3, 3)
    told = {guild.does("joke", guild.bob, category="ferrets").result["says"] for _ in range(60)}
    assert told == {"Two ferrets. (Ann)", "Three ferrets. (Bob: a letter)"}
    assert guild.ask("quote", guild.bob, category="ferrets").code == "unknown_category"
    assert guild.ask("joke", guild.bob, category="ferrets", place="812/1").code == "unknown_category"
    listed = guild.does("collection list", guild.ann, moderator=True).result["says"].split("\n")
    assert listed[1:] == [
        "2. joke, ferrets: Three ferrets. (Bob: a letter)",
        "1. joke, ferrets: Two ferrets. (Ann)",
    ]
    guild.does("collection remove", guild.ann, moderator=True, number=2)
    told = {guild.does("joke", guild.bob, category="ferrets").result["says"] for _ in range(9)}
    assert told == {"Two ferrets. (Ann)"}
    again = guild.does(
        "collection add", guild.ann, moderator=True, kind="joke", text="Three ferrets.", credit="Bob"
    )
    assert again.result["number"] == 4, "a number is given once"
    assert verify(guild.home.store, AGGREGATES).findings == []


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("bats|No.|Cat\nbats|Yes.\n", "Line 2 of the file has to be category|text|credit."),
        ("bats|No.|", "Line 1 of the file: The credit has 1 to 100 characters"),
        ("bats|a\u202eb|Cat", "Line 1 of the file: The text has 1 to 300 characters"),
        ("# nothing\n", "There is nothing in that file"),
        ("bats|No.|Cat\nbats|No.|Dan", "This server has it already: 'No.'"),
        ("".join(f"bats|{number}|Cat\n" for number in range(501)), "A server can have 500 lines"),
    ],
)
def test_a_file_is_taken_whole_or_not_at_all(guild: Guild, file: str, says: str) -> None:
    answer = guild.ask("collection import", guild.ann, moderator=True, kind="joke", file=file)
    assert answer.sentence.startswith(says)
    assert guild.home.store.stream("collection:811") == []
    member = guild.ask("collection import", guild.bob, kind="joke", file="bats|No.|Cat")
    assert member.code == "not_a_moderator"


def test_every_quote_has_an_author_and_a_source() -> None:
    assert all(len(entry.more) == 2 and all(entry.more) for entry in quote.collection())
