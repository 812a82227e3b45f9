"""Signals."""

import asyncio
from collections.abc import Iterable
from random import Random
from signal import SIGINT, SIGKILL, SIGTERM

import pytest
from page import fault
from scene import Scene
from standin import Guild, Person, Shown, StandIn

from milena.discord.receiving import LEAVING

PEOPLE = 8
ROUNDS = 2


async def under_load(
    scene: Scene, people: Iterable[Person], signal: int, random: Random, status: int
) -> list[Shown]:
    """Rounds of people who toss coins as fast as they can, and a signal at some moment. Those answers that
    were none."""
    missed: list[Shown] = []

    async def toss(who: Person) -> None:
        while scene.bot.running:
            shown = await who.slash("coin")
            if shown.how == "message" and shown.text in ("heads", "tails"):
                scene.done(shown)
            else:
                missed.append(shown)
                return

    for _ in range(ROUNDS):
        bot = await scene.begin()
        async with asyncio.TaskGroup() as group:
            for who in people:
                group.create_task(toss(who))
            await asyncio.sleep(random.uniform(0.05, 0.4))
            bot.signal(signal)
        assert await bot.ends() == status, bot.log
    return missed


@pytest.fixture
def random() -> Random:
    return Random()


@pytest.fixture
def people(discord: StandIn, club: Guild) -> list[Person]:
    return [discord.person(f"person {number}", club) for number in range(PEOPLE)]


async def polite(scene: Scene, people: list[Person], signal: int, random: Random) -> None:
    for shown in await under_load(scene, people, signal, random, 0):
        assert shown.how == "did not respond" or shown.text == LEAVING
    scene.tell("`/coin`, meanwhile", f"is done; or “{LEAVING}”")
    scene.tell("`/coin`, afterwards", "“The application did not respond”, says Discord")
    await again(scene, people[0])
    scene.afterwards(
        "she has finished what she had begun, exit status 0; after a start the next command works"
    )


async def again(scene: Scene, who: Person) -> None:
    assert (await who.slash("coin")).how == "did not respond"
    await scene.begin()
    await scene.works(who)
    await scene.end()
    await scene.kept()


TRY = "who asks is told to try it again"


@fault("SIGTERM", "`kill`, at some moment while eight people toss coins; twice.", TRY, "start again")
async def test_sigterm(scene: Scene, people: list[Person], random: Random) -> None:
    await polite(scene, people, SIGTERM, random)


@fault("SIGINT", "Ctrl-C, at some moment while eight people toss coins; twice.", TRY, "start again")
async def test_sigint(scene: Scene, people: list[Person], random: Random) -> None:
    await polite(scene, people, SIGINT, random)


@fault(
    "SIGKILL",
    "`kill -9`, at some moment while eight people toss coins; twice.",
    "Discord says that she does not respond",
    "start again",
)
async def test_sigkill(scene: Scene, people: list[Person], random: Random) -> None:
    missed = await under_load(scene, people, SIGKILL, random, -SIGKILL)
    assert {shown.how for shown in missed} <= {"did not respond"}
    scene.tell("`/coin`, meanwhile and afterwards", "“The application did not respond”, says Discord")
    await again(scene, people[0])
    scene.afterwards("after a start the next command works")
