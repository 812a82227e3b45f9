"""What people do on Discord in the benchmarks: 100 of them in 10 guilds, with 10 games open in each."""

import asyncio
import gc
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import cycle
from pathlib import Path
from random import Random

# The stand-in for Discord belongs to the tests.
sys.path.append(str(Path(__file__).parents[1] / "tests" / "discord"))

from processes import Bot
from standin import Message, Person, Settings, Shown, StandIn

GUILDS, EACH = 10, 10
"""Guilds; people in each, and games."""
MOVES = "123456776543212143657712771132663352556444"
"""A game of connect four that nobody wins."""
CALLBACK = "POST /interactions/{interaction}/{token}/callback"
ALREADY = "40060"
"""Discord's code for an interaction that was answered before."""
MILENA = [sys.executable, "-m", "milena", "run"]
BARE, DURABLE, FLOOR = (
    [sys.executable, "-m", "benchmarks.discord_bots", kind] for kind in ("bare", "durable", "floor")
)
NO_LIMITS = {
    "MILENA_THROTTLE_MEMBER": "0",
    "MILENA_THROTTLE_GUILD": "0",
    "MILENA_LIMITS_CHANNEL": "0",
    "MILENA_LIMITS_MEMBER": "0",
    "MILENA_COOLDOWNS_LEADERBOARD": "0",
}
"""So few people may not ask for so much otherwise."""
Act = Callable[[], Awaitable[Shown]]


class Table:
    """A game of connect four that two people play on Discord, by its buttons."""

    def __init__(self, first: Person, second: Person) -> None:
        self.players = first, second
        self.moves = 0

    async def sit_down(self) -> None:
        opened = await self.players[0].slash("play connect4", opponent=self.players[1])
        self.board: Message = opened.message
        await self.players[1].press(self.board, "Accept")
        found = re.search(r"`([0-9a-z]{12,})`", self.board.content)
        assert found is not None, self.board.content
        self.game = found[1]

    @property
    def discs(self) -> int:
        """As many as the board shows; -1 before the game has begun."""
        content = self.board.content
        marks = len(self.players)  # which stand beside their names too
        return content.count("⚫") + content.count("⚪") - marks if "to move" in content else -1

    async def move(self) -> Shown:
        """The next move, once its player sees the one before; before the last one, a new game is begun."""
        if self.moves == len(MOVES) - 1:
            await self.players[0].slash("game resign", game=self.game)
            await self.sit_down()
            self.moves = 0
        number, self.moves = self.moves, self.moves + 1
        await self.players[0].discord.until(lambda: self.discs == number)
        player, column = self.players[number % 2], MOVES[number]
        pressed = await player.press(self.board, column)
        assert pressed.how != "did not respond", "a move was lost: is the machine too busy?"
        assert pressed.how in ("updated", "nothing"), pressed.text
        return pressed


class Club:
    """A Discord of its own with one bot on it. ``shown``: everything that anybody was answered."""

    def __init__(self, discord: StandIn, bot: Bot, people: list[Person]) -> None:
        self.discord, self.bot, self.people = discord, bot, people
        self.shown: list[Shown] = []
        self.tables: list[Table] = []
        self.usual = self.ping
        self._people, self._kinds = cycle(Random(1).sample(people, len(people))), cycle("mpmgmpmlmm")
        self._tables: Iterator[Table] = iter(())

    async def open_games(self, count: int = GUILDS * EACH) -> None:
        """Between neighbours, in all guilds by turns."""
        for number in range(count):
            guild, seat = number % GUILDS, number // GUILDS
            circle = self.people[guild * EACH : (guild + 1) * EACH]
            self.tables.append(Table(circle[seat % EACH], circle[(seat + 1) % EACH]))
        for first in range(0, count, GUILDS):
            await asyncio.gather(*(table.sit_down() for table in self.tables[first : first + GUILDS]))
        self._tables = cycle(self.tables)

    def ping(self) -> Act:
        person = next(self._people)
        return lambda: person.slash("ping")

    def mixed(self) -> Act:
        """Of ten: six moves, two pings, a game that is looked at, a leaderboard."""
        match next(self._kinds):
            case "m":
                return next(self._tables).move
            case "g":
                table = next(self._tables)
                return lambda: table.players[0].slash("game show", game=table.game)
            case "l":
                person = next(self._people)
                return lambda: person.slash("leaderboard")
        return self.ping()

    async def steadily(self, act: Callable[[], Act], rate: float, seconds: float, seed: int) -> list[Shown]:
        """Commands at ``rate`` a second, as they come by chance, whether or not others were answered."""
        with uncollected():
            chance, loop = Random(seed), asyncio.get_running_loop()
            begun, at, asked = loop.time(), 0.0, []
            while (at := at + chance.expovariate(rate)) < seconds:
                await asyncio.sleep(max(0.0, begun + at - loop.time()))
                asked.append(asyncio.ensure_future(act()()))
            return self._note(await asyncio.gather(*asked))

    async def at_once(self, act: Callable[[], Act], count: int) -> list[Shown]:
        with uncollected():
            return self._note(await asyncio.gather(*(act()() for _ in range(count))))

    async def quiet(self) -> None:
        """Until every board shows its game."""
        await self.discord.until(lambda: all(table.discs == table.moves for table in self.tables))

    def wrong(self) -> int:
        """How many were not answered, or twice. Milena's calls have to be right, too."""
        record = self.discord.record
        blamed = [each for each in record.violations if ALREADY not in each]
        assert not blamed, blamed
        taken = Counter(call.path.split("/")[2] for call in record.of(CALLBACK) if call.status < 300)
        return sum(taken[each.interaction.id] != 1 or bool(each.followups) for each in self.shown)

    @property
    def again(self) -> int:
        """Answers that were sent once more, as Discord was slow to say that it had them."""
        return sum(ALREADY in each for each in self.discord.record.violations)

    def _note(self, shown: list[Shown]) -> list[Shown]:
        self.shown += shown
        return shown


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector of this process. Discord remembers everything here, and is looked through
    for 0.07 to 0.25 s at a time: of a hundred commands a second, all would be told of the bot that waits."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@asynccontextmanager
async def club(folder: Path, command: list[str], guilds: int = GUILDS) -> AsyncIterator[Club]:
    """With the bot that ``command`` starts, connected; its data and its log are in ``folder``."""
    folder.mkdir()
    async with StandIn(Settings(identify_interval=0.0)) as discord:
        people = []
        for number in range(guilds):
            guild = discord.guild(f"Guild {number}")
            people += [discord.person(f"person{number}{each}", guild) for each in range(EACH)]
        told = {
            "MILENA_DISCORD_API": discord.api,
            "DISCORD_TOKEN": discord.settings.token,
            "MILENA_DATA": str(folder / "data"),
        }
        bot = Bot.start(command, told | NO_LIMITS, folder / "log")
        try:
            await discord.ready()
            yield Club(discord, bot, people)
        finally:
            await bot.kill()
