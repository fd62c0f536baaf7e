"""A scene as a Mermaid flowchart, which GitHub, GitLab and many editors show as a picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from bot.flow.drawing.scene import OVER, START

if TYPE_CHECKING:
    from bot.flow.drawing.scene import Box, Scene

_SHAPES: Final = {
    "start": ("([", "])"),
    "over": ("([", "])"),
    "collect": ("(", ")"),
    "form": ("(", ")"),
    "rule": ("[[", "]]"),
    "handoff": ("{{", "}}"),
    "end": ("([", "])"),
    "call": ("[/", "/]"),
    "goto": ("[/", "/]"),
}
"""The brackets of each kind of box; all others are plain rectangles."""

_STYLES: Final = """\
  classDef collect fill:#e3effc,stroke:#2f6fb7
  classDef form fill:#dff3f4,stroke:#16808a
  classDef rule fill:#fff1d6,stroke:#c07a00
  classDef handoff fill:#d9f2df,stroke:#1c8a3e,stroke-width:3px
  classDef say fill:#f6f7f9,stroke:#aab3c2
"""

_CHARS: Final = 90
"""Letters of a text that a box shows."""


def mermaid(scene: Scene) -> str:
    """The chart as text. Ids are numbered: Mermaid has words, such as `end`, that no id may be."""
    ids = {box.id: f"s{number}" for number, box in enumerate(scene.boxes)}
    title = f"{scene.title} ({scene.note})" if scene.note else scene.title
    lines = [f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\nflowchart TD"]
    lines += [f"  {ids[box.id]}{_box(box)}" for box in scene.boxes]
    for line in scene.lines:
        arrow = "-->" if line.kind == "on" else "-.->"
        label = f"|{_quoted(line.label)}|" if line.label else ""
        lines.append(f"  {ids[line.start]} {arrow}{label} {ids[line.end]}")
    return "\n".join(lines) + "\n" + _STYLES


def _box(box: Box) -> str:
    before, after = _SHAPES.get(box.kind, ("[", "]"))
    text = box.text if len(box.text) <= _CHARS else f"{box.text[: _CHARS - 1]}…"
    own = f"{box.id}: {text}" if box.id not in {START, OVER} else text
    told = str(box.visits) if box.visits is not None else ""
    words = "\n".join(filter(None, [f"only if {box.when}" if box.when else "", own, told]))
    return f"{before}{_quoted(words)}{after}:::{box.kind}"


def _quoted(text: str) -> str:
    """A text in quotation marks, in which nothing is Mermaid's or HTML's."""
    marks = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "#": "#35;", "\n": "<br>"}
    return '"' + "".join(marks.get(each, each) for each in text) + '"'
