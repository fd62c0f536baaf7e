"""`triage vacuum`: what was kept for long enough goes, class by class; what has not ended stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.store.erasing import DAY_MS
from tests.cli.conftest import execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run


@pytest.fixture
def vacuum(run: Run, database: str) -> Callable[..., dict[str, Any]]:
    """Vacuum; the report."""

    def work(*options: str) -> dict[str, Any]:
        code, out, errors = run("vacuum", "--db", database, "--format", "json", *options)
        assert (code, errors) == (0, "")
        found: dict[str, Any] = json.loads(out)
        return found

    return work


def age(database: str, table: str, column: str, days: int) -> None:
    """Make everything in a table so much older."""
    execute(database, f"UPDATE {table} SET {column} = {column} - {days * DAY_MS}")


def test_what_is_young_stays(say: Callable[..., str], vacuum: Callable[..., dict[str, Any]]) -> None:
    """Nothing is removed that was made just now."""
    say("/start", "/cancel", "yes")
    assert not any(vacuum()["removed"].values())


def test_ended_conversations_go_and_open_ones_stay(
    say: Callable[..., str], vacuum: Callable[..., dict[str, Any]], run: Run, database: str
) -> None:
    """However old an open one is; a rehearsal says the same and changes nothing."""
    say("/start", "/cancel", "yes")
    say("/start", who="bo")
    age(database, "conversations", "updated", 400)
    rehearsed = vacuum("--dry-run")
    assert rehearsed["dry_run"]
    assert run("explain", "console:ana:chat:", "--db", database)[0] == 0
    done = vacuum()
    assert done["removed"] == rehearsed["removed"]
    assert done["removed"]["ended conversations"] == 1
    assert run("explain", "console:ana:chat:", "--db", database)[0] == 1
    assert run("explain", "console:bo:chat:", "--db", database)[0] == 0
    assert [action for (action,) in execute(database, "SELECT action FROM audit")] == ["vacuumed"]


def test_a_conversation_stays_as_long_as_its_case_is_not_closed(
    say: Callable[..., str], vacuum: Callable[..., dict[str, Any]], run: Run, database: str
) -> None:
    """Somebody has yet to do something about it, however long ago the merchant wrote; then the case goes with it."""
    say("/start", "/human")
    age(database, "conversations", "updated", 400)
    assert vacuum()["removed"]["ended conversations"] == 0
    assert run("explain", "console:ana:chat:", "--db", database)[0] == 0
    execute(database, "UPDATE cases SET status = 'closed'")
    assert vacuum()["removed"]["ended conversations"] == 1
    assert execute(database, "SELECT count(*) FROM cases") == [(0,)]


@pytest.mark.parametrize(
    ("state", "days", "kind"),
    [("sent", 31, "sent messages"), ("refused", 91, "messages that failed"), ("uncertain", 91, "messages that failed")],
)
def test_messages_go_by_what_became_of_them(
    say: Callable[..., str], vacuum: Callable[..., dict[str, Any]], database: str, state: str, days: int, kind: str
) -> None:
    """Failures stay longer, because somebody has to look into them; what is to be sent stays."""
    say("/start")
    execute(database, "UPDATE outbox SET state = :state", state=state)
    age(database, "outbox", "done", days - 2)
    assert vacuum()["removed"][kind] == 0
    age(database, "outbox", "done", 2)
    assert vacuum()["removed"][kind] == 2
    assert "Which platform?" not in say()


def test_what_waits_to_be_sent_keeps_its_conversation(
    say: Callable[..., str], vacuum: Callable[..., dict[str, Any]], database: str
) -> None:
    """Nothing is dropped that was not sent."""
    say("/start", "/cancel", "yes")
    age(database, "conversations", "updated", 400)
    execute(database, "UPDATE outbox SET state = 'queued', done = NULL")
    assert not any(vacuum()["removed"].values())


def test_versions_of_flows_go_when_nobody_can_be_on_them(
    say: Callable[..., str], vacuum: Callable[..., dict[str, Any]], database: str
) -> None:
    """A version that was replaced stays as long as a conversation from before is there, or one that names it."""
    say("/start")
    execute(database, "INSERT INTO flows (flow, hash, document, at) SELECT flow, 'newer', document, at FROM flows")
    execute(database, "UPDATE flows SET at = at + 3600000 WHERE hash = 'newer'")
    assert vacuum()["removed"]["versions of flows"] == 0
    execute(database, "UPDATE conversations SET created = created + 7200000")
    kept = vacuum()["removed"]["versions of flows"]
    assert kept > 0
    (hashes,) = execute(database, "SELECT count(*) FROM flows WHERE flow = 'shop'")
    assert hashes == (2,)


def test_the_room_is_given_back(say: Callable[..., str], vacuum: Callable[..., dict[str, Any]], database: str) -> None:
    """The file is smaller afterwards."""
    for who in "abcd":
        say("/start", *["x" * 600] * 20, "/cancel", "yes", who=who)  # which calls a person in the end
    execute(database, "UPDATE cases SET status = 'closed'")
    age(database, "conversations", "updated", 400)
    done = vacuum()
    assert done["removed"]["ended conversations"] == 4
    assert done["trouble"] == ""
    assert done["after"] < done["before"]


def test_it_is_written_for_people(run: Run, database: str) -> None:
    """Figures, then what they mean."""
    code, out, _ = run("vacuum", "--dry-run", "--db", database)
    assert code == 0
    assert out.startswith("Would be removed:\n")
    assert "Nothing was changed." in out
