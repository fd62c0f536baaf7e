"""Which flows and translations are used when none are named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli import shipped
from bot.flow.loader import Layers

if TYPE_CHECKING:
    import pytest


def test_the_shipped_folders_are_there() -> None:
    """They are found beside the package, wherever one is when the command is typed."""
    assert shipped.flows().is_dir()
    assert shipped.PATTERNS.is_file()
    assert shipped.LOCALES.is_dir()


def test_the_environment_may_name_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment says once where its own are; an empty value says nothing."""
    monkeypatch.setenv("TRIAGE_FLOWS", "/srv/flows")
    monkeypatch.setenv("TRIAGE_LOCALES", "/srv/locales")
    assert shipped.flows() == Path("/srv/flows")
    assert shipped.locales() == Layers((Path("/srv/locales"),), beneath=shipped.LOCALES)
    assert shipped.sources([]) == [shipped.PATTERNS, Path("/srv/flows")]
    monkeypatch.setenv("TRIAGE_FLOWS", "")
    assert shipped.flows() == shipped.ROOT / "flows"


def test_flows_from_elsewhere_have_translations_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped translations are for the shipped flows, all of them or some; to talk they are better than none."""
    ours = Layers((shipped.LOCALES,))
    assert shipped.translations([], None) == shipped.translations([shipped.PATTERNS], None) == ours
    assert shipped.translations([tmp_path], None) is shipped.translations([shipped.PATTERNS, tmp_path], None) is None
    assert shipped.locales([tmp_path]) == shipped.locales() == ours
    monkeypatch.setenv("TRIAGE_FLOWS", str(tmp_path))
    assert shipped.translations([], None) is None


def test_translations_of_ones_own_are_above_the_shipped_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several folders may be named, by an option or in the environment; the shipped ones are below them, once."""
    one, two = tmp_path / "one", tmp_path / "two"
    both = Path(os.pathsep.join(map(str, (one, two))))
    assert shipped.translations([], both) == Layers((shipped.LOCALES, one, two))
    assert shipped.translations([tmp_path], both) == Layers((one, two), beneath=shipped.LOCALES)
    assert shipped.translations([], shipped.LOCALES) == Layers((shipped.LOCALES,))
    monkeypatch.setenv("TRIAGE_LOCALES", f"{both}{os.pathsep}")
    assert shipped.translations([tmp_path], None) == Layers((one, two), beneath=shipped.LOCALES)
    assert shipped.translations([tmp_path], one) == Layers((one,), beneath=shipped.LOCALES)


def test_the_shipped_patterns_come_first_unless_they_are_there_anyway(tmp_path: Path) -> None:
    """Flows of one's own need no repair patterns of their own, and none is read twice."""
    assert shipped.sources([]) == [shipped.ROOT / "flows"]
    assert shipped.sources([tmp_path]) == [shipped.PATTERNS, tmp_path]
    assert shipped.sources([tmp_path, shipped.PATTERNS]) == [tmp_path, shipped.PATTERNS]
