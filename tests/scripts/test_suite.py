"""Scripts together; what pytest makes of it is in the tests of the plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.flow.problems import FlowError
from bot.scripts.model import read_script
from bot.scripts.suite import Suite, found, sources
from tests.scripts.sample import SHOP

if TYPE_CHECKING:
    from bot.scripts.suite import Outcome

PATTERNS = Path(__file__).parents[2] / "flows" / "patterns.yaml"
SCRIPT = """\
cases:
  - case: red
    flow: shop
    channels: [slack, console]
    turns:
      - {user: x, at: colour}
      - {tap: red, slots: {colour: red}}
  - case: words
    flow: shop
    channels: telegram
    turns:
      - {user: x, bot: What?}
      - {tap: blue, slots: {colour: blue}}
"""


def write(folder: Path, script: str = SCRIPT) -> Path:
    """A script with its flow beside it."""
    (folder / "shop.yaml").write_text(SHOP)
    path = folder / "shop.flowtest.yaml"
    path.write_text(script)
    return path


def outcomes(suite: Suite, path: Path) -> list[Outcome]:
    """Play a script."""
    sheet, problems = read_script(path.read_bytes(), path.name)
    assert problems == ()
    assert sheet is not None
    return list(suite.play(sheet, path, path.name))


def test_scripts_are_found_in_folders(tmp_path: Path) -> None:
    """Every one below a folder but for hidden ones, each once; a file is taken as it is named."""
    for name in ("b/two.flowtest.yaml", "a/one.flowtest.yaml", ".hidden/no.flowtest.yaml", "a/flow.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    one, two = tmp_path / "a" / "one.flowtest.yaml", tmp_path / "b" / "two.flowtest.yaml"
    assert found([tmp_path]) == [one, two]
    assert found([two, tmp_path, tmp_path / "nothing"]) == [two, one, tmp_path / "nothing"]


def test_flows_beside_a_script_come_along(tmp_path: Path) -> None:
    """After those of all scripts, so that they may override them; scripts are no flows."""
    path = write(tmp_path)
    assert sources(path, [PATTERNS]) == (PATTERNS, tmp_path / "shop.yaml")


def test_each_case_on_each_channel(tmp_path: Path) -> None:
    """A report where something differs, up to the first turn that does; nothing where all is well."""
    suite = Suite([PATTERNS], None, update=False, counting=False)
    played = outcomes(suite, write(tmp_path))
    assert [(each.case, each.channel, bool(each.report)) for each in played] == [
        ("red", "slack", False),
        ("red", "console", False),
        ("words", "telegram", True),
    ]
    assert played[-1].report.startswith("shop.flowtest.yaml:12: telegram: user: x\n")
    assert suite.coverages == ()


def test_update_writes_and_goes_on(tmp_path: Path) -> None:
    """The new words are in the file, and what comes after them is played."""
    path = write(tmp_path)
    assert {each.report for each in outcomes(Suite([PATTERNS], None, update=True, counting=False), path)} == {""}
    assert path.read_text() == SCRIPT.replace("bot: What?", "bot: Which colour?")


def test_what_scripts_reach_is_counted_together(tmp_path: Path) -> None:
    """Two scripts that talk to the same flows have one coverage; other flows have their own."""
    suite = Suite([PATTERNS], None, update=False, counting=True)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        outcomes(suite, write(tmp_path / name))
        outcomes(suite, write(tmp_path / name))
    assert len(suite.coverages) == 2
    assert {sum(each.reached.values()) > 0 for each in suite.coverages} == {True}


def test_flows_that_cannot_be_used(tmp_path: Path) -> None:
    """Are told with all their problems."""
    path = write(tmp_path)
    (tmp_path / "shop.yaml").write_text(SHOP.replace("collect: colour", "colect: colour", 1))
    with pytest.raises(FlowError, match=r"shop\.yaml:13"):
        outcomes(Suite([PATTERNS], None, update=False, counting=False), path)
