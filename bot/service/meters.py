"""What a service counts, in Prometheus' form: how much and how fast, never what anybody wrote, nor who did."""

from __future__ import annotations

import time
from collections import Counter as Sums
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service.intake import Answer, Intake
    from bot.service.leases import Lease
    from bot.store.rows import Arrival, Backlog, Change, Settlement, Step, Stored

TURN_S: Final = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1.0)


class Meters:
    """The figures of one process; those of the store are of all processes on it."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._events = self._counter("events", "Events brought in, by what their bringer was told.", "result")
        self._settled = self._counter("deliveries", "Attempts to send a message, by what became of it.", "state")
        self._turns = Histogram(
            "triage_turn_seconds", "How long a turn took to compute.", buckets=TURN_S, registry=self._registry
        )
        self._waiting = self._gauge("events_waiting", "Events that wait to be kept, or are being kept.")
        self._held = self._gauge("lease_held", "Whether this process holds a lease.", "lease")
        self._messages = self._gauge("messages_pending", "Messages that are not sent yet.", "channel", "state")
        self._lanes = self._gauge("lanes_waiting", "Lanes (conversation and destination) not empty.", "channel")
        self._parked = self._gauge("events_parked", "Events put aside, because they could not be applied.")

    def settled(self, carrier: str, settlement: Settlement) -> None:
        """An attempt to send a message by `carrier` was written down."""
        self._settled.labels(_channel(carrier), settlement.state).inc()

    def timed(self, step: Step) -> Step:
        """A step whose turns are timed."""

        def timed(arrival: Arrival, stored: Stored | None) -> Change | None:
            start = time.perf_counter()
            try:
                return step(arrival, stored)
            finally:
                self._turns.observe(time.perf_counter() - start)

        return timed

    def turn(self, seconds: float) -> None:
        """A turn took so long to compute."""
        self._turns.observe(seconds)

    def watch_intake(self, intake: Intake) -> None:
        """Count what is brought there, and show how much waits."""

        def told(arrival: Arrival, answer: Answer) -> None:
            self._events.labels(_channel(arrival.address), answer).inc()

        intake.told = told
        self._waiting.set_function(lambda: intake.waiting)

    def watch_lease(self, lease: Lease, name: str) -> None:
        """Show whether a lease is held."""
        held: Callable[[], float] = lambda: lease.held  # noqa: E731  (its type is what is to be said)
        self._held.labels(name).set_function(held)

    def text(self, backlog: Backlog | None) -> bytes:
        """All figures in Prometheus' text format; those of the store are missing if it cannot be reached."""
        for each in (self._messages, self._lanes):
            each.clear()
        if backlog is not None:
            self._parked.set(backlog.parked)
            messages, lanes = Sums[tuple[str, str]](), Sums[str]()
            for queue in backlog.queues:
                channel = _channel(queue.carrier)
                messages.update({(channel, "queued"): queue.queued, (channel, "sending"): queue.sending})
                lanes[channel] += queue.lanes
            for labels, count in messages.items():
                self._messages.labels(*labels).set(count)
            for channel, count in lanes.items():
                self._lanes.labels(channel).set(count)
        return generate_latest(self._registry)

    def _counter(self, name: str, words: str, label: str) -> Counter:
        return Counter(f"triage_{name}", words, ("channel", label), registry=self._registry)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"triage_{name}", words, labels, registry=self._registry)


def _channel(name: str) -> str:
    """What an address or a carrier begins with: all that a figure may tell of it."""
    return name.partition(":")[0].partition(".")[0]
