"""/game list: the games that are open here, or in the whole server, or that somebody plays."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, to_builtins

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.ids import PlayerId
from milena.domain.refusal import moment

A_PAGE = 15


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Annotated[str, Meta(max_length=40, description="only these, such as tictactoe")] = ""
    player: Annotated[PlayerId, Meta(max_length=40, description="only those of this player")] = PlayerId("")
    everywhere: Annotated[bool, Meta(description="in the whole server, not in this channel alone")] = False
    page: Annotated[int, Meta(ge=1, le=1000, description="which page")] = 1


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    channel = sight.invocation.place.partition("/")[2]
    found = sight.ask(
        "games", "open",
        kind=options.kind or None,
        channel=None if options.everywhere else channel,
        player=options.player or None,
        limit=A_PAGE + 1,
        offset=(options.page - 1) * A_PAGE,
    )  # fmt: skip
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    lines = [_line(row) for row in rows[:A_PAGE]]
    none = "No game is open here: /play opens one." if options.page == 1 else "There are no more."
    more = len(rows) > A_PAGE
    asked = {**to_builtins(options), "page": options.page + 1}
    actions = [Action("More", "game list", asked)] if more else []
    return {"games": [row["game"] for row in rows[:A_PAGE]], "says": "\n".join(lines) or none} | (
        {"actions": to_builtins(actions)} if actions else {}
    )


def _line(row: dict[str, Any]) -> str:
    """``tictactoe 2q4610vyh0k3: <ann> and <bob>, <ann> to move``"""
    players = [f"<{player}>" for player in msgspec.json.decode(row["players"])]
    turn = [f"<{player}>" for player in msgspec.json.decode(row["turn"])]
    parts = [" and ".join(players) or f"opened by <{row['host']}>"]
    if row["status"] == "waiting":
        parts.append(_waiting(row))
    elif turn:
        parts.append(f"{' or '.join(turn)} to move")
    else:
        parts.append(row["status"])
    return f"{row['kind']} {row['game']}: {', '.join(parts)}"


def _waiting(row: dict[str, Any]) -> str:
    free = "only for the invited" if row["private"] else f"{row['free']} free"
    return f"{free}, until {moment(row['until'])}" if row["until"] else free


command = Command("game list", "games", "List the games that are open.", Options, run, show=show)
