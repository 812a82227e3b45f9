"""Commands that tell what was done: leaderboard, profile, audit, status, setup, timezone, backup."""

from importlib.resources import files
from typing import Any

import pytest

from milena.commands.admin import audit
from milena.domain.guild.settings import RECOMMENDED
from milena.domain.spans import told
from milena.home import Home
from milena.ops import backup
from milena.readside.audit import TOLD

Guild = Any


def rows(answer: Any, *columns: str) -> list[tuple[Any, ...]]:
    table = answer.result["table"]
    places = [table["columns"].index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in table["rows"]]


# ------------------------------------------------------------------------------ leaderboard, profile


def test_the_leaderboard_is_of_one_game_and_of_a_time(guild: Guild) -> None:
    guild.over()
    guild.over("connect4")
    guild.later = 7200
    guild.over("connect4")
    score = rows(guild.does("leaderboard", guild.cat), "player", "score")
    assert score == [(guild.ann, 3), (guild.bob, 0)]
    guild.later += 5
    score = rows(guild.does("leaderboard", guild.cat, kind="Connect4"), "player", "score")
    assert score == [(guild.ann, 2), (guild.bob, 0)]
    guild.later += 5
    score = rows(guild.does("leaderboard", guild.cat, kind="connect4", since="1h"), "player", "score")
    assert score == [(guild.ann, 1), (guild.bob, 0)]
    guild.later += 5
    assert "Nobody yet." in guild.does("leaderboard", guild.cat, kind="othello").result["says"]
    guild.later += 5
    assert "Nobody yet." in guild.does("leaderboard", guild.cat, place="812/1").result["says"]


@pytest.mark.parametrize("by", ["points", "streaks"])
def test_the_leaderboard_goes_by_other_things_too(guild: Guild, by: str) -> None:
    guild.over()
    answer = guild.does("leaderboard", guild.cat, by=by)
    assert ("table" in answer.result) is (by == "streaks"), "tic-tac-toe counts no points"


def test_a_profile_tells_what_was_played_and_with_whom(guild: Guild) -> None:
    guild.over()
    guild.over()
    shown = guild.does("profile", guild.bob, player=guild.ann)
    assert f"<{guild.ann}> has played 2 games here, and won 2." in shown.result["says"]
    assert "first win" in shown.result["says"]
    assert f"<{guild.bob}> (2)" in shown.result["says"]
    assert rows(shown, "kind", "played", "won", "lost") == [("tictactoe", 2, 2, 0)]
    guild.later += 5
    assert "won 0" in guild.does("profile", guild.bob).result["says"]
    guild.later += 5
    assert guild.does("profile", guild.bob, player=guild.ann, place="812/1").result == {
        "says": f"<{guild.ann}> has finished no game here yet."
    }


def test_a_game_that_was_ended_or_voided_counts_for_nobody(guild: Guild) -> None:
    won, going_on = guild.over(), guild.playing()
    assert rows(guild.does("leaderboard", guild.cat), "score") == [(1,), (0,)]
    moderator = {"moderator": True, "reason": "two sisters"}
    assert guild.ask("game end", guild.cat, game=won, **moderator).code == "game_over"
    assert guild.does("game end", guild.cat, game=going_on, **moderator).result["status"] == "ended"
    assert "two sisters" in guild.game(going_on).outcome.reason
    assert not guild.game(going_on).outcome.scores
    guild.does("void", guild.cat, game=won, **moderator)
    guild.later += 5
    assert "Nobody yet." in guild.does("leaderboard", guild.cat).result["says"]


def test_a_game_of_another_server_is_not_theirs_to_end(guild: Guild) -> None:
    game = guild.playing()
    answer = guild.ask("game end", guild.cat, game=game, reason="envy", moderator=True, place="812/1")
    assert answer.code == "not_a_moderator"
    guild.does("game end", guild.cat, game=game, reason="error", moderator=True, place="terminal/main")


# --------------------------------------------------------------------------------------------- audit


def test_the_audit_tells_what_happened_newest_first_in_pages(guild: Guild) -> None:
    for _ in range(14):
        guild.ask("roll", guild.ann, dice="nonsense")
    guild.ask("roll", guild.bob, dice="more nonsense")
    asked = {"question": "refused", "moderator": True}
    first = guild.does("audit", guild.cat, **asked, player=guild.ann, since="1h")
    assert rows(first, "player", "command", "code") == [(guild.ann, "roll", "bad_dice")] * 10
    [following] = [each for each in first.result["actions"] if each.label == "Next"]
    given = {"question": "refused", "player": guild.ann, "since": "1h", "page": 2}
    assert (following.command, following.options) == ("audit", given)
    second = guild.does("audit", guild.cat, **following.options, moderator=True)
    assert len(second.result["table"]["rows"]) == 4
    labels = [each.label for each in second.result["actions"]]
    assert labels == ["Previous", "Latest", "Undone", "Most refused"]
    latest = second.result["actions"][1].options
    assert latest == {"question": "latest", "player": guild.ann, "since": "1h"}, "what narrows it is kept"
    latest = guild.does("audit", guild.cat, moderator=True)
    assert rows(latest, "player", "what", "verdict")[:2] == [
        (guild.cat, "audit", "accepted"), (guild.cat, "audit", "accepted"),
    ]  # fmt: skip


@pytest.mark.parametrize("question", audit.TITLES)
def test_each_question_of_the_audit_has_an_answer(guild: Guild, question: str) -> None:
    game = guild.playing()
    guild.does("move", guild.ann, game=game, move="5")
    guild.does("resign", guild.bob, game=game)
    guild.ask("roll", guild.ann, dice="nonsense")
    needed = {"player": guild.bob, "game": game, "text": "nonsense"}
    given = {audit.NEEDS[question]: needed[audit.NEEDS[question]]} if question in audit.NEEDS else {}
    answer = guild.does("audit", guild.cat, question=question, moderator=True, **given)
    assert ("table" in answer.result) is (question != "undone")
    if question in audit.NEEDS:
        assert guild.ask("audit", guild.cat, question=question, moderator=True).code == "bad_option"
    assert guild.ask("audit", guild.ann, question=question).code == "not_a_moderator"


def test_the_latest_question_has_all_that_is_always_told() -> None:
    sql = files("milena.projections").joinpath("audit/latest.sql").read_text()
    assert [tag for tag in TOLD if f"'{tag}'" not in sql] == []


# ------------------------------------------------------------------------------------ the server, me


def test_the_setup_sets_what_is_recommended_and_leaves_what_was_chosen(guild: Guild) -> None:
    guild.does("config set", guild.ann, name="games", value="3", admin=True)
    shown = guild.does("setup", guild.ann, admin=True).result
    assert "✓ games: 3" in shown["says"]
    assert (
        f"– invitation: as the operator has set it; recommended: {told(RECOMMENDED['invitation'])}"
        in shown["says"]
    )
    assert shown["actions"][1]["options"] == {"apply": "recommended"}
    done = guild.does("setup", guild.ann, apply="recommended", admin=True).result
    assert done["says"].startswith("Set now: channel-games, member-games, invitation.")
    state = guild.engine.read("guild", "811").state
    assert state.settings == {**RECOMMENDED, "games": 3}
    assert [change.by for change in state.history] == [guild.ann] * 4
    assert guild.ask("setup", guild.ann, apply="recommended", admin=True).code == "unchanged"


def test_times_are_typed_and_told_in_a_members_own_zone(guild: Guild) -> None:
    guild.does("config set", guild.cat, name="timezone", value="Europe/Paris", admin=True)
    at = {}
    for player, zone in ((guild.ann, "Asia/Tokyo"), (guild.bob, "")):
        if zone:
            guild.does("timezone set", player, zone=zone)
        answer = guild.does("remind me", player, when="2026-12-24 18:00", text="tea")
        at[player] = answer.result["at"]
        assert "Thursday 2026-12-24 18:00" in answer.result["says"]
        assert "2026-12-24 18:00): tea" in guild.does("remind list", player).result["says"]
    assert at[guild.bob] - at[guild.ann] == 8 * 3_600_000, "Tokyo is 9 hours ahead of UTC, Paris 1 in winter"
    assert guild.does("timezone show", guild.ann).result["zone"] == "Asia/Tokyo"
    assert guild.does("timezone show", guild.bob).result["zone"] == "Europe/Paris"
    guild.does("timezone set", guild.ann)
    assert guild.does("timezone show", guild.ann).result["zone"] == "Europe/Paris"
    assert guild.ask("timezone set", guild.ann, zone="Mars/Olympus").code == "bad_setting"


def test_the_text_of_a_reminder_is_told_and_not_recorded(guild: Guild) -> None:
    guild.does("remind me", guild.ann, when="in 2h", text="the surprise")
    shown = guild.does("remind list", guild.ann).result
    assert "the surprise" in shown["says"]
    assert [each.options for each in shown["actions"]] == [{"number": 1}]
    assert guild.home.store.rows("SELECT count(*) FROM events WHERE payload LIKE '%surprise%'") == [(0,)]


def test_the_status_tells_how_it_is(guild: Guild) -> None:
    guild.playing()
    guild.ask("ping", guild.ann, place="812/1")
    head = guild.home.store.head().position
    now = guild.does("status", guild.dan).result
    assert (now["guilds"], now["games"], now["head"]) == (2, 1, head + 1)
    assert now["lag"] == head, "nothing was asked of the read models yet"
    assert now["memory"] > 10_000_000
    assert now["uptime"] >= 0
    guild.later += 5
    guild.does("leaderboard", guild.dan)
    guild.home.readside().catch_up()
    guild.later += 5
    shown = guild.does("status", guild.dan).result
    assert (shown["lag"], "up to date" in shown["says"]) == (0, True)


def test_privacy_is_told_in_plain_words(guild: Guild) -> None:
    says = guild.does("privacy show", guild.ann).result["says"]
    assert "Your reminders, encrypted" in says
    assert len(says) < 2000, "Discord takes no longer message"


def test_a_backup_has_all_up_to_its_own_command_and_is_made_once(guild: Guild) -> None:
    game = guild.over()
    asked = guild.invocation("backup", guild.ann, admin=True)
    answer = guild.engine.call(asked)
    shown = guild.seeing.shown(asked, answer)
    again = guild.seeing.shown(asked, guild.engine.call(asked))
    assert shown.result == again.result
    assert shown.result["position"] == guild.home.store.head().position
    [file] = (guild.home.path / "backups").iterdir()
    assert file.name == shown.result["name"] + backup.SUFFIX
    assert guild.ask("backup", guild.bob, admin=True).code == "cooldown", "one an hour in a server"
    backup.restore(file, guild.home.path / "restored")
    with Home(guild.home.path / "restored") as restored, restored.engine() as engine:
        assert engine.read("game", game).state == guild.game(game)
        assert restored.vault.player("discord", "1") == guild.ann


def test_a_backup_that_fails_is_told(guild: Guild) -> None:
    (guild.home.path / "backups").write_text("in the way")
    answer = guild.ask("backup", guild.ann, admin=True)
    assert (answer.verdict, answer.code) == ("refused", "no_backup")
    assert answer.sentence.startswith("No backup was made")
