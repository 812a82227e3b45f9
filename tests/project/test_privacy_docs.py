"""docs/privacy.md names every place where what people write is stored as they wrote it."""

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from msgspec import Struct

from milena.aggregates import AGGREGATES
from milena.commands import offered
from milena.domain.spelling import name_of

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
WORDS = {"text", "question", "choices", "title", "reason", "among"}
"""Options in which people write what they like."""
NUMBERS = {("poll.voted", "choices"), ("game.choices_revealed", "choices")}
"""Fields of these names that hold numbers and moves."""
EVENTS = {event.tag: event for aggregate in AGGREGATES for event in aggregate.events}


def said() -> list[tuple[set[str], set[str], set[str], set[str]]]:
    """The rows of the table: commands, options, tags, fields."""
    [table] = re.findall(r"<!-- said.*?-->\n(.*?)<!-- end -->", PAGE.read_text(), re.DOTALL)
    rows = [line.strip("| ").split(" | ") for line in table.strip().splitlines()[2:]]

    def parts(cell: str) -> tuple[set[str], set[str]]:
        before, _, after = cell.partition(": ")
        return set(re.findall(r"`([^`]+)`", before)), set(re.findall(r"`([^`]+)`", after))

    return [(*parts(written), *parts(event)) for written, event in rows]


def known(words: str) -> str:
    """The name of a command, which may have been typed."""
    return words if words in offered() else name_of(words)


def fields(struct: type[Struct]) -> set[str]:
    return set(struct.__struct_fields__)


@pytest.mark.parametrize("row", said(), ids=lambda row: " ".join(sorted(row[0])))
def test_what_the_table_names_is_there_and_stored_in_the_open(
    row: tuple[set[str], set[str], set[str], set[str]],
) -> None:
    names, options, tags, kept = row
    for name in names:
        command = offered()[known(name)]
        assert options <= fields(command.options)
    [tag] = tags
    assert kept <= fields(EVENTS[tag])
    assert EVENTS[tag].sealed not in kept or not EVENTS[tag].sealed


def test_each_option_for_words_is_in_the_table_or_private() -> None:
    told = {(known(name), option) for names, options, _, _ in said() for name in names for option in options}
    written = {
        (name, option)
        for name, command in offered().items()
        for option, hint in get_type_hints(command.options).items()
        if option in WORDS and (hint is str or str in get_args(hint) or hint is not bool)
    }
    private = {(name, option) for name, option in written if option in offered()[name].private}
    assert private == {("remind me", "text")}
    polls = {("audit", "question")}  # one of a few words
    assert written - private - polls <= told


def test_each_event_that_holds_words_is_in_the_table() -> None:
    told = {(tag, field) for _, _, tags, kept in said() for tag in tags for field in kept}
    held = {
        (tag, field)
        for tag, event in EVENTS.items()
        for field in fields(event) & WORDS
        if event.sealed != field
    }
    assert held - NUMBERS <= told
