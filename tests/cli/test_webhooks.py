"""`triage webhooks`: what other systems were told is seen, and told again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from bot.desk.news import News
from tests.cli.conftest import execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run


def test_they_are_listed_shown_and_told_again(run: Run, say: Callable[..., str], database: str) -> None:
    """With what became of them; one that is told again begins anew, and that is in the audit."""
    say("/start")
    assert run("webhooks", "list", "--db", database)[1] == "Every event was taken.\n"
    event = News("msg_1", "case.opened", datetime(2026, 11, 26, tzinfo=UTC), {"case": "T-ABC234"})
    execute(
        database,
        "INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, state, reason, attempts,"
        " created, done) SELECT id, 'webhook', 'webhook:crm:cases:', 'webhook', :payload, 1, 'refused', 'gone', 3, 0, 5"
        " FROM conversations",
        payload=msgspec.json.encode(event).decode(),
    )
    (one,) = json.loads(run("webhooks", "list", "--db", database, "--format", "json")[1])
    shown = run("webhooks", "list", "--db", database)[1]
    assert "crm  case.opened  T-ABC234  refused, 3 attempts, gone" in shown
    assert json.loads(run("webhooks", "show", str(one["number"]), "--db", database)[1]) == one
    assert run("webhooks", "retry", str(one["number"]), "--db", database)[0] == 0
    assert execute(database, "SELECT state, attempts, done FROM outbox WHERE carrier = 'webhook'") == [
        ("queued", 0, None)
    ]
    assert execute(database, "SELECT subject FROM audit WHERE action = 'webhook_retried'") == [("webhook:crm:cases:",)]
    code, _, said = run("webhooks", "retry", "999999", "--db", database)
    assert (code, "there is no event" in said) == (1, True)
    assert run("export", "--all", "--db", database)[0] == 0
