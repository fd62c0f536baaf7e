"""A page of the documentation followed as written: the commands of a block done by the real process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from typing import TYPE_CHECKING, Final

from bot.settings import PREFIX
from tests.channels.telegram.conftest import ready_at
from tests.programs import Program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

HURRIED: Final = "from tests.platforms.pace import hurry; hurry(); from bot.cli import main; main()"
"""`triage`, which keeps no rates."""


@contextlib.asynccontextmanager
async def followed(
    blocks: tuple[str, ...], places: Mapping[str, str], folder: Path, port: int, **more: str
) -> AsyncIterator[None]:
    """Serve as the blocks of commands say, with `places` filled in; `more` are variables that no page has to name."""
    told = dict(re.findall(r"^\$ export (\w+)=(\S+)$", "".join(blocks), re.MULTILINE))
    for place, value in places.items():
        told = {name: each.replace(place, value) for name, each in told.items()}
    assert "YOUR" not in "".join(told.values()), "every place on the page is filled"
    assert blocks[0].rstrip().endswith("$ triage serve")
    (folder / "desk.yaml").write_text("undo: 1s\n")  # nobody waits for longer than that
    told |= {
        "TRIAGE_DESK": f"{folder}/desk.yaml",
        "TRIAGE_HTTP_PORT": str(port),
        "TRIAGE_DATABASE_URL": f"sqlite:///{folder}/triage.db",
        **more,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    serving = Program("serve", environment={**inherited, **told}, code=HURRIED)
    log = asyncio.create_task(asyncio.to_thread(serving.stderr.read))
    try:
        await ready_at(port, 120)  # a process of its own reads all flows first
        yield
    finally:
        serving.send_signal(signal.SIGTERM)
        await log
        serving.wait()
        serving.close()
