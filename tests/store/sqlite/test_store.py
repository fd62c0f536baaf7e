"""One file: callers that go away, several processes, a log that stays short."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store.opening import open_store
from bot.store.port import Unavailable
from bot.store.rows import Alarm, Stored
from bot.store.sqlite import checkpoints, recent
from bot.store.sqlite.store import TRIES
from bot.store.steps import here
from tests.programs import Program
from tests.store.made import A, appending, arrival, change, commit, exchange, message, step

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.store.port import Store
    from bot.store.rows import Arrival, Change, Task, Verdict

GUEST = """
import asyncio, sys
from bot.store.opening import open_store
from tests.store.sqlite.test_store import talk

async def main(url):
    store = await open_store(url)
    print("ready", flush=True)
    await talk(store, "guest")
    await store.close()

asyncio.run(main(sys.argv[1]))
"""


async def talk(store: Store, name: str) -> None:
    """Have somebody go on with each of five conversations twelve times, in one way and the other."""
    for n in range(60):
        batch = [arrival(f"console:1:{n % 5}:", f"{name}{n}")]
        if n % 2:
            await store.commit(batch, appending, 0)
        else:
            await store.commit_apart(batch, here(appending), 0)


@pytest.fixture
async def store(sqlite: str) -> AsyncIterator[Store]:
    """A store on a file."""
    opened = await open_store(sqlite)
    yield opened
    await opened.close()


def path(sqlite: str, suffix: str = "") -> Path:
    """The file, or one that lies beside it."""
    return Path(sqlite.removeprefix("sqlite:///") + suffix)


async def test_a_caller_that_goes_away_is_kept_waiting(store: Store) -> None:
    """Whoever is called off while the writer is at work gets away when it has ended: what it did is whole."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(arrival: Arrival, stored: Stored | None) -> Change | None:
        begun.set()
        go_on.wait()
        return step(arrival, stored)

    task = asyncio.create_task(store.commit([arrival(A, "1", change(message("hello"), document="1"))], slow, 0))
    await asyncio.to_thread(begun.wait)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    stored = await store.conversation(A)
    assert stored is not None
    assert stored.document == b"1"


async def test_what_a_caller_that_went_away_took_up_is_not_stuck(store: Store) -> None:
    """Messages taken up for a caller who is gone are taken up anew, as their first attempt; adopted ones as well."""
    await commit(store, arrival(A, "1", change(message("hello"))))
    await store.acquire("alive", "alive", 0, 1000)
    task = asyncio.create_task(exchange(store, owner="dead"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (delivery,) = await exchange(store, owner="dead")
    assert (delivery.payload, delivery.attempts) == ("hello", 1)
    adopting = asyncio.create_task(store.adopt("alive", ["console"], 10, 1))
    await asyncio.sleep(0)
    adopting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adopting
    assert await store.adopt("alive", ["console"], 10, 1) == [delivery]


async def test_a_failure_after_the_caller_went_away_is_nobodys(store: Store) -> None:
    """An error of a call that was called off is dropped with it."""
    go_on = threading.Event()

    def fail(*_: object) -> None:
        go_on.wait()
        raise ValueError

    task = asyncio.create_task(store.commit([arrival(A, "1")], fail, 0))
    await asyncio.sleep(0)
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.conversation(A) is None


async def test_what_is_written_holds_up_no_look_up(store: Store) -> None:
    """The steps of a batch begin while another one is being written: workers never wait for the disk."""
    begun, go_on, looked_up = threading.Event(), threading.Event(), asyncio.Event()

    def slow(arrival: Arrival, stored: Stored | None) -> Change | None:
        begun.set()
        go_on.wait()
        return step(arrival, stored)

    async def steps(tasks: Sequence[Task]) -> list[Change | None]:
        looked_up.set()
        return [change() for _ in tasks]

    writing = asyncio.create_task(store.commit([arrival(A, "1", change())], slow, 0))
    await asyncio.to_thread(begun.wait)
    beside = asyncio.create_task(store.commit_apart([arrival("console:1:b:", "1")], steps, 0))
    await looked_up.wait()
    assert not writing.done()
    go_on.set()
    assert await writing == await beside == ["applied"]


async def test_a_guest_writes_beside_us(store: Store, sqlite: str) -> None:
    """Two processes that go on with the same conversations at the same time: all of both is kept, each on the other."""
    guest = Program(sqlite, code=GUEST)
    assert guest.stdout.readline() == b"ready\n"
    await talk(store, "host")
    assert guest.communicate() == (b"", b"")
    assert guest.wait() == 0
    for each in range(5):
        document = await store.conversation(f"console:1:{each}:")
        assert document is not None
        ours, theirs = ([f"{name}{n}" for n in range(each, 60, 5)] for name in ("host", "guest"))
        said = document.document.decode().split()
        assert [key for key in said if key in ours] == ours
        assert [key for key in said if key in theirs] == theirs
        assert len(said) == document.rev == 24


async def test_the_log_stays_short(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While transaction follows transaction, the log of the file begins anew: it never holds all that was written."""
    monkeypatch.setattr(checkpoints, "EVERY", 8)
    monkeypatch.setattr(checkpoints, "LONGEST", 100)
    store = await open_store(sqlite)
    await asyncio.gather(
        *(commit(store, arrival(f"console:1:{n}:", "1", change(document="x" * 10_000))) for n in range(1_000))
    )
    written = path(sqlite).stat().st_size
    assert path(sqlite, "-wal").stat().st_size < written
    await store.close()


async def test_a_reader_delays_checkpoints_and_nothing_else(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a backup or a curious person reads, events are kept all the same; afterwards the log begins anew."""
    monkeypatch.setattr(checkpoints, "EVERY", 8)
    monkeypatch.setattr(checkpoints, "LONGEST", 50)
    store = await open_store(sqlite)
    with closing(sqlite3.connect(path(sqlite), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT count(*) FROM events").fetchone()
        for n in range(100):
            await commit(store, arrival(A, str(n), change(document="x" * 10_000)))
        assert reader.execute("SELECT count(*) FROM events").fetchone() == before == (0,)
    long = path(sqlite, "-wal").stat().st_size
    for n in range(100, 300):
        await commit(store, arrival(A, str(n), change(document="x" * 10_000)))
    assert path(sqlite, "-wal").stat().st_size < 2 * long
    await store.close()


async def test_closing_leaves_one_whole_file(sqlite: str) -> None:
    """After the last process has closed it there is the file alone, with everything in it, in order."""
    store = await open_store(sqlite)
    await commit(store, arrival(A, "1", change(document="1")))
    assert path(sqlite, "-wal").exists()
    await store.close()
    assert sorted(each.name for each in path(sqlite).parent.iterdir()) == ["triage.db"]
    with closing(sqlite3.connect(path(sqlite))) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT document FROM conversations").fetchall() == [("1",)]


async def test_commits_survive_a_power_cut(store: Store) -> None:
    """The file is opened so that a commit is on the disk when it returns."""
    settings = {name: store._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}  # type: ignore[attr-defined]
    assert settings == {"journal_mode": "wal", "synchronous": 2}


def _meddling() -> list[tuple[str, str, list[str], list[Verdict]]]:
    """What another process does between look-up and writing, what it leaves, and what is told then."""
    timer = "DELETE FROM timers"
    return [
        ("UPDATE conversations SET rev = 5, document = 'theirs'", "changed", ["1", "theirs"], ["applied"]),
        ("INSERT INTO events (conversation, key, rev, at) SELECT id, 'e', 1, 0 FROM conversations", "seen", ["1"],
         ["duplicate"]),
        ("INSERT INTO parked (address, key, reason, payload, at) VALUES ('console:1:a:', 'e', '', '', 0)", "parked",
         ["1"], ["duplicate"]),
        (timer, "called off", ["1"], ["stale"]),
        ("DELETE FROM conversations", "forgotten", ["1", ""], ["applied"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("meddle", "seen", "told"),
    [(each, seen, told) for each, _, seen, told in _meddling()],
    ids=[e[1] for e in _meddling()],
)
@pytest.mark.parametrize("made", [change(document="ours"), None])
async def test_what_changed_meanwhile_is_stepped_anew(
    store: Store, sqlite: str, meddle: str, seen: list[str], told: list[Verdict], made: Change | None
) -> None:
    """Another process may write while steps are taken elsewhere: nothing of it is lost, nothing is applied twice."""
    await commit(store, arrival(A, "1", change(document="1", tick=5)))
    documents: list[str] = []

    async def steps(tasks: Sequence[Task]) -> list[Change | None]:
        documents.extend(each.stored.document.decode() if each.stored else "" for each in tasks)
        if len(documents) == 1:
            with closing(sqlite3.connect(path(sqlite))) as other, other:
                other.execute(meddle)
        return [made]

    one = arrival(A, "e", alarm=Alarm(A, "tick", 5) if "timers" in meddle else None)
    assert await store.commit_apart([one], steps, 1) == told
    assert documents == seen


async def test_what_others_write_is_read(store: Store, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation is remembered as it was left, and read again as soon as anybody else has written to the file.

    One that was removed and began anew is another one, also where its row has the numbers of the old one.
    """
    monkeypatch.setattr(recent, "MOST", 1)
    for n in range(3):
        await commit(store, arrival(A, str(n), change(document=f"ours {n}")))
    before = await store.conversation(A)
    with closing(sqlite3.connect(path(sqlite))) as other, other:
        other.execute("DELETE FROM events")
        other.execute("UPDATE conversations SET document = 'theirs'")
    found: list[Stored | None] = []

    def watch(arrival: Arrival, stored: Stored | None) -> Change | None:
        found.append(stored)
        return change(document=f"after {arrival.key}")

    await store.commit([arrival(A, "1")], watch, 0)
    await store.commit([arrival(A, "2")], watch, 0)
    assert before is not None
    assert found == [before._replace(document=b"theirs"), Stored(before.id, before.rev + 1, b"after 1")]
    await commit(store, arrival("console:1:b:", "1", change()))
    await store.commit([arrival(A, "3")], watch, 0)
    assert found[2:] == [Stored(before.id, before.rev + 2, b"after 2")]


async def test_a_conversation_that_began_meanwhile_goes_on(store: Store, sqlite: str) -> None:
    """Two processes begin the same conversation at the same time: the second one finds it begun."""
    found: list[Stored | None] = []

    async def steps(tasks: Sequence[Task]) -> list[Change | None]:
        found.append(tasks[0].stored)
        if found == [None]:
            other = await open_store(sqlite)
            await commit(other, arrival(A, "theirs", change(document="1")))
            await other.close()
        return [change(document="2")]

    assert await store.commit_apart([arrival(A, "ours")], steps, 0) == ["applied"]
    assert found == [None, Stored(1, 1, b"1")]
    assert await store.conversation(A) == Stored(1, 2, b"2")


async def test_whoever_is_late_each_time_gives_up(store: Store) -> None:
    """If a conversation changes as often as a batch is stepped, its bringer is told to come again; nothing is kept."""
    await commit(store, arrival(A, "1", change()))
    keys = iter(range(1000))

    async def steps(_: Sequence[Task]) -> list[Change | None]:
        await commit(store, arrival(A, f"theirs {next(keys)}", change()))
        return [change()]

    with pytest.raises(Unavailable, match="faster each time"):
        await store.commit_apart([arrival(A, "ours")], steps, 0)
    assert next(keys) == TRIES
