"""Where the desk's settings are: `desk.yaml` in the working directory, or the file that TRIAGE_DESK names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from msgspec.structs import asdict

from bot.flow.loader import SETTINGS, is_hidden
from bot.flow.problems import FlowError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.desk.office import Office
    from bot.desk.reading import Read
    from bot.flow.loader import Loaded

VARIABLE: Final = "TRIAGE_DESK"
DEFAULT: Final = Path(SETTINGS)


def office(loaded: Loaded) -> Office:
    """What the file says, for a deployment of these flows; raises FlowError if it has errors."""
    file = find()
    if file is None:
        from bot.desk.office import PLAIN  # noqa: PLC0415  (takes a moment, and `triage check` does not need it)

        return PLAIN
    desk, found = _read(file, loaded.catalogs.languages)
    if desk is None:
        raise FlowError(found)
    return desk.build()


def retention() -> dict[str, int]:
    """The days for which the file has things kept, by class; raises typer.Exit(1) if it has errors."""
    file = find()
    if file is None:
        return {}
    desk, found = _read(file)
    if desk is None:
        typer.echo(FlowError(found), err=True)
        raise typer.Exit(1)
    return asdict(desk.retention)


def ready(loaded: Loaded) -> Office:
    """The same for a command: raises typer.Exit(1), with every problem, if the file has errors."""
    try:
        return office(loaded)
    except FlowError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None


def among(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The desk's settings among the files and folders that a command is given, and what of these is something else."""
    here = find()
    named = [path for path in paths if path.name == SETTINGS or (here is not None and path.resolve() == here.resolve())]
    others = [path for path in paths if path not in named]
    below = [file for path in others for file in sorted(path.rglob(SETTINGS)) if not is_hidden(file, path)]
    return [*named, *below], others


def problems(loaded: Loaded, files: Sequence[Path] = ()) -> Iterator[Problem]:
    """What is wrong in these files and in the one in force, and in hand-offs of the flows that they know nothing of."""
    here = find()
    for file in {each.resolve(): each for each in [*([here] if here is not None else []), *files]}.values():
        desk, found = _read(file, loaded.catalogs.languages)
        yield from found
        if desk is not None:
            from bot.desk.reading import unknown_queues  # noqa: PLC0415

            yield from unknown_queues(desk, loaded.sources)


def _read(file: Path, languages: Collection[str] = ()) -> Read:
    # Most deployments have no such file, and this takes a twentieth of a second to import.
    from bot.desk.reading import Read, read  # noqa: PLC0415

    try:
        return read(file.read_bytes(), str(file), languages)
    except OSError as error:
        return Read(None, (Problem("unreadable", "error", error.strerror or "it cannot be read", str(file), 1, 1),))


def find() -> Path | None:
    """The file, whether or not it can be read; None if none is named and the default one is not there."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named)
    return DEFAULT if DEFAULT.exists() else None
