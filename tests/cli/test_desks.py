"""Where the desk's settings are looked for, and that `triage check` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer

from bot.cli import desks
from bot.desk.office import PLAIN
from bot.flow.loader import load
from bot.flow.problems import FlowError

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


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_settings_beside_flows_are_checked_as_such(folder: Path, run: Run, form: str) -> None:
    """Named, or in a folder of flows, or in force as well: each mistake is told once, and none of a flow's keys."""
    (folder / "flows").mkdir()
    flow = "flow: a\nversion: 1\ntitle: A\nsteps: [{id: a, handoff: {queue: nowhere}}]\n"
    (folder / "flows" / "a.yaml").write_text(flow)
    settings = "undo: 9\nqueues: {integrations: {title: Integrations}}\nmacro: {}\n"
    for place in ("flows", "other"):
        file = folder / place / "desk.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(settings)
    code, out, errors = run("check", "flows", "other/desk.yaml", "--format", form)
    assert (code, errors) == (1, "")
    for place in ("flows", "other"):
        assert f"{place}/desk.yaml" in out
    assert out.count("`macro` is no key") == 2
    assert "step-kind" not in out
    (folder / "desk.yaml").write_text(settings)
    assert run("check", "flows/a.yaml", "desk.yaml", "--format", form)[1].count("`macro` is no key") == 1


def test_the_file_that_the_environment_names_is_known_by_any_name(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be given like any other; without flows beside it the shipped ones are checked."""
    (folder / "team.yaml").write_text("undo: 9\n")
    monkeypatch.setenv(desks.VARIABLE, "team.yaml")
    code, out, _ = run("check", str(folder / "team.yaml"))
    assert (code, out.count("error[")) == (1, 1)
    assert "error[bad-duration]" in out


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


def test_the_file_says_how_long_things_are_kept(folder: Path) -> None:
    """By class; without a file the command's own defaults count, and an error in it stops the command."""
    assert desks.retention() == {}
    (folder / "desk.yaml").write_text("retention: {messages: 14}\n")
    assert desks.retention() == {"events": 7, "messages": 14, "failures": 90, "conversations": 365}
    (folder / "desk.yaml").write_text("retention: {messages: 0}\n")
    with pytest.raises(typer.Exit):
        desks.retention()


def test_an_office_is_what_the_file_says(folder: Path) -> None:
    """Without a file it is the plain one; one with errors is not used."""
    assert desks.office(load([])) is PLAIN
    (folder / "desk.yaml").write_text("undo: 9s\n")
    assert desks.office(load([])).undo.seconds == 9
    (folder / "desk.yaml").write_text("undo: 9\n")
    with pytest.raises(FlowError, match="bad-duration"):
        desks.office(load([]))
    with pytest.raises(typer.Exit):
        desks.ready(load([]))
