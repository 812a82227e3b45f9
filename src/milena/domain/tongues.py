"""How people say times, language by language: declarations, which translate what is typed into one grammar.

That grammar is the one which :mod:`.spans` and :mod:`.moments` read. Its words: the units ``s m h d w``;
``in``, ``ago``, ``at``, ``at24`` (an hour may stand alone then), ``oclock``, ``am``, ``pm``, ``on``,
``next``, ``every``, ``and``, ``now``; ``ereyesterday`` to ``overmorrow``; the days of the week; dates as
``2026-12-24``, or ``--12-24`` where no year is said. What a language does not know stays as it is, so that
what is the same in all of them (``2h``, ``18:00``) need not be declared.
"""

import re
from functools import cached_property

from msgspec import Struct

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEAR = {"ereyesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "overmorrow": 2}
"""Days by their distance from today."""


class Tongue(Struct, frozen=True, dict=True):
    """One language. ``words``: how the grammar's words are said, several ways parted by ``|``, in lower case;
    ``numbers``: from one on; ``date``: a pattern with groups ``day``, ``month`` and, where it is said,
    ``year``; empty where dates are not written in a way of its own. ``moments``, ``spans``: examples, for who
    typed what nobody understands."""

    locale: str
    words: dict[str, str]
    numbers: str
    moments: str
    spans: str
    date: str = ""

    @cached_property
    def _meanings(self) -> dict[str, str]:
        said = {way: word for word, ways in self.words.items() for way in ways.split("|")}
        return said | {
            way: str(n) for n, ways in enumerate(self.numbers.split(), 1) for way in ways.split("|")
        }

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """The longest of them first; each stands alone, or right behind a number."""
        ways = sorted(self._meanings, key=len, reverse=True)
        return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, ways))})(?![^\W\d_])")

    def grammar(self, text: str) -> str:
        """What was typed, in the words of the grammar."""
        words = " ".join(text.lower().replace(",", " ").split())
        if self.date:
            words = re.sub(rf"(?<![\w.]){self.date}(?![\w.])", _iso, words, flags=re.ASCII)
        return self._pattern.sub(lambda found: self._meanings[found[0]], words)


def _iso(found: re.Match[str]) -> str:
    return f"{found['year'] or '-'}-{int(found['month']):02}-{int(found['day']):02}"


ENGLISH = Tongue(
    locale="en",
    words={
        "s": "sec|secs|second|seconds", "m": "min|mins|minute|minutes", "h": "hr|hrs|hour|hours",
        "d": "day|days", "w": "week|weeks", "every d": "every morning",
        "overmorrow": "day after tomorrow|the day after tomorrow",
    },
    numbers="one|a|an two three four five six seven eight nine ten eleven twelve",
    moments="in 2h, 18:00, tomorrow 9:00, friday, 2026-12-24 18:00 or every day 9:00",
    spans="15m, 2h or 1d 12h",
)  # fmt: skip

GERMAN = Tongue(
    locale="de",
    words={
        "s": "sek|sekunde|sekunden", "m": "min|minute|minuten", "h": "std|stunde|stunden",
        "d": "tag|tage|tagen", "w": "woche|wochen", "ago": "vor", "and": "und", "at24": "um", "oclock": "uhr",
        "on": "am", "next": "nächsten|naechsten|kommenden|diesen", "every": "jeden|jede|jedes|alle",
        "every d": "täglich|taeglich|jeden morgen", "every w": "wöchentlich|woechentlich",
        "every h": "stündlich|stuendlich",
        "ereyesterday": "vorgestern", "yesterday": "gestern", "today": "heute", "tomorrow": "morgen",
        "overmorrow": "übermorgen|uebermorgen", "monday": "montag", "tuesday": "dienstag",
        "wednesday": "mittwoch", "thursday": "donnerstag", "friday": "freitag",
        "saturday": "samstag|sonnabend", "sunday": "sonntag", "now": "jetzt",
    },
    numbers="ein|eine|einer|einem|einen|eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    moments="in 2 Stunden, 18:00, morgen um 9 Uhr, Freitag, 24.12.2026 18:00 oder jeden Tag 9:00",
    spans="15 Minuten, 2 Stunden oder 1 Tag 12 Stunden",
    date=r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\. ?(?P<year>[0-9]{4})?",
)  # fmt: skip

TONGUES = (ENGLISH, GERMAN)


def language(locale: str) -> str:
    """That of a locale: ``de`` of ``de``, ``en`` of ``en-GB``."""
    return locale.partition("-")[0].lower()


def tongues(locale: str = "") -> tuple[Tongue, ...]:
    """All of them, the one that somebody of this locale (``de``, ``en-GB``) speaks first. The others may be
    meant, too: who reads one language on Discord may type another."""
    return tuple(sorted(TONGUES, key=lambda tongue: tongue.locale != language(locale)))
