"""Loading flows and catalogs from folders: the one place of this floor that reads files."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.flow.problems import FlowError, Problem
from bot.flow.reader import Tree, read
from bot.text.catalogs import CatalogError, Catalogs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bot.flow.library import Library
    from bot.flow.model import Flow  # noqa: TC004 - a source is never made from data, so nothing asks for its types

SCRIPTS: Final = (".flowtest.yaml", ".flowtest.yml")
"""Conversation scripts, which lie beside the flows they test."""

SETTINGS: Final = "desk.yaml"
"""The desk's settings, which may lie there too."""

SUFFIXES: Final = frozenset({".yaml", ".yml"})

_OF_PYTHON: Final = 1_000
"""So many objects Python 3.12 may have frozen by itself; a program that freezes has far more."""


class Source(msgspec.Struct, frozen=True):
    """A flow and where it was written, so that checks can point at it; `doubts` are what had to be guessed of it."""

    flow: Flow
    tree: Tree
    file: str
    doubts: frozenset[tuple[str | int, ...]] = frozenset()


class Loaded(msgspec.Struct, frozen=True, dict=True):
    """What folders hold: the flows, mended where they are not well-formed, the catalogs, and every problem so far.

    `whole` says that every document is among the `sources`: none was past understanding.
    """

    sources: tuple[Source, ...]
    catalogs: Catalogs
    problems: tuple[Problem, ...]
    whole: bool = True

    def over(self, beneath: Loaded) -> Loaded:
        """These flows, and those beneath that have other ids; the catalogs are these."""
        sources = {source.flow.flow: source for source in (*beneath.sources, *self.sources)}
        problems = (*beneath.problems, *self.problems)
        return Loaded(tuple(sources.values()), self.catalogs, problems, beneath.whole and self.whole)

    def library(self, kept: Iterable[Flow] = ()) -> Library:
        """The library of these flows; raises FlowError if there is an error among the problems."""
        if any(problem.severity == "error" for problem in self.problems):
            raise FlowError(self.problems)
        return self._linked(kept) if kept else self.linked

    @cached_property
    def linked(self) -> Library:
        """The same, whatever the problems are: for proofs."""
        return self._linked(())

    def _linked(self, kept: Iterable[Flow]) -> Library:
        from bot.flow.library import Library  # noqa: PLC0415  (reading alone does not need it)

        return Library([source.flow for source in self.sources], self.catalogs, kept)


class Layers(NamedTuple):
    """Folders of catalogs, one above another: a message of a later one overrides the same in those before.

    `beneath` is below them all and adds no language: it fills in what comes with the product, such as the patterns.
    """

    folders: tuple[Path, ...]
    beneath: Path | None = None

    @property
    def all(self) -> tuple[Path, ...]:
        """Every folder, the lowest first."""
        return self.folders if self.beneath is None else (self.beneath, *self.folders)


def load(paths: Iterable[Path], locales: Path | Layers | None = None) -> Loaded:
    """Read the catalogs and every flow below `paths`: files, or folders whose hidden parts are passed over.

    A flow overrides one of the same id in an earlier path. Nothing raises, whatever the files hold.
    """
    layers = locales if isinstance(locales, Layers) else Layers(() if locales is None else (locales,))
    with without_collections():
        return _load(paths, layers)


@contextmanager
def without_collections() -> Iterator[None]:
    """Look for no garbage meanwhile: all that is made here stays, and looking through it would take a third longer.

    Nor afterwards, as if all of it were new: freezing and thawing makes it old at once. What somebody has frozen before
    stays so: it would be thawed with it.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled and gc.get_freeze_count() < _OF_PYTHON:
            gc.freeze()
            gc.unfreeze()
        if enabled:
            gc.enable()


def _load(paths: Iterable[Path], layers: Layers) -> Loaded:
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    whole = True
    for path in paths:
        here: dict[str, Source] = {}
        for file in _files(path, problems):
            read_from, understood = _read(file, problems)
            whole = whole and understood
            for source in read_from:
                twin = here.get(source.flow.flow)
                if twin is not None:
                    problems.append(
                        source.tree.problem(
                            "duplicate-flow",
                            ("flow",),
                            f"`{source.flow.flow}` is already the id of a flow in {twin.file}",
                            hint="give one of them another id",
                        )
                    )
                here[source.flow.flow] = source
        sources |= here
    return Loaded(tuple(sources.values()), _layered(layers, problems), tuple(problems), whole)


def _layered(layers: Layers, problems: list[Problem]) -> Catalogs:
    first, *others = [_catalogs(folder, problems) for folder in layers.folders] or [Catalogs({})]
    for each in others:
        first = each.over(first)
    return first if layers.beneath is None else first.over(_catalogs(layers.beneath, problems), wider=False)


def _catalogs(folder: Path, problems: list[Problem]) -> Catalogs:
    try:
        if folder.is_dir():
            return Catalogs.read(folder)
        problems.append(Problem("unreadable", "error", "there is no such folder of catalogs", str(folder), 1, 1))
    except CatalogError as error:
        problems.append(Problem("bad-catalog", "error", error.message, str(error.path), error.line, 1))
    except OSError as error:
        problems.append(_unreadable(error, folder))
    return Catalogs({})


def _files(path: Path, problems: list[Problem]) -> list[Path]:
    try:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if _is_flow_file(file, path))
            if not found:
                message = "this folder holds no flow file (*.yaml)"
                problems.append(Problem("no-flows", "error", message, str(path), 1, 1))
            return found
        if path.name.endswith(SCRIPTS) and path.is_file():
            message, hint = "this is a conversation script, and no flow", "play it with `triage test`"
            problems.append(Problem("no-flows", "error", message, str(path), 1, 1, hint=hint))
            return []
        if path.exists():
            return [path]
    except OSError as error:
        problems.append(_unreadable(error, path))
        return []
    problems.append(Problem("no-flows", "error", "there is no such file or folder", str(path), 1, 1))
    return []


def _is_flow_file(file: Path, folder: Path) -> bool:
    """Whether a file below `folder` counts; a link that leads nowhere does, so that somebody learns of it."""
    return holds_flows(file) and not is_hidden(file, folder) and (file.is_file() or file.is_symlink())


def holds_flows(file: Path) -> bool:
    """Whether a file is one of flows by its name: YAML, but neither a script nor the desk's settings."""
    return file.suffix in SUFFIXES and not file.name.endswith(SCRIPTS) and file.name != SETTINGS


def is_hidden(file: Path, folder: Path) -> bool:
    """Whether a file is hidden somewhere below `folder`.

    What is hidden is the bookkeeping of an editor, of a version control system, or of a mounted Kubernetes ConfigMap,
    which shows each file a second time below a folder whose name starts with two dots.
    """
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _unreadable(error: OSError, path: Path) -> Problem:
    message = error.strerror or "it cannot be read"
    return Problem("unreadable", "error", message, str(error.filename or path), 1, 1)


def _read(file: Path, problems: list[Problem]) -> tuple[list[Source], bool]:
    """The flows of a file, and whether there are no others in it."""
    try:
        data = file.read_bytes()
    except OSError as error:
        problems.append(_unreadable(error, file))
        return [], False
    reading = read(data, str(file))
    problems += reading.problems
    if not reading.documents:
        return [], reading.whole
    from bot.flow.mending import validate  # noqa: PLC0415  (takes a moment: a file of another kind is told sooner)

    found = [validate(tree) for tree in reading.documents]
    problems += (problem for each in found for problem in each.problems)
    sources = [Source(each.flow, each.tree, str(file), each.doubts) for each in found if each.flow is not None]
    return sources, reading.whole and len(sources) == len(found)
