"""`triage parked`: events that could not be applied are seen, applied again, or given up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from bot.chat.events import Message
from bot.chat.people import User
from bot.service.parking import write_down
from bot.service.step import Received
from bot.store.rows import Arrival
from tests.cli.conftest import SHOP, execute, masked

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run
    from tests.conftest import Golden

ANA = "console:ana:chat:"


def park(database: str, key: str, text: str, payload: str | None = None) -> None:
    """Put an event of Ana's aside."""
    arrival = Arrival(ANA, key, Received(Message(key, text), User("ana", "Ana")))
    execute(
        database,
        "INSERT INTO parked (address, key, reason, payload, at) VALUES (:address, :key, 'KeyError: x', :payload, 0)",
        address=ANA,
        key=key,
        payload=write_down(arrival) if payload is None else payload,
    )


def number(run: Run, database: str) -> str:
    """The number of the only parked event."""
    (event,) = json.loads(run("parked", "list", "--db", database, "--format", "json")[1])
    return str(event["id"])


def test_they_are_listed_and_shown(run: Run, say: Callable[..., str], database: str, golden: Golden) -> None:
    """With what they say, in which no secret is left."""
    say("/start")
    assert run("parked", "list", "--db", database)[1] == "No event is parked.\n"
    park(database, "k", "my card is 5555 4444 3333 1111")
    one = number(run, database)
    shown = run("parked", "list", "--db", database)[1] + run("parked", "show", one, "--db", database)[1]
    assert "5555" not in shown
    golden(
        "golden/parked.txt",
        masked(shown).replace(f"{one:>4} ", "   1 ").replace(f" {one},", " 1,").replace(f"{one}`", "1`"),
    )


def test_a_retry_applies_it_once(run: Run, say: Callable[..., str], database: str) -> None:
    """What it brings about is shown in the terminal it belongs to; it is in the log and in the audit."""
    say("/start")
    park(database, "k", "woo")
    one = number(run, database)
    code, out, _ = run("parked", "retry", one, *SHOP, "--db", database)
    assert (code, "was applied" in out) == (0, True)
    assert run("parked", "retry", one, *SHOP, "--db", database)[0] == 1
    assert "You chose WooCommerce" in say()
    assert run("replay", ANA, *SHOP, "--db", database)[0] == 0
    assert execute(database, "SELECT action, subject FROM audit") == [("parked_retried", f"parked:{one}")]
    assert ("k",) in execute(database, "SELECT key FROM events")


def test_a_retry_that_was_cut_short_is_finished_by_the_next(run: Run, say: Callable[..., str], database: str) -> None:
    """Applied, but still parked: the same command tidies up and applies nothing twice."""
    say("/start")
    park(database, "k", "woo")
    run("parked", "retry", number(run, database), *SHOP, "--db", database)
    park(database, "k", "woo")
    events = execute(database, "SELECT rev FROM conversations")
    assert run("parked", "retry", number(run, database), *SHOP, "--db", database)[0] == 0
    assert execute(database, "SELECT rev FROM conversations") == events


def test_what_still_fails_stays_parked(run: Run, say: Callable[..., str], database: str) -> None:
    """The reason is told, and there is still one."""
    say("/start")
    park(database, "k", "woo")
    execute(database, "UPDATE conversations SET document = '{}'")
    code, _, errors = run("parked", "retry", number(run, database), *SHOP, "--db", database)
    assert code == 1
    assert "It stays parked." in errors
    assert len(execute(database, "SELECT id FROM parked")) == 1
    assert execute(database, "SELECT id FROM audit") == []


def test_one_can_be_given_up(run: Run, say: Callable[..., str], database: str) -> None:
    """After a question, or without; its key still counts as seen."""
    say("/start")
    park(database, "k", "woo")
    one = number(run, database)
    assert run("parked", "drop", one, "--db", database, stdin="n\n")[0] == 1
    assert run("parked", "drop", one, "--db", database, "--yes")[0] == 0
    assert execute(database, "SELECT id FROM parked") == []
    assert ("k",) in execute(database, "SELECT key FROM events")
    assert execute(database, "SELECT action FROM audit") == [("parked_dropped",)]


def test_what_cannot_be_read_can_only_be_dropped(run: Run, say: Callable[..., str], database: str) -> None:
    """No event, another platform, no such number: each is said."""
    say("/start")
    park(database, "k", "", payload="{}")
    one = number(run, database)
    assert "something that cannot be read" in run("parked", "show", one, "--db", database)[1]
    assert "cannot be applied" in run("parked", "retry", one, *SHOP, "--db", database)[2]
    execute(
        database,
        "UPDATE parked SET address = 'fax:T:C:', payload = :payload",
        payload=write_down(Arrival("fax:T:C:", "k", Received(Message("k", "x"), User("u")))),
    )
    assert "fax" in run("parked", "retry", one, *SHOP, "--db", database)[2]
    assert "there is no parked event 99" in run("parked", "show", "99", "--db", database)[2]
    assert msgspec.json.decode(run("parked", "show", one, "--db", database, "--format", "json")[1])["key"] == "k"


def test_an_event_of_another_platform_is_applied_for_whoever_delivers_there(
    run: Run, say: Callable[..., str], database: str
) -> None:
    """What comes of it waits in the outbox of Slack's carrier."""
    say("/start")
    park(database, "k", "")
    there = Arrival("slack:T:D1:", "k", Received(Message("k", "hello"), User("U1", "Ana")))
    execute(database, "UPDATE parked SET address = 'slack:T:D1:', payload = :payload", payload=write_down(there))
    assert run("parked", "retry", number(run, database), *SHOP, "--db", database)[0] == 0
    assert ("slack",) in execute(database, "SELECT carrier FROM outbox WHERE destination = 'slack:T:D1:'")
