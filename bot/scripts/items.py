"""Scripts as pytest knows them: a file is a collector, a case on a channel is a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.flow.loader import load
from bot.flow.problems import FlowError, format_text
from bot.scripts.model import read_script
from bot.scripts.report import explain
from bot.scripts.runner import play
from bot.scripts.suite import Updates, sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.flow.library import Library
    from bot.scripts.model import Sheet

LIBRARIES: Final = pytest.StashKey[dict[tuple["Path", ...], "Library"]]()
"""Libraries by their files, for one run: reading flows and translations takes longer than playing a script."""


class ScriptFailure(Exception):  # noqa: N818  (a finding of the test, as an AssertionError is)
    """A turn did not go as its script expects; the argument is the whole report."""


class ScriptFile(pytest.File):
    """A script file. `updates` are the texts that were written into it."""

    def __init__(self, **given: Any) -> None:
        """As pytest makes its nodes."""
        super().__init__(**given)
        self.updates = Updates(self.path)

    @property
    def shown(self) -> str:
        """The file's path as messages show it."""
        invoked = self.config.invocation_params.dir
        return str(self.path.relative_to(invoked) if self.path.is_relative_to(invoked) else self.path)

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each case and channel; a file with a problem is one error that tells all of them."""
        sheet, problems = read_script(self.path.read_bytes(), self.shown)
        if sheet is None:
            raise self.CollectError("\n".join(map(format_text, problems)))
        try:
            library = self._library()
        except FlowError as error:
            raise self.CollectError(str(error)) from error
        for number, case in enumerate(sheet.script.cases):
            for channel in case.channels:
                script = _Script(sheet, number, channel, library)
                yield ScriptItem.from_parent(self, name=f"{case.case}[{channel}]", script=script)

    def _library(self) -> Library:
        config = self.config
        folder = config.inipath.parent if config.inipath is not None else config.rootpath
        paths = sources(self.path, config.getini("triage_flows") or [folder / "flows"])
        libraries = config.stash.setdefault(LIBRARIES, {})
        if paths not in libraries:
            locales = folder / config.getini("triage_locales")
            libraries[paths] = load(paths, locales if locales.is_dir() else None).library()
        return libraries[paths]


class _Script:
    """What a test plays: a case, by its 0-based number in a sheet, on a channel."""

    def __init__(self, sheet: Sheet, number: int, channel: str, library: Library) -> None:
        self.sheet = sheet
        self.number = number
        self.case = sheet.script.cases[number]
        self.channel = channel
        self.library = library


class ScriptItem(pytest.Item):
    """A case on a channel."""

    parent: ScriptFile

    def __init__(self, *, script: _Script, **given: Any) -> None:
        """As pytest makes its nodes."""
        super().__init__(**given)
        self.script = script

    def runtest(self) -> None:
        """Play the case up to its first failure."""
        script = self.script
        update = bool(self.config.getoption("--update", default=False))
        for played in play(script.library, script.case, script.channel):
            failures = self.parent.updates.rest(script.number, played) if update else played.failures
            if failures:
                where = script.sheet, self.parent.shown, script.number, script.channel
                raise ScriptFailure(explain(*where, played.number, played.heard, failures))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report alone, where it is the script that failed."""
        return str(excinfo.value) if isinstance(excinfo.value, ScriptFailure) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the case, 0-based."""
        script = self.script
        return self.path, script.sheet.line(script.number) - 1, f"{script.case.case} [{script.channel}]"
