"""milena trace: what caused an event, and what it led to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from milena.cli.common import Data, Json, console, open_home, print_json

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from milena.replay.trace import Node

LONGEST = 100
"""Characters of an event's fields that are shown."""
UNSHOWN = ("result", "duration")
"""Fields that the events themselves, or nobody, want to see on one line; ``--json`` has them."""

Name = Callable[[str], str]
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="A position (17 or #17), an invocation's id, or a game's id for its opening."
    ),
]


def register(app: typer.Typer) -> None:
    @app.command()
    def trace(id: Id, data: Data = None, json: Json = False) -> None:
        """Show what caused an event, and all that that led to.

        What is sealed stays sealed until its game is over.
        """
        from milena.aggregates import AGGREGATES, GAMES
        from milena.replay.trace import find
        from milena.replay.trace import trace as trace_from

        with open_home(data, make=False) as home:
            asked = find(home.store, GAMES, id)
            root = trace_from(home.store, AGGREGATES, asked)
            if json:
                print_json({"asked": asked.position, "tree": _plain(root, home.vault.name)})
            else:
                console().print(_tree(root, asked.position, home.vault.name))


def _plain(node: "Node", name: Name) -> dict[str, Any]:
    from milena.domain.masking import masked
    from milena.terminal.clock import iso

    event = node.event
    return {
        "position": event.position,
        "time": iso(event.time),
        "player": event.player,
        "name": name(event.player),
        "place": event.place,
        "stream": event.stream,
        "version": event.version,
        "tag": event.tag,
        "fields": masked(node.fields),
        "sealed": node.sealed or None,
        "correlation": event.correlation,
        "causation": event.causation,
        "invocation": event.invocation,
        "caused": [_plain(each, name) for each in node.caused],
    }


def _tree(node: "Node", asked: int, name: Name) -> "Tree":
    from rich.tree import Tree

    tree = Tree(_line(node, asked, name), guide_style="dim")
    for each in node.caused:
        tree.children.append(_tree(each, asked, name))
    return tree


def _line(node: "Node", asked: int, name: Name) -> "Text":
    from rich.text import Text

    from milena.terminal.clock import local

    event = node.event
    line = Text(f"#{event.position}", style="bold")
    line.append(f" {local(event.time):%Y-%m-%d %H:%M:%S}", "dim")
    line.append(f" {name(event.player)}", "cyan")
    line.append(f" {event.tag}", "green")
    line.append(f" {_fields(node)}")
    if event.invocation is not None:
        line.append(f"  ({event.invocation})", "dim")
    if event.position == asked:
        line.append(" ◀", "bold")
    return line


def _fields(node: "Node") -> str:
    """The fields on one line: ``ply=1 seat=0 move=5``."""
    import msgspec

    from milena.domain.masking import masked

    parts = []
    for field, value in masked(node.fields).items():
        if field in UNSHOWN:
            continue
        if field == node.sealed:
            value = "(sealed)"
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        parts.append(f"{field}={text}")
    line = "".join(char if char.isprintable() else "?" for char in " ".join(parts))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
