"""The texts and expressions of a flow are found, all of them, where they stand in the file."""

from __future__ import annotations

from bot.flow.expressions import Expression
from bot.flow.leaves import leaves
from bot.flow.model import Flow
from bot.flow.texts import Text
from bot.flow.understanding import understood
from tests.flow.made import at, complete


def test_each_leaf_stands_at_its_place() -> None:
    """The path leads to what the leaf was made from, keys as they are written in the file."""
    source = complete()
    for leaf, path in leaves(understood(Flow, source)):
        found = at(source, path)
        words = ", ".join(found) if isinstance(found, list) else found
        assert leaf.source == words.strip("{} "), path


def test_none_is_missing() -> None:
    """Texts and expressions of every kind of step, in conditions, values, forms and lists."""
    found = [(type(leaf), path) for leaf, path in leaves(understood(Flow, complete()))]
    assert len(set(found)) == len(found)
    assert sum(kind is Text for kind, _ in found) == 39
    expressions = [path for kind, path in found if kind is Expression]
    assert {path for path in expressions if path[-1] != "when"} == {
        ("steps", 1, "next", 0, "if"),
        ("steps", 1, "next", 1, "if"),
        ("steps", 1, "rejections", 0, "if"),
        ("steps", 2, "fields", 0, "rejections", 0, "if"),
        ("steps", 6, "set", "shop"),
        ("steps", 7, "with", "platform"),
        ("steps", 8, "with", "id"),
        ("steps", 10, "handoff", "priority"),
    }
    assert sum(path[-1] == "when" for path in expressions) == 10
