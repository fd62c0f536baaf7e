"""The pytest plugin: what it collects, how failures read, and what --update does. Each test runs pytest itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.sample import SHOP

pytest_plugins = ["pytester"]

PATTERNS = Path(__file__).parents[2] / "flows" / "patterns.yaml"
SCRIPT = """\
cases:
  - case: red
    flow: shop
    channels: [slack, console]
    turns:
      - {user: x, at: colour}
      - {tap: red, slots: {colour: red}}
  - case: blue
    flow: shop
    channels: telegram
    turns:
      - {user: x, bot: "Which colour?"}
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a flow beside its scripts; the patterns are the shipped ones."""
    pytester.makeini(f"[pytest]\ntriage_flows = {PATTERNS}\n")
    pytester.path.joinpath("shop.yaml").write_text(SHOP, "utf-8")
    return pytester


def put(project: pytest.Pytester, script: str, name: str = "shop.flowtest.yaml") -> Path:
    """Write a script into the project."""
    path = project.path / name
    path.write_text(script, "utf-8")
    return path


def test_a_test_for_each_case_and_channel(project: pytest.Pytester) -> None:
    """Cases are collected by file name and listed with their channels; flows beside them are no scripts."""
    put(project, SCRIPT)
    result = project.runpytest_inprocess("-v", "-W", "error")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*shop.flowtest.yaml::red[[]slack[]] PASSED*", "*::blue[[]telegram[]] PASSED*"])


def test_one_test_can_be_named(project: pytest.Pytester) -> None:
    """A case on a channel is called as it is listed."""
    put(project, SCRIPT)
    project.runpytest_inprocess("shop.flowtest.yaml::red[console]").assert_outcomes(passed=1)
    project.runpytest_inprocess("-k", "blue").assert_outcomes(passed=1, deselected=2)


def test_a_failure_shows_the_turn_and_the_words(project: pytest.Pytester) -> None:
    """File and line of the turn, what was expected, what the bot said; no Python in sight."""
    put(project, SCRIPT.replace("slots: {colour: red}", "slots: {colour: blue}"))
    result = project.runpytest_inprocess("-k", "red and slack")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines([
        "shop.flowtest.yaml:7: slack: tap: red",
        "  slots: colour: expected 'blue', found 'red'",
        "  The bot said, active at shop.details:",
        "    Details",
    ])  # fmt: skip
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*runner.py*")


def test_a_defect_shows_as_one(project: pytest.Pytester) -> None:
    """Anything but a finding about the script keeps its traceback."""
    project.makeconftest("def pytest_runtest_call(item): return 1 / 0")
    put(project, SCRIPT)
    result = project.runpytest_inprocess("-k", "blue")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])


def test_a_script_with_problems_is_an_error(project: pytest.Pytester) -> None:
    """All problems with their places, and the other files are collected."""
    put(project, SCRIPT.replace("tap: red,", "tab: red,").replace("user: x, at", "user: 2, at"), "bad.flowtest.yaml")
    put(project, SCRIPT)
    result = project.runpytest_inprocess("--continue-on-collection-errors")
    result.assert_outcomes(errors=1, passed=3)
    result.stdout.fnmatch_lines([
        "bad.flowtest.yaml:6:16: error*wrong-type*",
        "bad.flowtest.yaml:7:*: error*unknown-key*",
        "*did you mean `tap`?",
    ])  # fmt: skip


def test_flows_with_problems_are_an_error(project: pytest.Pytester) -> None:
    """What cannot be loaded is told as `triage check` tells it."""
    project.path.joinpath("shop.yaml").write_text(SHOP.replace("collect: colour", "colect: colour", 1), "utf-8")
    put(project, SCRIPT)
    result = project.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*shop.yaml:*: error*"])


def test_update_writes_the_words(project: pytest.Pytester) -> None:
    """--update takes the bot's words over, keeps the rest byte for byte, and the next run passes."""
    script = put(project, SCRIPT.replace("Which colour?", "What?"))
    project.runpytest_inprocess().assert_outcomes(passed=2, failed=1)
    project.runpytest_inprocess("--update").assert_outcomes(passed=3)
    assert script.read_text("utf-8") == SCRIPT.replace('"Which colour?"', "Which colour?")
    project.runpytest_inprocess().assert_outcomes(passed=3)


def test_update_touches_no_file_that_is_right(project: pytest.Pytester) -> None:
    """Where nothing differs nothing is written."""
    script = put(project, SCRIPT)
    before = script.stat().st_mtime_ns
    project.runpytest_inprocess("--update").assert_outcomes(passed=3)
    assert script.stat().st_mtime_ns == before


def test_update_leaves_other_failures(project: pytest.Pytester) -> None:
    """Only words are taken over; a wrong answer stays a failure."""
    put(project, SCRIPT.replace('bot: "Which colour?"', "bot: What?, at: size"))
    result = project.runpytest_inprocess("--update")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*at: expected 'size', found 'shop.colour'"])


def test_update_tells_when_channels_differ(project: pytest.Pytester) -> None:
    """One text cannot serve two channels that say different things: forms are modal in one of them."""
    put(project, SCRIPT.replace("slots: {colour: red}", "bot: What?"))
    result = project.runpytest_inprocess("--update")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*bot: the channels say different things here; give each a case of its own"])


@pytest.mark.parametrize("owner", ["nobody", "conftest"])
def test_update_is_there_whoever_adds_it(project: pytest.Pytester, owner: str) -> None:
    """The plugin brings the option along, and makes way for a conftest that has one."""
    if owner == "conftest":
        project.makeconftest("def pytest_addoption(parser): parser.addoption('--update', action='store_true')")
    put(project, SCRIPT)
    project.runpytest_inprocess("--update").assert_outcomes(passed=3)
    project.runpytest_inprocess().assert_outcomes(passed=3)


def test_the_folders_of_flows_and_translations_can_be_set(project: pytest.Pytester) -> None:
    """Without settings they are `flows` and `locales` beside the configuration; paths are relative to it."""
    project.makeini(f"[pytest]\ntriage_flows = {PATTERNS} elsewhere\ntriage_locales = words\n")
    project.mkdir("elsewhere")
    project.path.joinpath("shop.yaml").rename(project.path / "elsewhere" / "shop.yaml")
    catalog = project.path / "words" / "es" / "LC_MESSAGES" / "messages.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgctxt "shop.colour.prompt"\nmsgid "Which colour?"\nmsgstr "¿Qué color?"\n', "utf-8")
    put(project, SCRIPT.replace("flow: shop\n    channels: tele", "flow: shop\n    locale: es\n    channels: tele")
        .replace('"Which colour?"', "¿Qué color?"))  # fmt: skip
    project.runpytest_inprocess().assert_outcomes(passed=3)
