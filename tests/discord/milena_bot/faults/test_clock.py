"""The clock."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from page import fault
from scene import Scene
from standin import Person, StandIn

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static volatile long long *shift; /* seconds */

__attribute__((constructor)) static void begin(void) {
    int file = open(getenv("MILENA_CLOCK"), O_RDONLY);
    shift = mmap(0, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += *shift;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec found;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &found);
    now->tv_sec = found.tv_sec;
    now->tv_usec = found.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *to) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (to) *to = found.tv_sec;
    return found.tv_sec;
}
"""
HOUR = 3600


class Clock:
    """The clock of processes that have ``environment``: it is another than this machine's when it is set."""

    def __init__(self, folder: Path) -> None:
        source, library, file = folder / "clock.c", folder / "clock.so", folder / "clock"
        source.write_text(SOURCE)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        file.write_bytes(bytes(8))
        with file.open("r+b") as opened:
            self._shift = mmap.mmap(opened.fileno(), 8)
        self.environment = {"LD_PRELOAD": str(library), "MILENA_CLOCK": str(file)}

    def set(self, seconds: int) -> None:
        """So far from the right time."""
        self._shift[:] = struct.pack("=q", seconds)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler here")
    return Clock(tmp_path)


@fault(
    "The clock jumps an hour, forward and back",
    "While the bot runs, its clock is set an hour forward, right again, an hour back, and right again. It is "
    "a clock of its own: a library that is loaded before all others (`LD_PRELOAD`) stands between process "
    "and time; the machine's clock is left alone.",
    "deadlines of that hour come early; nobody has to wait for it",
    "nothing to do",
)
async def test_clock(scene: Scene, clock: Clock, discord: StandIn, ann: Person, bob: Person) -> None:
    bot = await scene.begin(
        cold=True, MILENA_THROTTLE_MEMBER="6", MILENA_COOLDOWNS_STATUS="5", **clock.environment
    )
    await scene.works(ann)
    scene.done(await ann.slash("remind me", when="in 30m", text="tea"))
    clock.set(HOUR)
    await scene.works(ann)
    await discord.until(lambda: len(said("tea", ann)) == 1)
    scene.tell("An hour forward", "commands are answered; a reminder that was for in 30 minutes is told")
    for _ in range(4):
        await scene.works(bob)
    assert "Up for" in (await bob.slash("status")).text
    clock.set(0)
    await scene.works(ann)
    clock.set(-HOUR)
    await scene.works(ann)
    for _ in range(2):
        await scene.works(bob)
    assert "Up for" in (await bob.slash("status")).text
    scene.tell(
        "An hour back", "commands are answered; no cooldown, and no full minute of commands, lasts for hours"
    )
    clock.set(0)
    await scene.works(ann)
    assert len(said("tea", ann)) == 1
    scene.tell("Right again", "commands are answered; the reminder does not come again")
    await scene.end()
    assert "did not" not in bot.log
    await scene.kept()
    scene.afterwards("the next start is as any other")
    await scene.begin()
    await scene.works(ann)
    await scene.end()


def said(word: str, who: Person) -> list[str]:
    """Messages that have a word."""
    return [each.text for each in [*who.sees(), *who.inbox] if word in each.text and not each.only_for]
