"""Problems for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import bot
from bot.cli import formats
from bot.flow.problems import Problem

if TYPE_CHECKING:
    from tests.cli.conftest import Run

BROKEN = "flow: broken\nversion: 1\ntitle: Broken\nsteps:\n  - {id: a, saay: Hello}\n  - {id: b, say: Hi, next: c}\n"
PROBLEM = Problem("bad-value", "error", "50%, or\nmore: no", "a b/ñ:,.yaml", 3, 7, "x: 1", "try: 2")


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with problems below the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("a flow.yaml").write_text(BROKEN)
    return "a flow.yaml"


def test_json_holds_everything(run: Run, broken: str) -> None:
    """Each problem with all its parts, and the counts that the text ends with."""
    code, out, errors = run("check", broken, "--format", "json")
    found = json.loads(out)
    assert (code, errors) == (1, "")
    assert set(found) == {"problems", "errors", "warnings", "flows", "languages"}
    assert found["errors"] == len(found["problems"]) > 0
    first = found["problems"][0]
    assert set(first) == {"code", "severity", "message", "file", "line", "column", "excerpt", "hint"}
    assert (first["file"], first["line"]) == ("a flow.yaml", 5)


def test_json_of_what_is_right(run: Run) -> None:
    """No problems, exit code 0, and still an object."""
    code, out, _ = run("check", "--format", "json")
    found = json.loads(out)
    assert (code, found["errors"]) == (0, 0)


def is_message(value: Any) -> bool:
    """Whether a value is a SARIF message: an object with a text that is not empty."""
    return isinstance(value, dict) and isinstance(value.get("text"), str) and bool(value["text"])


def test_sarif_is_what_the_standard_says(run: Run, broken: str) -> None:
    """Every object has what SARIF 2.1.0 demands of it, and no property that it does not know."""
    code, out, _ = run("check", broken, "--format", "sarif")
    log = json.loads(out)
    assert code == 1
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    assert set(one) == {"tool", "columnKind", "results"}
    assert one["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    driver = one["tool"]["driver"]
    assert set(driver) == {"name", "semanticVersion", "rules"}
    assert (driver["name"], driver["semanticVersion"]) == ("triage", bot.__version__)
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert one["results"]
    for result in one["results"]:
        assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations"}
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert is_message(result["message"])
        (place,) = [each["physicalLocation"] for each in result["locations"]]
        assert place["artifactLocation"] == {"uri": "a%20flow.yaml"}
        region = place["region"]
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
        assert is_message(region["snippet"])


def test_sarif_of_nothing() -> None:
    """A run without results says that all was well."""
    assert json.loads(formats.as_sarif([]))["runs"][0]["results"] == []


def test_github_annotations(run: Run, broken: str) -> None:
    """One line each, at the file and line of the pull request."""
    code, out, _ = run("check", broken, "--format", "github")
    lines = out.splitlines()
    assert code == 1
    assert lines
    assert lines[0].startswith("::error file=a flow.yaml,line=5,col=")


def test_github_values_end_nothing_early() -> None:
    """Line breaks and separators are written by their numbers; properties need more of that than the message."""
    assert formats.as_github([PROBLEM]) == (
        "::error file=a b/ñ%3A%2C.yaml,line=3,col=7,title=bad-value::50%25, or%0Amore: no%0Ahint: try: 2\n"
    )


def test_a_file_from_elsewhere_keeps_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what lies below the working directory is named from there."""
    monkeypatch.chdir(tmp_path)
    inside, outside = (Problem("x", "error", "m", file, 1, 1) for file in (str(tmp_path / "a.yaml"), "/b/a.yaml"))
    log = json.loads(formats.as_sarif([inside, outside]))
    places = [each["locations"][0]["physicalLocation"] for each in log["runs"][0]["results"]]
    assert [each["artifactLocation"]["uri"] for each in places] == ["a.yaml", "/b/a.yaml"]


def test_an_unknown_format_is_refused(run: Run) -> None:
    """The known ones are named."""
    code, _, errors = run("check", "--format", "xml")
    assert code == 2
    assert "sarif" in errors
