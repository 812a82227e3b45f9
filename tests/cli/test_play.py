"""milena play, from scripts: whole games of each shape, and all that may be wrong with a script."""

import getpass
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from milena.aggregates import GAMES
from milena.home import Home

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def play(milena: Run, data: Path, *arguments: str, moves: str) -> list[str]:
    """The lines that a script prints when all goes well. ``moves`` stand between commas."""
    done = milena("play", *arguments, "--moves", "-", data=data, input=moves.replace(",", "\n"))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def game_id(lines: list[str]) -> str:
    found = re.fullmatch(r"Game (\w{12})", lines[0])
    assert found, lines
    return found[1]


def events(data: Path) -> int:
    with Home(data) as home:
        return home.store.head().position


# ------------------------------------------------------------------------- a whole game of each shape


def test_a_game_of_tictactoe(milena: Run, data: Path) -> None:
    lines = play(milena, data, "tictactoe", "ann", "bob", moves="5,1,2,9,8")
    key = game_id(lines)
    assert lines[1:] == [
        "1 ann 5",
        "2 bob 1",
        "3 ann 2",
        "4 bob 9",
        "5 ann 8",
        "+---+---+---+",
        "| O | X |   |",
        "+---+---+---+",
        "|   | X |   |",
        "+---+---+---+",
        "|   | X | O |",
        "+---+---+---+",
        "",
        "ann won: three in a row.",
        f"Watch it again with: milena replay {key}",
        f"Play it again with: milena play --rematch {key}",
    ]


def test_a_game_of_connect4(milena: Run, data: Path) -> None:
    lines = play(milena, data, "connect4", "ann", "bob", moves="4,4,3,3,2,2,1")
    assert "|   | ○ | ○ | ○ |   |   |   |" in lines
    assert "ann won: four in a row." in lines


def test_a_game_of_rock_paper_scissors_by_seat_order_and_by_name(milena: Run, data: Path) -> None:
    moves = "rock,paper,bob: scissors,ann: rock,ANN: s,p"
    lines = play(milena, data, "rock-paper-scissors", "ann", "bob", "--set", "best_of=3", moves=moves)
    assert lines[1:7] == [
        "ann has chosen.",
        "1 ann rock, bob paper",
        "bob has chosen.",
        "2 ann rock, bob scissors",
        "ann has chosen.",
        "3 ann scissors, bob paper",
    ]
    assert "ann won: 2 : 1 rounds." in lines
    assert "Points: ann 2, bob 1." in lines


def test_a_game_of_hangman_in_turns_and_out_of_turn(milena: Run, data: Path) -> None:
    lines = play(milena, data, "hangman", "ann", "bob", "--set", "wrong=1", moves="bob: ?")
    assert "1 chance hidden" in lines, "the word is not told"
    left = ["hangman", "ann", "bob", "cyd", "--set", "wrong=12"]
    letters = "\n".join("abcdefghijklmnopqrstuvwxyz")
    done = milena("play", *left, "--moves", "-", data=data, input=letters)
    assert [line.split()[:2] for line in done.stdout.splitlines()[1:5]] == [
        ["1", "chance"], ["2", "ann"], ["3", "bob"], ["4", "cyd"],
    ]  # fmt: skip
    assert "the word was" in done.stdout
    assert done.returncode == 1, "letters are left when the man hangs"
    assert re.fullmatch(r"milena: line \d+: This game is over: .+\n", done.stderr)


def test_a_game_of_2048_played_by_a_program(data: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-P", "-m", "milena", "play", "2048", "ann", "--set", "size=3", "--set", "target=0"],
        env=os.environ | {"MILENA_DATA": str(data)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("help\n")
    moves = 0
    for line in program.stdout:
        if line.startswith("Moves: "):
            program.stdin.write(line.removeprefix("Moves: ").split(", ")[0].strip() + "\nhelp\n")
            moves += 1
        if line.startswith("Watch it again"):
            program.stdin.close()
            break
        if "lost" in line or "won" in line:
            assert re.fullmatch(r"ann lost: no move left, largest tile \d+\.\n", line)
    assert program.wait(timeout=60) == 1, "one help was asked for too many"
    assert moves > 10
    with Home(data) as home:
        [key] = home.store.streams("game")
        game = home.store.fold(GAMES, key).state
        assert (game.status, game.ply) == ("ended", 2 + 2 * moves)


# ------------------------------------------------------------------------------- scripts and the end


def test_blank_lines_and_comments_mean_nothing(milena: Run, data: Path) -> None:
    lines = play(milena, data, "tictactoe", "ann", "bob", moves="#one\n\n \n5\n  1  \n# end")
    assert lines[1:3] == ["1 ann 5", "2 bob 1"]


def test_a_script_may_be_a_file(milena: Run, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "moves.txt"
    file.write_bytes("\ufeff5\r\n1\r\n2\r\n9\r\n8\r\n".encode())
    done = milena("play", "tictactoe", "ann", "bob", "--moves", str(file), data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "ann won: three in a row." in done.stdout


def test_a_game_whose_script_ends_goes_on_later(milena: Run, data: Path) -> None:
    lines = play(milena, data, "tictactoe", "ann", "bob", moves="5,1,2")
    key = game_id(lines)
    assert lines[-1] == f"Game {key} is kept. Go on with: milena play --resume {key}"

    for name in (key, key[-5:], "last"):
        assert game_id(play(milena, data, "--resume", name, moves="#")) == key
    lines = play(milena, data, "--resume", key, moves="9,8")
    assert lines[1:3] == ["4 bob 9", "5 ann 8"], "what was played before is not told again"
    assert "ann won: three in a row." in lines

    over = milena("play", "--resume", key, data=data, input="3\n")
    assert (over.returncode, over.stdout) == (1, "")
    assert over.stderr == f"milena: Game {key} is over; 'milena replay {key}' shows it.\n"


def test_words_of_a_script(milena: Run, data: Path) -> None:
    lines = play(milena, data, "tictactoe", "ann", "bob", moves="5\nhelp\nbob: resign")
    assert "Type the number of a free cell, 1 to 9, counted in reading order." in lines
    assert "ann won: bob resigned." in lines

    assert "Aborted: ann aborted it." in play(milena, data, "tictactoe", "ann", "bob", moves="abort")
    assert "is kept" in play(milena, data, "tictactoe", "ann", "bob", moves="5,quit,1")[-1]


def test_who_resigns_where_others_play_on_is_out(milena: Run, data: Path) -> None:
    lines = play(milena, data, "hangman", "ann", "bob", moves="bob: resign,ann: resign")
    assert lines[2:4] == ["2 bob resigned", "3 ann resigned"]


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        ("5", "Cell 5 is taken. Free: 2, 3, 4, 6, 7, 8, 9."),
        ("bob: 3", "It is not your turn: ann may move now."),
        ("nonsense", "A move is the number of a free cell: 2, 3, 4, 6, 7, 8, 9."),
        ("x" * 10_000, "That can't be read as a move. Type the number of a free cell"),
        ("x" * 200_000, "That can't be read as a move. Type the number of a free cell"),
        ("\x1b[2J", "That can't be read as a move. Type the number of a free cell"),
        ("a\x00b", "That can't be read as a move. Type the number of a free cell"),
        (b"\xff\xfe\xfa", "That can't be read as a move. Type the number of a free cell"),
    ],
    ids=["taken", "turn", "nonsense", "10 kB", "200 kB", "escape", "nul", "no UTF-8"],
)
def test_an_illegal_move_stops_a_script_and_changes_nothing(
    milena: Run, data: Path, move: str | bytes, sentence: str
) -> None:
    script = b"5\n# bob\n1\n" + (move if isinstance(move, bytes) else move.encode()) + b"\n2\n9\n"
    done = milena("play", "tictactoe", "ann", "bob", "--moves", "-", data=data, input=script)
    assert done.returncode == 1
    [said] = done.stderr.splitlines()
    assert said.startswith(f"milena: line 4: {sentence}")

    lines = play(milena, data, "--resume", "last", moves="2,9,8")
    assert lines[1:4] == ["3 ann 2", "4 bob 9", "5 ann 8"], "the game stood where it was"


def test_a_pipe_is_a_script(milena: Run, data: Path) -> None:
    done = milena("play", "tictactoe", "ann", "bob", data=data, input="5\n5\n")
    assert (done.returncode, done.stdout.splitlines()[1:]) == (1, ["1 ann 5"])
    assert done.stderr == "milena: line 2: Cell 5 is taken. Free: 1, 2, 3, 4, 6, 7, 8, 9.\n"


def test_a_line_that_can_be_no_move_is_not_even_recorded(milena: Run, data: Path) -> None:
    play(milena, data, "tictactoe", "ann", "bob", moves="5")
    before = events(data)
    assert milena("play", "--resume", "last", data=data, input="x" * 10_000).returncode == 1
    assert events(data) == before


def test_a_move_after_the_end_is_told(milena: Run, data: Path) -> None:
    done = milena("play", "tictactoe", "ann", "bob", "--moves", "-", data=data, input="5\n1\n2\n9\n8\n\n3\n")
    assert done.returncode == 1
    assert "ann won: three in a row." in done.stdout
    assert done.stderr == "milena: line 7: This game is over: ann won: three in a row.\n"


# ------------------------------------------------------------------------------ players and machines


def test_nobody_named_is_whoever_is_logged_in(milena: Run, data: Path) -> None:
    lines = play(milena, data, "tictactoe", moves="5,1")
    assert lines[1:3] == [f"1 {getpass.getuser()} 5", "2 guest 1"]


def test_a_machine_answers_and_is_a_player_of_its_own(milena: Run, data: Path) -> None:
    lines = play(milena, data, "tictactoe", "ann", "--with", "bot", moves="1")
    assert lines[1:3] == ["1 ann 1", "2 minimax 5"]
    with Home(data) as home:
        [key] = home.store.streams("game")
        seats = home.store.fold(GAMES, key).state.seats
        assert [home.vault.source(seated.player) for seated in seats] == ["terminal", "machine"]

    lines = play(milena, data, "--resume", "last", moves="2")
    assert lines[1:3] == ["3 ann 2", "4 minimax 3"], "it is still the machine's seat"


@pytest.mark.parametrize(
    ("game", "machine", "move"), [("rock-paper-scissors", "mcts", "r"), ("hangman", "mcts", "e")]
)
def test_a_machine_plays_every_shape_of_game(
    milena: Run, data: Path, game: str, machine: str, move: str
) -> None:
    lines = play(milena, data, game, "ann", "--with", "bot", moves=move)
    assert any(machine in line for line in lines[1:4])


def test_a_seat_that_stayed_free_is_taken_when_the_game_goes_on(
    milena: Run, data: Path, tmp_path: Path
) -> None:
    from milena.terminal.calling import Caller

    with Home(data) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        Caller(engine, home.vault.name).must("open", ann, game="tictactoe")

    taken = milena("play", "--resume", "last", "Ann", data=data)
    assert (taken.returncode, taken.stderr) == (
        1, "milena: Ann sits at this game already: take another name.\n"
    )  # fmt: skip
    lines = play(milena, data, "--resume", "last", "bob", moves="5,1")
    assert lines[1:3] == ["1 ann 5", "2 bob 1"]


# --------------------------------------------------------------------- wrong, and nothing is written


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["chess"], 1, "There is no game 'chess'. There are: 2048, battleship, "),
        ([], 2, "Invalid value: name a game, such as tictactoe; 'milena games --available' lists them."),
        (["tictactoe", "ann", "ANN"], 2, "Invalid value for NAMES: Two players are called 'ANN'"),
        (["tictactoe", "a", "b", "c"], 1, "Tic-tac-toe is for 2 players, not 3."),
        (["tictactoe", "--seats", "4"], 1, "Tic-tac-toe is for 2 players, not 4."),
        (["2048", "--with", "bot"], 1, "2048 is for 1 player, not 2."),
        (["2048", "--set", "size=9"], 1, "That does not fit 2048: size can be 3 to 6."),
        (["2048", "--set", "size=big"], 1, "That does not fit 2048: size can be 3 to 6."),
        (["2048", "--set", "colour=red"], 1, "2048 has no option 'colour'. It has: size, target."),
        (["2048", "--set", "size"], 2, "Invalid value for --set: 'size' has no =; write OPTION=VALUE."),
        (["2048", "--set", "size=3", "--set", "target=4096"], 1, "The largest tile that fits this board is"),
        (
            ["tictactoe", "--moves", "/there/is/no/file"],
            2,
            "Invalid value for --moves: /there/is/no/file can't",
        ),
        (["tictactoe", "--with", "deepblue"], 1, "There is no opponent 'deepblue'. There are: bot, "),
        (["hangman", "--with", "minimax"], 1, "minimax plays games of two that hide nothing"),
        (["--resume", "last"], 1, "There is no Milena data in "),
        (["--resume", "last", "--set", "a=b"], 2, "Invalid value: a game keeps its options: leave out --set"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_with_a_new_game_is_found_before_anything_is_written(
    milena: Run, data: Path, arguments: list[str], status: int, sentence: str
) -> None:
    done = milena("play", *arguments, data=data, input="5\n")
    assert (done.returncode, done.stdout) == (status, "")
    [said] = done.stderr.splitlines()
    assert said.startswith(f"milena: {sentence}")
    assert not data.exists()


def test_an_unknown_and_an_ambiguous_id_are_told(milena: Run, data: Path) -> None:
    first = game_id(play(milena, data, "2048", "ann", moves="#"))
    play(milena, data, "2048", "ann", moves="#")
    before = events(data)
    unknown = milena("play", "--resume", "nothing", data=data)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr == "milena: There is no game 'nothing'; 'milena games' lists them.\n"
    ambiguous = milena("play", "--resume", first[0], data=data)
    assert ambiguous.returncode == 1
    assert ambiguous.stderr.startswith(f"milena: '{first[0]}' fits 2 games ({first}, ")
    assert events(data) == before


def test_what_is_piped_has_no_colour(milena: Run, data: Path) -> None:
    assert "\x1b" not in "\n".join(play(milena, data, "connect4", "ann", "bob", moves="4,4,?"))
