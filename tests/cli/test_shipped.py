"""Which flows and translations are used when none are named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli import shipped

if TYPE_CHECKING:
    import pytest


def test_the_shipped_folders_are_there() -> None:
    """They are found beside the package, wherever one is when the command is typed."""
    assert shipped.flows().is_dir()
    assert shipped.PATTERNS.is_file()
    assert shipped.locales().parent == shipped.flows().parent


def test_the_environment_may_name_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment says once where its own are; an empty value says nothing."""
    monkeypatch.setenv("TRIAGE_FLOWS", "/srv/flows")
    monkeypatch.setenv("TRIAGE_LOCALES", "/srv/locales")
    assert (shipped.flows(), shipped.locales()) == (Path("/srv/flows"), Path("/srv/locales"))
    assert shipped.sources([]) == [shipped.PATTERNS, Path("/srv/flows")]
    monkeypatch.setenv("TRIAGE_FLOWS", "")
    assert shipped.flows() == shipped.ROOT / "flows"


def test_flows_from_elsewhere_have_translations_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped translations are for the shipped flows, all of them or some."""
    assert shipped.locales_of([]) == shipped.locales_of([shipped.PATTERNS]) == shipped.locales()
    assert shipped.locales_of([tmp_path]) is shipped.locales_of([shipped.PATTERNS, tmp_path]) is None
    monkeypatch.setenv("TRIAGE_FLOWS", str(tmp_path))
    assert shipped.locales_of([]) is None
    monkeypatch.setenv("TRIAGE_LOCALES", "/srv/locales")
    assert shipped.locales_of([]) == Path("/srv/locales")


def test_the_shipped_patterns_come_first_unless_they_are_there_anyway(tmp_path: Path) -> None:
    """Flows of one's own need no repair patterns of their own, and none is read twice."""
    assert shipped.sources([]) == [shipped.ROOT / "flows"]
    assert shipped.sources([tmp_path]) == [shipped.PATTERNS, tmp_path]
    assert shipped.sources([tmp_path, shipped.PATTERNS]) == [tmp_path, shipped.PATTERNS]
