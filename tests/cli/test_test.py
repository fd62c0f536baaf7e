"""`triage test`: what it plays, what it prints, and what it exits with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.scripts.sample import SHOP

if TYPE_CHECKING:
    from tests.cli.conftest import Run

SCRIPT = """\
cases:
  - case: red
    flow: shop
    channels: [slack, console]
    turns:
      - {user: x, at: colour, bot: Which colour?}
      - {tap: red, slots: {colour: red}}
"""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script in the working directory, with its flow beside it."""
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(SHOP)
    path = Path("shop.flowtest.yaml")
    path.write_text(SCRIPT)
    return path


@pytest.mark.usefixtures("script")
def test_all_is_well(run: Run) -> None:
    """The scripts of this folder are played where none is named; a line for each, and a line that counts."""
    assert run("test") == (0, "shop.flowtest.yaml: 2 passed\n2 passed, 0 failed in 1 script.\n", "")


def test_a_failure_is_shown(run: Run, script: Path) -> None:
    """Case, place, what was expected and what the bot said, for each channel; exit code 1."""
    script.write_text(SCRIPT.replace("slots: {colour: red}", "slots: {colour: blue}"))
    code, out, _ = run("test", str(script))
    assert code == 1
    assert out.count("slots: colour: expected 'blue', found 'red'") == 2
    assert "red\nshop.flowtest.yaml:7: slack: tap: red\n" in out
    assert out.endswith("0 passed, 2 failed in 1 script.\n")


def test_update_takes_the_words(run: Run, script: Path) -> None:
    """As with pytest."""
    script.write_text(SCRIPT.replace("Which colour?", "What?"))
    assert run("test")[0] == 1
    assert run("test", "--update")[0] == 0
    assert script.read_text() == SCRIPT


def test_coverage_and_its_page(run: Run, script: Path, tmp_path: Path) -> None:
    """What is missing by line, and a page that shows it."""
    code, out, _ = run("test", str(script), "--coverage", "--html", "reached.html")
    assert code == 0
    assert "\nshop.yaml:15: shop.colour: `blue` was never chosen\n" in out
    assert out.endswith("languages.\nThe page is reached.html.\n")
    assert "<h2" in (tmp_path / "reached.html").read_text()


@pytest.mark.usefixtures("script")
def test_a_page_that_cannot_be_written(run: Run) -> None:
    """Is an error that says so."""
    code, _, errors = run("test", "--html", "nowhere/reached.html")
    assert code == 2
    assert "No such file" in errors


def test_a_script_with_problems(run: Run, script: Path) -> None:
    """All of them with their places, and the other scripts are played."""
    Path("bad.flowtest.yaml").write_text(SCRIPT.replace("tap: red", "tab: red"))
    code, out, _ = run("test")
    assert code == 1
    assert "bad.flowtest.yaml:7:" in out
    assert "did you mean `tap`?" in out
    assert f"{script}: 2 passed" in out


@pytest.mark.usefixtures("script")
def test_a_flow_with_problems(run: Run) -> None:
    """Is told as `triage check` tells it."""
    Path("shop.yaml").write_text(SHOP.replace("collect: colour", "colect: colour", 1))
    code, out, _ = run("test")
    assert code == 1
    assert "shop.yaml:13:" in out
    assert "Traceback" not in out


@pytest.mark.parametrize(
    ("path", "told"), [("nothing.flowtest.yaml", "No such file or directory"), ("empty", "There is no script")]
)
@pytest.mark.usefixtures("script")
def test_nothing_to_play(run: Run, path: str, told: str) -> None:
    """A typo in a path is no success, and neither is a folder without scripts."""
    Path("empty").mkdir()
    code, out, errors = run("test", path)
    assert code == 1
    assert told in out + errors
