"""Where the desk's settings are: `desk.yaml` in the working directory, or the file that TRIAGE_DESK names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.flow.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.loader import Loaded

VARIABLE: Final = "TRIAGE_DESK"
DEFAULT: Final = Path("desk.yaml")


def problems(loaded: Loaded) -> Iterator[Problem]:
    """What is wrong in the file, if there is one, and in hand-offs of these flows that it knows nothing of."""
    file = find()
    if file is None:
        return
    # Most deployments have none, and it takes a twentieth of a second to import.
    from bot.desk.reading import read, unknown_queues  # noqa: PLC0415

    try:
        desk, wrong = read(file.read_bytes(), str(file), loaded.catalogs.languages)
    except OSError as error:
        yield Problem("unreadable", "error", error.strerror or "it cannot be read", str(file), 1, 1)
        return
    yield from wrong
    if desk is not None:
        yield from unknown_queues(desk, loaded.sources)


def find() -> Path | None:
    """The file, whether or not it can be read; None if none is named and the default one is not there."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named)
    return DEFAULT if DEFAULT.exists() else None
