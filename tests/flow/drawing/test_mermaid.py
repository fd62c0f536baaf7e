"""A scene as a Mermaid flowchart."""

from __future__ import annotations

from bot.flow.drawing.mermaid import mermaid
from bot.flow.drawing.scene import Box, Line, Scene, counted
from bot.flow.visits import Visits
from tests.flow.drawing.pictures import shop


def test_the_chart() -> None:
    """A line for each box and way; shapes, labels and dashes as the kinds have it."""
    lines = mermaid(shop()).splitlines()
    assert lines[:4] == ["---", 'title: "A \\"shop\\" & more"', "---", "flowchart TD"]
    assert '  s0(["/shop"]):::start' in lines
    assert '  s2("x: Which?"):::collect' in lines
    assert '  s4[["rule: A rule."]]:::rule' in lines
    assert '  s5["only if y #gt; 3<br>set: x: nothing, y: 3, z: x"]:::set' in lines
    assert '  s9{{"person: help"}}:::handoff' in lines
    assert '  s2 -->|"A, B"| s10' in lines
    assert '  s4 -.->|"Never"| s9' in lines
    assert "  s0 --> s1" in lines


def test_texts_mean_nothing_to_mermaid() -> None:
    """Marks that would end a text or begin something are written by their names; a long text is cut."""
    made = mermaid(Scene("t", (Box("end", "say", 'a "b" <i> `c` #1; ' + "x" * 90),), (Line("end", "end"),)))
    assert '  s0["end: a #quot;b#quot; #lt;i#gt; #96;c#96; #35;1; ' in made
    assert "x…" in made
    assert "  s0 --> s0" in made


def test_what_became_of_visits_stands_in_the_box() -> None:
    """And what was counted in the title."""
    made = mermaid(counted(shop(), {"x": Visits(1, 1)}, "2 conversations"))
    assert "Which?<br>2 came: 1 went on, 1 left (50 %)" in made
    assert 'more (2 conversations)"' in made
