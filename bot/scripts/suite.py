"""Scripts together: finding them, loading the flows that each talks to, playing them, and taking over new texts.

The pytest plugin and `triage test` both stand on this, so a script passes with either or with neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.flow.loader import holds_flows, load
from bot.scripts import SUFFIX
from bot.scripts.coverage import Coverage
from bot.scripts.report import explain
from bot.scripts.rewriting import UnwritableError, rewrite
from bot.scripts.runner import play

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.flow.library import Library
    from bot.flow.loader import Layers
    from bot.scripts.model import Sheet
    from bot.scripts.runner import Played

Failures = tuple[tuple[str, str], ...]
"""What was expected in vain: key and sentence."""


def found(paths: Iterable[Path]) -> list[Path]:
    """The scripts among `paths` and below those that are folders, but not in hidden ones; raises OSError."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = (each for each in path.rglob(f"*{SUFFIX}") if each.is_file())
            files += sorted(each for each in below if not _hidden(each.relative_to(path)))
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def sources(script: Path, flows: Sequence[Path]) -> tuple[Path, ...]:
    """What a script talks to: the `flows` of all scripts, and the flow files in its own folder."""
    return (*flows, *filter(holds_flows, sorted(script.parent.iterdir())))


class Updates:
    """The texts that are written into one script instead of being compared."""

    def __init__(self, path: Path) -> None:
        """Nothing is written yet."""
        self._path = path
        self._written: dict[tuple[int, int], list[str]] = {}

    def rest(self, case: int, played: Played) -> Failures:
        """The failures of a turn that remain when the script was given the words that the bot says now."""
        others = tuple(each for each in played.failures if each[0] != "bot")
        if len(others) == len(played.failures):
            return others
        trouble = self._write(case, played.number, played.heard.texts)
        return (*others, ("bot", trouble)) if trouble else others

    def _write(self, case: int, turn: int, said: list[str]) -> str:
        """Write what the bot says into the file; why that cannot be, or an empty text."""
        former = self._written.setdefault((case, turn), said)
        if former is not said:
            return "" if former == said else "the channels say different things here; give each a case of its own"
        try:
            self._path.write_bytes(rewrite(self._path.read_bytes(), {(case, turn): said}))
        except UnwritableError as error:
            return str(error)
        return ""


class Outcome(NamedTuple):
    """How a case went on a channel; `report` tells what went wrong, and is empty if nothing did."""

    case: str
    channel: str
    report: str


class Suite:
    """Plays scripts. With `counting`, `coverages` tell what they reached: one for each set of flows."""

    def __init__(self, flows: Sequence[Path], locales: Layers | None, *, update: bool, counting: bool) -> None:
        """Nothing is loaded yet; `update` writes new texts into the scripts."""
        self._flows = flows
        self._locales = locales
        self._update = update
        self._counting = counting
        self._libraries: dict[tuple[Path, ...], tuple[Library, Coverage | None]] = {}

    @property
    def coverages(self) -> tuple[Coverage, ...]:
        """What was reached."""
        return tuple(coverage for _, coverage in self._libraries.values() if coverage is not None)

    def play(self, sheet: Sheet, path: Path, shown: str) -> Iterator[Outcome]:
        """Play all cases of a script on their channels; raises FlowError where the flows cannot be used.

        `shown` is the path as reports name it.
        """
        library, coverage = self._library(sources(path, self._flows))
        updates = Updates(path) if self._update else None
        for number, case in enumerate(sheet.script.cases):
            for channel in case.channels:
                report = ""
                for played in play(library, case, channel):
                    if coverage is not None:
                        coverage.notice(played.heard.log, played.heard.session.locale)
                    failures = updates.rest(number, played) if updates is not None else played.failures
                    if failures:
                        report = explain(sheet, shown, number, channel, played.number, played.heard, failures)
                        break
                yield Outcome(case.case, channel, report)

    def _library(self, paths: tuple[Path, ...]) -> tuple[Library, Coverage | None]:
        if paths not in self._libraries:
            loaded = load(paths, self._locales)
            library = loaded.library()
            coverage = Coverage(loaded.sources, loaded.catalogs.languages) if self._counting else None
            self._libraries[paths] = (coverage.library(loaded.catalogs) if coverage else library), coverage
        return self._libraries[paths]
