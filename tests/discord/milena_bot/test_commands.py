"""Commands that Discord makes more of than text: files that are attached, pictures, buttons that ask on."""

from pathlib import Path

import pytest
from kit import StartMilena, key_of, labels, opened, recorded
from processes import Bot
from standin import Guild, P, Person, StandIn
from standin.people import File


@pytest.fixture
def ann(discord: StandIn, club: Guild) -> Person:
    """An admin."""
    return discord.person("ann", club, club.role("admins", int(P.MANAGE_GUILD | P.MODERATE_MEMBERS)))


async def test_a_file_of_jokes_is_read_and_told_with_its_credits(
    milena: Bot, home_dir: Path, ann: Person, bob: Person
) -> None:
    jokes = File("jokes.txt", "bats|Where do bats shop? @everyone|Ädam\n".encode())
    shown = await ann.slash("collection import", kind="joke", file=jokes)
    assert shown.ephemeral
    assert shown.text == "/joke knows 1 more, as lines 1 to 1."
    told = await bob.slash("joke", category="bats")
    assert told.text.endswith("(Ädam)")
    assert not told.message.pings
    for content, why in (
        (b"\xff\xfe\x00", "not a text in UTF-8"),
        (b"x" * (1 << 16) + b"x", "too large: 64 KiB"),
        (b"no credit", "Line 1 of the file"),
    ):
        refused = await ann.slash("collection import", kind="joke", file=File("jokes.txt", content))
        assert refused.ephemeral
        assert why in refused.text
    milena.terminate()
    await milena.ends()
    [(_, added)] = recorded(home_dir, "collection.lines_added")
    assert [line.credit for line in added.lines] == ["Ädam"]  # type: ignore[attr-defined]


async def test_a_poll_is_a_picture_and_says_the_same_in_words(milena: Bot, ann: Person, bob: Person) -> None:
    asked = await ann.slash("poll create", question="What?", choices="tea, Kaffee mit Öl", anonymous=False)
    await bob.press(asked.message, "Kaffee mit Öl")
    [name] = [word for word in asked.text.split() if len(word) == 12 and word.isalnum()]
    closed = await ann.slash("poll close", poll=name)
    assert "2\\. Kaffee mit Öl: 1 (Bob)" in closed.text
    [picture] = closed.message.attachments
    assert picture["description"] == "Bars. 1. tea: 0; 2. Kaffee mit Öl: 1."


async def test_the_role_of_everyone_is_everyone(milena: Bot, club: Guild, ann: Person, bob: Person) -> None:
    everyone = club.roles[club.id]
    told = await ann.slash("config permissions revoke", command="fun", role=everyone)
    assert told.text == "fun is revoked from everyone now."
    assert "fun is revoked from everyone" in (await bob.slash("coin")).text
    await ann.slash("restrict command add", command="ping", role=everyone)
    assert "/ping is restricted (number 1)" in (await bob.slash("ping")).text


async def test_times_are_typed_and_examples_told_in_the_language_of_who_types(
    milena: Bot, ann: Person, bob: Person
) -> None:
    bob.user.locale = "de"
    assert "09:00, UTC" in (await bob.slash("remind me", when="übermorgen um 9 Uhr", text="Tee")).text
    assert (await bob.slash("leaderboard", since="vor 3 Tagen")).how == "message"
    refused = await bob.slash("remind me", when="bald", text="Tee")
    assert "morgen um 9 Uhr, Freitag, 24.12.2026 18:00 oder jeden Tag 9:00." in refused.text
    assert "15 Minuten" in (await bob.slash("poll create", question="?", choices="a, b", during="x")).text
    assert "tomorrow 9:00" in (await ann.slash("remind me", when="soon", text="tea")).text
    assert "09:00, UTC" in (await ann.slash("remind me", when="übermorgen", text="tea")).text


async def test_moderators_end_and_void_games_of_others(
    discord: StandIn, milena: Bot, club: Guild, ann: Person, bob: Person
) -> None:
    eve = discord.person("eve", club)
    board = await opened(bob, eve)
    refused = await eve.slash("game end", game=key_of(board), reason="I lose")
    assert refused.text == "Only moderators may use /game end."
    refused = await eve.slash("game void", game=key_of(board), reason="I lose")
    assert refused.text == "Only moderators may use /game void."
    assert (
        "Aborted: Ann ended it: late" in (await ann.slash("game end", game=key_of(board), reason="late")).text
    )
    await discord.until(lambda: "Aborted" in board.content)
    board = await opened(bob, eve)
    await eve.slash("game resign", game=key_of(board))
    voided = await ann.slash("game void", game=key_of(board), reason="by mistake")
    assert "Void: by mistake" in voided.text

    latest = await ann.slash("audit")
    assert "Ann · game.voided · by mistake" in latest.text, "too wide for a table"
    undone = await ann.press(latest.message, "Undone")
    assert undone.how == "updated"
    assert ("voided" in undone.text, "aborted" in undone.text) == (True, True)
    again = await ann.press(undone.message, "Refused")
    assert again.text.count("not\\_a\\_moderator") + again.text.count("not_a_moderator") == 2


async def test_who_may_use_what_is_told_of_others_as_of_oneself(
    discord: StandIn, start_milena: StartMilena, club: Guild, ann: Person, bob: Person
) -> None:
    mods = club.role("mods", int(P.MODERATE_MEMBERS))
    mod = discord.person("mod", club, mods)
    await start_milena()
    await discord.ready()
    explain = "config permissions explain"
    assert (
        await ann.slash(explain, command="ban", user=mod)
    ).text == "Mod may use /ban: it is for moderators."
    assert "Bob may not use /ban" in (await ann.slash(explain, command="ban", user=bob)).text
    await ann.slash("config permissions revoke", command="roll", role=mods)
    ruled = await ann.slash(explain, command="roll", user=mod)
    assert ruled.text == f"Mod may not use /roll: /roll is revoked from <@&{mods.id}>."

    helped = await bob.slash("help")
    assert "/ban" not in helped.text
    assert labels(helped.message) == ["Fun", "Games", "Utility"]
    fun = await bob.press(helped.message, "Fun")
    assert fun.how == "updated"
    assert "/roll: Roll dice, such as 3d6+2." in fun.text
    everything = await ann.slash("help")
    assert labels(everything.message) == ["Admin", "Fun", "Games", "Utility"]
    for label in labels(everything.message):
        page = await ann.press((await ann.slash("help")).message, label)
        assert "…" not in page.text
    guided = await ann.slash("setup")
    done = await ann.press(guided.message, "Set what is recommended")
    assert done.text.startswith("Set now: games")
    assert "Set what is recommended" not in labels(done.message)
