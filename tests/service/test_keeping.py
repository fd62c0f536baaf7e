"""Versions of flows in the store: kept from the first start on, there for whoever began on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.cli.shipped import PATTERNS
from bot.flow.loader import load
from bot.flow.model import Collect
from bot.service.keeping import library_on
from bot.store.rows import Kept

if TYPE_CHECKING:
    from pathlib import Path

    from bot.flow.loader import Loaded
    from bot.store.port import Store

FLOW = """
flow: test
version: 1
title: T
slots: {name: {type: text, label: Name}}
steps:
  - {id: name, collect: name, prompt: "Name?"}
"""


def flows(folder: Path, text: str) -> Loaded:
    """The flows of a deployment whose file holds `text`."""
    (folder / "flow.yaml").write_text(text, "utf-8")
    return load([PATTERNS, folder / "flow.yaml"])


async def test_older_structures_stay_at_hand(store: Store, tmp_path: Path) -> None:
    """What a file held before, and a flow that is gone, can still be run on; what is in force comes from the files."""
    first = await library_on(store, flows(tmp_path, FLOW), 1)
    old = first.programs["test"].hash
    second = await library_on(store, flows(tmp_path, FLOW.replace("id: name", "id: called")), 2)
    found = second.pinned("test", old)
    assert found is not None
    assert list(found.steps) == ["name"]
    assert list(second.programs["test"].steps) == ["called"]
    gone = await library_on(store, load([PATTERNS]), 3)
    assert gone.pinned("test", old) is not None
    assert "test" not in gone.programs


async def test_new_wording_is_no_new_version(store: Store, tmp_path: Path) -> None:
    """A structure is kept once, however its texts change; the texts are those of the files."""
    await library_on(store, flows(tmp_path, FLOW), 1)
    before = len(await store.kept())
    library = await library_on(store, flows(tmp_path, FLOW.replace("Name?", "Your name?")), 2)
    assert len(await store.kept()) == before
    asked = library.programs["test"].steps["name"]
    assert isinstance(asked, Collect)
    assert asked.prompt.source == "Your name?"


async def test_what_cannot_be_read_keeps_nobody_from_starting(store: Store, tmp_path: Path) -> None:
    """A kept version that this product cannot read is left out, and the log says which."""
    await store.keep([Kept("test", "0123", b"{}")], 1)
    with structlog.testing.capture_logs() as logs:
        library = await library_on(store, flows(tmp_path, FLOW), 2)
    assert [(each["event"], each["flow"], each["hash"]) for each in logs] == [("kept_flow_left_out", "test", "0123")]
    assert library.pinned("test", "0123") is None
