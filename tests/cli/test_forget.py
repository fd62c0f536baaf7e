"""`triage forget`: nothing of a conversation is left here, and what is left elsewhere is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bot.service.registry import fingerprint
from tests.cli.conftest import execute, masked

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run
    from tests.conftest import Golden

ANA = "console:ana:chat:"
TABLES = ("conversations", "events", "outbox", "links", "cases", "timers", "drops", "parked")
WORDS = "the unmistakable orders fail"


def rows(database: str, table: str) -> int:
    """How many rows a table has."""
    return int(execute(database, f"SELECT count(*) FROM {table}")[0][0])


def test_nothing_is_left_but_the_audit(run: Run, say: Callable[..., str], database: str, golden: Golden) -> None:
    """Every table is empty of it, another conversation is whole, and the report says what remains elsewhere."""
    say("/start", "woo", WORDS, "/human")
    say("/start", who="bo")
    execute(database, f"INSERT INTO drops (id, address, sealed, until) VALUES ('d1', '{ANA}', 'sealed', 9)")
    before = {table: rows(database, table) for table in TABLES}
    report = json.loads(run("forget", ANA, "--yes", "--db", database, "--format", "json")[1])
    after = {table: rows(database, table) for table in TABLES}
    assert {table: before[table] - after[table] for table in TABLES} == report["removed"]
    assert after["conversations"] == 1
    assert after["outbox"] > 0
    assert "no conversation" in run("explain", ANA, "--db", database)[2]
    say("/start", "woo", WORDS, "/human")
    code, out, _ = run("forget", ANA, "--yes", "--db", database)
    assert code == 0
    golden("golden/forget.txt", masked(out))
    action, subject, data = execute(database, "SELECT action, subject, data FROM audit ORDER BY id")[0]
    assert (action, subject) == ("conversation_forgotten", fingerprint(ANA))
    assert json.loads(data) == report["removed"]
    assert "ana" not in subject


def test_the_file_holds_no_trace(run: Run, say: Callable[..., str], database: str) -> None:
    """What was removed is overwritten in the file and gone from its log; PostgreSQL's vacuum does the same."""
    say("/start", "woo", WORDS)
    run("forget", ANA, "--yes", "--db", database)
    if database.startswith("sqlite:///"):
        path = Path(database.removeprefix("sqlite:///"))
        assert not [each for each in path.parent.glob(f"{path.name}*") if WORDS.encode() in each.read_bytes()]
    assert not [row for row in execute(database, "SELECT coalesce(records, '') FROM events") if WORDS in row[0]]


def test_it_asks_first(run: Run, say: Callable[..., str], database: str) -> None:
    """Anything but yes leaves everything as it is."""
    say("/start", "woo")
    assert run("forget", ANA, "--db", database, stdin="n\n")[0] == 1
    assert run("forget", ANA, "--db", database)[0] == 1
    assert run("explain", ANA, "--db", database)[0] == 0
    assert run("forget", ANA, "--db", database, stdin="y\n")[0] == 0
    assert say("/start").startswith("> /start\n\nHello Ana")
