"""milena call: call any command, as any player of this terminal."""

from typing import Annotated

import typer

from milena.cli.common import Data, Json, console, find_game, open_home, print_json


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
    """Call a command, such as: milena call match game=tictactoe --as ann"""
    from milena.commands import offered

    if command is None:
        _list(as_json)
        return
    from milena.domain.ids import Place
    from milena.terminal.calling import Caller
    from milena.terminal.results import drawn
    from milena.terminal.seating import BadName, check_names, own_name
    from milena.terminal.typed import named, read_options

    called, given = named(offered(), [command, *(options or [])])
    guild, slash, channel = place.partition("/")
    if not (guild and slash and channel and place.isprintable()) or len(place) > 80:
        raise typer.BadParameter("a place is written GUILD/CHANNEL.", param_hint="--place")
    try:
        (name,) = check_names([player or own_name()])
    except BadName as error:
        raise typer.BadParameter(str(error), param_hint="--as") from None
    with open_home(data) as home, home.engine() as engine:

        def player_id(text: str) -> str:
            return home.vault.player("terminal", check_names([text])[0])

        try:
            typed = read_options(offered()[called], given, lambda text: find_game(home, text), player_id)
        except BadName as error:
            raise typer.BadParameter(str(error)) from None
        seeing = home.seeing(engine, home.readside())
        caller = Caller(engine, home.vault.name, Place(place), seeing)
        result = caller.must(called, home.vault.player("terminal", name), **typed)
    if as_json:
        print_json(result)
        return
    for part in drawn(result, home.vault.name):
        console().print(part, markup=False)


def _list(as_json: bool) -> None:
    from milena.commands import offered
    from milena.domain.options import allowed

    if as_json:
        print_json(
            [
                {
                    "name": command.name,
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
        console().print(f"{command.name:26} {command.description}{only}\n{'':26} {fields}", highlight=False)
