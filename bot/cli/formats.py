"""Problems for other programs: JSON, SARIF 2.1.0 for code scanning, and the annotations of GitHub's workflows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

import bot
from bot.cli.shipped import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.flow.problems import Problem

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(problems: Sequence[Problem], flows: int, languages: int, stored: list[dict[str, Any]] | None = None) -> str:
    """One object: the problems, each with all it has, what was counted, and what becomes of stored conversations."""
    counts = {f"{each}s": sum(one.severity == each for one in problems) for each in ("error", "warning")}
    found = [msgspec.to_builtins(each) for each in problems]
    more = {} if stored is None else {"stored": stored}
    return _dump({"problems": found, **counts, "flows": flows, "languages": languages, **more})


def as_sarif(problems: Sequence[Problem]) -> str:
    """A SARIF log of one run. Files below the working directory are named from there, as code scanning expects."""
    levels = {each.code: each.severity for each in problems}
    codes = sorted(levels)
    rules = [{"id": code, "defaultConfiguration": {"level": levels[code]}} for code in codes]
    driver = {"name": "triage", "semanticVersion": bot.__version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, codes.index(each.code)) for each in problems],
    }
    return _dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    text = ". ".join(filter(None, [problem.message, problem.hint]))
    region: dict[str, Any] = {"startLine": problem.line, "startColumn": problem.column}
    if problem.excerpt:
        region["snippet"] = {"text": problem.excerpt}
    place = {"artifactLocation": {"uri": quote(shown(problem.file))}, "region": region}
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }


def as_github(problems: Iterable[Problem]) -> str:
    """A workflow command for each problem: the annotation stands at its line in the pull request."""
    return "".join(f"{_annotation(each)}\n" for each in problems)


def _annotation(problem: Problem) -> str:
    text = "\n".join(filter(None, [problem.message, problem.hint and f"hint: {problem.hint}"]))
    properties = {
        "file": shown(problem.file),
        "line": problem.line,
        "col": problem.column,
        "title": problem.code,
    }
    listed = ",".join(f"{name}={_escaped(str(value), ':', ',')}" for name, value in properties.items())
    return f"::{problem.severity} {listed}::{_escaped(text)}"


def _escaped(text: str, *separators: str) -> str:
    """A value of a workflow command; what would end it is written by its number."""
    for each in ("%", "\r", "\n", *separators):
        text = text.replace(each, f"%{ord(each):02X}")
    return text


def _dump(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
