"""Where the desk's settings are looked for, and that `triage check` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.cli import desks
from bot.flow.loader import load

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and nothing named in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(desks.VARIABLE, raising=False)
    return tmp_path


def test_without_a_file_there_is_nothing_to_check() -> None:
    """A deployment needs no desk.yaml."""
    assert desks.find() is None
    assert list(desks.problems(load([]))) == []


def test_the_working_directory_may_have_one(folder: Path) -> None:
    """It is found by its name."""
    (folder / "desk.yaml").write_text("undo: 9\n")
    assert [each.code for each in desks.problems(load([]))] == ["bad-duration"]


def test_a_file_that_is_named_must_be_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typo in the variable is no desk without settings; a folder is no file."""
    (folder / "desk.yaml").write_text("undo: 9s\n")
    for name in ("other.yaml", str(folder)):
        monkeypatch.setenv(desks.VARIABLE, name)
        (problem,) = desks.problems(load([]))
        assert (problem.code, problem.file) == ("unreadable", name)


def test_check_tells_what_is_wrong_with_the_desk(folder: Path, run: Run) -> None:
    """Its problems are among the others, with exit code 1 for an error and 0 for a warning."""
    (folder / "desk.yaml").write_text("undo: 9\n")
    code, out, _ = run("check")
    assert code == 1
    assert "desk.yaml:1:7: error[bad-duration]" in out
    (folder / "desk.yaml").write_text("queues: {unheard_of: {title: Unheard of}}\n")
    code, out, _ = run("check")
    assert code == 0
    assert "warning[unknown-queue]: the desk's settings know no queue" in out
