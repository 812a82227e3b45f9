"""What tests of Milena's bot share beside fixtures."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from processes import Bot

from milena.domain.event import Event
from milena.home import Home
from milena.store import Envelope

StartMilena = Callable[..., Awaitable[Bot]]
COMMANDS = "PUT /applications/{application}/commands"
CALLBACK = "POST /interactions/{interaction}/{token}/callback"
CALLBACKS = "POST /interactions/*"


def recorded(home_dir: Path, *tags: str) -> list[tuple[Envelope, Event]]:
    """What is in the log of these tags: the rows, and what they say."""
    with Home(home_dir) as home:
        return [(each, home.store.event(each)) for each in home.store.scan() if each.tag in tags]


def commands(home_dir: Path) -> list[str]:
    """The commands that were executed, in the order of the log."""
    return [event.command for _, event in recorded(home_dir, "command.invoked")]  # type: ignore[attr-defined]
