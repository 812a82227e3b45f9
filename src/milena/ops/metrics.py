"""What Prometheus is told: the names here are promises, as dashboards and alarms rely on them.

prometheus-client is of the extra ``metrics``: nobody imports this file but where metrics are on. What labels
can say is bounded: commands and read models that there are, routes of Discord without ids.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from milena import __version__
from milena.ops.meter import Histogram, Meter
from milena.ops.sample import UNITS
from milena.ops.status import Status


class Facts(Struct, frozen=True):
    """What is asked when Prometheus asks. ``games`` open by state; ``lags`` in events by read model; ``head``
    of the log; ``connected`` to Discord."""

    status: Callable[[], Status]
    games: Callable[[], Mapping[str, int]]
    lags: Callable[[], Mapping[str, int]]
    head: Callable[[], int]
    connected: Callable[[], bool]


class Metrics(Collector):
    def __init__(self, meter: Meter, facts: Facts) -> None:
        self._meter, self._facts = meter, facts

    def describe(self) -> Iterable[Metric]:
        """Nothing is looked at when this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("milena", "This Milena", {"version": __version__})
        yield from self._done()
        yield from self._discord()
        yield from self._now()
        yield from self._used()

    def _done(self) -> Iterator[Metric]:
        meter = self._meter
        commands = CounterMetricFamily(
            "milena_commands", "Commands that were answered", labels=["command", "verdict"]
        )
        for labels, count in dict(meter.commands).items():
            commands.add_metric(labels, count)
        yield commands
        yield _histogram("milena_command_seconds", "From the arrival to the answer", meter.answered)
        yield CounterMetricFamily("milena_events", "Events that were written", meter.events)
        yield _histogram("milena_commit_events", "Events of a commit", meter.commits)

    def _discord(self) -> Iterator[Metric]:
        meter = self._meter
        calls = CounterMetricFamily("milena_discord_calls", "Calls of Discord", labels=["route", "status"])
        for labels, count in dict(meter.calls).items():
            calls.add_metric(labels, count)
        yield calls
        yield CounterMetricFamily("milena_discord_rate_limited", "Calls that met a rate limit", meter.limited)
        size = CounterMetricFamily("milena_discord_bytes", "Bytes of calls of Discord", labels=["direction"])
        size.add_metric(["sent"], meter.sent)
        size.add_metric(["received"], meter.received)
        yield size
        connected = self._facts.connected()
        yield GaugeMetricFamily("milena_discord_connected", "Whether the gateway is connected", connected)

    def _now(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("milena_log_position", "Events in the log", self._facts.head())
        writable = not self._facts.status().trouble
        yield GaugeMetricFamily("milena_log_writable", "Whether the log can be written", writable)
        games = GaugeMetricFamily("milena_games", "Games that are open", labels=["state"])
        for state, count in self._facts.games().items():
            games.add_metric([state], count)
        yield games
        lags = GaugeMetricFamily("milena_read_model_lag_events", "Events not yet taken in", labels=["model"])
        for model, lag in self._facts.lags().items():
            lags.add_metric([model], lag)
        yield lags

    def _used(self) -> Iterator[Metric]:
        status = self._facts.status()
        used = GaugeMetricFamily("milena_resource", "What is used", labels=["resource", "unit"])
        if status.samples:
            for name, value in status.samples[-1].values.items():
                used.add_metric([name, UNITS[name]], value)
        yield used
        limit = GaugeMetricFamily("milena_budget_limit", "What may be used; 0: no limit", labels=["budget"])
        crossed = GaugeMetricFamily("milena_budget_crossed", "Whether more is used", labels=["budget"])
        for each in status.budgets:
            limit.add_metric([each.name], each.limit)
            crossed.add_metric([each.name], each.crossed)
        yield limit
        yield crossed


def _histogram(name: str, text: str, measured: Histogram) -> HistogramMetricFamily:
    counts, total, buckets = list(measured.counts), 0, []
    for bound, count in zip([*measured.bounds, float("inf")], counts, strict=True):
        total += count
        buckets.append(("+Inf" if bound == float("inf") else str(float(bound)), float(total)))
    return HistogramMetricFamily(name, text, buckets, measured.sum)
