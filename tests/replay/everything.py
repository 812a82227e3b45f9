"""A day on which everything happens that can happen outside of games: each event tag comes at least once.

How the recorded logs of the corpus are made: ``python tests/replay/everything.py DIRECTORY`` plays it into a
new data directory, ``milena snapshots record log --data DIRECTORY --to FILE`` records that.
"""

import sys
from pathlib import Path
from typing import Any

from milena.aggregates import AGGREGATES, GAMES
from milena.commands import commands
from milena.domain.command import Invocation
from milena.domain.game import Games
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.rules import Rules
from milena.domain.throttle import Throttle
from milena.engine import Answer, Engine
from milena.games.tictactoe import TicTacToe
from milena.home import Home
from milena.ops.config import Config

GUILD = "811"
BEGIN = 1_795_680_000_000
"""2026-11-26, 08:00 UTC, in ms since 1970."""


class Broken(TicTacToe):
    """Rules of a release that can't replay what was played."""

    def play(self, state: Any, seat: int, move: str) -> Any:
        raise ZeroDivisionError("a bug in the rules")


class Day:
    """Each command comes a minute after the one before, unless it says how long it waits."""

    def __init__(self, home: Home, engine: Engine, now: int = BEGIN) -> None:
        self.home, self.engine, self.now = home, engine, now
        people = {"ann": "101", "bob": "102", "cat": "103", "dan": "104"}
        for name, outside in people.items():
            setattr(self, name, home.vault.player("discord", outside, name))
        self.milena = home.vault.player("machine", "clock")

    def ask(self, command: str, who: PlayerId, /, *, wait: int = 60, **options: Any) -> Answer:
        self.now += wait * 1000
        known = {name: options.pop(name) for name in ("moderator", "admin") if name in options}
        invocation = Invocation(
            InvocationId(new_id()), command, options, who, Place(f"{GUILD}/21"), self.now, **known
        )
        return self.engine.call(invocation)

    def does(self, command: str, who: PlayerId, /, **options: Any) -> Any:
        answer = self.ask(command, who, **options)
        assert answer.verdict == "accepted", answer
        return answer.result


def play(home: Home) -> None:
    """The day, in a new home whose throttle is :data:`CONFIG`'s."""
    with home.engine() as engine:
        day = Day(home, engine)
        for part in (settings, chance, polls, reminders, moderation, stories, lines, boards, floods):
            part(day)
        game = games(day)
    # a game that another release can't replay is set aside
    others = (Games(_broken), *(each for each in AGGREGATES if each is not GAMES))
    with Engine(home.store, others, commands()) as engine:
        later = Day(home, engine, day.now)
        assert later.ask("move", day.bob, game=game, move="1").code == "set_aside"


CONFIG = Config(throttle=Throttle(3, 0), cooldowns={"joke": 30}, scopes={"joke": "guild"})


def _broken(name: str) -> Rules[Any]:
    return Broken()


def settings(day: Day) -> None:
    day.does("config set", day.ann, name="timezone", value="Europe/Paris", admin=True)
    day.does("config set", day.ann, name="games", value="9", admin=True)
    day.does("config reset", day.ann, name="games", admin=True)
    day.does("config permissions grant", day.ann, command="void", role="7", admin=True)
    day.does("config permissions revoke", day.ann, command="open", user=day.dan, admin=True)
    day.does("config permissions clear", day.ann, command="open", user=day.dan, admin=True)
    day.does(
        "restrict command add", day.ann, command="roll", channel="22", during="1h", reason="noise", admin=True
    )
    day.does("restrict command add", day.ann, command="joke", user=day.dan, admin=True)
    day.does("restrict command remove", day.ann, number=2, admin=True)
    day.does("maintenance on", day.ann, reason="an upgrade", admin=True)
    assert day.ask("open", day.bob, game="tictactoe").verdict == "refused"
    day.does("maintenance off", day.ann, admin=True)


def chance(day: Day) -> None:
    day.does("roll", day.ann, dice="3d6+2", salt="mine")
    day.does("coin", day.bob, times=3)
    day.does("joke", day.ann)
    assert day.ask("joke", day.bob, wait=1).verdict == "refused"


def polls(day: Day) -> None:
    tea = day.does("poll create", day.ann, question="Tea?", choices="yes, no, later")["poll"]
    day.does("poll vote", day.bob, poll=tea, choice="1")
    day.does("poll vote", day.bob, poll=tea, choice="2")
    day.does("poll close", day.ann, poll=tea)
    cake = day.does(
        "poll create",
        day.bob,
        question="Cake?",
        choices="plum, nut",
        multiple=True,
        anonymous=True,
        during="1h",
    )["poll"]
    day.does("poll vote", day.ann, poll=cake, choice="1,2")
    day.does("poll expire", day.milena, poll=cake, wait=3600)
    day.does("poll create", day.cat, question="Tomorrow?", choices="yes, no")


def reminders(day: Day) -> None:
    day.does("timezone set", day.ann, zone="Asia/Tokyo")
    day.does("remind me", day.ann, when="in 1h", text="the tea")
    day.does("remind me", day.ann, when="every day 18:00", text="water the plants", privately=True)
    day.does("remind me", day.ann, when="in 3h", text="the cake")
    day.does("remind cancel", day.ann, number=3)
    day.does("remind fire", day.milena, reminder=f"{GUILD}:{day.ann}", wait=4000)


def moderation(day: Day) -> None:
    day.does("warn", day.ann, member=day.dan, reason="spam", moderator=True)
    day.does("timeout", day.ann, member=day.dan, during="2h", moderator=True)
    day.does("ban", day.ann, member=day.dan, reason="spam again", forget="1d", moderator=True)
    day.does("case reason", day.ann, case=1, reason="spam, twice", moderator=True)
    cases = day.engine.read("case", GUILD).state.cases
    day.does("effect settle", day.milena, effect=cases[2].effect)
    day.does(
        "effect settle",
        day.milena,
        effect=cases[3].effect,
        code="forbidden",
        sentence="Milena's role is too low.",
    )


def stories(day: Day) -> None:
    day.does("story start", day.ann, title="The fox", lines=3)
    day.does("story add", day.ann, text="It was cold.")
    day.does("story add", day.bob, text="It was hot.")
    for who in (day.ann, day.bob):
        day.does("story vote", who, on="strike")
    day.does("story add", day.bob, text="A fox came by.")
    day.does("story add", day.ann, text="It slept.")
    day.does("story start", day.bob, title="The owl", turns=1)
    day.does("story add", day.bob, text="It waited.")


def lines(day: Day) -> None:
    day.does("collection add", day.ann, kind="quote", text="Tea first.", credit="Bob", moderator=True)
    day.does("collection add", day.ann, kind="joke", text="It was here.", credit="Cat", moderator=True)
    day.does("collection remove", day.ann, number=1, moderator=True)


def boards(day: Day) -> None:
    game = day.does("open", day.ann, game="tictactoe")["game"]
    day.does("board post", day.milena, game=game, channel="21", message="9001")
    day.does("board lose", day.milena, game=game, message="9001", gone="message")
    day.does("board post", day.milena, game=game, channel="21", message="9002")
    day.does("join", day.bob, game=game)
    day.does("resign", day.bob, game=game)
    day.does("budget", day.milena, budget="memory", crossed=True, value=600.5, limit=512)
    day.does("budget", day.milena, budget="memory", crossed=False, value=300, limit=512)
    day.does("budget", day.milena, budget="disk", crossed=True, value=150, limit=200)
    day.does("digest post", day.milena, channel="4711", slot=BEGIN)


def floods(day: Day) -> None:
    verdicts = [day.ask("ping", day.dan, wait=1).verdict for _ in range(4)]
    assert verdicts == ["accepted"] * 3 + ["refused"]
    until = day.now + 60_000
    day.does("flood", day.milena, member=day.dan, refused=7, since=day.now, until=until, wait=60)


def games(day: Day) -> str:
    """Those that go on; the first of them has seen a move."""
    game: str = day.does("open", day.ann, game="tictactoe")["game"]
    day.does("join", day.bob, game=game)
    day.does("move", day.ann, game=game, move="5")
    day.does("open", day.cat, game="connect4", private=True, invite=[day.dan])
    return game


if __name__ == "__main__":
    with Home(Path(sys.argv[1]), CONFIG) as home:
        play(home)
