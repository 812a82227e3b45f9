"""/leaderboard: who is ahead here, in all games or in one, always or lately."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Invocation, Result, Sight
from milena.domain.paging import PAGE, Number, paged
from milena.domain.refusal import moment
from milena.domain.spans import seconds

SHOWN = {
    "score": ("top", ("rank", "player", "score", "games", "won", "drawn", "lost", "streak")),
    "points": ("points", ("kind", "rank", "player", "points", "games")),
    "streaks": ("streaks", ("rank", "player", "length", "first", "last")),
}
"""By what: the question, and those of its columns that are shown."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Annotated[str, Meta(max_length=40, description="which game, such as tictactoe; else all")] = ""
    since: Annotated[str, Meta(max_length=40, description="how far back, such as 7d; else always")] = ""
    by: Annotated[Literal["score", "points", "streaks"], Meta(description="what counts")] = "score"
    page: Annotated[Number, Meta(description="which page")] = 1


def run(desk: Desk, options: Options) -> Result:
    _since(desk.invocation, options)
    return {}


def _since(asked: Invocation, options: Options) -> int | None:
    return asked.time - seconds(options.since, asked.locale, back=True) * 1000 if options.since else None


def show(sight: Sight, options: Options, result: Result) -> Result:
    since = _since(sight.invocation, options)
    question, columns = SHOWN[options.by]
    found = sight.ask(
        "leaderboard", question, kind=options.kind.strip().lower() or None, since=since, limit=PAGE,
        offset=PAGE * (options.page - 1),
    )  # fmt: skip
    what = options.kind or "all games"
    when = f", since {moment(since)}" if since is not None else ""
    return paged(sight, options, found, columns, f"Who is ahead in {what}{when}.", "Nobody yet.")


command = Command(
    "leaderboard", "games", "Show who is ahead in this server.", Options, run, cooldown=3, show=show
)
