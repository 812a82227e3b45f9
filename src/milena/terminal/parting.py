"""What is said when a session at a keyboard is over."""

from rich.console import Console
from rich.text import Text

from milena import telling
from milena.replay.history import History
from milena.telling import Name
from milena.terminal.session import Parting


def part(console: Console, history: History, name: Name, parting: Parting) -> None:
    """Tell the result and how to see the game again, or how to go on with it."""
    game = history.game
    console.print()
    if parting == "ended":
        console.print(Text(telling.result(game, name), "bold"))
        if points := telling.points(game, name):
            console.print(Text(f"Points: {points}."))
        console.print(_line("Watch it again with: ", f"milena replay {game.key}"))
        console.print(_line("Play it again with: ", f"milena play --rematch {game.key}"))
        return
    if parting == "watched":
        console.print(_line("It goes on. Watch it again with: ", f"milena watch {game.key}"))
        return
    if parting == "waits":
        console.print(Text(f"Nobody at this keyboard may move: {telling.turn(history.games, game, name)}."))
    console.print(_line(f"Game {game.key} is kept. Go on with: ", f"milena play --resume {game.key}"))


def _line(text: str, command: str) -> Text:
    return Text(text).append(command, "bold")
