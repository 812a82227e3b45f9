"""Erasing a person: nothing in the log is changed, and nothing in it can be traced back to the person.

1. In each server, in one atomic append: the person's games are given up, reminders cancelled.
2. The person's id is written to the file ``erased`` of the data directory. From here on the erasure will be
   done: whoever opens the directory next does what is left of it. It also stands when a backup is restored
   that was made before: the person who comes back with it is erased again.
3. The vault forgets the person: name, outside id, key of the private texts. Snapshots of what was private go.
   So does the history of the shell, whose lines tell not who typed them.
"""

import os
from pathlib import Path
from typing import NamedTuple

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.lobby import Lobby
from milena.domain.member import key as member_key
from milena.domain.refusal import Refused
from milena.engine import Answer, Engine
from milena.privacy.copies import older_copies
from milena.store import Store, StoreError, Unavailable
from milena.store.lookup import guilds
from milena.store.snapshot_table import remove

ERASED = "erased"
HISTORY = "shell-history"
COMMAND = "privacy forget"
TRIES = 3
"""Of one server: a game that can't be replayed is set aside by the first, and out of the way of the next."""


class Erased(NamedTuple):
    """``games`` were given up, ``reminders`` cancelled; ``copies`` hold the person still."""

    player: PlayerId
    games: int
    reminders: int
    copies: list[Path]


class Eraser:
    """Erases people from the data directory ``home``, with an engine on its log."""

    def __init__(self, home: Path, store: Store, engine: Engine) -> None:
        self._home, self._store, self._engine = home, store, engine

    def erase(self, player: PlayerId, time: int, follows: tuple[str, int] | None = None) -> Erased:
        """``time`` in ms since 1970; ``follows``: the (correlation id, position) of what asked for it.

        Raises Refused where there is no such person, or a game can't be given up: then nothing is erased.
        """
        vault = self._store.vault
        match vault.source(player):
            case None if player in _noted(self._home):  # it was cut short, or is doubted: it does no harm
                forget(self._home, self._store, player)
                return Erased(player, 0, 0, older_copies(self._home))
            case None:
                raise Refused("unknown_player", "There is nobody of that name, or not any more.")
            case "machine":
                raise Refused("machine", "That is one of Milena's machines: there is nobody to erase.")
        games = reminders = 0
        for guild in self._guilds(player):
            answer = self._give_up(guild, player, time, follows)
            follows = follows or (answer.invocation, answer.position)
            games += answer.result["games"]
            reminders += answer.result["reminders"]
        note(self._home, player)
        forget(self._home, self._store, player)
        return Erased(player, games, reminders, older_copies(self._home))

    def _guilds(self, player: PlayerId) -> list[str]:
        """Where the person has called a command, or sits in a game."""
        members = [guild for guild in guilds(self._store) if self._last(guild, player)]
        return [
            *members,
            *(g for g in self._store.streams("lobby") if g not in members and self._sits(g, player)),
        ]

    def _last(self, guild: str, player: PlayerId) -> Place | None:
        last = self._store.last(f"member:{member_key(guild, player)}")
        return None if last is None else Place(last.place)

    def _sits(self, guild: str, player: PlayerId) -> bool:
        lobby: Lobby = self._engine.read("lobby", guild).state
        return bool(lobby.index.games_of(player))

    def _give_up(self, guild: str, player: PlayerId, time: int, follows: tuple[str, int] | None) -> Answer:
        """Raises Refused or StoreError."""
        milena = self._store.vault.player("machine", "clock")
        place = self._last(guild, player) or Place(f"{guild}/-")
        for _ in range(TRIES):
            answer = self._engine.call(
                Invocation(
                    InvocationId(new_id()), COMMAND, {"member": player}, milena, place, time, follows=follows
                )
            )
            if answer.code != "set_aside":
                break
        if answer.verdict == "refused":
            raise Refused(answer.code, f"Nothing was erased: {answer.sentence}")
        if answer.verdict == "failed":
            raise StoreError(f"Nothing was erased: {answer.sentence}")
        return answer


def note(home: Path, player: str) -> None:
    """Write down that a person is to be erased; it is on the disk when this returns. Raises Unavailable."""
    try:
        file = os.open(home / ERASED, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{player}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise Unavailable(
            f"{home / ERASED} can't be written: {error.strerror}; nothing was erased."
        ) from error


def forget(home: Path, store: Store, player: str) -> bool:
    """The vault forgets a person, and what was private goes; whether there was any. Raises Unavailable."""
    there = store.vault.forget(player)
    remove(store, [key for key in store.streams("reminder") if key.endswith(f":{player}")], "reminder")
    if there:
        try:
            (home / HISTORY).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"{home / HISTORY} can't be removed: {error.strerror}.") from error
    return there


def erased_again(home: Path, store: Store) -> int:
    """Erase those who were erased here and are known nevertheless: an erasure was cut short, or a backup of
    before was restored. Returns how many. Raises Unavailable."""
    known = [player for player in _noted(home) if store.vault.knows(player)]
    return sum(forget(home, store, player) for player in known)


def _noted(home: Path) -> list[str]:
    """Who was, or is to be, erased. Raises Unavailable."""
    try:
        return list(dict.fromkeys((home / ERASED).read_text("utf-8").split()))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"{home / ERASED} can't be read: {error}.") from error
