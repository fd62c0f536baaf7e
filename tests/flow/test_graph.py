"""The graph of a flow, and what can be said of graphs."""

from __future__ import annotations

from itertools import pairwise
from textwrap import indent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.graph import EXIT, circles, reachable, reaching, round_trip, successors, ways
from bot.flow.model import Flow
from bot.flow.program import Program
from bot.flow.reader import read
from bot.flow.understanding import understood

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAPHS = st.integers(1, 7).flatmap(
    lambda size: st.fixed_dictionaries(
        {str(node): st.lists(st.sampled_from([str(each) for each in range(size)]), max_size=3) for node in range(size)}
    )
)


def program(text: str) -> Program:
    """The program of a flow file."""
    (tree,) = read(text.encode(), "a.yaml").documents
    return Program(understood(Flow, tree.data))


def leaving(step: str) -> dict[str, set[str]]:
    """The ways out of a step `a` that stands above a step `b`, by their kind."""
    text = (
        "flow: f\nversion: 1\ntitle: F\nslots: {x: {type: choice}, t: {type: choice, also: text}, y: {type: text}}\n"
        f"steps:\n  - id: a\n{indent(step, '    ')}\n  - {{id: b, say: B}}\n  - {{id: c, say: C}}\n"
    )
    found: dict[str, set[str]] = {}
    for way in ways(program(text))["a"]:
        found.setdefault(way.kind, set()).add(way.to)
    return found


CHOICES = "prompt: P\nchoices: [{id: one, label: One, next: c}, {id: two, label: Two, next: c}]"


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("say: A", {"done": {"b"}}),
        ("say: A\nnext: c", {"done": {"c"}}),
        ("say: A\nnext: c\nwhen: now.hour > 3", {"done": {"c"}, "skipped": {"b"}}),
        ("say: A\nnext: [{if: now.hour > 3, then: c}]", {"done": {"b", "c"}}),
        ("say: A\nnext: [{if: now.hour > 3, then: c}, {else: a}]", {"done": {"a", "c"}}),
        ("say: A\nnext: nowhere", {}),
        ("end: done\nnext: c", {"done": {EXIT}}),
        ("goto: g\nwhen: now.hour > 3", {"done": {EXIT}, "skipped": {"b"}}),
        ("handoff: {}", {"done": {"b"}}),
        ("collect: y\nprompt: P\non_max_attempts: c", {"done": {"b"}, "instead": {"c"}}),
        ("collect: y\nprompt: P\ntimeout: {after: 1d, then: c}", {"done": {"b"}, "instead": {"c"}}),
        ("collect: y\nprompt: P\ntimeout: {after: 1d, then: nudge}", {"done": {"b"}}),
        (f"collect: x\n{CHOICES}", {"done": {"c"}}),
        (f"collect: x\nunsure: true\n{CHOICES}", {"done": {"b", "c"}}),
        (f"collect: t\nnext: a\n{CHOICES}", {"done": {"a", "c"}}),
        ("rule: r\ntext: R\naccept: Fine\ndecline: {label: No, next: c}", {"done": {"b"}, "instead": {"c"}}),
        ("action: hook\non_error: c", {"done": {"b"}, "instead": {"c"}}),
    ],
)
def test_ways_out_of_a_step(step: str, expected: dict[str, set[str]]) -> None:
    """Each kind of step leads where the engine would go."""
    assert leaving(step) == expected


def test_a_form_leads_through_its_fields() -> None:
    """The form to its first field, the last field where the form leads, a skipped form past them all."""
    fields = "fields: [{collect: x, prompt: P}, {collect: y, prompt: P}]"
    form = f"form: g\ntitle: G\nsubmit: S\nwhen: now.hour > 3\n{fields}"
    assert leaving(f"{form}\nnext: c") == {"skipped": {"b"}, "done": {"a.x"}}


def test_the_kinds_can_be_left_out() -> None:
    """Two ways to one step are then one."""
    flow = "{flow: f, version: 1, title: F, steps: [{id: a, say: A, when: now.hour > 3}, {id: b, say: B}]}"
    assert successors(ways(program(flow))) == {"a": ["b"], "b": [EXIT]}


@given(GRAPHS)
def test_reaching_is_reachable_the_other_way_round(graph: Mapping[str, list[str]]) -> None:
    """A node reaches a goal exactly if the goal can be reached from it."""
    for goal in graph:
        assert reaching(graph, [goal]) == {node for node in graph if goal in reachable(graph, node)}


@given(GRAPHS)
def test_circles(graph: Mapping[str, list[str]]) -> None:
    """Two nodes share a circle exactly if each can be reached from the other, and a trip leads round through it."""
    ahead = {node: set().union(*(reachable(graph, each) for each in graph[node])) for node in graph}
    expected = {frozenset(each for each in ahead[node] if node in ahead[each]) for node in graph if node in ahead[node]}
    found = circles(graph)
    assert {frozenset(circle) for circle in found} == expected
    assert len(found) == len(expected)
    for circle in found:
        trip = round_trip(graph, circle[0])
        assert trip[0] == trip[-1] == circle[0]
        assert all(after in graph[before] for before, after in pairwise(trip))
        assert len(set(trip)) == len(trip) - 1
