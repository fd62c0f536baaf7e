"""Flows that are refused: what they most likely mean, and everything else that is wrong with them, in one run."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.flow.checks import check
from bot.flow.checks.lint import JUDGED, LOAD_BEARING
from bot.flow.loader import Loaded, Source, load
from bot.flow.mending import validate
from bot.flow.problems import format_text
from bot.flow.reader import read
from bot.text.catalogs import Catalogs
from tests.flow.checks.examples import document
from tests.flow.checks.test_check import DOCUMENTS, FAMILIES
from tests.flow.made import at, changed, places, without
from tests.searching import examples

if TYPE_CHECKING:
    from pathlib import Path

    from bot.flow.problems import Problem
    from tests.flow.checks.examples import Example

PROOFS = JUDGED | LOAD_BEARING

THREE_FAULTS = """
flow: shop
version: 1
title: Shop
slots:
  shop: {type: choice}
steps:
  - id: ask
    collect: shop
    prmopt: Which shop?
    choices: [{id: one, label: One}]
  - {id: tell, say: "You chose {{ slots.shpo }}"}
  - {id: last, sya: Bye, wen: now.hour > 3, next: tel}
"""

REPORT = """\
{file}:10:5: error[unknown-key]: `prmopt` is no key of a collect step
   10 |     prmopt: Which shop?
      |     ^
      = hint: did you mean `prompt`?
{file}:12:21: error[unknown-slot]: the flow `shop` has no slot `shpo`
   12 |   - {{id: tell, say: "You chose {{{{ slots.shpo }}}}"}}
      |                     ^
      = hint: did you mean `shop`?
{file}:13:16: error[step-kind]: `sya` is not known here: a step has exactly one of the keys say, collect, form, rule, \
set, call, goto, action, handoff, end
   13 |   - {{id: last, sya: Bye, wen: now.hour > 3, next: tel}}
      |                ^
      = hint: did you mean `say`?
{file}:13:26: error[unknown-key]: `wen` is no key of a say step
   13 |   - {{id: last, sya: Bye, wen: now.hour > 3, next: tel}}
      |                          ^
      = hint: did you mean `when`?
{file}:13:51: error[unresolved-target]: there is no step `tel` in this flow
   13 |   - {{id: last, sya: Bye, wen: now.hour > 3, next: tel}}
      |                                                   ^
      = hint: did you mean `tell`?"""


def in_files(folder: Path, *texts: str) -> Loaded:
    """What the loader makes of files with these texts."""
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, "utf-8")
    return load([folder])


def in_memory(text: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a file."""
    reading = read(text.encode(), "a.yaml")
    found = [validate(tree) for tree in reading.documents]
    sources = tuple(Source(each.flow, each.tree, "a.yaml", each.doubts) for each in found if each.flow)
    refused = (*reading.problems, *chain.from_iterable(each.problems for each in found))
    return check(Loaded(sources, Catalogs({}), refused, whole=len(sources) == len(found)))


def test_a_misspelt_key_hides_nothing(tmp_path: Path) -> None:
    """Misspelt keys and kinds, an unknown slot and an unknown target are told in one run, each with its place."""
    loaded = in_files(tmp_path, THREE_FAULTS)
    report = "\n".join(map(format_text, check(loaded)))
    assert report == REPORT.format(file=tmp_path / "0.yaml")


FAULTS = {
    "unknown-key": "{id: fault, say: A, wen: now.hour > 3}",
    "missing-key": "{id: fault, say: A, lint: {allow: [asked-once]}}",
    "step-kind": "{id: fault, sya: A}",
    "wrong-type": "{id: fault, say: 3}",
    "bad-value": "{id: fault, say: A, lint: {allow: asked-once, why: short}}",
    "bad-expression": '{id: fault, say: "Hello {{ nobody }}"}',
    "bad-markup": '{id: fault, say: "# Hello"}',
}
"""Steps that the model refuses, by the code that they have; each lets the next step follow."""

EXAMPLES = list(chain.from_iterable(import_module(f"tests.flow.checks.test_{family}").EXAMPLES for family in FAMILIES))
"""The broken flow of every proof."""


PLACES = [
    (number, place) for number, each in enumerate(DOCUMENTS) for place in places(each) if place and place != ("flow",)
]
KEYS = [(number, place) for number, place in PLACES if isinstance(place[-1], str)]
WRONG: list[Any] = [5, 0.5, True, None, "No Id", "{{", "", [], {}, ["No Id"], [5], {"No Key": 5}]


def joined(text: str, fault: str) -> str:
    """A file whose first flow begins with one more step."""
    lines = document(text).split("\n")
    number = next(number for number, line in enumerate(lines) if re.match(" *steps:", line))
    if "[" in lines[number]:
        lines[number : number + 1] = re.split(r"(?<=\[)", lines[number], maxsplit=1)
        fault = f"{fault},"
    else:
        fault = f"{' ' * (len(lines[number + 1]) - len(lines[number + 1].lstrip()))}- {fault}"
    return "\n".join([*lines[: number + 1], fault, *lines[number + 1 :]])


def everything_but(number: int, one: Any) -> tuple[Problem, ...]:
    """What is wrong with the file that has everything, when one of its documents is another one."""
    documents = [one if position == number else each for position, each in enumerate(DOCUMENTS)]
    return in_memory(yaml.safe_dump_all(documents))


def nothing_follows(found: tuple[Problem, ...]) -> bool:
    """Whether no proof speaks of a flow that was refused."""
    codes = {each.code for each in found}
    return codes <= PROOFS or not codes & PROOFS


def codes(text: str) -> list[str]:
    """The codes of everything that is wrong with a file."""
    return [each.code for each in in_memory(text)]


@pytest.mark.parametrize("code", FAULTS)
@pytest.mark.parametrize("example", EXAMPLES, ids=[each.code for each in EXAMPLES])
def test_two_mistakes_of_one_flow_are_both_told(example: Example, code: str) -> None:
    """What the model refuses in one step keeps no proof from saying what it says of the others."""
    text = joined(example.broken, FAULTS[code])
    (fault,) = [number for number, line in enumerate(text.split("\n"), 1) if "id: fault" in line]
    found = in_memory(text)
    assert (code, fault) in {(each.code, each.line) for each in found}
    assert Counter(each.code for each in found) == Counter([code, *codes(document(example.broken))])


@given(st.sampled_from(EXAMPLES), st.sampled_from([each for each in EXAMPLES if "flow:" not in each.broken]))
def test_two_flows_of_one_file_are_both_told(first: Example, second: Example) -> None:
    """The mistakes of one flow keep none of another one untold."""
    assume(first is not second)  # they would have the same command
    other = re.sub(r"\b((?:flow|call|goto): |interruptions: \[)([fgh])\b", r"\1other_\2", document(second.broken))
    text = f"{document(first.broken)}\n---\n{other}"
    assert Counter(codes(text)) == Counter([*codes(document(first.broken)), *codes(document(second.broken))])


@settings(max_examples=examples(200))
@given(st.sampled_from(PLACES), st.sampled_from(WRONG))
def test_a_wrong_value_is_all_that_is_told(place: tuple[int, tuple[Any, ...]], value: Any) -> None:
    """No proof takes something for wrong that only follows from what the model refuses."""
    number, path = place
    assert nothing_follows(everything_but(number, changed(DOCUMENTS[number], path, value)))


@settings(max_examples=examples(200))
@given(st.sampled_from(KEYS), st.sampled_from(["{}x", "x{}", "zzzz"]))
def test_a_misspelt_key_is_all_that_is_told(place: tuple[int, tuple[Any, ...]], spelling: str) -> None:
    """The same for keys, whether they can be recognised or not."""
    number, path = place
    value = at(DOCUMENTS[number], path)
    source = changed(without(DOCUMENTS[number], path), (*path[:-1], spelling.format(path[-1])), value)
    assert nothing_follows(everything_but(number, source))


@given(st.sampled_from(KEYS))
def test_a_missing_key_is_all_that_is_told(place: tuple[int, tuple[Any, ...]]) -> None:
    """The same for what is not there; what may be left out is no matter of the model."""
    number, path = place
    assert nothing_follows(everything_but(number, without(DOCUMENTS[number], path)))
