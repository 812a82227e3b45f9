"""Begins an effect, says so, and never comes to an end: to be killed.

python stopped.py DATA
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from milena.domain.effect import Effect
from milena.effects.runner import Runner
from milena.home import Home


class Stuck:
    def serves(self, place: str) -> bool:
        return True

    async def perform(self, effect: Effect, again: bool) -> dict[str, Any]:
        print(effect.what, effect.data.member, again, flush=True)
        await asyncio.Event().wait()
        return {}


async def main() -> None:
    with Home(Path(sys.argv[1])) as home, home.engine() as engine:
        await Runner(home, engine, Stuck()).run()


if __name__ == "__main__":
    asyncio.run(main())
