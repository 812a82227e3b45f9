"""Metrics, health and budgets of the real bot."""

import asyncio
import json
import resource
import socket
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from kit import StartMilena, commands, recorded
from processes import Bot
from prometheus_client.parser import text_string_to_metric_families
from standin import Guild, Person, StandIn

from milena.engine.degraded import STILL
from milena.ops.status import Status, read


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def get(port: int, path: str) -> tuple[int, str]:
    def fetch() -> tuple[int, str]:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    return await asyncio.to_thread(fetch)


async def test_metrics_and_health_are_told_where_they_are_asked_for(
    discord: StandIn, start_milena: StartMilena, club: Guild, ann: Person
) -> None:
    port = free_port()
    milena = await start_milena(MILENA_METRICS_PORT=str(port), MILENA_BUDGETS_EVERY="0.1")
    await discord.ready()
    await ann.slash("ping")
    await ann.slash("coin")
    assert (await get(port, "/healthz"))[0] == 200
    assert await get(port, "/readyz") == (200, '{"ok":true,"wrong":{}}\n')
    _, text = await get(port, "/metrics")
    found = {
        (each.name, *sorted(each.labels.values())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }
    assert found["milena_commands_total", "accepted", "ping"] == 1
    assert found["milena_commands_total", "accepted", "coin"] == 1
    assert found["milena_discord_connected",] == 1
    answered = ("milena_discord_calls_total", "2xx", "POST /interactions/*/*/callback")
    assert found[answered] >= 1
    assert found["milena_discord_bytes_total", "received"] > 0
    assert found["milena_log_position",] >= 3
    assert discord.settings.token not in text
    milena.terminate()
    assert await milena.ends(patience=10) == 0


async def test_a_port_that_is_taken_is_told_in_one_line(start_milena: StartMilena) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        milena = await start_milena(MILENA_METRICS_PORT=str(taken.getsockname()[1]))
        assert await milena.ends() == 1
    assert "choose another metrics.port" in milena.log


async def test_a_crossed_budget_is_told_and_status_shows_it(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild, ann: Person
) -> None:
    def latest() -> Status | None:
        found = read(home_dir)
        return found[0] if found and found[0].samples else None

    milena = await start_milena(
        MILENA_BUDGETS_DISK="1000000000", MILENA_BUDGETS_EVERY="0.1", MILENA_BUDGETS_PATIENCE="0.2",
        MILENA_BUDGETS_CPU="0", MILENA_BUDGETS_COMMAND="0",  # which depend on what else runs here
    )  # fmt: skip
    await discord.ready()
    await milena.says("budget crossed: free disk")
    # Then no new games are opened, and whoever asks is told why
    assert "free disk" in (await ann.slash("play 2048")).text
    said = (await ann.slash("status")).text
    assert "free disk" in said
    assert "beyond its budget" in said
    found = latest()
    assert found is not None
    assert [each.name for each in found.budgets if each.crossed] == ["disk"]
    milena.terminate()
    assert await milena.ends(patience=10) == 0
    ended = latest()
    assert ended is not None
    assert ended.ended
    ((row, event),) = recorded(home_dir, "budget.crossed")
    assert (row.stream, json.loads(row.payload)["limit"]) == ("budget:disk", 1e9)
    assert event.tag == "budget.crossed"


async def test_who_only_looks_is_answered_while_the_log_can_not_be_written(
    discord: StandIn, start_milena: StartMilena, home_dir: Path, club: Guild, ann: Person
) -> None:
    port = free_port()
    milena = await start_milena(MILENA_METRICS_PORT=str(port))
    await discord.ready()
    await ann.slash("coin")
    # When it can write no file any more, as on a full disk
    before = resource.prlimit(milena.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    # Then what would be written is refused with the reason, and the rest is answered
    refused = (await ann.slash("coin")).text
    assert "nothing was written" in refused
    assert STILL in refused
    assert "/play" in (await ann.slash("help")).text
    code, text = await get(port, "/readyz")
    assert (code, list(json.loads(text)["wrong"])) == (503, ["store"])
    assert (await get(port, "/healthz"))[0] == 200
    # And when it can again, all goes on by itself
    resource.prlimit(milena.pid, resource.RLIMIT_FSIZE, before)
    async with asyncio.timeout(30):
        while (await get(port, "/readyz"))[0] != 200:
            await asyncio.sleep(0.05)
    assert STILL not in (await ann.slash("coin")).text
    assert commands(home_dir) == ["coin", "coin"]


async def test_without_a_port_nothing_listens(milena: Bot, discord: StandIn) -> None:
    import psutil

    listening = [each for each in psutil.Process(milena.pid).net_connections() if each.status == "LISTEN"]
    assert listening == []
