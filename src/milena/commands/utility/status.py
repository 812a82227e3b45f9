"""/status: how Milena herself is."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.spans import told


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    now = sight.status()
    behind = f"{now['lag']} events behind" if now["lag"] else "up to date"
    lines = (
        f"Up for {told(now['uptime'])}.",
        f"Servers: {now['guilds']}, open games: {now['games']}.",
        f"Log: {now['head']} events; what is counted is {behind}.",
        f"Memory: {now['memory'] / 1_000_000:.0f} MB, processor: {now['cpu']:.1f} % of a core.",
    )
    return {**now, "says": "\n".join(lines)}


command = Command("status", "utility", "Ask how Milena is.", Options, run, cooldown=5, show=show)
