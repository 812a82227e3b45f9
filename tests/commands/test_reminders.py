"""Reminders: told once, in time or late; again and again; their texts are sealed."""

from pathlib import Path
from typing import Any

from milena.aggregates import AGGREGATES
from milena.replay.verify import verify

Guild = Any
SECRET = "the surprise party"


def fired(guild: Guild, player: str) -> list[tuple[int, bool]]:
    """Which reminders were told, and whether they were late."""
    rows = guild.home.store.stream(f"reminder:811:{player}")
    events = [guild.home.store.event(row) for row in rows if row.tag == "reminder.fired"]
    return [(event.number, event.late > 60_000) for event in events]


def test_it_is_told_once_and_late_where_nothing_ran(guild: Guild) -> None:
    guild.later = -7200
    guild.does("remind me", guild.ann, when="in 1h", text=SECRET)
    guild.does("remind me", guild.ann, when="in 3h", text="later")
    assert [guild.home.scheduler(guild.engine).turn() for _ in range(2)] == [1, 0]
    assert fired(guild, guild.ann) == [(1, True)]
    guild.later = 0
    assert guild.does("remind list", guild.ann).result["numbers"] == [2]
    assert verify(guild.home.store, AGGREGATES).findings == []


def test_what_is_repeated_is_told_once_for_all_that_was_missed(guild: Guild) -> None:
    guild.later = -86_400
    guild.does("remind me", guild.ann, when="every 1h", text="stretch")
    assert guild.home.scheduler(guild.engine).turn() == 1
    assert fired(guild, guild.ann) == [(1, True)]
    [again] = guild.engine.read("reminder", f"811:{guild.ann}").state.open
    assert again.at % 1000 == guild.home.store.stream(f"reminder:811:{guild.ann}")[0].time % 1000


def test_what_was_cancelled_is_not_told(guild: Guild) -> None:
    guild.later = -7200
    guild.does("remind me", guild.ann, when="in 1h", text=SECRET)
    guild.does("remind cancel", guild.ann, number=1)
    assert guild.ask("remind cancel", guild.ann, number=1).code == "unknown_reminder"
    assert guild.home.scheduler(guild.engine).turn() == 0


def test_each_member_has_reminders_of_ones_own(guild: Guild) -> None:
    guild.does("remind me", guild.ann, when="in 1h", text=SECRET)
    assert guild.does("remind list", guild.bob).result["numbers"] == []
    assert guild.ask("remind cancel", guild.bob, number=1).code == "unknown_reminder"


def test_the_clock_hangs_where_the_guild_says(guild: Guild) -> None:
    answers = []
    for zone in ("Asia/Tokyo", "America/New_York"):
        guild.does("config set", guild.ann, name="timezone", value=zone, admin=True)
        answers.append(guild.does("remind me", guild.ann, when="tomorrow 9:00", text="x").result["at"])
    assert (answers[1] - answers[0]) % 3_600_000 == 0
    assert answers[0] != answers[1]


def test_no_text_can_be_read_in_the_log(guild: Guild) -> None:
    guild.does("remind me", guild.ann, when="in 1h", text=SECRET)
    guild.ask("remind me", guild.ann, when="whenever", text=SECRET)
    guild.ask("remind me", guild.ann, when="in 1h", text=SECRET, privately="maybe")
    guild.does("remind list", guild.ann)
    assert all(SECRET not in row.payload for row in guild.home.store.scan())
    files = [path.read_bytes() for path in Path(guild.home.path).iterdir() if path.is_file()]
    assert not any(SECRET.encode() in each for each in files)
    [row] = [row for row in guild.home.store.scan() if row.tag == "reminder.set"]
    assert guild.home.store.event(row).text == SECRET


def test_there_can_be_twenty_five(guild: Guild) -> None:
    for _ in range(25):
        guild.does("remind me", guild.ann, when="in 1h", text="x")
    assert guild.ask("remind me", guild.ann, when="in 1h", text="x").code == "too_many_reminders"
