"""/profile: what somebody has played here, won and achieved."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result, Sight, picked
from milena.domain.ids import PlayerId

MOST = 100


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    player: Annotated[PlayerId, Meta(max_length=40, description="whose; without it, yours")] = PlayerId("")


def run(desk: Desk, options: Options) -> Result:
    return {"player": options.player or desk.invocation.player}


def show(sight: Sight, options: Options, result: Result) -> Result:
    player = result["player"]
    record = sight.ask("profiles", "profile", player=player, limit=MOST)
    if not record.rows:
        return {"says": f"<{player}> has finished no game here yet."}
    ratings = sight.ask("ratings", "by_player", player=player, limit=MOST)
    achieved = sight.ask("profiles", "achievements", player=player, limit=MOST)
    others = sight.ask("profiles", "opponents", player=player, limit=3)
    rated = dict(picked(ratings, "kind", "rating"))
    reached = [name for name, time in picked(achieved, "achievement", "time") if time]
    columns = ("kind", "played", "won", "drawn", "lost", "best_streak", "best")
    rows = [[*row, rated.get(row[0])] for row in picked(record, *columns)]
    played, won = (sum(row[place] for row in rows) for place in (1, 2))
    lines = [f"<{player}> has played {played} game{'s' * (played != 1)} here, and won {won}."]
    if reached:
        lines.append(f"Achieved: {', '.join(reached)} ({len(reached)} of {len(achieved.rows)}).")
    if others.rows:
        with_whom = (f"<{other}> ({games})" for other, games in picked(others, "opponent", "games"))
        lines.append(f"Mostly with: {', '.join(with_whom)}.")
    return {
        "player": player,
        "says": "\n".join(lines),
        "table": {"columns": [*columns, "rating"], "rows": rows},
    }


command = Command(
    "profile", "utility", "Show what somebody has played and achieved.", Options, run, cooldown=3, show=show
)
