"""A scene as a graph for Graphviz, for those who have their own way of drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flow.drawing.scene import OVER, START

if TYPE_CHECKING:
    from bot.flow.drawing.scene import Box, Scene

_LOOKS: Final = {
    "start": 'shape=oval, fillcolor="#22304a", fontcolor=white',
    "over": 'shape=oval, fillcolor="#e9ecf1"',
    "say": 'shape=box, fillcolor="#f6f7f9"',
    "collect": 'shape=box, style="filled,rounded", fillcolor="#e3effc"',
    "form": 'shape=box, style="filled,rounded", fillcolor="#dff3f4"',
    "rule": 'shape=box, peripheries=2, fillcolor="#fff1d6"',
    "handoff": 'shape=octagon, penwidth=3, fillcolor="#d9f2df"',
    "end": 'shape=oval, fillcolor="#e9ecf1"',
}
_OTHERS: Final = "shape=box"


def dot(scene: Scene) -> str:
    """The graph as text."""
    head = (
        f"digraph {_quoted(scene.title)} {{\n"
        f"{_note(scene)}"
        '  node [style=filled, fillcolor=white, fontname="sans-serif", fontsize=11]\n'
        '  edge [fontname="sans-serif", fontsize=10]\n'
    )
    boxes = "".join(
        f"  {_quoted(box.id)} [label={_quoted(_words(box))}, {_LOOKS.get(box.kind, _OTHERS)}]\n" for box in scene.boxes
    )
    lines = ""
    for line in scene.lines:
        looks = [f"label={_quoted(line.label)}"] if line.label else []
        looks += ["style=dashed"] if line.kind == "instead" else []
        lines += f"  {_quoted(line.start)} -> {_quoted(line.end)} [{', '.join(looks)}]\n"
    return f"{head}{boxes}{lines}}}\n"


def _note(scene: Scene) -> str:
    return f'  label={_quoted(scene.note)}\n  fontname="sans-serif"\n' if scene.note else ""


def _words(box: Box) -> str:
    own = box.text if box.id in {START, OVER} else f"{box.id}\n{box.text}"
    told = str(box.visits) if box.visits is not None else ""
    return "\n".join(filter(None, [f"only if {box.when}" if box.when else "", own, told]))


def _quoted(text: str) -> str:
    """A text in quotation marks, with line breaks as Graphviz writes them."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
