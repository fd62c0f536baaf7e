"""`triage check`: what it prints, and what it exits with."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bot.cli import shipped
from bot.cli.check import summary
from bot.flow.problems import Problem
from bot.flow.source import MAX_PROBLEMS
from tests.cli.conftest import SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_a_sound_flow_has_no_errors(run: Run) -> None:
    """A folder named on the command line is checked together with the shipped repair patterns."""
    code, out, errors = run("check", str(SAMPLE / "flows"))
    assert (code, errors) == (0, "")
    assert out.splitlines()[-1].endswith(" flows and 1 language.")


def test_a_missing_translation_is_an_error_where_there_are_translations(run: Run) -> None:
    """The folder of translations that is named is the one that is checked."""
    code, out, _ = run("check", str(SAMPLE / "flows"), "--locales", str(SAMPLE / "locales"))
    assert code == 1
    assert "error[missing-translation]: this text has no translation in `es`" in out
    assert out.splitlines()[-1].endswith(" flows and 2 languages.")


def test_the_shipped_flows_are_checked_in_every_language(run: Run) -> None:
    """Without a path they are what is checked."""
    code, out, _ = run("check")
    assert code == 0
    assert int(out.split()[-2]) == 1 + len(list(shipped.LOCALES.glob("*/LC_MESSAGES/*.po")))


def test_every_problem_is_shown_with_its_place_and_counted(run: Run, tmp_path: Path) -> None:
    """The line, a caret below the column and a hint, for each of them, and exit code 1."""
    file = tmp_path / "broken.yaml"
    file.write_text("flow: broken\nversion: 1\ntitle: Broken\nsteps:\n  - {id: a, saay: Hello}\n  - {id: B, say: Hi}\n")
    code, out, _ = run("check", str(file))
    assert code == 1
    assert f"{file}:5:" in out
    assert f"{file}:6:" in out
    assert "    5 |   - {id: a, saay: Hello}\n      | " in out
    assert out.splitlines()[-1].startswith("2 errors")


def test_a_catalog_that_cannot_be_read_is_a_problem(run: Run, tmp_path: Path) -> None:
    """Translations are checked as well."""
    catalog = tmp_path / "es" / "LC_MESSAGES" / "messages.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid "a\n')
    code, out, _ = run("check", "--locales", str(tmp_path))
    assert code == 1
    assert f"{catalog}:1:1: error[bad-catalog]" in out


def test_a_path_that_is_not_there_is_a_problem(run: Run, tmp_path: Path) -> None:
    """A typo in a path is no success."""
    code, out, _ = run("check", str(tmp_path / "nothing"))
    assert code == 1
    assert "no such file or folder" in out


BOMB = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join(9 * [f'*{before}'])}]\n" for before, name in pairwise("abcdefghijkl")
)
CIRCLE = "flow: {0}\nversion: 1\ntitle: {0}\nsteps: [{{id: a, call: {1}}}]\n"
MANY = "flow: a\nversion: 1\ntitle: A\nsteps:\n" + "".join(f"  - {{id: s{n}, sya: Hello}}\n" for n in range(5000))


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", {"yaml-syntax", "not-utf8"}),
        (bytes(range(256)) * 20, {"not-utf8", "control-character"}),
        (b"Dear all,\nhere is the flow.\n", {"not-a-mapping"}),
        (BOMB.encode(), {"too-many-aliases", "too-many-nodes"}),
        (b"# nothing\n" * 1_000_000, {"too-large"}),
        (b"flow: a\nsteps: " + b"[" * 10_000, {"too-deep"}),
        ((CIRCLE.format("a", "b") + "---\n" + CIRCLE.format("b", "a")).encode(), {"circular-call"}),
        (MANY.encode(), {"step-kind", "too-many-problems"}),
    ],
    ids=["pdf", "image", "letter", "bomb", "large", "deep", "circle", "many"],
)
def test_what_is_no_flow_is_a_clear_problem(run: Run, tmp_path: Path, data: bytes, codes: set[str]) -> None:
    """A file of another kind, one made to keep us busy, flows that only call each other: problems, and an exit of 1."""
    (tmp_path / "a.yaml").write_bytes(data)
    code, out, errors = run("check", str(tmp_path))
    assert (code, errors) == (1, "")
    assert set(re.findall(r"^\S+: error\[(\S+)\]", out, re.MULTILINE)) == codes
    assert out.count(" error[") <= MAX_PROBLEMS + 1


def test_a_folder_without_flows_is_a_clear_problem(run: Run, tmp_path: Path) -> None:
    """Nobody should think that all is well."""
    code, out, _ = run("check", str(tmp_path))
    assert code == 1
    assert "error[no-flows]: this folder holds no flow file (*.yaml)" in out


def test_the_summary_counts_in_words() -> None:
    """Singular and plural, errors first."""
    error, warning = (Problem("x", severity, "m", "f", 1, 1) for severity in ("error", "warning"))
    assert summary([], 3, 2) == "No problems in 3 flows and 2 languages."
    assert summary([warning], 1, 1) == "1 warning in 1 flow and 1 language."
    assert summary([warning, error, error], 2, 7) == "2 errors, 1 warning in 2 flows and 7 languages."
