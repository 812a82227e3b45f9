"""milena projections ask: any question of any read model."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from milena.cli.answering import (
    Csv,
    Everywhere,
    Guild,
    Limit,
    Page,
    Since,
    Until,
    find_player,
    moment,
    print_answered,
    scope,
)
from milena.cli.common import Data, Json, find_game, open_home

if TYPE_CHECKING:
    from milena.readside import Question

Asked = Annotated[str, typer.Argument(metavar="QUESTION", help="See 'milena projections list'.")]


def ask(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A read model.")],
    question: Asked,
    player: Annotated[str | None, typer.Option(help="A player's name, or id.")] = None,
    game: Annotated[
        str | None, typer.Option(help="A game's id, a part of it that is unique, or last.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="What is played, such as tictactoe.")] = None,
    command: Annotated[str | None, typer.Option(help="A command, such as move.")] = None,
    channel: Annotated[str | None, typer.Option(help="A channel's id.")] = None,
    position: Annotated[int | None, typer.Option(min=1, help="A position of the log.")] = None,
    text: Annotated[str | None, typer.Option(help="Words to look for.")] = None,
    since: Since = None,
    until: Until = None,
    guild: Guild = None,
    everywhere: Everywhere = False,
    limit: Limit = 20,
    page: Page = 1,
    json: Json = False,
    csv: Csv = False,
    data: Data = None,
) -> None:
    """Ask a read model one of its questions."""
    from milena.cli.catching_up import catch_up

    if json and csv:
        raise typer.BadParameter("--json and --csv: give one of them.")
    now, who = round(time.time() * 1000), scope(guild, everywhere)
    given: dict[str, Any] = {
        "player": player, "game": game, "kind": kind, "command": command, "channel": channel,
        "position": position, "text": text, "since": moment("--since", since, now),
        "until": moment("--until", until, now), "now": now,
    }  # fmt: skip
    with open_home(data, make=False) as home:
        readside = home.readside()
        wanted = readside.question(model, question)
        _check_given(wanted, given)
        if player is not None:
            given["player"] = find_player(home, player)
        if game is not None:
            given["game"] = find_game(home, game)
        catch_up(readside, model)
        with readside.asking(model, who) as asking:
            answered = asking.ask(wanted, given, limit=limit, offset=(page - 1) * limit)
        print_answered(answered, home, json=json, csv=csv, page=page)


def _check_given(question: "Question", given: dict[str, Any]) -> None:
    """What a question has no use for is refused: its answer would not be what was meant."""
    for name, value in given.items():
        if value is not None and name not in (*question.parameters, "now"):
            takes = ", ".join(f"--{each}" for each in question.asked) or "nothing"
            raise typer.BadParameter(f"{question.model} {question.name} has no --{name}; it takes {takes}.")
