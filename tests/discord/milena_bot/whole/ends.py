"""The ways in which a game can end, and how people bring each of them about."""

from collections.abc import Awaitable, Callable
from typing import Any

from somebody import Player
from standin import CannotDo
from table import COMMANDS, Table

from milena import games

STUCK = 400
"""Tries without any change, after which a game is stuck."""
OPTIONS: dict[str, dict[str, Any]] = {
    "2048": {"size": 3, "target": 64},
    "battleship": {"size": 8},
    "blackjack": {"rounds": 2},
    "dungeon": {"length": "short"},
    "math": {"problems": 4, "seconds": 0},
    "minesweeper": {"width": 6, "height": 6, "mines": 6},
    "othello": {"size": 6},
    "quiz": {"questions": 4, "seconds": 3600},
    "wordchain": {"words": 8},
    "yahtzee": {"rolls": 2},
}
"""Short games, that nobody is in a hurry in."""
HASTY: dict[str, dict[str, Any]] = {
    "math": {"problems": 4, "seconds": 1},
    "quiz": {"questions": 1, "seconds": 5},
}
"""Where a game has a clock of its own."""


async def play(table: Table, until: Callable[[], bool]) -> None:
    """Make moves until the game has ended, or ``until`` holds."""
    players = [Player(table, seat) for seat in range(len(table.game.seats))]
    tries, version = 0, 0
    while not table.ended and not until():
        now = table.log.history(table.key).version
        tries, version = (tries + 1 if now == version else 0), now
        assert tries < STUCK, f"nobody can move any more at {table.name}: {table.difference()}"
        if table.movers:
            await players[table.random.choice(table.movers)].move()


async def begin(table: Table) -> None:
    await table.open()
    if len(table.people) > 1:
        await table.answer_invitation("Accept")


async def finished(table: Table) -> str:
    await begin(table)
    await play(table, lambda: False)
    return "finished"


async def resigned(table: Table) -> str:
    """After a move or two; where others play on then, they do."""
    await begin(table)
    await play(table, lambda: len(table.game.moved) == len(table.game.seats) or table.game.ply > 4)
    while not table.ended and "game.resigned" not in table.log.tags(table.key):
        seat = table.random.choice(table.game.still_in)
        await _confirmed(table, seat, "Resign")
    await play(table, lambda: False)
    return _unless_over(table, "game.resigned", "resigned")


async def aborted(table: Table) -> str:
    await begin(table)
    while not table.ended:
        await _confirmed(table, 0, "Call off")
    return "aborted"


async def _confirmed(table: Table, seat: int, label: str) -> None:
    """By a button, and by one more that asks whether it is meant; by a command where there is none."""
    who, command = table.seated(seat), COMMANDS[label]
    try:
        asked = await table.press_board(who, label)
        if asked is None:
            table.saw(await who.slash(f"game {command}", game=table.key))
        elif asked.how == "message" and command.capitalize() in asked.message.labels:
            await table.life.up.wait()
            table.saw(await who.press(asked.message, command.capitalize()))
    except CannotDo:
        pass  # what was looked at has changed meanwhile


async def agreed(table: Table) -> str:
    await begin(table)
    while not table.ended:
        offers = table.game.draw_offers
        try:
            if offers:
                await table.press_board(table.seated(1 - offers[0]), "Accept")
            else:
                await table.press_board(table.seated(0), "Draw")
        except CannotDo:
            pass
    return "agreed"


async def declined(table: Table) -> str:
    """A game that nobody else may join is over then."""
    table.options |= {"private": True}
    await table.open()
    await table.answer_invitation("Decline")
    return "declined"


async def timeout(table: Table) -> str:
    """Nobody moves."""
    table.options |= HASTY.get(table.kind, {"clock": "1s"})
    await begin(table)
    await nothing_more(table)
    return _unless_over(table, "game.timed_out", "timeout")


async def voided(table: Table) -> str:
    """By a moderator, while it goes on."""
    await begin(table)
    await play(table, lambda: len(table.game.moved) > 0)
    while not table.ended:
        await _void(table)
    return _unless_over(table, "game.voided", "voided")


async def annulled(table: Table) -> str:
    """Voided when it is over: nobody has its result any more."""
    await finished(table)
    while not table.game.voided:
        await _void(table)
    return "finished"


async def _void(table: Table) -> None:
    await table.life.up.wait()
    reason = "a test of the rules"
    table.saw(await table.moderator.slash("game void", game=table.key, reason=reason))


def _unless_over(table: Table, tag: str, how: str) -> str:
    """Chance may end a game before somebody gets round to it."""
    return how if tag in table.log.tags(table.key) else "finished"


async def expired(table: Table) -> str:
    """Nobody answers the invitation, which stands for a second; nor may anybody else."""
    table.options |= {"private": True}
    await table.open()
    await nothing_more(table)
    return "expired"


async def nothing_more(table: Table) -> None:
    await table.discord.until(lambda: table.ended, patience=120)


End = Callable[[Table], Awaitable[str]]


def ends(kind: str) -> list[End]:
    """Those that a game of this kind can come to while a bot runs with its usual limits."""
    rules = games.load(kind)
    found: list[End] = [finished, resigned, timeout, voided, aborted, annulled]
    if rules.seats.min > 1:  # else who opened it may begin alone
        found.append(declined)
    if rules.draws and rules.seats.max > 1:
        found.append(agreed)
    return found
