"""/status: how Milena herself is."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.spans import told
from milena.domain.trend import trend

WIDTH = 20
"""Bars of a graph."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    now = sight.status()
    behind = f"{now['lag']} events behind" if now["lag"] else "up to date"
    lines = [
        f"Up for {told(now['uptime'])}.",
        f"Servers: {now['guilds']}, open games: {now['games']}.",
        f"Log: {now['head']} events; what is counted is {behind}.",
        f"Memory: {now['memory'] / 1_000_000:.0f} MB, processor: {now['cpu']:.1f} % of a core.",
    ]
    lines += [line(**each) for each in now["resources"]]
    return {**now, "says": "\n".join(lines)}


def line(title: str, unit: str, values: list[float], limit: float, crossed: bool) -> str:
    """``memory ▁▂▃ 84 of 512 MB``."""
    drawn = trend(values, WIDTH, limit)
    if not values:
        return f"{title}: not measured yet."
    of = f" of {limit:g}" if limit else ""
    return f"{title} {drawn} {values[-1]:.4g}{of} {unit}{', beyond its budget' if crossed else ''}"


command = Command("status", "utility", "Ask how Milena is.", Options, run, cooldown=5, show=show)
