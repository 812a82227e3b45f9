"""milena play: a game at this terminal, by people, machines or a script."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from milena.cli.common import Data, LogLevel, console, find_game, logged_home

if TYPE_CHECKING:
    from milena.domain.game import Game
    from milena.home import Home
    from milena.terminal.calling import Caller
    from milena.terminal.seating import Party


def register(app: typer.Typer) -> None:
    app.command()(play)


def play(
    game: Annotated[
        str | None, typer.Argument(help="Which game; 'milena games --available' lists them.")
    ] = None,
    names: Annotated[list[str] | None, typer.Argument(help="The players' names, in seat order.")] = None,
    opponent: Annotated[
        str | None,
        typer.Option("--with", metavar="MACHINE", help="Who takes the other seats: bot, random or minimax."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="OPTION=VALUE",
            help="An option of the game; may be given several times. OPTION=@FILE reads it from a file.",
        ),
    ] = None,
    seats: Annotated[int | None, typer.Option(help="How many play, where the game leaves it open.")] = None,
    moves: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Moves one a line, also 'NAME: MOVE'; - for standard input."),
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Go on with a game: its id, a part of it that is unique, or last."),
    ] = None,
    clock: Annotated[
        str, typer.Option(metavar="CLOCK", help="A clock: 5m, 3m+2s, 30s/turn, 3d/turn or 10m,1m/turn.")
    ] = "",
    rematch: Annotated[
        str | None, typer.Option(metavar="ID", help="Play a game that is over again, seats turned round.")
    ] = None,
    data: Data = None,
    log_level: LogLevel = "warning",
) -> None:
    """Play a game: alone, at one keyboard, or against a machine.

    Such as: milena play tictactoe --with bot, or: milena play hangman ann bob --set word=set
    """
    from milena.domain.clock import parse
    from milena.terminal.seating import BadName, check_names

    given = [] if names is None else list(names)
    if resume is not None and game is not None:
        given.insert(0, game)  # no game is named, so the first word is a name for a free seat
    try:
        people = check_names(given)
    except BadName as error:
        raise typer.BadParameter(str(error), param_hint="NAMES") from None
    with ExitStack() as stack:
        script = _script(moves, stack)
        if resume is not None:
            if settings or clock or rematch or seats is not None:
                raise typer.BadParameter(
                    "a game keeps its options: leave out --set, --seats, --clock and --rematch."
                )
            home = stack.enter_context(logged_home(data, log_level, make=False))
            _resume(home, find_game(home, resume), people, opponent, script)
        elif rematch is not None:
            if settings or clock or seats is not None or opponent or game:
                raise typer.BadParameter(
                    "a rematch has the players and options that there were: give no more."
                )
            home = stack.enter_context(logged_home(data, log_level, make=False))
            _rematch(home, find_game(home, rematch), script)
        elif game is None:
            raise typer.BadParameter("name a game, such as tictactoe; 'milena games --available' lists them.")
        else:
            if clock:
                parse(clock)  # refuses what is no clock
            party, options = _plan(game, people, opponent, settings or [], seats)
            home = stack.enter_context(logged_home(data, log_level))
            _open(home, game, party, options, clock, script)


def _script(moves: str | None, stack: ExitStack) -> BinaryIO | None:
    """The lines to play: a file's, standard input's, or None where a person types them."""
    if moves is None or moves == "-":
        return None if moves is None and sys.stdin.isatty() else sys.stdin.buffer
    try:
        return stack.enter_context(Path(moves).open("rb"))
    except OSError as error:
        raise typer.BadParameter(f"{moves} can't be read: {error.strerror}.", param_hint="--moves") from None


def _plan(
    game: str, names: list[str], opponent: str | None, settings: list[str], seats: int | None
) -> "tuple[Party, dict[str, Any]]":
    """Who sits down to which options of a game. Whatever is wrong with it is found before anything is
    written."""
    from milena import games
    from milena.domain.game import check_options
    from milena.terminal.files import option_file
    from milena.terminal.seating import party

    rules = games.load(game)
    options: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or name in options:
            why = "is given twice" if equals else "has no ="
            raise typer.BadParameter(f"{setting[:40]!r} {why}; write OPTION=VALUE.", param_hint="--set")
        options[name] = option_file(name, value[1:]) if value.startswith("@") else value
    checked = check_options(rules, options)
    seated = party(rules, names, opponent, seats)
    rules.start(seated.seats, checked)
    return seated, options


def _open(
    home: "Home", game: str, party: "Party", options: dict[str, Any], clock: str, script: BinaryIO | None
) -> None:
    from milena.terminal.calling import Caller
    from milena.terminal.seating import open_game, sit

    with home.engine() as engine, home.scheduler(engine):
        caller = Caller(engine, home.vault.name)
        key = open_game(caller, home.vault, game, options, party, clock)
        typer.echo(f"Game {key}")
        if len(party.people) > 1:
            sit(caller, home.vault, key, party.people[1:], party.machines)
        _run(home, caller, key, script)


def _rematch(home: "Home", key: str, script: BinaryIO | None) -> None:
    """The players of this terminal play a game again; whoever is elsewhere is invited."""
    from milena.aggregates import GAMES
    from milena.domain.refusal import Refused
    from milena.terminal.calling import Caller

    over: Game = home.store.fold(GAMES, key).state
    people = [player for player in over.players if home.vault.source(player) == "terminal"]
    if not people:
        raise Refused("not_seated", f"Nobody of this terminal played game {key}.")
    with home.engine() as engine, home.scheduler(engine):
        caller = Caller(engine, home.vault.name)
        again = ""
        for player in people:
            again = caller.must("rematch", player, game=key)["game"]
        typer.echo(f"Game {again}")
        _run(home, caller, again, script)


def _resume(home: "Home", key: str, names: list[str], opponent: str | None, script: BinaryIO | None) -> None:
    from milena.aggregates import GAMES
    from milena.domain.refusal import Refused
    from milena.terminal.calling import Caller
    from milena.terminal.seating import Party, fill, sit

    game: Game = home.store.fold(GAMES, key).state
    if game.status == "ended":
        raise Refused("game_over", f"Game {key} is over; 'milena replay {key}' shows it.")
    party = Party(())
    if names or opponent or game.status == "waiting":
        taken = [home.vault.name(seated.player) for seated in game.seats if seated is not None]
        party = fill(GAMES.rules(game), names, opponent, len(game.seats), taken)
    typer.echo(f"Game {key}")
    with home.engine() as engine, home.scheduler(engine):
        caller = Caller(engine, home.vault.name)
        sit(caller, home.vault, key, party.people, party.machines)
        _run(home, caller, key, script, game.ply)


def _run(home: "Home", caller: "Caller", key: str, script: BinaryIO | None, told: int = 0) -> None:
    """Play until the game ends or is left. ``told``: plies of an earlier session."""
    from milena.machines.thinking import Thinker
    from milena.terminal.parting import part
    from milena.terminal.screen import Screen
    from milena.terminal.script import Script
    from milena.terminal.session import Session

    output, name = console(), home.vault.name
    front: Screen | Script = Screen(output, name) if script is None else Script(script, output, name, told)
    with Thinker() as thinker:
        session = Session(home, caller, key, front, thinker)
        try:
            parting = session.run()
        except (KeyboardInterrupt, EOFError):
            parting = "left"
    front.close(session.scene(None))
    part(output, session.history, name, parting)
    if isinstance(front, Script):
        front.finish(session.history, name)
