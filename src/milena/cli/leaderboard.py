"""milena leaderboard: who is ahead."""

import time
from typing import Annotated

import typer

from milena.cli.answering import Csv, Everywhere, Guild, Limit, Page, Since, Until, moment, scope
from milena.cli.common import Data, Json, open_home


def register(app: typer.Typer) -> None:
    app.command()(leaderboard)


def leaderboard(
    game: Annotated[
        str | None, typer.Argument(help="Which game; without one, who leads each of them.")
    ] = None,
    guild: Guild = None,
    everywhere: Everywhere = False,
    since: Since = None,
    until: Until = None,
    points: Annotated[bool, typer.Option("--points", help="By the most points in one game.")] = False,
    player: Annotated[
        str | None, typer.Option(metavar="NAME", help="Where this player stands, and who is near.")
    ] = None,
    history: Annotated[
        str | None, typer.Option(metavar="NAME", help="How the rating of this player went.")
    ] = None,
    svg: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the plot of --history as SVG; - prints it.")
    ] = None,
    limit: Limit = 20,
    page: Page = 1,
    as_json: Json = False,
    as_csv: Csv = False,
    data: Data = None,
) -> None:
    """Show who is ahead: in every game, or in one.

    Such as: milena leaderboard tictactoe --since "30 days ago"

    Games count in the guild where they were opened: the terminal, unless --guild or --all says otherwise.
    """
    guild_asked, now = scope(guild, everywhere), round(time.time() * 1000)
    from_, to = moment("--since", since, now), moment("--until", until, now)
    for wrong, sentence in (
        (as_json and as_csv, "--json and --csv: give one of them."),
        (
            points + (player is not None) + (history is not None) > 1,
            "--points, --player, --history: give one of them.",
        ),
        (
            (player is not None or history is not None) and game is None,
            "--player and --history go with a GAME.",
        ),
        (svg is not None and history is None, "--svg goes with --history."),
        (svg is not None and (as_json or as_csv), "--svg goes with no --json or --csv."),
        (history is not None and everywhere, "a rating is that of one guild: --history goes with no --all."),
    ):
        if wrong:
            raise typer.BadParameter(sentence)
    from milena.cli.catching_up import catch_up
    from milena.cli.leaderboard_rows import Board

    with open_home(data, make=False) as home:
        readside = home.readside()
        catch_up(readside, "leaderboard", "ratings")
        board = Board(home, readside, guild_asked, from_, to, now, json=as_json, csv=as_csv)
        if game is not None:
            board.check(game)
        if history is not None and game is not None:
            from milena.cli.rating_history import show

            show(board, game, history, svg)
        elif points:
            board.points(game, limit, page)
        elif game is None:
            board.overview()
        elif player is not None:
            board.around(game, player)
        else:
            board.top(game, limit, page)
