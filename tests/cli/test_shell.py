"""milena shell: slash commands from a pipe, for several people and places."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen

import pytest

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.home import Home
from milena.terminal.shell import Shell

Run = Callable[..., CompletedProcess[str]]

SESSION = """\
# two people play, then go somewhere else
/as ann
/match game=tictactoe
/as bob
/match game: tictactoe
/move game=last move=5
/as ann
/move game=last move=5
/in club/hall
/poll create question="Tea or coffee?" choices="tea, coffee"
/maintenance on reason=lunch
/open game=tictactoe
/config view name=timezone
/quit
/never read
"""


def test_a_session_comes_through_a_pipe(milena: Run, tmp_path: Path) -> None:
    done = milena("shell", data=tmp_path / "data", input=SESSION)
    assert done.returncode == 1, "some of it was refused"
    assert "You are bob now." in done.stdout
    assert "| 4 | X | 6 |" in done.stdout
    assert "1. tea" in done.stdout
    assert "timezone: UTC (default)" in done.stdout
    assert done.stderr.splitlines() == [
        "milena: It is not your turn: ann may move now.",
        "milena: No new games for the moment (lunch): those that are open go on. Try again later.",
    ]
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/rol", "There is no command 'rol'. Did you mean roll"),
        ("/poll", "There is no command 'poll'. Did you mean poll close"),
        ("/roll dice=3x6", "'3x6' is no dice notation"),
        ('/choose among="tea', "A quotation mark is left open"),
        ("/in nowhere", "A place is written GUILD/CHANNEL."),
        ("/as", "/as NAME: type as somebody else."),
        ("/as -x", "'-x' is no name"),
    ],
)
def test_what_is_wrong_is_one_line(milena: Run, tmp_path: Path, line: str, said: str) -> None:
    done = milena("shell", data=tmp_path / "data", input=f"{line}\n")
    assert (done.returncode, done.stdout) == (1, "")
    [told] = done.stderr.splitlines()
    assert told.startswith(f"milena: {said}")


def test_the_setup_asks_line_by_line(tmp_path: Path) -> None:
    with Home(tmp_path) as home, home.engine() as engine:
        shell = Shell(home, engine, lambda text: text, "ann", home.seeing(engine, home.readside()))

        def answer(line: str) -> list[str]:
            return [text for part in shell.answer(line) for text in str(part).splitlines()]

        said = answer("/setup")
        steps = 0
        while not said[0].startswith("That was all."):
            said = answer([line for line in said if line.startswith("→ /setup step=")][-1].removeprefix("→ "))
            steps += said[0].startswith("Step ")
            assert "value=..." in "".join(said) or said[0].startswith("That")
        assert steps == 10
        assert "  one of: UTC, " in "\n".join(answer("/setup step=timezone"))
        assert answer("/setup step=timezone value=Asia/Tokyo")[0] == "✓ Time zone: Asia/Tokyo."
        assert answer("/config view name=timezone")[0] == "timezone: Asia/Tokyo"


def test_what_a_line_may_go_on_as(tmp_path: Path) -> None:
    with Home(tmp_path) as home:
        shell = Shell(home, home.engine(), str, "ann")

        def lines(typed: str) -> list[str]:
            return [going.line for going in shell.completions(typed)]

        assert lines("/ro") == ["/roll"]
        assert lines("/poll c") == ["/poll close", "/poll create"]
        assert lines("/roll ") == ["/roll dice=", "/roll salt="]
        assert lines("/roll dice=3d6 ") == ["/roll dice=3d6 salt="]
        assert "/quit" in lines("/")


def test_what_is_done_in_the_shell_comes_into_the_read_models_meanwhile(tmp_path: Path) -> None:
    data = tmp_path / "data"
    milena = [sys.executable, "-P", "-m", "milena", "shell", "--as", "ann", "--data", str(data)]
    with Popen(milena, stdin=PIPE, stdout=PIPE, text=True) as shell:
        assert shell.stdin is not None
        shell.stdin.write("/open game=tictactoe\n")
        shell.stdin.flush()
        until, lag = time.monotonic() + 60, 1
        while lag and time.monotonic() < until:
            time.sleep(0.05)
            with Home(data) as home:
                head = home.store.head().position
                lag = 0 if head and all(each.lag == 0 for each in home.readside().status()) else 1
        shell.stdin.close()
        assert shell.wait(timeout=60) == 0
    assert lag == 0


def test_what_comes_is_printed_where_somebody_types(milena: Run, tmp_path: Path) -> None:
    """A reminder that fell due while nothing ran; a case, of which a terminal can do a part only."""
    data = tmp_path / "data"
    with Home(data) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        when = round(time.time() * 1000) - 7_200_000
        options = {"when": "in 1h", "text": "feed the cat"}
        asked = Invocation(InvocationId(new_id()), "remind me", options, ann, Place("terminal/main"), when)
        assert engine.call(asked).verdict == "accepted"
        assert home.scheduler(engine).turn() == 1
    session = "/as ann\n/warn member=bob reason=spam\n/kick member=bob\n/case show case=2\n"
    done = milena("shell", data=data, input=session)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert any(line.startswith("ann: You wanted to be reminded: feed the cat (Late:") for line in told)
    assert "bob, privately: A moderator warns you: spam" in told
    why = "In a terminal there is nobody to kick; on Discord it would be done."
    assert f"ann: Case 2 (kick) could not be carried out. {why}" in told
    assert f"Not done: {why}" in told
    again = milena("shell", data=data, input="/ping\n")
    assert "feed the cat" not in again.stdout, "it is told once"
