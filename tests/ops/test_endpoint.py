"""Metrics and health over HTTP, as Prometheus and a supervisor see them."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from msgspec import Struct
from prometheus_client.parser import text_string_to_metric_families

from milena.ops.endpoint import serving
from milena.ops.health_check import NEAR, Health
from milena.ops.meter import Meter
from milena.ops.metrics import Facts, Metrics
from milena.ops.sample import UNITS, Sample
from milena.ops.status import Held, Status

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana.json"


class Part(Struct):
    """The engine, or the follower."""

    is_running: bool = True
    trouble: str = ""


class World(Struct):
    """What is so now; a test changes it."""

    meter: Meter
    engine: Part
    follower: Part
    connected: bool = True
    lag: int = 0

    def how_far(self) -> int:
        if self.lag < 0:
            raise OSError("no disk")
        return self.lag

    @property
    def status(self) -> Status:
        held = Held("memory", "memory", "MB", 512.0, False, ("shrink caches",))
        sample = Sample(1.0, dict.fromkeys(UNITS, 3.0))
        return Status(1, "1.0", "", 0.0, 1.0, 5.0, False, self.engine.trouble, (held,), (sample,))


Get = Callable[[str], tuple[int, str]]


@pytest.fixture
def world() -> World:
    return World(Meter(), Part(), Part())


@pytest.fixture
def get(world: World) -> Iterator[Get]:
    facts = Facts(
        lambda: world.status, lambda: {"playing": 2, "waiting": 1}, lambda: {"audit": world.lag},
        lambda: 42, lambda: world.connected,
    )  # fmt: skip
    health = Health(world.engine, world.follower, lambda: world.connected, world.how_far)
    with serving(0, Metrics(world.meter, facts), health) as port:

        def get(path: str) -> tuple[int, str]:
            try:
                with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                    return answer.status, answer.read().decode()
            except HTTPError as error:
                return error.code, error.read().decode()

        yield get


def values(get: Get) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample, by its name and labels, as Prometheus reads it."""
    code, text = get("/metrics")
    assert code == 200
    families = text_string_to_metric_families(text)
    return {
        (each.name, frozenset(each.labels.items())): each.value
        for family in families
        for each in family.samples
    }


def label(**labels: str) -> frozenset[tuple[str, str]]:
    return frozenset(labels.items())


def test_what_was_done_is_told(world: World, get: Get) -> None:
    for seconds, verdict in ((0.002, "accepted"), (0.03, "accepted"), (7.0, "refused")):
        world.meter.command("ping", verdict, seconds)
    for events in (1, 4):
        world.meter.commit(events)
    world.meter.call("POST /channels/*/messages", 429, 10, 20)
    world.meter.call("POST /channels/*/messages", 200, 10, 20)
    world.lag = 5
    found = values(get)
    route = "POST /channels/*/messages"
    expected: dict[tuple[str, frozenset[tuple[str, str]]], float] = {
        ("milena_commands_total", label(command="ping", verdict="accepted")): 2,
        ("milena_commands_total", label(command="ping", verdict="refused")): 1,
        ("milena_command_seconds_bucket", label(le="0.0025")): 1,
        ("milena_command_seconds_bucket", label(le="0.05")): 2,
        ("milena_command_seconds_bucket", label(le="5.0")): 2,
        ("milena_command_seconds_bucket", label(le="+Inf")): 3,
        ("milena_command_seconds_count", label()): 3,
        ("milena_command_seconds_sum", label()): pytest.approx(7.032),
        ("milena_events_total", label()): 5,
        ("milena_commit_events_count", label()): 2,
        ("milena_commit_events_sum", label()): 5,
        ("milena_discord_calls_total", label(route=route, status="4xx")): 1,
        ("milena_discord_calls_total", label(route=route, status="2xx")): 1,
        ("milena_discord_rate_limited_total", label()): 1,
        ("milena_discord_bytes_total", label(direction="sent")): 20,
        ("milena_discord_bytes_total", label(direction="received")): 40,
        ("milena_games", label(state="playing")): 2,
        ("milena_read_model_lag_events", label(model="audit")): 5,
        ("milena_log_position", label()): 42,
        ("milena_log_writable", label()): 1,
        ("milena_discord_connected", label()): 1,
        ("milena_resource", label(resource="memory", unit="MB")): 3,
        ("milena_budget_limit", label(budget="memory")): 512,
        ("milena_budget_crossed", label(budget="memory")): 0,
    }
    assert {key: found.get(key) for key in expected} == expected


def test_the_dashboard_uses_what_there_is(world: World, get: Get) -> None:
    world.meter.command("ping", "accepted", 0.001)
    world.meter.call("GET /gateway", 200, 0, 0)
    world.meter.commit(1)
    there = values(get)
    names = {name for name, _ in there}
    labels = {key for _, found in there for key, _ in found}
    asked = [
        target["expr"] for panel in json.loads(DASHBOARD.read_text())["panels"] for target in panel["targets"]
    ]
    assert len(asked) > 15
    used = {name for expr in asked for name in re.findall(r"milena_\w+", expr)}
    assert used <= names
    for expr in asked:
        for found in re.findall(r"by \(([\w, ]+)\)|\{(\w+)=", expr):
            assert {each.strip() for each in "".join(found).split(",")} <= labels, expr
    # and whatever is told is on it, in some form
    stem = r"_(total|bucket|sum|count)$"
    assert {re.sub(stem, "", name) for name in names} <= {re.sub(stem, "", name) for name in used}


@pytest.mark.parametrize(
    ("change", "lives", "wrong"),
    [
        ({}, True, set()),
        ({"engine": Part(is_running=False)}, False, {"writer"}),
        ({"follower": Part(is_running=False)}, False, {"follower"}),
        ({"engine": Part(trouble="The disk is full.")}, True, {"store"}),
        ({"connected": False}, True, {"discord"}),
        ({"lag": NEAR}, True, set()),
        ({"lag": NEAR + 1}, True, {"read models"}),
        ({"lag": -1}, True, {"log"}),
    ],
)
def test_health_says_what_is_wrong(
    world: World, change: dict[str, Any], lives: bool, wrong: set[str]
) -> None:
    for name, value in change.items():
        setattr(world, name, value)
    health = Health(world.engine, world.follower, lambda: world.connected, world.how_far)
    assert (health.lives() == {}) == lives
    assert set(health.ready()) == wrong


def test_health_over_http(world: World, get: Get) -> None:
    assert get("/healthz") == (200, '{"ok":true,"wrong":{}}\n')
    assert get("/readyz")[0] == 200
    world.connected = False
    code, text = get("/readyz")
    assert (code, json.loads(text)["wrong"]) == (503, {"discord": "the gateway is not connected"})
    assert get("/healthz")[0] == 200
    world.engine.is_running = False
    assert get("/healthz")[0] == 503
    assert get("/elsewhere")[0] == 404


def test_metrics_that_can_not_be_gathered_are_told_in_a_sentence(
    world: World, get: Get, capfd: pytest.CaptureFixture[str]
) -> None:
    world.meter.commands = None  # type: ignore[assignment]
    code, text = get("/metrics")
    assert (code, text) == (503, "The metrics can't be gathered now; the log says why.\n")
    assert "Traceback" not in capfd.readouterr().err


def test_it_listens_on_this_machine_only_and_frees_its_port(world: World) -> None:
    health = Health(world.engine, world.follower, lambda: True, lambda: 0)
    facts = Facts(lambda: world.status, dict, dict, lambda: 0, lambda: True)
    with serving(0, Metrics(world.meter, facts), health) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10):
            pass  # who connects and says nothing stops nobody
        with pytest.raises(OSError), serving(port, Metrics(world.meter, facts), health):
            pass
    with serving(port, Metrics(world.meter, facts), health) as again:
        assert again == port
