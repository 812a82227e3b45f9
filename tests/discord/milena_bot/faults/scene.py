"""A test of a fault as a play: people act, what they see is noted, and in the end what is left is counted."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

from kit import StartMilena, recorded
from page import KEPT, Section
from processes import Bot, Warm
from standin import Person, Shown, StandIn

FREE = {
    "MILENA_THROTTLE_MEMBER": "0",
    "MILENA_THROTTLE_GUILD": "0",
    "MILENA_COOLDOWNS_STATUS": "0",
    "MILENA_COOLDOWNS_LEADERBOARD": "0",
}
"""People of tests are quicker than others."""


class Scene:
    """``home``: the data directory; ``bot``: the last one that was started."""

    bot: Bot

    def __init__(
        self, section: Section, home: Path, folder: Path, discord: StandIn, start: StartMilena, warm: Warm
    ) -> None:
        self.home, self.folder, self.tell = home, folder, section.tell
        self._private = section.private
        self._discord, self._start, self._warm = discord, start, warm
        self._runs = 0
        self._done: list[str] = []
        self._refused: list[str] = []

    def at(self, home: Path) -> None:
        """The data is elsewhere."""
        self.home = home
        self._private[str(home)] = "DATA"

    # ------------------------------------------------------------------------------------------ the bot

    async def start(self, *, cold: bool = False, **environment: str) -> Bot:
        """``milena run``, which may end at once."""
        self.bot = await self._start(cold=cold, **FREE | {"MILENA_DATA": str(self.home)} | environment)
        return self.bot

    async def begin(self, *, cold: bool = False, **environment: str) -> Bot:
        """``milena run``, ready."""
        bot = await self.start(cold=cold, **environment)
        await bot.says("is connected")
        await self._discord.ready()
        return bot

    async def end(self, status: int = 0) -> None:
        """SIGTERM."""
        self.bot.terminate()
        assert await self.bot.ends() == status, self.bot.log

    async def refuses_to_start(self, status: int) -> None:
        """It ends at once, with one line."""
        bot = await self.start()
        assert await bot.ends() == status, bot.log
        (line,) = [line for line in bot.log.splitlines() if line.startswith("milena: ")]
        self.tell("`milena run`", f"“{line}” Exit status {status}.")

    async def warns(self, begins: str) -> None:
        """The bot tells the operator something that begins so."""
        await self.bot.says(begins)
        line = next(line for line in self.bot.log.splitlines() if begins in line)
        self.tell("The operator", f"“{line[line.index(begins) :]}”")

    async def milena(self, *arguments: str) -> tuple[int, str]:
        """A verb on the command line: its status, and what it says."""
        self._runs += 1
        log = self.folder / f"said-{self._runs}.txt"
        ran = self._warm.start({"MILENA_DATA": str(self.home)}, log, *arguments)
        status = await ran.ends()
        assert "Traceback" not in ran.log or arguments[0] == "errors", ran.log
        return status, ran.log.strip()

    async def backed_up(self) -> None:
        status, said = await self.milena("backup", "create")
        assert status == 0, said

    async def goes_on_from_the_backup(self, who: Person) -> None:
        """It is restored, and all works as it did then."""
        status, said = await self.milena("backup", "restore", "last")
        assert status == 0, said
        await self.begin()
        await self.works(who)
        await self.end()
        await self.kept("all that was answered before the backup")

    # --------------------------------------------------------------------------------------- its people

    async def works(self, who: Person) -> None:
        """Somebody tosses a coin, which is recorded; and sees it."""
        shown = await (await who.slash("coin")).settled()
        assert shown.text in ("heads", "tails"), shown.text
        self.done(shown)

    def done(self, shown: Shown) -> None:
        """It was answered as done."""
        self._done.append(shown.interaction.id)

    async def looks(self, who: Person) -> None:
        """Somebody asks for help, and gets it."""
        shown = await who.slash("help")
        assert "What you may use here" in shown.text, shown.text

    async def fails(self, who: Person, path: str = "coin", told: str = "", **options: Any) -> Shown:
        """Somebody gets a sentence, alone, in the place of what was asked for."""
        shown = await who.slash(path, **options)
        await self.refused(shown, told or f"`/{path}`")
        return shown

    async def refused(self, shown: Shown, told: str) -> None:
        """What took long is refused in a message of its own."""
        await shown.settled()
        await self._discord.until(lambda: shown.message.text or shown.followups)
        message = shown.followups[-1] if shown.followups else shown.message
        assert message.only_for == shown.person.id, message.text
        assert "Traceback" not in message.text
        self._refused.append(shown.interaction.id)
        self.tell(told, f"“{plain(message.text)}”")

    # --------------------------------------------------------------------------------------- what is left

    async def kept(self, what: str = "all that was answered") -> None:
        """All that was answered is in the log, once; what was refused is not, and all of it is sound."""
        status, said = await self.milena("verify")
        assert status == 0, said
        times: Counter[str | None] = Counter()
        verdicts: dict[str | None, str] = {}
        for row, event in recorded(self.home, "command.invoked"):
            times[row.invocation] += 1
            verdicts[row.invocation] = event.verdict  # type: ignore[attr-defined]
        assert max(times.values()) == 1
        assert [id for id in self._done if verdicts.get(id) != "accepted"] == []
        assert [id for id in self._refused if verdicts.get(id) == "accepted"] == []
        self.tell(KEPT, what)

    def afterwards(self, sentence: str) -> None:
        self.tell("Afterwards", sentence)


def plain(text: str) -> str:
    """Without what escapes Discord's formatting, and without the one who is pinged."""
    return re.sub(r"\\([_*~`|<>@#])", r"\1", re.sub(r"^<@\d+> ", "", text))
