"""The rows that milena audit prints: a page of them, or new ones as they come."""

import sys
import time
from typing import TYPE_CHECKING

import msgspec

from milena.cli.catching_up import take_in
from milena.cli.common import console, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milena.home import Home
    from milena.readside import ReadSide
    from milena.readside.audit import Entry, Filter

PAUSE = 0.2
"""Seconds between two looks for new rows."""
AT_ONCE = 1000
"""Rows that one look takes."""
MODEL = "audit"


class Rows:
    """What ``wanted`` finds in a guild (None: in all)."""

    def __init__(
        self,
        home: "Home",
        readside: "ReadSide",
        guild: str | None,
        wanted: "Filter",
        *,
        json: bool,
        csv: bool,
    ) -> None:
        self._home = home
        self._readside = readside
        self._guild = guild
        self._wanted = wanted
        self._json = json
        self._csv = csv

    def show(self, before: int | None, limit: int) -> None:
        """The newest, or those older than a position."""
        from milena.readside import audit
        from milena.terminal import auditing

        with self._readside.asking(MODEL, self._guild) as asking:
            entries, more = audit.find(asking, self._wanted, before=before, limit=limit)
            reasons = [] if entries or self._wanted.code is None else audit.reasons(asking)
        name = self._home.vault.name
        if self._json:
            print_json(auditing.records(entries, name))
        elif self._csv:
            sys.stdout.write(auditing.csv_text(entries, name))
        elif entries:
            out = console()
            out.print(auditing.table(entries, name, _now(), out.width))
            if more:
                out.print(f"... and older ones: --before {entries[-1].position} shows them.")
        else:
            console().print(f"Nothing{' older' if before else ''} that fits{_there_are(reasons)}.")

    def follow(self, limit: int) -> None:
        """The newest, oldest first, then whatever comes, from any process, until Ctrl-C."""
        from milena.readside import audit

        seen = self._home.store.head().position
        with self._readside.asking(MODEL, self._guild) as asking:
            entries, _ = audit.find(asking, self._wanted, limit=limit)
        if entries:
            seen = entries[0].position
        try:
            self._print(entries[::-1], first=True)
            looked = 0
            while True:
                head = self._home.store.head().position
                if head > looked:
                    take_in(self._readside, MODEL)
                    seen, looked = self._print_behind(seen), head
                time.sleep(PAUSE)
        except KeyboardInterrupt:  # that is how one ends it
            if sys.stdout.isatty():
                console().print()  # below the ^C

    def _print_behind(self, seen: int) -> int:
        """What is behind a position; returns the last position that was printed."""
        from milena.readside import audit

        more = True
        while more:
            with self._readside.asking(MODEL, self._guild) as asking:
                entries, more = audit.find(asking, self._wanted, after=seen, limit=AT_ONCE)
            if entries:
                self._print(entries)
                seen = entries[-1].position
        return seen

    def _print(self, entries: "Sequence[Entry]", *, first: bool = False) -> None:
        """Lines that go on below those before."""
        from milena.terminal import auditing

        name = self._home.vault.name
        if self._json:
            for record in auditing.records(entries, name):
                sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
        elif self._csv:
            sys.stdout.write(auditing.csv_text(entries, name, headings=first))
        elif entries:
            out = console()
            out.print(auditing.table(entries, name, _now(), out.width, fixed=True))
        sys.stdout.flush()


def _now() -> int:
    return round(time.time() * 1000)


def _there_are(reasons: list[str]) -> str:
    return f"; reasons that there are: {', '.join(reasons)}" if reasons else ""
