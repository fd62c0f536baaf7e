"""Processes are killed while merchants talk, and no promise is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store.faults import Point
from tests.crash.__main__ import figures
from tests.crash.conftest import KILLS, MERCHANTS

if TYPE_CHECKING:
    from tests.crash.run import Outcome

pytestmark = pytest.mark.usefixtures("anyio_backend")  # the run is an asynchronous fixture


@pytest.fixture(params=["on_sqlite", "on_postgres"])
def outcome(request: pytest.FixtureRequest) -> Outcome:
    """A short run on each database."""
    run: Outcome = request.getfixturevalue(request.param)
    return run


def test_no_promise_is_broken(outcome: Outcome) -> None:
    """After kills at named points and at random, on a platform that misbehaves, the judge finds nothing."""
    assert outcome.broken == []


def test_a_batch_was_with_a_worker(on_sqlite: Outcome) -> None:
    """A process died while it waited for the steps of a batch: what it was at is no more lost than anything else."""
    assert on_sqlite.with_workers[Point.HANDED], on_sqlite.kills


def test_the_report_names_every_point(outcome: Outcome) -> None:
    """Those at which nothing died as well: a run that leaves one out does not hide it."""
    told = figures(outcome)["kills at"]
    assert {point.value for point in Point} <= told.keys()
    assert sum(told.values()) == outcome.kills.total()


def test_the_run_was_hard(outcome: Outcome) -> None:
    """There were kills, conversations to their end, duplicates, failing calls, timers and replies: much to judge."""
    assert outcome.kills.total() >= KILLS
    assert len(outcome.talks) >= MERCHANTS
    assert outcome.results["applied"] > 15 * MERCHANTS
    assert outcome.results["duplicate"]
    assert outcome.truth.counts["silent"]
    assert outcome.stored.parked
    assert any(row["key"].startswith("due:") for row in outcome.stored.events)
    assert {"sent", "refused"} <= {row["state"] for row in outcome.stored.outbox if row["kind"] == "relay"}
    assert len({row["destination"] for row in outcome.stored.outbox}) > MERCHANTS
