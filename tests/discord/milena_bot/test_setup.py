"""/setup as the real process asks it: a page a question, on one message, also over a kill -9."""

from pathlib import Path

import pytest
from kit import StartMilena, labels, recorded
from standin import Guild, P, Person, StandIn


@pytest.fixture
def ann(discord: StandIn, club: Guild) -> Person:
    """An admin."""
    return discord.person("ann", club, club.role("admins", int(P.MANAGE_GUILD)))


async def test_an_admin_is_led_through_the_setup(
    discord: StandIn, start_milena: StartMilena, club: Guild, ann: Person, bob: Person, home_dir: Path
) -> None:
    games, helpers = club.channel("games"), club.role("helpers")
    thread = club.channel("a thread", games)
    first = await start_milena()
    await discord.ready()
    page = (await ann.slash("setup")).message
    assert page.only_for == ann.id
    assert (await ann.press(page, "Begin")).how == "updated"
    assert page.content.startswith("Step 1 of 10: Time zone\n")
    assert (await ann.choose(page, "Europe/Berlin")).how == "updated"
    assert page.content.startswith("✓ Time zone: Europe/Berlin.\nStep 2 of 10: Channel for games\n")
    await first.kill()

    await start_milena()
    await discord.ready()
    await ann.press(page, "Back")
    assert "Now: Europe/Berlin." in page.content
    assert labels(page) == ["Back", "Take it back", "Next"]
    await ann.press(page, "Next")
    await ann.choose(page, games)
    assert page.content.startswith(f"✓ Channel for games: <#{games.id}>.\nStep 3 of 10: Moderators\n")
    await ann.choose(page, helpers)
    assert "Step 4 of 10: Moderation log" in page.content
    await ann.press(page, "Skip")
    await ann.choose(page, "Without fun: dice, jokes and stories")
    assert "Step 5 of 10: Commands" in page.content
    for _ in range(3):
        await ann.press(page, labels(page)[-1])
    assert page.content.startswith("Step 8 of 10: Games in a channel\n")
    await ann.choose(page, "5 (recommended)")
    await ann.press(page, "Skip")
    await ann.press(page, "Skip")
    assert page.content.startswith("That was all. You can come back to it at any time.\n")
    assert f"✓ games-channel: <#{games.id}>" in page.content

    # Each answer is the event of /config, and the server is as it was said to be:
    found = recorded(home_dir, "guild.setting_changed", "guild.permission_changed")
    assert [(getattr(event, "name", ""), event.after) for _, event in found] == [  # type: ignore[attr-defined]
        ("timezone", "Europe/Berlin"), ("games-channel", games.id), ("moderators", helpers.id),
        ("", "revoked"), ("channel-games", 5),
    ]  # fmt: skip
    refused = await bob.slash("play tictactoe")
    assert refused.text == f"Games are opened in <#{games.id}> here: ask for it there."
    assert refused.message.only_for == bob.id
    assert (await bob.at(thread).slash("play tictactoe")).message.only_for is None
    assert (await bob.slash("coin")).text.startswith("You may not use /coin here: fun is revoked")

    # Nobody else goes on with what is not theirs:
    await ann.press(page, "Go through all again")
    [menu] = page.menus
    shown = await bob.choose(page, "Asia/Tokyo", menu=menu["custom_id"], anyway=True)
    assert shown.text == "Only admins of this server may use /setup."
    assert len(recorded(home_dir, "guild.setting_changed")) == 4
