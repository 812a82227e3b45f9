"""Moderators act through the real bot: what they may, to whom, and what comes of it on Discord."""

from pathlib import Path

import pytest
from kit import StartMilena, recorded
from standin import Guild, P, Person, StandIn

OWN = P.MODERATE_MEMBERS | P.KICK_MEMBERS | P.BAN_MEMBERS | P.MANAGE_MESSAGES


@pytest.fixture
def ann(discord: StandIn, club: Guild) -> Person:
    """A moderator; Milena may do more than she may."""
    club.roles[club.bot.roles[0]].permissions |= int(OWN)
    mods = club.role("mods", int(P.MODERATE_MEMBERS | P.KICK_MEMBERS | P.MANAGE_MESSAGES))
    return discord.person("ann", club, mods)


async def test_a_moderator_acts_below_the_own_role_and_within_the_own_powers(
    discord: StandIn, start_milena: StartMilena, club: Guild, ann: Person, bob: Person
) -> None:
    peer = discord.person("carl", club)
    club.members[peer.id].roles = list(club.members[ann.id].roles)
    owner, milena = (Person(discord, user, ann.here) for user in (discord.world.owner, discord.world.bot))
    await start_milena()
    await discord.ready()

    reasons = {"yourself": ann, "not below yours": peer, "owns this": owner, "to Milena": milena}
    for why, member in reasons.items():
        refused = await ann.slash("kick", member=member)
        assert refused.ephemeral
        assert why in refused.text
    assert "do not allow you to ban" in (await ann.slash("ban", member=bob)).text

    shown = await ann.slash("kick", member=bob, reason="spam @everyone")
    assert shown.ephemeral
    assert "Case 1: " in shown.text
    await discord.until(lambda: bob.id not in club.members)
    assert club.audit[-1]["reason"] == "Case 1 by Ann: spam @everyone"
    assert "spam" in (await ann.slash("case list", member=bob)).text

    said = [peer.say(f"number {number}") for number in range(3)]
    asked = await ann.slash("purge", count=2, user=peer)
    assert not any(each.deleted for each in said)
    assert "Case 2: " in (await ann.press(asked.message, "Remove them")).text
    await discord.until(lambda: any("2 messages were removed" in each.text for each in ann.sees()))
    assert [each.deleted for each in said] == [False, True, True]
    assert "asked for before" in (await ann.press(asked.message, "Remove them")).text

    discord.world.closed_to_bot.add(peer.id)
    club.members[peer.id].roles = []
    await ann.slash("warn", member=peer, reason="noise")
    await discord.until(lambda: any("takes no direct messages" in each.text for each in ann.sees()))
    assert "takes no direct messages" in (await ann.slash("case show", case=3)).text


async def test_what_was_done_when_it_was_killed_is_recorded_by_the_next(
    discord: StandIn, start_milena: StartMilena, club: Guild, home_dir: Path, ann: Person, bob: Person
) -> None:
    first = await start_milena()
    await discord.ready()
    discord.faults.slow(60.0, "DELETE /guilds/*", after=True)
    await ann.slash("kick", member=bob)
    await discord.until(lambda: bob.id not in club.members)
    await first.kill()
    assert recorded(home_dir, "effect.done", "effect.failed") == []
    await start_milena()
    await discord.until(lambda: recorded(home_dir, "effect.done", "effect.failed"))
    [(row, _)] = recorded(home_dir, "effect.done", "effect.failed")
    assert row.tag == "effect.done"


async def test_a_case_is_told_once_in_the_log_though_milena_is_killed_before_and_after(
    discord: StandIn, start_milena: StartMilena, club: Guild, home_dir: Path, ann: Person, bob: Person
) -> None:
    log, eve = club.channel("log"), discord.person("eve", club, club.role("admins", int(P.MANAGE_GUILD)))
    club.locale = "de"
    first = await start_milena()
    await discord.ready()
    page = (await eve.slash("setup", step="moderation-log")).message
    await eve.choose(page, log)
    assert page.content.startswith(f"✓ Moderation log: <#{log.id}>.\n")

    discord.faults.slow(60.0, "GET /channels/*")  # it is about to be told,
    await ann.slash("kick", member=bob, reason="spam @everyone")
    await discord.until(lambda: not discord.faults.waiting)
    await first.kill()
    assert log.shown() == []
    discord.faults.slow(60.0, "POST /channels/*", after=True)  # and then it was
    second = await start_milena()
    await discord.until(lambda: bool(log.shown()))
    await second.kill()
    assert [row.tag for row, _ in recorded(home_dir, "effect.done")] == ["effect.done"], "of the kick"

    await start_milena()
    await discord.until(lambda: len(recorded(home_dir, "effect.done")) == 2)
    [told] = log.shown()
    assert told.content.split("\n") == [
        "Fall 1: Rauswurf", f"Mitglied: Bob (<@{bob.id}>)", f"Von: Ann (<@{ann.id}>)",
        "Grund: spam @\u2060everyone", "Ergebnis: erledigt",
    ]  # fmt: skip
    assert not told.pings
