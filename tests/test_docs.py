"""The page for authors keeps its word: its flows are sound, its scripts pass, its commands run, nothing is missing."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.flow.checks import check
from bot.flow.checks.names import NAMES
from bot.flow.filters import FILTERS
from bot.flow.keys import keys_of
from bot.flow.loader import load
from bot.flow.reader import read
from bot.scripts.model import Turn, read_script
from bot.scripts.suite import Suite
from bot.store.opening import open_store
from tests.reference import END, START, missing, reference

if TYPE_CHECKING:
    from tests.conftest import Golden

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "flows.md"
TEXT = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
FLOWS = [block for block in BLOCKS if block.startswith("flow:")]
SCRIPTS = [block for block in BLOCKS if block.startswith("cases:")]
COMMANDS = [
    line
    for block in re.findall(r"^```console\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with all examples in `flows/`, each flow in a file of its id, and a database."""
    monkeypatch.chdir(tmp_path)
    for name in ("TRIAGE_FLOWS", "TRIAGE_LOCALES", "LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    flows = tmp_path / "flows"
    flows.mkdir()
    for block in FLOWS:
        flows.joinpath(f"{block.split()[1]}.yaml").write_text(block, "utf-8")
    for number, block in enumerate(SCRIPTS):
        flows.joinpath(f"{number}.flowtest.yaml").write_text(block, "utf-8")
    asyncio.run(_database())
    return flows


async def _database() -> None:
    await (await open_store("sqlite:///triage.db")).close()


def test_every_example_is_executed() -> None:
    """There is no YAML on the page but whole flows and scripts, which the tests below run."""
    assert len(FLOWS) + len(SCRIPTS) == len(BLOCKS) == TEXT.count("```yaml")
    assert len(FLOWS) >= 12
    assert SCRIPTS


def test_the_flows_are_sound(folder: Path) -> None:
    """No error and no warning, in any of them."""
    assert check(load([ROOT / "flows" / "patterns.yaml", folder])) == ()


def test_the_scripts_pass(folder: Path) -> None:
    """On every channel that they name."""
    suite = Suite([ROOT / "flows" / "patterns.yaml"], None, update=False, counting=False)
    for path in sorted(folder.glob("*.flowtest.yaml")):
        sheet, problems = read_script(path.read_bytes(), path.name)
        assert problems == ()
        assert sheet is not None
        assert [outcome.report for outcome in suite.play(sheet, path, path.name) if outcome.report] == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("folder")
def test_the_commands_run(command: str) -> None:
    """As they stand there, in a folder that holds the examples; what comes behind `>` is the shell's part."""
    triage, *arguments = shlex.split(command.partition(" > ")[0])
    result = CliRunner().invoke(app, arguments, input="/start\n", prog_name=triage)
    assert (triage, result.exit_code) == ("triage", 0), result.output


def test_the_reference_is_current(golden: Golden) -> None:
    """It says what the model says, and of every part of it; --update rewrites it."""
    before, _, rest = TEXT.partition(START)
    _, _, after = rest.partition(END)
    assert missing() == set()
    golden("../docs/flows.md", f"{before}{START}\n{reference()}\n{END}{after}")


def test_the_links_lead_somewhere() -> None:
    """Headings of this page, and files beside it."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT):
        file, _, anchor = target.partition("#")
        if file:
            assert (PAGE.parent / file).exists(), target
        else:
            assert anchor in anchors, target


def test_nothing_of_the_language_is_forgotten() -> None:
    """Each filter, each value that can be shown, and each key of a turn stands on the page."""
    names = {f"{root}.{name}" for root, found in NAMES.items() for name in found}
    assert {name for name in (*FILTERS, *names, *keys_of(Turn)) if f"`{name}`" not in TEXT} == set()


def test_the_example_of_yes_and_no_is_right() -> None:
    """`yes` and `no` are words of this YAML."""
    (tree,) = read(b"a: [yes, no, true]\n", "a.yaml").documents
    assert tree.data == {"a": ["yes", "no", True]}
