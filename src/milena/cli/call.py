"""milena call: call any command, as any player of this terminal."""

from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import Data, Json, console, find_game, open_home, print_json

if TYPE_CHECKING:
    from milena.slash import Slash


def register(app: typer.Typer) -> None:
    app.command()(call)


def call(
    command: Annotated[str | None, typer.Argument(help="Which command; without one, all are listed.")] = None,
    options: Annotated[list[str] | None, typer.Argument(metavar="OPTION=VALUE", help="Its options.")] = None,
    player: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who calls it; default: you.")
    ] = None,
    place: Annotated[
        str, typer.Option(metavar="GUILD/CHANNEL", help="Where it is called.")
    ] = "terminal/main",
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Call any command once, as any player.

    Such as: milena call play connect4 opponent=bob --as ann
    """
    from milena.commands import offered

    if command is None:
        _list(as_json)
        return
    from milena.domain.ids import Place
    from milena.ops.logs import recording
    from milena.suggesting import Suggestions
    from milena.terminal.calling import Caller
    from milena.terminal.results import drawn
    from milena.terminal.seating import BadName, check_names, own_name
    from milena.terminal.typed import Reader, named

    words, slashes = [command, *(options or [])], _slashes([command, *(options or [])])
    named({**slashes, **offered()}, words)
    guild, slash, channel = place.partition("/")
    if not (guild and slash and channel and place.isprintable()) or len(place) > 80:
        raise typer.BadParameter("a place is written GUILD/CHANNEL.", param_hint="--place")
    try:
        (name,) = check_names([player or own_name()])
    except BadName as error:
        raise typer.BadParameter(str(error), param_hint="--as") from None
    with open_home(data) as home, recording(home.path, home.config.logs), home.engine() as engine:

        def player_id(text: str) -> str:
            return home.vault.player("terminal", check_names([text])[0])

        try:
            caller_id, readside = home.vault.player("terminal", name), home.readside()
            sources = Suggestions(home, readside).of(caller_id, Place(place), moderator=True)
            reader = Reader(
                offered(), slashes, lambda text: find_game(home, text), player_id, lambda: sources
            )
            called, typed = reader.read(words)
        except BadName as error:
            raise typer.BadParameter(str(error)) from None
        caller = Caller(engine, home.vault.name, Place(place), home.seeing(engine, readside))
        result = caller.must(called, caller_id, **typed)
    if as_json:
        print_json(result)
        return
    for part in drawn(result, home.vault.name):
        console().print(part, markup=False)


def _slashes(words: list[str]) -> "dict[str, Slash]":
    """The commands as they are typed behind a slash; those that the log names so need no game loaded."""
    from milena.commands import offered
    from milena.domain.refusal import Refused
    from milena.terminal.typed import named

    try:
        named(offered(), words)
    except Refused:
        from milena.slash.installed import installed

        return {slash.name: slash for slash in installed()}
    return {}


def _list(as_json: bool) -> None:
    from milena.commands import offered
    from milena.domain.options import allowed

    if as_json:
        print_json(
            [
                {
                    "name": command.name,
                    "typed": _typed(command.name),
                    "category": command.category,
                    "description": command.description,
                    "options": allowed(command.options),
                    "permission": command.permission,
                    "moderators": command.permission != "everyone",
                }
                for command in offered().values()
            ]
        )
        return
    for command in offered().values():
        fields = " ".join(f"{name}=" for name in command.options.__struct_fields__)
        only = "" if command.permission == "everyone" else f" ({command.permission}s)"
        name = _typed(command.name)
        console().print(f"{name:26} {command.description}{only}\n{'':26} {fields}", highlight=False)


def _typed(name: str) -> str:
    """How a command is typed behind a slash, where it can be called so, too."""
    from milena.domain.spelling import typed

    return typed(name)
