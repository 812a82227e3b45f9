"""What is said in other languages: of what is still there, within Discord's limits, else in English."""

import re
from collections import Counter

import pytest

from milena.discord.declaration import ABOUT, declaration
from milena.slash.installed import installed
from milena.slash.localising import DEFAULT, Texts, described, languages

DESCRIPTIONS = {
    DEFAULT, *ABOUT.values(),
    *(slash.description for slash in installed()),
    *(option.description for slash in installed() for option in slash.options),
}  # fmt: skip
OPTIONS = {option.name for slash in installed() for option in slash.options}
CHOICES = {choice.name for slash in installed() for option in slash.options for choice in option.choices}


def test_german_ships() -> None:
    assert "de" in languages()


@pytest.mark.parametrize("locale", languages())
def test_nothing_is_translated_that_is_gone(locale: str) -> None:
    texts = languages()[locale]
    assert not texts.descriptions.keys() - DESCRIPTIONS, (
        "remove these, or change them to the new English text"
    )
    assert not texts.names.keys() - OPTIONS - CHOICES


@pytest.mark.parametrize("locale", languages())
def test_texts_are_as_long_as_discord_takes(locale: str) -> None:
    texts = languages()[locale]
    assert all(0 < len(text) <= 100 for text in texts.descriptions.values())
    for name, text in texts.names.items():
        longest = 32 if name in OPTIONS else 100
        assert 0 < len(text) <= longest
        assert name not in OPTIONS or (re.fullmatch(r"[-_\w]+", text) and text == text.lower())


@pytest.mark.parametrize("locale", languages())
def test_no_two_options_of_a_command_are_called_alike(locale: str) -> None:
    names = languages()[locale].names
    for slash in installed():
        called = Counter(names.get(option.name, option.name) for option in slash.options)
        assert max(called.values(), default=1) == 1, f"/{slash.name}: {called}"


def test_what_is_not_translated_stays_english() -> None:
    texts = Texts({}, {"Make a move.": "Mache einen Zug."})
    declared = {each["name"]: each for each in declaration(installed(), {"de": texts})}
    move = declared["move"]
    assert move["description_localizations"] == {"de": "Mache einen Zug."}
    assert "description_localizations" not in move["options"][0]
    assert "name_localizations" not in move["options"][0]


def test_a_default_is_told_where_there_is_room() -> None:
    german = Texts({}, {DEFAULT: "(sonst: {})", "How many.": "Wie viele."})
    assert described("How many.", "4", 100) == "How many. (default: 4)"
    assert described("How many.", "4", 100, german) == "Wie viele. (sonst: 4)"
    assert described("How many.", "4", 12, german) == "Wie viele."
    assert described("How many.", "", 100) == "How many."


def test_german_has_all_that_milena_says_of_her_own_slashes() -> None:
    german = languages()["de"]
    assert not DESCRIPTIONS - german.descriptions.keys(), "say these in German, too"
    assert not OPTIONS - german.names.keys()
