"""A scene as an SVG picture: no program and no font of its own is needed to see it."""

from __future__ import annotations

import re
import textwrap
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.flow.drawing.layout import Joint, Layout, Size, lay
from bot.flow.drawing.scene import OVER, START

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.flow.drawing.layout import Laid, Point
    from bot.flow.drawing.scene import Box, Line, Scene

_LETTER: Final = 7.2
"""Pixels of a letter of the texts, on the safe side."""

_ROW: Final = 18.0
_PAD: Final = 12.0
_WIDTH: Final = 44
"""Letters of a row in a box."""

_ROWS: Final = 4
"""Rows of the text of a step."""

_LABEL_WIDTH: Final = 26
_LABEL_ROWS: Final = 3

_NAMES: Final = {
    "say": "says",
    "collect": "question",
    "form": "form",
    "rule": "rule",
    "set": "notes",
    "call": "calls the flow",
    "goto": "goes over to the flow",
    "action": "does",
    "handoff": "a person",
    "end": "end",
}
"""How each kind of step is called in a picture."""

_COLOURS: Final = {
    "start": ("#22304a", "#22304a"),
    "say": ("#f6f7f9", "#aab3c2"),
    "collect": ("#e3effc", "#2f6fb7"),
    "form": ("#dff3f4", "#16808a"),
    "rule": ("#fff1d6", "#c07a00"),
    "set": ("#ffffff", "#c3cad6"),
    "call": ("#f0e8fb", "#7747b8"),
    "goto": ("#f0e8fb", "#7747b8"),
    "action": ("#fdeae0", "#c2581c"),
    "handoff": ("#d9f2df", "#1c8a3e"),
    "end": ("#e9ecf1", "#4a566d"),
    "over": ("#e9ecf1", "#4a566d"),
}
"""Of each kind of box, inside and outline."""

_BECAME: Final = ("#4f9a67", "#c8402a", "#7747b8", "#c3cad6")
"""Of each kind of visit: gone on, left, with a person, there now."""

_STYLE: Final = """\
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1d2433 }
.kind { font-size: 11px; fill: #5b667c } .id { font: 11px ui-monospace, monospace; fill: #8791a5 }
.visits { font-size: 12px; font-weight: 600 } .note { font-size: 12px; fill: #5b667c }
.when { font-size: 12px; font-style: italic; fill: #7a4b00 } .option { fill: #3d4860; font-size: 12px }
.title { font-size: 22px; font-weight: 600 } .start { fill: #fff; font-weight: 600 } .strong { font-weight: 600 }
.way { fill: none; stroke: #5b667c; stroke-width: 1.6 } .instead { stroke: #b3462e; stroke-dasharray: 6 4 }
.label { font-size: 12px; fill: #33405a } .label.instead { fill: #b3462e; stroke: none }
"""


class _Row(NamedTuple):
    """A row of words in a box: its class, its words, and the class and words at its right end."""

    style: str
    words: str
    right: str = ""


def svg(scene: Scene) -> str:
    """The picture, with a heading and what the colours mean."""
    rows = {box.id: tuple(_rows(box)) for box in scene.boxes}
    labels = [textwrap.wrap(line.label, _LABEL_WIDTH)[:_LABEL_ROWS] for line in scene.lines]
    layout = lay(
        {box.id: _size(rows[box.id]) for box in scene.boxes},
        [Joint(line.start, line.end, _label_size(label)) for line, label in zip(scene.lines, labels, strict=True)],
    )
    legend = _legend(scene)
    top, side = 120.0 if scene.note else 96.0, 30.0
    width, height = max(layout.size.width, 760.0) + 2 * side, layout.size.height + top + side
    drawn = [
        *(_way(line, laid) for line, laid in zip(scene.lines, layout.lines, strict=True)),
        *(_box(box, rows[box.id], layout) for box in scene.boxes),
        *(_label(*each) for each in zip(scene.lines, labels, layout.lines, strict=True) if each[2].label is not None),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}">\n<title>{_words(scene.title)}</title>\n<style>{_STYLE}</style>\n'
        f"{_MARKERS}"
        f'<rect width="100%" height="100%" fill="#fff"/>\n<text class="title" x="{side}" y="42">{_words(scene.title)}'
        f'</text>\n<g transform="translate({side} 62)">{legend}</g>\n{_note(scene, side)}'
        f'<g transform="translate({side} {top})">\n'
        f"{''.join(drawn)}</g>\n</svg>\n"
    )


_MARKERS: Final = (
    '<defs><marker id="on" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L10 5L0 10z" fill="#5b667c"/></marker>'
    '<marker id="instead" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L10 5L0 10z" fill="#b3462e"/></marker></defs>\n'
)


def _rows(box: Box) -> Iterator[_Row]:
    """What stands in a box, row by row."""
    if box.id in {START, OVER}:
        yield _Row("start" if box.id == START else "", box.text)
        return
    if box.when:
        yield from (_Row("when", each) for each in _wrapped(f"only if {box.when}", 3))
    yield _Row("kind", _NAMES[box.kind], box.id)
    yield from (_Row("strong" if box.kind == "handoff" else "", each) for each in _wrapped(box.text, _ROWS))
    if box.options:
        bullet = "\n" if box.kind == "form" else " · "
        options = bullet.join(" ".join(each.split()) for each in box.options)
        for each in options.split("\n"):
            yield from (_Row("option", row) for row in _wrapped(each, 4))
    if box.visits is not None:
        yield from (_Row("visits", each) for each in _wrapped(str(box.visits), 2))
        yield _Row("bar", "")


def _wrapped(text: str, rows: int) -> list[str]:
    """A text in at most so many rows; `…` stands for what is left out."""
    found = textwrap.wrap(text, _WIDTH, break_long_words=True)
    if len(found) > rows:
        found = [*found[: rows - 1], f"{found[rows - 1][: _WIDTH - 1].rstrip()}…"]
    return found


def _size(rows: Sequence[_Row]) -> Size:
    letters = max(len(row.words) + len(row.right) + (3 if row.right else 0) for row in rows)
    return Size(max(letters * _LETTER, 90) + 2 * _PAD, len(rows) * _ROW + _PAD)


def _label_size(rows: Sequence[str]) -> Size | None:
    return Size(max(map(len, rows)) * 6.6 + 12, len(rows) * 16.0 + 4) if rows else None


def _box(box: Box, rows: Sequence[_Row], layout: Layout) -> str:
    width, height = _size(rows)
    left, top = layout.boxes[box.id].x - width / 2, layout.boxes[box.id].y - height / 2
    fill, stroke = _COLOURS[box.kind]
    words = "".join(_row(row, width, number) for number, row in enumerate(rows))
    return (
        f'<g id="{_words(box.id)}" transform="translate({left:.1f} {top:.1f})">'
        f"{_shape(box, width, height, fill, stroke)}{words}{_bar(box, rows, width)}</g>\n"
    )


def _bar(box: Box, rows: Sequence[_Row], width: float) -> str:
    """What became of the visits, each part as long as its share."""
    if box.visits is None or not box.visits.came:
        return ""
    x, y, drawn = _PAD, _PAD / 2 + (len(rows) - 1) * _ROW + 4, ""
    for count, colour in zip(box.visits, _BECAME, strict=True):
        part = (width - 2 * _PAD) * count / box.visits.came
        drawn += f'<rect x="{x:.1f}" y="{y:.1f}" width="{part:.1f}" height="8" fill="{colour}"/>' if count else ""
        x += part
    return drawn


def _shape(box: Box, width: float, height: float, fill: str, stroke: str) -> str:
    """The outline: what asks, what binds and who answers are told apart by their form, too."""
    paint = f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"'
    if box.when:
        paint += ' stroke-dasharray="7 3"'
    if box.kind == "handoff":
        cut = min(14.0, height / 2)
        corners = [
            (cut, 0),
            (width - cut, 0),
            (width, cut),
            (width, height - cut),
            (width - cut, height),
            (cut, height),
        ]
        corners += [(0, height - cut), (0, cut)]
        listed = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        return f'<polygon points="{listed}" fill="{fill}" stroke="{stroke}" stroke-width="3"/>'
    radius = {"collect": 10, "form": 10, "rule": 0, "set": 0}.get(box.kind, height / 2 if height < 48 else 4)  # noqa: PLR2004
    shape = f'<rect width="{width:.1f}" height="{height:.1f}" rx="{radius:.1f}" {paint}/>'
    if box.kind == "rule":
        shape += f'<rect x="3" y="3" width="{width - 6:.1f}" height="{height - 6:.1f}" fill="none" stroke="{stroke}"/>'
    return shape


def _row(row: _Row, width: float, number: int) -> str:
    y = _PAD / 2 + number * _ROW + 13
    if row.style in {"start", ""} and number == 0:
        return (
            f'<text class="{row.style}" x="{width / 2:.1f}" y="{y:.1f}" text-anchor="middle">{_words(row.words)}</text>'
        )
    right = f'<text class="id" x="{width - _PAD:.1f}" y="{y:.1f}" text-anchor="end">{_words(row.right)}</text>'
    return f'<text class="{row.style}" x="{_PAD}" y="{y:.1f}">{_words(row.words)}</text>{right if row.right else ""}'


def _way(line: Line, laid: Laid) -> str:
    if not laid.points:
        return ""
    first, *others = laid.points
    path = f"M{first.x:.1f} {first.y:.1f}"
    before = first
    for point in others:
        path += f"L{point.x:.1f} {point.y:.1f}" if abs(point.x - before.x) < 1 else _bend(before, point)
        before = point
    style = "way" if line.kind == "on" else "way instead"
    return f'<path class="{style}" d="{path}" marker-end="url(#{line.kind})"/>\n'


def _bend(start: Point, end: Point) -> str:
    """A curve that leaves and arrives upright."""
    middle = (start.y + end.y) / 2
    return f"C{start.x:.1f} {middle:.1f} {end.x:.1f} {middle:.1f} {end.x:.1f} {end.y:.1f}"


def _label(line: Line, rows: Sequence[str], laid: Laid) -> str:
    size = _label_size(rows)
    if laid.label is None or size is None:
        return ""
    x, y = laid.label
    style = "label" if line.kind == "on" else "label instead"
    words = "".join(
        f'<text class="{style}" x="{x:.1f}" y="{y - size.height / 2 + 14 + 16 * number:.1f}" text-anchor="middle">'
        f"{_words(row)}</text>"
        for number, row in enumerate(rows)
    )
    left, top = x - size.width / 2, y - size.height / 2
    ground = f'<rect x="{left:.1f}" y="{top:.1f}" width="{size.width:.1f}" height="{size.height:.1f}" fill="#fff"/>'
    return f"<g>{ground}{words}</g>\n"


def _legend(scene: Scene) -> str:
    """What the colours mean, for the kinds that are in the picture."""
    drawn, x = "", 0.0
    kinds = {box.kind for box in scene.boxes}
    for kind, name in _NAMES.items():
        if kind in kinds:
            fill, stroke = _COLOURS[kind]
            drawn += f'<rect x="{x:.0f}" width="14" height="14" rx="3" fill="{fill}" stroke="{stroke}"/>'
            drawn += f'<text class="kind" x="{x + 20:.0f}" y="11">{name}</text>'
            x += 44 + len(name) * 6
    return drawn


def _note(scene: Scene, side: float) -> str:
    """What was counted, and what the colours of the bars mean."""
    if not scene.note:
        return ""
    x = 24 + len(scene.note) * 6.6
    drawn = f'<text class="note" y="11">{_words(scene.note)}</text>'
    for name, colour in zip(("went on", "left", "called a person", "there now"), _BECAME, strict=True):
        drawn += f'<rect x="{x:.0f}" y="2" width="14" height="8" fill="{colour}"/>'
        drawn += f'<text class="kind" x="{x + 20:.0f}" y="11">{name}</text>'
        x += 44 + len(name) * 6
    return f'<g transform="translate({side} 86)">{drawn}</g>\n'


_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _words(text: str) -> str:
    """A text as XML can hold it."""
    return escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))
