"""A scene as a graph for Graphviz."""

from __future__ import annotations

from bot.flow.drawing.dot import dot
from bot.flow.drawing.scene import Box, Line, Scene, counted
from bot.flow.visits import Visits
from tests.flow.drawing.pictures import shop


def test_the_graph() -> None:
    """A line for each box and way, all names and texts in quotation marks."""
    lines = dot(shop()).splitlines()
    assert lines[0] == 'digraph "A \\"shop\\" & more" {'
    assert '  "x" [label="x\\nWhich?", shape=box, style="filled,rounded", fillcolor="#e3effc"]' in lines
    assert '  "call" [label="call\\nother", shape=box]' in lines
    assert '  "x" -> "away" [label="A, B"]' in lines
    assert '  "rule" -> "person" [label="Never", style=dashed]' in lines
    assert '  "(start)" -> "hello" []' in lines
    assert lines[-1] == "}"


def test_texts_mean_nothing_to_graphviz() -> None:
    """Backslashes and quotation marks end no text."""
    made = dot(Scene("t", (Box("a", "say", 'b\\ "c"'),), (Line("a", "a"),)))
    assert 'label="a\\nb\\\\ \\"c\\""' in made


def test_what_became_of_visits_stands_in_the_box() -> None:
    """And what was counted below the graph."""
    made = dot(counted(shop(), {"x": Visits(1, 1)}, "2 conversations"))
    assert 'label="x\\nWhich?\\n2 came: 1 went on, 1 left (50 %)"' in made
    assert '  label="2 conversations"\n' in made
