"""milena audit: who did what, by filters, in pages, as it comes."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from subprocess import CompletedProcess
from threading import Thread
from typing import Any

import pytest

from milena.cli import run

sys.path.append(str(Path(__file__).parent))

from evening import Evening, play_an_evening

Run = Callable[..., CompletedProcess[str]]
UTC = {"TZ": "UTC"}
PATIENCE = 60.0


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audit") / "data"


@pytest.fixture(scope="module")
def games(data: Path) -> list[str]:
    """An evening was played; the ids of its games."""
    return play_an_evening(data)


@pytest.fixture
def typed(
    data: Path, games: list[str], capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """``typed("--player", "ann")``: status, output and complaints of ``milena audit --player ann``, here in
    this process."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(["audit", *arguments, "--data", str(data)])
        out, err = capsys.readouterr()
        return status, out, err

    return call


Typed = Callable[..., tuple[int, str, str]]


def found(typed: Typed, *arguments: str) -> list[tuple[str, str]]:
    """(name, command or tag) of each row, newest first."""
    status, out, err = typed(*arguments, "--json")
    assert (status, err) == (0, "")
    return [(row["player_name"], row["command"] or row["tag"]) for row in json.loads(out)]


# ------------------------------------------------------------------------------------------- a table


def test_what_happened_is_told_newest_first(milena: Run, data: Path, games: list[str]) -> None:
    done = milena("audit", "--limit", "7", data=data, env=UTC)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    text = done.stdout
    for number, game in enumerate(games):
        text = text.replace(game, f"GAME-{number}".ljust(12))
    assert [line.rstrip() for line in text.splitlines()] == [
        " #  time                 player  game          what                          outcome",
        "59  2026-03-01 18:17:00  ann     GAME-3        ↳ voided: they are sisters",
        "58  2026-03-01 18:17:00  ann     GAME-3        void reason=they are sisters  accepted",
        "56  2026-03-01 18:16:00  bob     GAME-3        ↳ ended: bob resigned         resigned",
        "54  2026-03-01 18:16:00  bob     GAME-3        resign                        accepted",
        "50  2026-03-01 18:15:00  cyd     GAME-3        join                          accepted",
        "46  2026-03-01 18:14:00  bob     GAME-3        open tictactoe seats=2        accepted",
        "32  2026-03-01 18:10:00  cyd     GAME-1        ↳ ended: cyd resigned         resigned",
        "... and older ones: --before 32 shows them.",
    ]


def test_a_screen_of_80_columns_is_enough(milena: Run, data: Path, games: list[str]) -> None:
    """A wide table would be cut, or wrapped; what is short is not."""
    from rich.console import Console

    from milena.home import Home
    from milena.readside.audit import Filter, find
    from milena.terminal.auditing import table

    with Home(data) as home:
        readside = home.readside()
        readside.catch_up(["audit"])
        with readside.asking("audit", "terminal") as asking:
            entries, _ = find(asking, Filter(), limit=30)
        console = Console(file=io.StringIO(), width=80, color_system=None)
        console.print(table(entries, home.vault.name, entries[0].time, 80))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert all(len(line) <= 80 for line in lines)
    for entry in entries:
        [first] = [line for line in lines if line.split()[:1] == [str(entry.position)]]
        assert entry.command is None or entry.command in first
        assert (entry.verdict or entry.code or "") in first


def test_a_refusal_says_why(typed: Typed) -> None:
    status, out, _ = typed("--verdict", "refused")
    assert status == 0
    [_, row] = out.splitlines()
    assert "bob" in row
    assert "move 5" in row
    assert "refused occupied: Cell 5 is taken. " in row


# ------------------------------------------------------------------------------------------ filters


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        (["--player", "dan"], []),
        (["--player", "dan", "--guild", "811"], ["dan open"]),
        (["--player", "dan", "--all"], ["dan open"]),
        (["--player", "cyd", "--no-moves"], ["cyd join", "cyd game.ended", "cyd resign", "cyd open"]),
        (["--command", "resign"], ["bob resign", "cyd resign"]),
        (["--command", "resign", "--all"], ["bob resign", "ann resign", "cyd resign"]),
        (["--category", "games", "--verdict", "refused"], ["bob move"]),
        (["--channel", "1", "--guild", "811", "--command", "join"], ["ann join"]),
        (["--channel", "1"], []),
        (["--verdict", "refused"], ["bob move"]),
        (["--verdict", "failed", "--all"], []),
        (["--reason", "occupied"], ["bob move"]),
        (["--reason", "voided"], []),
        (["--since", "2026-03-01 18:16Z"], ["ann game.voided", "ann void", "bob game.ended", "bob resign"]),
        (["--until", "2026-03-01 18:02Z"], ["bob join", "ann open"]),
        (["--since", "2026-03-01 18:10Z", "--until", "2026-03-01 18:11Z"], ["cyd game.ended", "cyd resign"]),
        (["--text", "sisters", "--command", "void"], ["ann void"]),
        (["--text", "SIST*"], ["ann game.voided", "ann void"]),
        (["--text", "cell taken", "--all"], ["bob move"]),
        (["--text", "brothers"], []),
    ],
    ids=" ".join,
)
def test_filters(typed: Typed, arguments: list[str], rows: list[str]) -> None:
    assert [" ".join(row) for row in found(typed, *arguments)] == rows


def test_a_game_by_a_part_of_its_id(typed: Typed, games: list[str]) -> None:
    expected = [("cyd", "game.ended"), ("cyd", "resign"), ("ann", "join"), ("cyd", "open")]
    for part in (games[1], games[1][4:], games[1].upper()):
        assert found(typed, "--game", part) == expected
    assert found(typed, "--game", "last", "--command", "void") == [("ann", "void")]
    assert found(typed, "--game", "last", "--guild", "811", "--command", "open") == [("dan", "open")]


def test_a_game_of_another_guild_is_not_here(typed: Typed, games: list[str]) -> None:
    status, out, err = typed("--game", games[2])
    assert (status, out) == (1, "")
    assert err == f"milena: There is no game '{games[2]}' here; 'milena games' lists them.\n"


def test_a_player_by_id_also_one_whom_the_vault_has_forgotten(tmp_path: Path, capsys: Any) -> None:
    data = tmp_path / "data"
    with Evening(data) as evening:
        evening.open("tictactoe", "ann", "bob")
        ann = evening.home.vault.find("ann")[0]
        evening.home.vault._db.execute("DELETE FROM players WHERE id = ?", (ann,))
    assert run(["audit", "--player", ann, "--json", "--data", str(data)]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["player"], row["player_name"], row["command"]) == (ann, ann, "open")
    assert run(["audit", "--player", "ann", "--data", str(data)]) == 1
    assert "There is no player 'ann'" in capsys.readouterr().err


def test_two_of_one_name_are_told_apart_by_their_ids(tmp_path: Path, capsys: Any) -> None:
    data = tmp_path / "data"
    with Evening(data) as evening:
        evening.open("tictactoe", "ann", "bob")
        ids = [evening.home.vault.find("ann")[0], evening.home.vault.player("discord", "1", "ann")]
    assert run(["audit", "--player", "ann", "--data", str(data)]) == 1
    complaint = capsys.readouterr().err
    assert all(id in complaint for id in ids)
    assert run(["audit", "--player", ids[0], "--json", "--data", str(data)]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_events_are_shown_when_they_are_asked_for(typed: Typed, games: list[str]) -> None:
    moved = [row for row in found(typed, "--game", games[0], "--events") if row[1] == "game.move_played"]
    assert moved == [("ann", "game.move_played"), ("bob", "game.move_played")] * 2 + [
        ("ann", "game.move_played")
    ]
    assert ("ann", "game.move_played") not in found(typed, "--game", games[0])


# -------------------------------------------------------------------------------------------- pages


def test_pages_follow_one_another(typed: Typed) -> None:
    _, out, _ = typed("--json", "--limit", "1000")
    everything = [row["position"] for row in json.loads(out)]
    seen: list[int] = []
    while len(seen) < len(everything):
        arguments = ["--before", str(seen[-1])] if seen else []
        _, out, _ = typed("--json", "--limit", "7", *arguments)
        seen += [row["position"] for row in json.loads(out)]
    assert seen == everything


def test_the_next_page_is_named(typed: Typed) -> None:
    _, out, _ = typed("--limit", "2")
    last = out.splitlines()[2].split()[0]
    assert out.splitlines()[-1] == f"... and older ones: --before {last} shows them."
    assert typed("--before", "1")[1] == "Nothing older that fits.\n"
    assert "older" not in typed("--limit", "1000")[1]


# --------------------------------------------------------------------------------------- JSON, CSV


def test_json_is_a_promise(typed: Typed, games: list[str]) -> None:
    _, out, _ = typed("--verdict", "refused", "--json")
    [row] = json.loads(out)
    assert list(row) == [
        "position", "time", "guild", "channel", "player", "player_name", "tag", "command", "verdict", "code",
        "sentence", "game", "detail", "options", "correlation", "causation", "ready", "duration_ms",
    ]  # fmt: skip
    assert row["time"] == "2026-03-01T18:03:00.000Z"
    assert (row["guild"], row["channel"], row["player_name"]) == ("terminal", "main", "bob")
    assert (row["tag"], row["command"], row["verdict"]) == ("command.invoked", "move", "refused")
    assert (row["code"], row["sentence"]) == ("occupied", "Cell 5 is taken. Free: 1, 2, 3, 4, 6, 7, 8, 9.")
    assert row["options"] == {"game": games[0], "move": "5"}
    assert (row["detail"], row["causation"], row["ready"]) == (None, None, None)
    assert row["duration_ms"] >= 0


def test_names_stand_for_ids_in_what_was_said(typed: Typed) -> None:
    _, out, _ = typed("--reason", "resigned", "--json", "--all")
    assert [row["detail"] for row in json.loads(out)] == ["bob resigned", "ann resigned", "cyd resigned"]


def test_csv_has_the_same_columns(typed: Typed) -> None:
    _, out, _ = typed("--command", "void", "--csv")
    [row] = csv.DictReader(io.StringIO(out, newline=""))
    assert row["player_name"] == "ann"
    assert row["time"] == "2026-03-01T18:17:00.000Z"
    assert json.loads(row["options"])["reason"] == "they are sisters"
    assert typed("--command", "takeback", "--csv")[1].startswith("position,time,guild,")


# --------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["--since", "soon"], 2, "--since: 'soon' is no date: write 2026-07-25, "),
        (["--until", "2026-02-30"], 2, "--until: '2026-02-30' is no date"),
        (["--command", "mvoe"], 1, "There is no command 'mvoe'. There are: "),
        (["--category", "sports"], 1, "There is no category 'sports'. There are: "),
        (["--verdict", "denied"], 1, "There is no verdict 'denied'. There are: accepted, refused, failed."),
        (["--player", "zoe"], 1, "There is no player 'zoe'"),
        (["--game", "zzz"], 1, "There is no game 'zzz' here"),
        (["--game", ""], 1, "There is no game '' here"),
        (["--text", "!!"], 1, "There is no word to look for in '!!'."),
        (["--question", "nonsense"], 1, "audit has no question 'nonsense'. There are: "),
        (["--limit", "0"], 2, "--limit"),
        (["--before", "x"], 2, "--before"),
        (["--guild", "811", "--all"], 2, "--guild and --all: give one of them."),
        (["--json", "--csv"], 2, "--json and --csv: give one of them."),
        (["--command", "move", "--category", "games"], 2, "give one of them"),
        (["--events", "--verdict", "refused"], 2, "events have none"),
        (["--follow", "--before", "3"], 2, "--follow goes with no --before"),
        (["--page", "2"], 2, "--before shows older rows"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_can_not_be_is_refused_and_says_what_can(
    typed: Typed, arguments: list[str], status: int, complaint: str
) -> None:
    found, out, err = typed(*arguments)
    assert (found, out) == (status, "")
    assert complaint in err
    assert err.count("\n") == 1


NASTY = [
    "'",
    '"',
    "' OR '1'='1",
    "x\x00y",
    "--",
    "%",
    '"; DROP TABLE entries; --',
    "NEAR(",
    "a* AND (",
    "\udcff",
]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
@pytest.mark.parametrize(
    "option",
    [
        "player", "command", "category", "guild", "channel", "game", "verdict", "reason", "text", "since",
        "until", "question",
    ],
)  # fmt: skip
def test_nothing_that_is_typed_is_sql(typed: Typed, option: str, text: str) -> None:
    status, out, err = typed(f"--{option}={text}", "--json")
    assert status in (0, 1, 2)
    assert "SQL" not in err
    assert "syntax" not in err
    assert "Traceback" not in err
    rows = json.loads(out) if out else []
    assert rows == [] or option == "text"


def test_an_unknown_reason_tells_which_there_are(typed: Typed) -> None:
    status, out, _ = typed("--reason", "tkaen")
    assert (status, out) == (0, "Nothing that fits; reasons that there are: occupied.\n")


def test_a_directory_without_data_is_told_and_not_made(milena: Run, tmp_path: Path) -> None:
    done = milena("audit", data=tmp_path / "nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no Milena data in" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_text_of_players_can_not_command_the_terminal(tmp_path: Path, capsys: Any) -> None:
    data = tmp_path / "data"
    with Evening(data) as evening:
        evening.open("tictactoe", "ann", "bob")
        evening.resign("ann")
        evening.call("void", "bob", game=evening.games[0], reason="\x1b[2J[red]\u202egone\nnext")
    assert run(["audit", "--data", str(data)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "?[2J[red]?gone next" in out


def test_what_is_missing_is_told(tmp_path: Path, capsys: Any) -> None:
    """Somebody's event can't be taken in: its JSON is none."""
    data = tmp_path / "data"
    with Evening(data) as evening:
        evening.open("tictactoe", "ann", "bob")
        row = ("member:t:x", 1, "command.invoked", "{", 0, "ann", "terminal/main", "i1", None, "i1")
        with evening.home.store.transaction() as transaction:
            transaction.append([row])
    assert run(["audit", "--json", "--data", str(data)]) == 0
    out, err = capsys.readouterr()
    assert [row["command"] for row in json.loads(out)] == ["join", "open"]
    assert err == (
        "milena: 1 event could not be taken into audit and is missing here; "
        "see 'milena projections dead-letters list'.\n"
    )


# ---------------------------------------------------------------------------------------- questions


def test_questions_are_listed(typed: Typed) -> None:
    status, out, _ = typed("--questions", "--json")
    assert status == 0
    listed = json.loads(out)
    assert all(set(each) == {"name", "title", "about", "parameters"} for each in listed)
    assert typed("--question", "list", "--json")[1] == out
    shown = typed("--questions")[1]
    assert all(each["name"] in shown and each["title"] in shown for each in listed)


def test_a_question_is_asked_with_filters(typed: Typed, games: list[str]) -> None:
    _, out, _ = typed("--question", "undone", "--json")
    [undone] = json.loads(out)
    assert (undone["by_name"], undone["game"], undone["detail"]) == ("ann", games[3], "they are sisters")
    _, out, _ = typed("--question", "story", "--game", games[1][4:], "--json")
    told = json.loads(out)
    assert [row["tag"] for row in told][-2:] == ["game.resigned", "game.ended"]
    assert told[-1]["detail"] == "cyd resigned"
    _, out, _ = typed("--question", "refused", "--player", "bob", "--csv")
    [refused] = csv.DictReader(io.StringIO(out, newline=""))
    assert (refused["player_name"], refused["code"]) == ("bob", "occupied")
    assert typed("--question", "refused", "--player", "cyd")[1] == "Nothing.\n"


def test_rows_of_the_audit_are_shown_alike_whoever_asks_for_them(typed: Typed) -> None:
    [_, asked] = typed("--question", "refused")[1].splitlines()
    [_, filtered] = typed("--verdict", "refused")[1].splitlines()
    assert asked == filtered
    story = typed("--question", "story", "--game", "last")[1]
    assert "↳ voided: they are sisters" in story
    said = typed("--question", "search", "--text", "sisters they")[1].splitlines()
    assert [" ".join(line.split()[6:]) for line in said[1:]] == [
        "voided they are sisters", "reason=they are sisters accepted"
    ]  # fmt: skip


def test_a_question_knows_its_guild(typed: Typed, games: list[str]) -> None:
    for question, filters in (("undone", []), ("by_player", ["--player", "bob"]), ("refused", [])):
        assert typed("--question", question, *filters, "--guild", "81", "--json")[:2] == (0, "[]\n")
    assert typed("--question", "story", "--game", games[0], "--guild", "811")[0] == 1


def test_a_question_has_pages(typed: Typed) -> None:
    _, out, _ = typed("--question", "by_player", "--player", "ann", "--json")
    everything = [row["position"] for row in json.loads(out)]
    pages = [typed("--question", "by_player", "--player", "ann", "--json", "--limit", "2", "--page", page)[1]
             for page in "12"]  # fmt: skip
    assert [row["position"] for page in pages for row in json.loads(page)] == everything[:4]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["story"], "the question story needs --game."),
        (["by_player"], "the question by_player needs --player."),
        (["around"], "the question around needs --position."),
        (["undone", "--verdict", "refused"], "and no --verdict."),
        (["story", "--game", "last", "--text", "x"], "the question story takes --game, and no --text."),
        (["undone", "--events"], "not with --question"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_question_says_what_it_wants(typed: Typed, arguments: list[str], complaint: str) -> None:
    status, out, err = typed("--question", *arguments)
    assert (status, out) == (2, "")
    assert complaint in err


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_words_of_a_question_are_only_words(typed: Typed, text: str) -> None:
    status, out, err = typed("--question", "search", f"--text=they{text}are", "--json")
    assert (status, err) == (0, "") or "\udcff" in text
    assert (
        json.loads(out or "[]") == []
        or not any(char.isalnum() for char in text)
        or text in ("'", '"', "--", "%", "x\x00y")
    )


# ------------------------------------------------------------------------------------------- follow


class Following:
    """``milena audit --follow`` in a process of its own."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "milena", "audit", "--follow", *arguments],
            env={**os.environ, "MILENA_DATA": str(data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def line(self) -> str:
        """The next one, in good time."""
        return self._lines.get(timeout=PATIENCE)

    def interrupt(self) -> tuple[int, list[str], str]:
        """Ctrl-C: the status, the lines that nobody has read, and what was complained of."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(PATIENCE)
        self._reader.join()
        assert self.process.stderr is not None
        return status, list(self._lines.queue), self.process.stderr.read()


@pytest.fixture
def follow() -> Iterator[Callable[..., Following]]:
    started: list[Following] = []

    def start(data: Path, *arguments: str) -> Following:
        started.append(Following(data, *arguments))
        return started[-1]

    yield start
    for each in started:
        with each.process:
            each.process.kill()


@pytest.fixture
def call(milena: Run, tmp_path: Path) -> Callable[..., None]:
    """``call("join", "bob")`` about the last game, by another process."""

    def run(command: str, who: str, *options: str, status: int = 0) -> None:
        about = "game=tictactoe" if command == "open" else "game=last"
        done = milena("call", command, about, *options, "--as", who, data=tmp_path / "data")
        assert done.returncode == status, done.stderr

    return run


def test_new_rows_of_other_processes_come_until_ctrl_c(
    call: Callable[..., None], tmp_path: Path, follow: Callable[..., Following]
) -> None:
    call("open", "ann")
    following = follow(tmp_path / "data", "--json", "--no-moves")
    assert json.loads(following.line())["command"] == "open"

    call("join", "bob")
    assert json.loads(following.line())["player_name"] == "bob"
    call("move", "ann", "move=5")
    call("join", "cyd", "--place", "811/1", status=1)
    call("move", "bob", "move=5", status=1)
    row = json.loads(following.line())
    assert (row["player_name"], row["command"], row["verdict"]) == ("bob", "move", "refused")

    assert following.interrupt() == (0, [], "")


def test_followed_lines_stand_in_columns(
    call: Callable[..., None], tmp_path: Path, follow: Callable[..., Following]
) -> None:
    call("open", "ann")
    following = follow(tmp_path / "data")
    first = following.line()
    call("join", "barbarossa")
    second = following.line()
    assert first.index("open") == second.index("join")
    assert first.index("accepted") == second.index("accepted")
    assert following.interrupt() == (0, [], "")
