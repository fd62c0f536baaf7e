"""A pytest plugin that collects `*.flowtest.yaml`: one test for each case and channel.

Settings, in pytest's own configuration: `triage_flows`, files and folders of flows, and `triage_locales`, the folder of
translations; by default `flows` and `locales` beside the configuration. Flow files in a script's own folder come along.
`--update` writes what the bot says now into the `bot:` texts of the scripts, and compares nothing else with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.flow.loader import SUFFIXES, load
from bot.flow.problems import FlowError, format_text
from bot.scripts.model import SUFFIX, read_script
from bot.scripts.report import explain
from bot.scripts.rewriting import UnwritableError, rewrite
from bot.scripts.runner import play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.flow.library import Library
    from bot.scripts.model import Sheet

LIBRARIES: Final = pytest.StashKey[dict[tuple[Path, ...], "Library"]]()


class ScriptFailure(Exception):  # noqa: N818  (a finding of the test, as an AssertionError is)
    """A turn did not go as its script expects; the argument is the whole report."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings."""
    parser.addini("triage_flows", "flow files and folders that scripts talk to", type="paths", default=[])
    parser.addini("triage_locales", "folder of their translations", default="")


@pytest.hookimpl(trylast=True)
def pytest_load_initial_conftests(parser: pytest.Parser) -> None:
    """Add --update, unless someone has: a conftest may do so later than plugins are loaded, and may not do it twice."""
    if not hasattr(parser.parse_known_args([]), "update"):
        parser.addoption("--update", action="store_true", help="rewrite scripts with what the bot says now")


def pytest_configure(config: pytest.Config) -> None:
    """Keep libraries for the run: reading flows and translations takes longer than a script."""
    config.stash[LIBRARIES] = {}


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take files by their name."""
    return ScriptFile.from_parent(parent, path=file_path) if file_path.name.endswith(SUFFIX) else None


class ScriptFile(pytest.File):
    """A script file. `updates` are the texts that were written into it, by case and turn."""

    def __init__(self, **given: Any) -> None:
        """As pytest makes its nodes."""
        super().__init__(**given)
        self.updates: dict[tuple[int, int], list[str]] = {}

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
                name = f"{case.case}[{channel}]"
                yield ScriptItem.from_parent(
                    self, name=name, sheet=sheet, case=number, channel=channel, library=library
                )

    def _library(self) -> Library:
        root = self.config.rootpath
        paths = self.config.getini("triage_flows") or [root / "flows"]
        beside = [each for each in sorted(self.path.parent.iterdir()) if each.suffix in SUFFIXES]
        sources = (*paths, *[each for each in beside if not each.name.endswith(SUFFIX)])
        libraries = self.config.stash[LIBRARIES]
        if sources not in libraries:
            locales = self.config.getini("triage_locales") or "locales"
            libraries[sources] = load(sources, (self.config.inipath or root / "-").parent / locales).library()
        return libraries[sources]

    def update(self, case: int, turn: int, said: Sequence[str]) -> str:
        """Write what the bot says into the file; why that cannot be, or an empty text."""
        former = self.updates.setdefault((case, turn), list(said))
        if former != list(said):
            return "the channels say different things here; give each a case of its own"
        try:
            self.path.write_bytes(rewrite(self.path.read_bytes(), {(case, turn): said}))
        except UnwritableError as error:
            return str(error)
        return ""


class ScriptItem(pytest.Item):
    """A case on a channel."""

    parent: ScriptFile

    def __init__(self, *, sheet: Sheet, case: int, channel: str, library: Library, **given: Any) -> None:
        """`case` is its 0-based number in the sheet."""
        super().__init__(**given)
        self.sheet = sheet
        self.case = case
        self.channel = channel
        self.library = library

    def runtest(self) -> None:
        """Play the case up to its first failure."""
        update = bool(self.config.getoption("--update", default=False))
        for played in play(self.library, self.sheet.script.cases[self.case], self.channel):
            failures = played.failures
            if update and any(key == "bot" for key, _ in failures):
                trouble = self.parent.update(self.case, played.number, played.heard.texts)
                failures = tuple(each for each in failures if each[0] != "bot")
                failures += (("bot", trouble),) if trouble else ()
            if failures:
                raise ScriptFailure(
                    explain(
                        self.sheet,
                        self.parent.shown,
                        self.case,
                        self.channel,
                        played.number,
                        played.heard,
                        failures,
                    )
                )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report alone, where it is the script that failed."""
        return str(excinfo.value) if isinstance(excinfo.value, ScriptFailure) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the case, 0-based."""
        return self.path, self.sheet.line(self.case) - 1, f"{self.sheet.script.cases[self.case].case} [{self.channel}]"
