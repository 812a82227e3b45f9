"""Who watches over a running bot: the guard of its budgets, and whoever tells metrics and health."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

from milena.discord.bot import Bot
from milena.discord.client import Shards
from milena.discord.shard import CannotRun
from milena.easing import actions
from milena.engine import Engine, Scheduler
from milena.guarding import Guard
from milena.home import Home
from milena.machines.following import Machines
from milena.ops.health_check import Health
from milena.ops.lateness import Lateness
from milena.ops.resources import Sources
from milena.readside import Follower
from milena.unfinished import states_of_games


@contextmanager
def watched(
    home: Home,
    engine: Engine,
    scheduler: Scheduler,
    follower: Follower,
    machines: Machines,
    bots: list[Bot],
    shards: Shards | None,
) -> Iterator[Lateness]:
    """While the block runs. ``bots`` holds the bot as soon as there is one; what comes is to be told which
    event loop there is. Raises CannotRun."""
    late = Lateness()

    def head() -> int:
        return home.store.head().position

    def lag() -> int:
        return max(0, head() - follower.position)

    def lags() -> dict[str, int]:
        now = head()
        return {name: max(0, now - follower.reached(name)) for name in follower.names}

    def connected() -> bool:
        return any(bot.connected for bot in bots)

    def slow_boards(seconds: float) -> None:
        for bot in bots:
            bot.slow_boards(seconds)

    sources = Sources(lambda: engine.waiting, lag, late.ask, lambda: machines.processes)
    here = f"{shards.first}-{shards.last}/{shards.total}" if shards else ""
    with ExitStack() as stack:
        guard = stack.enter_context(
            Guard(home, engine, sources, actions(engine, scheduler, slow_boards), here)
        )
        if port := home.config.metrics.port:
            _need_the_extra()
            from milena.ops.endpoint import serving
            from milena.ops.metrics import Facts, Metrics

            facts = Facts(guard.status, lambda: Counter(states_of_games(home.store)), lags, head, connected)
            health = Health(engine, follower, connected, lag)
            try:
                stack.enter_context(serving(port, Metrics(engine.meter, facts), health))
            except OSError as error:
                raise CannotRun(
                    f"Port {port} can't be had ({error.strerror}): choose another metrics.port."
                ) from None
        yield late


def _need_the_extra() -> None:
    if find_spec("prometheus_client") is None:
        sentence = "metrics.port is set, and metrics need more: pip install 'milena[metrics]'."
        raise CannotRun(sentence, for_ever=True)
