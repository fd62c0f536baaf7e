"""The tokens of workspaces: sealed, each for its own workspace, gone with the app."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from bot.channels.slack.installations import ALLOWED_S, Installations
from bot.service.port import Refused
from bot.store.opening import open_store
from tests.channels.telegram.conftest import anyio_backend
from tests.databases import new_file

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.store.port import Store

__all__ = ["anyio_backend"]

pytestmark = pytest.mark.anyio

KEY = Fernet.generate_key().decode()
TOKEN = "xoxb-of-the-first-workspace"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A database."""
    opened = await open_store(new_file(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
def installations(store: Store) -> Installations:
    """With a clock that stands still at 5."""
    return Installations(store, KEY, lambda: 5)


async def test_a_token_is_kept_sealed(installations: Installations, tmp_path: Path) -> None:
    """It is found by its workspace, and the database gives it away to nobody without the key."""
    await installations.keep("T1", TOKEN)
    assert await installations.token("T1") == TOKEN
    with closing(sqlite3.connect(tmp_path / "triage.db")) as database:
        ((sealed,),) = database.execute("SELECT sealed FROM installations")
    assert TOKEN not in sealed
    assert TOKEN.encode() not in b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())


async def test_a_workspace_without_the_app_has_no_token(installations: Installations) -> None:
    """Before it is installed and after it is removed; a word of an older removal changes nothing."""
    with pytest.raises(Refused, match="not_installed"):
        await installations.token("T1")
    await installations.keep("T1", TOKEN)
    await installations.remove("T1", 4)
    assert await installations.token("T1") == TOKEN
    await installations.remove("T1", 5)
    with pytest.raises(Refused, match="not_installed"):
        await installations.token("T1")


async def test_a_token_serves_no_other_workspace(installations: Installations, store: Store) -> None:
    """Whoever can write to the database cannot hand one workspace's token to another, nor a state for a token."""
    await installations.keep("T1", TOKEN)
    sealed = await store.installed("slack:T1")
    assert sealed is not None
    for each in (sealed, installations.state(), "no token"):
        await store.install("slack:T2", each, 5)
        with pytest.raises(Refused, match="another key"):
            await installations.token("T2")
    assert not installations.is_state(sealed)


async def test_another_key_opens_nothing(installations: Installations, store: Store) -> None:
    """The message says so, without a token in it."""
    await installations.keep("T1", TOKEN)
    other = Installations(store, Fernet.generate_key().decode(), lambda: 5)
    with pytest.raises(Refused, match="sealed with another key"):
        await other.token("T1")


@pytest.mark.parametrize(("later", "expected"), [(0, True), (ALLOWED_S, True), (ALLOWED_S + 1, False)])
async def test_a_state_grows_old(installations: Installations, store: Store, later: int, expected: bool) -> None:
    """It is good for ten minutes, and nobody can make one up."""
    state = installations.state()
    assert Installations(store, KEY, lambda: 5 + 1000 * later).is_state(state) is expected
    assert not installations.is_state("made up")
    assert not installations.is_state("")
    assert not installations.is_state("ü")
