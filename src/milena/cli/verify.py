"""milena verify: recompute the log, and name the first position that is not right."""

from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.common import (
    EXIT_DAMAGED,
    EXIT_REFUSED,
    Data,
    Json,
    complain,
    count,
    find_game,
    open_home,
    print_json,
)
from milena.cli.progress import progress_bar

if TYPE_CHECKING:
    from milena.replay.report import Report

Game = Annotated[
    str | None, typer.Argument(metavar="GAME_ID", help="Check this game only.", show_default=False)
]


def register(app: typer.Typer) -> None:
    @app.command()
    def verify(game: Game = None, data: Data = None, json: Json = False) -> int:
        """Check the log: every hash, every game and every draw.

        Exit status 3 if it is damaged, with the first bad position; 1 if something is odd, or an archive is
        missing.
        """
        from milena.aggregates import AGGREGATES
        from milena.replay import verify as audit

        with open_home(data, make=False) as home:
            if game is not None:
                report = audit.verify_stream(home.store, AGGREGATES, f"game:{find_game(home, game)}")
            else:
                with progress_bar("Verifying") as progress:
                    report = audit.verify(home.store, AGGREGATES, progress)
        if json:
            print_json(report)
        else:
            _print(report, whole=game is None)
        return {"damage": EXIT_DAMAGED, "doubt": EXIT_REFUSED}.get(report.level or "", 0)


def _print(report: "Report", *, whole: bool) -> None:
    for finding in report.findings:
        if finding.level == "note":
            typer.echo(f"Note: {finding}")
        else:
            complain(str(finding))
    if report.level == "damage":
        return
    games, members = report.streams.get("game", 0), report.streams.get("member", 0)
    if whole:
        so_far = f", but for {count(report.unread, 'event')} that can't be read" * bool(report.unread)
        typer.echo(
            f"The log is whole{so_far}: {count(report.events, 'event')}, {count(games, 'game')} "
            f"({report.ended} ended), {count(members, 'member')}."
        )
    else:
        typer.echo(f"The game is whole: {count(report.events, 'event')}.")
    if report.archived:
        typer.echo(f"Read from archives: {count(report.archived - report.unread, 'event')}.")
    hashes = "the hashes of all others" if report.unread else "every hash"
    typer.echo(
        f"Recomputed: {hashes}, {count(report.seeds, 'seed')}, "
        f"{count(report.draws, 'draw')} of chance, {count(report.sealed, 'sealed text')}, "
        f"{count(report.snapshots, 'snapshot')}."
    )
    position, hash = report.head
    typer.echo(f"Head: position {position}, {hash}")
