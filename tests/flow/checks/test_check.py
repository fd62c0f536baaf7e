"""The proofs together: order, places, robustness, and the flows that are shipped."""

from __future__ import annotations

import re
from copy import deepcopy
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.flow.checks import check
from bot.flow.checks.lint import JUDGED, LOAD_BEARING
from bot.flow.checks.view import World
from bot.flow.loader import Loaded, Source, load
from bot.flow.model import Flow
from bot.flow.problems import Problem
from bot.flow.reader import read
from bot.flow.understanding import understood
from bot.text.catalogs import Catalogs
from tests.flow.checks.examples import loaded
from tests.searching import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
FAMILIES = (
    "answers",
    "arms",
    "assigned",
    "collisions",
    "distance",
    "limits",
    "lint",
    "loops",
    "names",
    "reach",
    "steps",
    "together",
)
ELSEWHERE = {
    "bad-translation",
    "fuzzy-translation",
    "markup-mismatch",
    "missing-pattern",
    "missing-translation",
    "missing-wording",
    "placeholder-mismatch",
    "rule-facts",
}
"""Codes whose examples need catalogs, or what the engine needs; the tests of their family have them."""

EVERYTHING = """
flow: f
version: 2
title: Everything
triggers: [{command: start}, {words: "begin, go"}]
slots:
  x: {type: choice, label: X, staff_label: X}
  y: {type: yes_no, sensitive: true}
  z: {type: choices}
  n: {type: number, ask_again: true}
steps:
  - {id: a, say: "Hello {{ user.first_name }}", lint: {allow: [dead-end], why: it is a test}}
  - id: b
    collect: x
    prompt: Which?
    choices: [{id: one, label: One, synonyms: [first, uno], next: d}, {id: two, label: Two}]
    unsure: true
    on_max_attempts: g
    timeout: {after: 1d, then: nudge}
    interruptions: [g]
  - {id: c, collect: n, prompt: "How many of {{ slots.x }}?", rejections: [{if: value > 3, say: Too many.}]}
  - id: d
    form: about
    title: About
    submit: Send
    fields:
      - {collect: y, prompt: Well?, optional: true}
      - {collect: z, prompt: Which?, choices: [{id: three, label: Three}, {id: four, label: Four}]}
    next: [{if: "slots.y == 'yes'", then: e}, {if: "'three' in slots.z", then: c}, {else: g}]
  - {id: e, rule: r, text: A rule., accept: Fine, decline: {label: Never, next: g}}
  - {id: f, action: hook, with: {of: "{{ slots.x }}"}, into: {n: count}, on_error: g}
  - {id: g, call: g, with: {v: one}, into: {x: v}, when: "slots.x is none or slots.x in ['one', 'two']"}
  - {id: h, set: {x: null, n: 3}}
  - {id: i, handoff: {priority: "{{ 'high' if slots.n is none else 'low' }}", summary: [x, z]}}
  - {id: j, goto: g}
migrate:
  - {from: 1, steps: {old: a}, rename: {w: x}, map: {x: {eins: one}}}
---
flow: g
version: 1
title: Called
slots: {v: {type: text}}
steps:
  - {id: a, collect: v, prompt: What?}
  - {id: b, end: done}
"""
DOCUMENTS = [tree.data for tree in read(EVERYTHING.encode(), "a.yaml").documents]


def scalars(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text and number of a document."""
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from scalars(below, (*path, key))
    else:
        yield path


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """The value at the end of a way."""
    for part in path:
        value = value[part]
    return value


PATHS = list(scalars(DOCUMENTS))
STRANGE = {"slots.q", "{{ slots.x }}", "pattern.a", "{{ summary }}", "not slots.x", "slots.z == 'one' or user"}
WORDS = sorted({str(at(DOCUMENTS, path)) for path in PATHS} | STRANGE)


def test_every_code_has_a_broken_and_a_fixed_example() -> None:
    """No proof without a flow that it refuses, and one that it lets pass."""
    modules = [import_module(f"tests.flow.checks.test_{family}") for family in FAMILIES]
    shown = {example.code for example in chain.from_iterable(module.EXAMPLES for module in modules)}
    assert shown == (JUDGED | LOAD_BEARING) - ELSEWHERE
    tests = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert {code for code in ELSEWHERE if not re.search(f'"{code}"', tests)} == set()


def test_everything_that_is_right_passes() -> None:
    """A flow with each kind of step and key has no problem."""
    assert check(loaded(EVERYTHING)) == ()


def test_problems_of_reading_come_first_come_all() -> None:
    """What the loader found stays, and all is in the order of the files."""
    wrong = loaded("steps:\n  - {id: a, say: A, next: b}\n")
    late = Problem("bad-value", "error", "no", "0.yaml", 9, 1)
    other = Problem("bad-value", "error", "no", "!.yaml", 1, 1)
    found = check(msgspec.structs.replace(wrong, problems=(late, other)))
    assert [each.code for each in found] == ["bad-value", "unresolved-target", "bad-value"]
    assert found[0] == other


def test_a_problem_shows_its_line() -> None:
    """File, line, column, excerpt and hint lead to the very word."""
    (problem,) = check(loaded("steps:\n  - {id: welcome, say: A, next: welcom}\n"))
    assert (problem.file, problem.line, problem.column) == ("0.yaml", 5, 33)
    assert problem.excerpt == "  - {id: welcome, say: A, next: welcom}"
    assert problem.hint == "did you mean `welcome`?"


def test_a_flow_may_be_checked_again() -> None:
    """Checking changes nothing: the same files have the same problems."""
    twice = loaded(EVERYTHING.replace("goto: g", "goto: h"))
    assert check(twice) == check(twice) != ()


@settings(max_examples=examples(50))
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(WORDS)), min_size=1, max_size=8))
def test_nothing_raises(changes: list[tuple[tuple[Any, ...], str]]) -> None:
    """Whatever stands where in a flow that can be read at all, the proofs answer with problems."""
    documents = deepcopy(DOCUMENTS)
    for path, word in changes:
        at(documents, path[:-1])[path[-1]] = word
    reading = read(yaml.safe_dump_all(documents).encode(), "a.yaml")
    sources = []
    for tree in reading.documents:
        try:
            sources.append(Source(understood(Flow, tree.data), tree, "a.yaml"))
        except ValidationError:
            continue
    found = check(Loaded(tuple(sources), Catalogs({"es": {}}), ()), ["human"], ["yes"])
    assert {each.code for each in found} <= JUDGED | LOAD_BEARING


@pytest.mark.parametrize("language", ["es", "pt-BR"])
def test_each_translation_is_parsed_once(language: str) -> None:
    """However many proofs ask for it."""
    texts = loaded(EVERYTHING, catalogs={language: {("f.b.one.label", "One"): "Uno"}})
    world = World(texts, (), ())
    (text,) = (each for each in world.views["f"].texts if each.source == "One")
    assert world.translation(text, language) is world.translation(text, language)
    assert world.plain(text, language) == "Uno"


def test_the_shipped_flows_have_no_errors() -> None:
    """What a new deployment starts with is proved."""
    found = check(load([ROOT / "flows"]))
    assert [each for each in found if each.severity == "error"] == []
