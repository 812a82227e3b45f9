"""The shell: all that can be done on Discord, typed; boards below answers; what a line may go on as."""

import io
import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from rich.console import Console, RenderableType

from milena.aggregates import GAMES
from milena.cli.common import find_game
from milena.domain.game import Game
from milena.domain.limits import GameLimits
from milena.domain.refusal import Refused
from milena.domain.throttle import Throttle
from milena.engine import Engine
from milena.home import Home
from milena.machines.following import Machines
from milena.ops.config import Config
from milena.slash import Option, Slash
from milena.slash.installed import installed
from milena.suggesting import Suggestions
from milena.terminal.boards import Boards
from milena.terminal.shell import Shell

CLUBS = count(1)
Table = tuple[Home, Engine, Callable[[], Shell], Boards]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    """A home where nobody is too fast, and a way to sit down at its keyboard."""
    config = Config(limits=GameLimits(guild=0, channel=0, member=0), throttle=Throttle(0, 0))
    with Home(tmp_path_factory.mktemp("shell"), config) as home:
        boards = Boards(home, Console(file=io.StringIO(), width=80, height=24))
        readside = home.readside()
        follower = readside.follower()
        with follower, home.engine(follower.wake, boards.committed) as engine, Machines(home, engine):

            def shell() -> Shell:
                seeing, suggestions = home.seeing(engine, readside), Suggestions(home, readside)
                return Shell(
                    home, engine, lambda text: find_game(home, text), "ann", seeing, suggestions, boards
                )

            yield home, engine, shell, boards


@pytest.fixture
def shell(table: Table) -> Shell:
    """One in a server of its own."""
    shell: Shell = table[2]()
    say(shell, f"/in club-{next(CLUBS)}/hall")
    return shell


def told(parts: list[RenderableType]) -> str:
    """What is printed."""
    console = Console(file=io.StringIO(), width=80)
    for part in parts:
        console.print(part, markup=False)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def say(shell: Shell, *lines: str) -> str:
    """The answer to the last of these lines."""
    answers = [told(shell.answer(line)) for line in lines]
    return answers[-1]


def tried(shell: Shell, line: str) -> tuple[str, str]:
    """The answer, and the code of a refusal."""
    try:
        return "", say(shell, line)
    except Refused as refused:
        return refused.code, refused.sentence


def sample(option: Option) -> str:
    """Something that fits an option."""
    if option.choices:
        return str(option.choices[0].value)
    match option.kind:
        case "integer" | "number":
            return str(int(option.low or option.high or 1))
        case "boolean":
            return "true"
        case "player":
            return "bob"
        case _:
            return {"game": "last", "kind": "tictactoe", "command": "roll", "move": "5"}.get(
                option.completes, "word"
            )


@pytest.mark.parametrize("slash", installed(), ids=lambda slash: slash.name)
def test_everything_that_can_be_done_on_discord_works_here_or_says_why_not(
    shell: Shell, slash: Slash
) -> None:
    say(shell, "/play tictactoe", "/as bob", "/game join game=last", "/as ann")
    needed = [f"{option.name}={sample(option)}" for option in slash.options if option.required]
    code, text = tried(shell, " ".join(["/" + slash.name, *needed]))
    assert text.rstrip().endswith((".", "?")) if code else text.strip()
    assert code not in ("unknown_command", "bad_option"), text
    every = [f"{option.name}={sample(option)}" for option in slash.options]
    code, text = tried(shell, " ".join(["/" + slash.name, *every]))
    assert code != "unknown_command"
    assert "is not known" not in text


@pytest.mark.parametrize("slash", installed(), ids=lambda slash: slash.name)
def test_everything_is_completed(shell: Shell, slash: Slash) -> None:
    assert f"/{slash.name}" in [going.line for going in shell.completions(f"/{slash.name[:-1]}")]
    lines = [going.line for going in shell.completions(f"/{slash.name} ")]
    assert {f"/{slash.name} {option.name}=" for option in slash.options} <= set(lines)


def test_several_people_play_a_game_here_each_with_a_board(shell: Shell) -> None:
    assert "ann: 1 seat free" in say(shell, "/play connect4")
    board = say(shell, "/as bob", "/game join game=last")
    assert "▸ ann ●   bob ○" in board
    board = say(shell, "/as ann", "/move game=last move=4")
    assert "| ● |" in board
    assert "1 ann 4" in board
    for who, move in (("bob", 1), ("ann", 4), ("bob", 1), ("ann", 4), ("bob", 1), ("ann", 4)):
        board = say(shell, f"/as {who}", f"/move game=last move={move}")
    assert "ann won: four in a row." in board
    assert "2 bob 1" in say(shell, "/game replay game=last ply=2")


def test_who_types_sees_the_own_hand_and_nobody_elses(shell: Shell, table: Table) -> None:
    say(shell, "/play crazy-eights", "/as bob", "/game join game=last")
    home = table[0]
    key = find_game(home, "last")
    game: Game = home.store.fold(GAMES, key).state
    hands = [" ".join(GAMES.view(game, seat).hand) for seat in (0, 1)]

    def hand(who: str) -> str:
        shown = say(shell, f"/as {who}", "/game show game=last")
        [line] = [line for line in shown.splitlines() if line.startswith("In hand: ")]
        return " ".join(line.removeprefix("In hand: ").split())

    assert [hand("ann"), hand("bob")] == hands
    assert "In hand" not in say(shell, "/as cat", "/game show game=last")


def test_a_machine_has_moved_when_the_board_is_shown(shell: Shell) -> None:
    say(shell, "/play tictactoe machine=random")
    board = say(shell, "/move game=last move=5")
    assert re.search(r"1 ann 5 · 2 random \d", board)


def test_what_asks_for_an_answer_is_told(shell: Shell) -> None:
    say(shell, "/play connect4", "/as bob", "/game join game=last")
    assert "bob offers a draw. (/game accept or decline)" in say(shell, "/game draw game=last")
    assert "Draw: " in say(shell, "/as ann", "/game accept game=last")


def test_old_names_and_all_their_options_work_still(shell: Shell) -> None:
    say(shell, "/open game=2048 options='{\"target\": 64}'")
    assert "2048" in say(shell, "/resign game=last")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/play chess", "There is no command 'play chess'. Did you mean play"),
        ("/play 2048 size=9", "That does not fit 2048: size can be 3 to 6."),
        ("/play 2048 colour=red", "'colour=red' is not known. /play 2048 has: clock=, size=, target=."),
        ("/play yahtzee seats=two", "/play yahtzee: seats can be a whole number or nothing."),
        ("/play connect4 private=perhaps", "/play connect4: private can be true or false."),
        ("/game resign", "There is no game here that /game resign is for; /game list shows all."),
        ("/move", "There is no game here"),
        ("/game resign game=nothing", "There is no game 'nothing'"),
        ("/game invite game=last player=-x", "'-x' is no name"),
    ],
)
def test_what_is_wrong_is_named(shell: Shell, line: str, said: str) -> None:
    say(shell, "/play tictactoe")
    with pytest.raises(Refused) as refused:
        shell.answer(line)
    assert refused.value.sentence.startswith(said)


def test_values_are_completed_as_they_are_on_discord(shell: Shell) -> None:
    say(shell, "/in club/den", "/play othello", "/as bob", "/game join game=last", "/as ann")

    def goings(line: str) -> dict[str, str]:
        return {
            going.line.removeprefix(line.rpartition("=")[0]): going.words for going in shell.completions(line)
        }

    assert list(goings("/move game=").values()) == ["othello vs bob · your turn"]
    assert set(goings("/move game=last move=")) == {"=d3", "=c4", "=f5", "=e6"}
    assert set(goings("/play othello goal=")) == {"=most", "=fewest"}
    assert set(goings("/play connect4 popout=t")) == {"=true"}
    assert set(goings("/game invite game=last player=b")) == {"=bob"}
    assert set(goings("/config set name=timezone value=Europe/Lis")) == {"=Europe/Lisbon"}
    assert set(goings("/config permissions explain command=joi")) == {"=join"}
    assert not shell.completions("/move speed=")
    assert not shell.completions("/roll dice='")
    assert shell.completions("/move game=nothing move=") == []
