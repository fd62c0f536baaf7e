"""`docs/problems.md` and the sources speak of the same problems."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bot.flow.checks.lint import LOAD_BEARING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| `([a-z0-9-]+)`( †)? \| ([a-z ]+) \| .+ \| .+ \|$", re.MULTILINE)
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
MAKERS = {"Finding", "Problem", "_Found", "problem", "report", "RefusalError"}
"""What makes a problem; its code comes first."""
OTHER_WORDS = {"double-quoted"}
"""Words with a hyphen in the sources that are no codes."""


def calls(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """The code of each problem that is made with a literal one, and all the words it is made with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in MAKERS and isinstance(first, ast.Constant):
                yield str(first.value), {str(each.value) for each in node.args if isinstance(each, ast.Constant)}


def trees(*rooms: str) -> list[ast.Module]:
    """The sources of rooms: of the flow language, and of the desk, whose settings are read alike.

    Of the commands, one has codes of its own.
    """
    files = [file for room in rooms or ("flow", "desk") for file in (ROOT / "bot" / room).rglob("*.py")]
    return [ast.parse(file.read_text("utf-8")) for file in [*files, ROOT / "bot" / "cli" / "against.py"]]


def codes_of_sources() -> set[str]:
    """Every code that a source knows: literals that look like one, and single words that a problem is made with."""
    literals = {
        node.value
        for tree in trees("flow")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }
    made = {code for tree in trees() for code, _ in calls(tree) if re.fullmatch("[a-z0-9-]+", code)}
    return (literals | made) - OTHER_WORDS


def rows() -> list[tuple[str, str, str]]:
    """Code, mark and severity of each row of the tables."""
    return ROW.findall(ROOT.joinpath("docs/problems.md").read_text("utf-8"))


def test_every_code_is_explained_once() -> None:
    """No code is missing in the tables, none stands there twice, and none is explained that nobody reports."""
    explained = [code for code, _, _ in rows()]
    assert sorted(explained) == sorted(codes_of_sources())


def test_every_row_is_read() -> None:
    """The tables hold nothing else than rows of that form and their headings."""
    lines = ROOT.joinpath("docs/problems.md").read_text("utf-8").split("\n")
    assert len([line for line in lines if line.startswith("| `")]) == len(rows())


def test_what_cannot_be_silenced_is_marked() -> None:
    """The mark stands at the proofs' codes that `lint:` refuses, and nowhere else."""
    assert {code for code, mark, _ in rows() if mark} == LOAD_BEARING


def test_severities_are_those_of_the_sources() -> None:
    """A code is a warning where it is made as one."""
    severities: dict[str, set[str]] = {}
    for tree in trees():
        for code, words in calls(tree):
            severities.setdefault(code, set()).add("warning" if "warning" in words else "error")
    expected = {code: " or ".join(sorted(found)) for code, found in severities.items()}
    assert {code: severity for code, _, severity in rows()} == {code: "error" for code, _, _ in rows()} | expected
