"""What may be wrong with a file: each fault is said with what to do, and loses nothing."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store import migrating, opening
from bot.store.opening import open_store
from bot.store.port import StoreError, Unavailable
from bot.store.sqlite import file
from bot.store.sqlite.store import SqliteStore
from tests.store.made import A, arrival, change, commit, exchange, message

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Whom permissions hold for, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


async def refused(path: Path, says: str, kind: type[StoreError] = StoreError) -> None:
    """The file is refused, with the reason, and its name."""
    with pytest.raises(kind, match=says) as caught:
        await open_store(f"sqlite:///{path}")
    assert str(path) in str(caught.value)


async def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    """The file's folder is not made; the error asks for it."""
    await refused(tmp_path / "none" / "x.db", "Does its folder exist")


async def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    """A folder cannot be opened."""
    await refused(tmp_path, "cannot be opened")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """Any other file is refused, and stays as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("notes " * 1000)
    await refused(path, "not a database")
    assert path.read_text() == "notes " * 1000


async def test_another_programs_database(tmp_path: Path) -> None:
    """A database that is not ours is refused, and stays as it is."""
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    await refused(path, "another program's database")
    assert path.read_bytes() == before


async def test_a_newer_database(sqlite: str) -> None:
    """A file of a newer version is refused, with the advice to update."""
    with closing(sqlite3.connect(sqlite.removeprefix(file.URL))) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"made by a newer version.*9999.*Update"):
        await open_store(sqlite)


async def test_a_file_that_is_read_only(sqlite: str, folder: Path) -> None:
    """A file that may be read and not written is refused, new or not."""
    path = Path(folder / "x.db")
    path.write_bytes(Path(sqlite.removeprefix(file.URL)).read_bytes())
    path.chmod(0o444)
    with ordinary_user():
        await refused(path, "read-only|may this user write")
    folder.chmod(0o555)
    with ordinary_user():
        await refused(path, "read-only|may this user write")
        await refused(folder / "new.db", "read-only|may this user write")


async def test_a_damaged_file(sqlite: str) -> None:
    """A damaged database is named as such, not worked on."""
    path = Path(sqlite.removeprefix(file.URL))
    store = await open_store(sqlite)
    await commit(store, *(arrival(f"console:1:{n}:", "1", change(document="x" * 3000)) for n in range(50)))
    await store.close()
    size = path.stat().st_size
    with path.open("r+b") as opened:
        opened.seek(4096 * 2)
        opened.write(b"\xa5" * (size - 4096 * 2))
    with pytest.raises(StoreError, match=r"damaged\. Restore it from a backup"):
        await open_store(sqlite)


async def test_a_file_that_another_process_holds(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits in vain for another process is told, has kept nothing, and goes on when it is gone."""
    monkeypatch.setattr(file, "BUSY_MS", 20)
    store = await open_store(sqlite)
    with closing(sqlite3.connect(sqlite.removeprefix(file.URL), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="another process holds the file"):
            await commit(store, arrival(A, "1", change()))
    assert await commit(store, arrival(A, "1", change())) == ["applied"]
    await store.close()


async def test_a_full_disk(sqlite: str) -> None:
    """What does not fit is not kept, and said so; what was kept before stays, and with room it goes on by itself."""
    store = await open_store(sqlite)
    assert isinstance(store, SqliteStore)
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {pages + 20}")
    kept = 0
    with pytest.raises(Unavailable, match="the disk is full"):  # noqa: PT012  (it takes a while to fill)
        while kept < 1000:
            await commit(store, arrival(A, str(kept), change(message(str(kept)), document="x" * 5000)))
            kept += 1
    stored = await store.conversation(A)
    assert stored is not None
    assert stored.rev == kept > 0
    assert (await exchange(store, limit=1))[0].payload == "0"
    store._db.execute("PRAGMA max_page_count = 1000000")
    assert await commit(store, arrival(A, str(kept), change())) == ["applied"]
    await store.close()


async def test_a_file_that_becomes_read_only(sqlite: str) -> None:
    """While nothing can be written nothing is kept, and said so; afterwards it goes on by itself."""
    store = await open_store(sqlite)
    assert isinstance(store, SqliteStore)
    store._db.execute("PRAGMA query_only = on")
    with pytest.raises(StoreError, match="read-only"):
        await commit(store, arrival(A, "1", change()))
    store._db.execute("PRAGMA query_only = off")
    assert await commit(store, arrival(A, "1", change())) == ["applied"]
    await store.close()


async def test_opening_again_needs_no_migration(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is up to date is opened without loading what migrates it."""
    monkeypatch.setattr(migrating, "migrate", None)
    monkeypatch.setattr(opening, "_migrate", None)
    await (await open_store(sqlite)).close()


async def test_a_name_may_hold_anything(tmp_path: Path) -> None:
    """The name of a file is taken as it is written."""
    path = tmp_path / "a ?b=c#d%20é.db"
    await (await open_store(f"sqlite:///{path}")).close()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_those_who_open_a_new_file_at_once_wait_for_one_another(tmp_path: Path) -> None:
    """SQLite itself refuses all but one of those who bring a file into WAL mode at the same moment."""
    with ThreadPoolExecutor(6) as threads:
        for number in range(60):
            path = tmp_path / f"{number}.db"
            for db in threads.map(file.connect, [path] * 6):
                db.close()
