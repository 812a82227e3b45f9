"""The steps of /setup: each setting is asked for, and an answer asks the guild what /config would."""

from collections.abc import Callable
from typing import Any

import pytest

from milena.domain.guild import Guild
from milena.domain.guild.requests import ChangePermission, ChangeSetting
from milena.domain.guild.settings import RECOMMENDED, SETTINGS, parsed, shown
from milena.domain.guild.steps import CATEGORIES, COMMANDS, STEPS, StepName, chosen, page
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused

ANN = PlayerId("ann")


def test_each_setting_is_a_step() -> None:
    assert sorted(STEPS) == sorted([*SETTINGS, COMMANDS])


@pytest.mark.parametrize("step", STEPS)
def test_a_page_says_what_it_is_about_and_offers_what_can_be_chosen(step: StepName) -> None:
    asked = page(Guild("811"), step)
    assert asked.title
    assert asked.help.endswith(".")
    assert asked.now
    assert not asked.set
    assert (asked.of == "choices") == bool(asked.choices)
    assert len(asked.choices) <= 25
    assert len({value for value, _ in asked.choices}) == len(asked.choices)
    for value, words in asked.choices:
        assert words
        assert chosen(Guild("811"), step, value, ANN, 0)[0]


@pytest.mark.parametrize("name", RECOMMENDED)
def test_what_is_recommended_is_among_what_suits_many(name: str) -> None:
    assert RECOMMENDED[name] in SETTINGS[name].suits
    assert any("(recommended)" in words for _, words in page(Guild("811"), name).choices)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_choice_is_the_request_of_config_set(name: Any) -> None:
    setting = SETTINGS[name]
    value = next((each for each in setting.suits if each != setting.default), "77")
    _, request = chosen(Guild("811"), name, shown(value), ANN, 5)
    assert request == ChangeSetting(name, parsed(setting, shown(value)), ANN, 5)
    there = Guild("811", {name: value})
    assert chosen(there, name, shown(value), ANN, 5)[1] is None, "it is so already"
    assert chosen(there, name, "default", ANN, 5)[1] == ChangeSetting(name, None, ANN, 5)
    assert page(there, name).set


def test_a_category_is_closed_for_everyone_and_opened_again(given: Callable[..., Any]) -> None:
    words, request = chosen(Guild("811"), COMMANDS, "fun-off", ANN, 5)
    assert words == "fun: off"
    assert request == ChangePermission("everyone", "fun", "revoked", ANN, 5)
    closed = given(request).guild
    assert page(closed, COMMANDS).now == "without fun"
    assert ("fun-on", f"With fun: {CATEGORIES['fun']}") in page(closed, COMMANDS).choices
    assert chosen(closed, COMMANDS, "fun-off", ANN, 6)[1] is None
    assert chosen(closed, COMMANDS, "fun-on", ANN, 6)[1] == ChangePermission("everyone", "fun", "", ANN, 6)


@pytest.mark.parametrize(
    ("step", "value"),
    [("commands", "admin-off"), ("commands", "fun"), ("games", "0"), ("timezone", "Mars/Olympus")],
)
def test_what_can_not_be_chosen_is_refused(step: StepName, value: str) -> None:
    with pytest.raises(Refused) as caught:
        chosen(Guild("811"), step, value, ANN, 0)
    assert caught.value.code == "bad_setting"
