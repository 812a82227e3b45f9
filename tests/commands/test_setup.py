"""/setup: a walk through the settings; each answer is the event of /config, and no more is kept of it."""

from typing import Any

import pytest
from msgspec.structs import asdict

from milena.domain.guild.steps import STEPS

Guild = Any
ADMIN = {"admin": True}


def changes(guild: Guild) -> list[dict[str, Any]]:
    """What happened to the guild, but for when."""
    store = guild.home.store
    events = [(row.tag, asdict(store.event(row))) for row in store.stream("guild:811")]
    return [
        {"tag": tag, **{name: each for name, each in told.items() if name != "at"}} for tag, told in events
    ]


def go(guild: Guild, action: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = guild.does(
        action["command"], guild.ann, **action.get("options", {}), **ADMIN
    ).result
    return result


def pick(guild: Guild, shown: dict[str, Any], value: str) -> dict[str, Any]:
    [menu] = shown["picks"]
    return go(guild, {**menu, "options": {**menu["options"], menu["option"]: value}})


def test_a_walk_through_all_of_it_there_and_back(guild: Guild) -> None:
    shown = go(guild, go(guild, {"command": "setup", "options": {}})["actions"][0])
    seen = [shown["says"].splitlines()[0]]
    while "Step" in shown["says"]:
        shown = go(guild, shown["actions"][-1])
        seen.append(shown["says"].splitlines()[0])
    assert [line.partition(":")[0] for line in seen] == [
        *(f"Step {number} of {len(STEPS)}" for number in range(1, len(STEPS) + 1)),
        "That was all. You can come back to it at any time.",
    ]
    assert changes(guild) == [], "all of it was skipped"
    shown = go(guild, {"command": "setup", "options": {"step": STEPS[1]}})
    back = go(guild, shown["actions"][0])
    assert back["says"].splitlines()[0] == seen[0]
    assert go(guild, back["actions"][0])["says"].startswith("–"), "before the first is what is set"


def test_an_answer_is_the_event_of_config_and_leads_on(guild: Guild) -> None:
    guild.does("config set", guild.ann, name="timezone", value="Europe/Berlin", **ADMIN)
    by_config = changes(guild)
    guild.does("config reset", guild.ann, name="timezone", **ADMIN)
    shown = go(guild, {"command": "setup", "options": {"step": "timezone"}})
    then = pick(guild, shown, "Europe/Berlin")
    assert changes(guild)[2:] == by_config
    assert then["says"].startswith("✓ Time zone: Europe/Berlin.\nStep 2 of")
    before = go(guild, then["actions"][0])
    assert "Now: Europe/Berlin." in before["says"]
    assert [each["label"] for each in before["actions"]] == ["Back", "Take it back", "Next"]
    assert pick(guild, before, "Europe/Berlin")["says"].startswith("✓"), "it may be chosen again"
    assert len(changes(guild)) == 3
    go(guild, before["actions"][1])
    assert guild.engine.read("guild", "811").state.settings == {}


def test_categories_are_closed_on_one_page_one_after_the_other(guild: Guild) -> None:
    shown = go(guild, {"command": "setup", "options": {"step": "commands"}})
    shown = pick(guild, pick(guild, shown, "fun-off"), "utility-off")
    assert "Now: without fun, utility." in shown["says"]
    assert guild.ask("roll", guild.bob, dice="1d6").code == "not_permitted"
    pick(guild, shown, "fun-on")
    guild.does("roll", guild.bob, dice="1d6")


@pytest.mark.parametrize("options", [{}, {"step": "games"}, {"step": "games", "value": "5"}])
def test_only_admins_set_up(guild: Guild, options: dict[str, str]) -> None:
    assert guild.ask("setup", guild.bob, **options, moderator=True).code == "not_an_admin"
    assert changes(guild) == []


def test_who_was_granted_it_can_not_take_from_others_what_is_not_theirs(guild: Guild) -> None:
    guild.does("config permissions grant", guild.ann, command="/setup", user=guild.bob, **ADMIN)
    guild.does("config permissions revoke", guild.ann, command="/roll", user=guild.bob, **ADMIN)
    assert guild.ask("setup", guild.bob, step="commands", value="fun-off").code == "not_yours"
    guild.does("setup", guild.bob, step="games", value="5")


def test_an_answer_to_no_question_is_refused(guild: Guild) -> None:
    assert guild.ask("setup", guild.ann, value="5", **ADMIN).code == "bad_option"
    refused = guild.ask("setup", guild.ann, step="games", value="many", **ADMIN)
    assert (refused.code, "1 to 1000" in refused.sentence) == ("bad_setting", True)


def test_games_are_opened_in_their_channel_alone(guild: Guild) -> None:
    guild.does("setup", guild.ann, step="games-channel", value="<#7>", **ADMIN)
    refused = guild.ask("open", guild.bob, place="811/5", game="tictactoe")
    assert (refused.code, refused.sentence) == (
        "wrong_channel", "Games are opened in <#7> here: ask for it there.",
    )  # fmt: skip
    guild.does("open", guild.bob, place="811/7", game="tictactoe")
    guild.does("open", guild.bob, place="811/8", parent="7", game="othello")
    guild.does("open", guild.bob, place="812/5", game="tictactoe")


def test_a_role_can_make_moderators(guild: Guild) -> None:
    poll = guild.does("poll create", guild.ann, question="Tea?", choices="a, b").result["poll"]
    assert guild.ask("case list", guild.bob, roles=("9",)).code == "not_a_moderator"
    guild.does("setup", guild.ann, step="moderators", value="9", **ADMIN)
    assert guild.ask("case list", guild.bob, roles=("8",)).code == "not_a_moderator"
    guild.does("case list", guild.bob, roles=("9", "8"))
    guild.does("poll close", guild.bob, roles=("9",), poll=poll)
    assert guild.ask("setup", guild.bob, roles=("9",)).code == "not_an_admin"
