"""What tests of Milena's bot share beside fixtures."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from processes import Bot
from standin import Message, Person, StandIn

from milena.domain.event import Event
from milena.home import Home
from milena.store import Envelope

StartMilena = Callable[..., Awaitable[Bot]]
COMMANDS = "PUT /applications/{application}/commands"
CALLBACK = "POST /interactions/{interaction}/{token}/callback"
CALLBACKS = "POST /interactions/*"
ANSWERED_BEFORE = 40060


def recorded(home_dir: Path, *tags: str) -> list[tuple[Envelope, Event]]:
    """What is in the log of these tags: the rows, and what they say."""
    with Home(home_dir) as home:
        return [(each, home.store.event(each)) for each in home.store.scan() if each.tag in tags]


def commands(home_dir: Path) -> list[str]:
    """The commands that were executed, in the order of the log."""
    return [event.command for _, event in recorded(home_dir, "command.invoked")]  # type: ignore[attr-defined]


def labels(message: Message) -> list[str]:
    """Of its buttons."""
    return [str(each.get("label")) for each in message.buttons]


def key_of(board: Message) -> str:
    """The id of the game that a board shows."""
    found = re.search(r"`([0-9a-z]{12,})`", board.content)
    assert found is not None, board.content
    return found[1]


async def press(who: Person, board: Message, label: str) -> None:
    """Press what changes the board, and see it changed: by the answer, or by an edit right after it."""
    before = board.content
    shown = await who.press(board, label)
    assert shown.how in ("updated", "nothing"), shown.text
    await who.discord.until(lambda: board.content != before)


async def opened(ann: Person, bob: Person, game: str = "tictactoe", **options: object) -> Message:
    """A game between the two that has begun: its board."""
    board = (await ann.slash(f"play {game}", opponent=bob, **options)).message
    await press(bob, board, "Accept")
    return board


def forgive_second_answers(discord: StandIn, *, restarted: bool = False) -> None:
    """40060 where nobody can help it: a fault lost the answer to an answer, or kept it for too long; and a
    bot that was ``restarted`` does not know what it has answered, when that comes again."""
    lost = {
        each.path.split("/")[2] for each in discord.record.calls if each.fault and "/callback" in each.path
    }
    if restarted:
        lost |= {each.id for each in discord.desk.all.values() if each.deliveries > 1}
    discord.record.refused = [
        each
        for each in discord.record.refused
        if each.code != ANSWERED_BEFORE or each.call is None or each.call.path.split("/")[2] not in lost
    ]
