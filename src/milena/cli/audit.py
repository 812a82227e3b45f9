"""milena audit: who did what, when, and what came of it."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from milena.cli.answering import Csv, Everywhere, Guild, Since, Until, moment, scope
from milena.cli.common import Data, Json, open_home

if TYPE_CHECKING:
    from milena.home import Home
    from milena.readside import Asking
    from milena.readside.audit import Filter

MODEL = "audit"


def register(app: typer.Typer) -> None:
    app.command()(audit)


def audit(
    player: Annotated[str | None, typer.Option(metavar="NAME", help="Who did it: a name, or an id.")] = None,
    command: Annotated[str | None, typer.Option(metavar="COMMAND", help="Which command was called.")] = None,
    category: Annotated[
        str | None, typer.Option(metavar="CATEGORY", help="Commands of this category, such as games.")
    ] = None,
    guild: Guild = None,
    everywhere: Everywhere = False,
    channel: Annotated[str | None, typer.Option(metavar="CHANNEL", help="In this channel.")] = None,
    game: Annotated[
        str | None, typer.Option(metavar="ID", help="About this game: its id, a part of it, or last.")
    ] = None,
    verdict: Annotated[
        str | None, typer.Option(metavar="VERDICT", help="accepted, refused or failed.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="CODE", help="Why it was refused or failed, such as not_your_turn.")
    ] = None,
    since: Since = None,
    until: Until = None,
    text: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="With all these words in it; agree* is the beginning of one."),
    ] = None,
    events: Annotated[
        bool, typer.Option("--events", help="Also each move and each seat that the commands led to.")
    ] = False,
    no_moves: Annotated[
        bool, typer.Option("--no-moves", help="Without the moves that were accepted: most rows are such.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many rows.")] = 20,
    before: Annotated[
        int | None, typer.Option(min=1, metavar="POSITION", help="Older than this row: the next page.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Print new rows as they come.")] = False,
    question: Annotated[
        str | None, typer.Option(metavar="NAME", help="Ask a named question; list shows them.")
    ] = None,
    questions: Annotated[bool, typer.Option("--questions", help="List the named questions.")] = False,
    position: Annotated[
        int | None, typer.Option(min=1, metavar="POSITION", help="The position that a question is about.")
    ] = None,
    page: Annotated[int | None, typer.Option(min=1, help="Which page of a question's rows.")] = None,
    as_json: Json = False,
    as_csv: Csv = False,
    data: Data = None,
) -> None:
    """Show who did what, newest first.

    Such as: milena audit --player ann --verdict refused --since yesterday

    One guild at a time: the terminal, unless --guild or --all says otherwise. # is the position in the log:
    'milena trace 17' shows all that led to it.
    """
    guild_asked, now = scope(guild, everywhere), round(time.time() * 1000)
    from_, to = moment("--since", since, now), moment("--until", until, now)
    asks = question is not None or questions
    for wrong, sentence in (
        (as_json and as_csv, "--json and --csv: give one of them."),
        (command and category, "--command and --category: give one of them."),
        (follow and (before or until or asks), "--follow goes with no --before, --until or --question."),
        (
            events and (command or category or verdict),
            "--events goes with no --command, --category or --verdict: events have none.",
        ),
        (
            not asks and (position or page),
            "--position and --page go with --question; --before shows older rows.",
        ),
        (asks and (before or events or no_moves), "--before, --events, --no-moves: not with --question."),
    ):
        if wrong:
            raise typer.BadParameter(sentence)
    from milena.cli import audit_questions
    from milena.cli.audit_rows import Rows
    from milena.cli.catching_up import catch_up

    with open_home(data, make=False) as home:
        readside = home.readside()
        if questions or question == "list":
            audit_questions.show(readside, as_json)
            return
        named = None if question is None else readside.question(MODEL, question)
        catch_up(readside, MODEL)
        with readside.asking(MODEL, guild_asked) as asking:
            wanted = _filter(
                home, asking, player=player, command=command, category=category, channel=channel, game=game,
                verdict=verdict, reason=reason, since=from_, until=to, text=text, events=events,
                moves=not no_moves,
            )  # fmt: skip
            if named is not None:
                at = audit_questions.Page(limit, page or 1)
                audit_questions.ask(home, asking, named, wanted, position, at, json=as_json, csv=as_csv)
                return
        rows = Rows(home, readside, guild_asked, wanted, json=as_json, csv=as_csv)
        if follow:
            rows.follow(limit)
        else:
            rows.show(before, limit)


def _filter(
    home: "Home",
    asking: "Asking",
    *,
    player: str | None,
    command: str | None,
    category: str | None,
    channel: str | None,
    game: str | None,
    verdict: str | None,
    reason: str | None,
    since: int | None,
    until: int | None,
    text: str | None,
    events: bool,
    moves: bool,
) -> "Filter":
    """What was typed, checked. Raises Refused, which says what there is."""
    from milena.cli.answering import find_player
    from milena.commands import commands
    from milena.readside import audit

    categories: dict[str, str] = {name: its.category for name, its in commands().items()}
    called = None
    if command is not None:
        called = audit.named(asking, command, categories)
    elif category is not None:
        called = audit.of_category(category, categories)
    if text is not None:
        audit.match(text)  # there is a word in it
        text = "".join(char if char.isprintable() else " " for char in text)
    who = None
    if player is not None:  # an id does for one whom the vault has forgotten
        who = player if audit.is_seen(asking, player) else find_player(home, player)
    return audit.Filter(
        player=who,
        commands=called,
        channel=channel,
        game=None if game is None else audit.game(asking, game),
        verdict=None if verdict is None else audit.verdict(verdict),
        code=reason,
        since=since,
        until=until,
        text=text,
        events=events,
        moves=moves,
    )
