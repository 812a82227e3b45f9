"""Settings of a guild: a table of names, types, limits and defaults; each change says before and after."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from milena.domain.guild import Guild
from milena.domain.guild.events import SettingChanged
from milena.domain.guild.requests import ChangeSetting
from milena.domain.guild.settings import SETTINGS, find_setting, parsed, setting, shown, within
from milena.domain.limits import GameLimits
from milena.domain.refusal import Refused

NOON = 1_767_268_800_000


def test_every_setting_has_a_default_help_and_says_what_is_allowed() -> None:
    assert set(SETTINGS) == {
        "games", "channel-games", "member-games", "invitation", "machines", "timezone", "games-channel",
        "moderators", "moderation-log",
    }  # fmt: skip
    for each in SETTINGS.values():
        assert each.help
        assert each.wanted
        assert setting(Guild("811"), each.name) == each.default


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("games", "3", 3), ("games", " 1000 ", 1000), ("machines", "false", False), ("machines", "true", True),
     ("timezone", "Europe/Paris", "Europe/Paris"), ("invitation", "60", 60),
     ("games-channel", "<#123>", "123"), ("games-channel", "123", "123"), ("moderators", "<@&45>", "45")],
)  # fmt: skip
def test_what_is_typed_is_read_as_the_settings_type(name: str, text: str, value: object) -> None:
    assert parsed(find_setting(name), text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("games", "0"), ("games", "1001"), ("games", "many"), ("games", ""), ("games", "null"), ("games", "1.5"),
     ("machines", "maybe"), ("timezone", "Europe/Atlantis"), ("timezone", "../etc/passwd"),
     ("invitation", "59"), ("games-channel", ""), ("games-channel", "<@45>"), ("moderators", "@everyone"),
     ("moderators", "a b")],
)  # fmt: skip
def test_what_is_not_allowed_is_refused_with_what_is(name: str, text: str) -> None:
    with pytest.raises(Refused) as caught:
        parsed(find_setting(name), text)
    assert caught.value.code == "bad_setting"


def test_an_unknown_setting_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Refused, match="There is no setting 'game'; there are games, channel-games"):
        find_setting("game")


@examples(st.sampled_from(sorted(SETTINGS)), st.text(max_size=50))
def test_whatever_is_typed_is_a_value_that_fits_or_refused(name: str, text: str) -> None:
    try:
        value = parsed(find_setting(name), text)
    except Refused:
        return
    assert parsed(find_setting(name), shown(value)) == value


def test_a_change_says_who_when_before_and_after(given: Callable[..., Any]) -> None:
    case = given(ChangeSetting("games", 3, "ann", NOON))
    assert case.when(ChangeSetting("games", 5, "bob", NOON + 1)) == [
        SettingChanged("games", 3, 5, "bob", NOON + 1)  # type: ignore[arg-type]
    ]
    assert setting(case.guild, "games") == 5
    assert [(each.by, each.before, each.after) for each in case.guild.history] == [
        ("ann", None, 3), ("bob", 3, 5),
    ]  # fmt: skip


def test_a_reset_gives_the_default_again(given: Callable[..., Any]) -> None:
    case = given(ChangeSetting("machines", False, "ann", NOON), ChangeSetting("machines", None, "ann", NOON))
    assert setting(case.guild, "machines") is True
    assert case.guild.settings == {}


def test_what_changes_nothing_is_refused(given: Callable[..., Any]) -> None:
    case = given(ChangeSetting("games", 3, "ann", NOON))
    assert case.refusal(ChangeSetting("games", 3, "ann", NOON)) == "unchanged"
    assert case.refusal(ChangeSetting("machines", True, "ann", NOON)) == "unchanged"
    assert case.refusal(ChangeSetting("nonsense", 1, "ann", NOON)) == "unknown_setting"


@pytest.mark.parametrize(
    ("operator", "own", "holds"), [(10, 3, 3), (10, 50, 10), (0, 50, 50), (10, None, 10)]
)
def test_a_guild_can_be_stricter_than_its_operator_and_never_laxer(
    operator: int, own: int | None, holds: int
) -> None:
    guild = Guild("811", settings={} if own is None else {"games": own})
    assert within(GameLimits(guild=operator), guild).guild == holds


def test_the_history_keeps_the_last_fifty(given: Callable[..., Any]) -> None:
    case = given(*(ChangeSetting("games", number + 1, "ann", NOON + number) for number in range(60)))
    assert [each.after for each in case.guild.history] == list(range(11, 61))
