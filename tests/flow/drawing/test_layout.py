"""Where boxes and lines stand."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.flow.drawing.layout import Joint, Point, Size, lay

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = st.builds(Size, st.floats(20, 300), st.floats(20, 120))
LABELS = st.none() | st.builds(Size, st.floats(10, 120), st.floats(10, 40))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, Size], list[Joint]]:
    """Up to eight boxes and any lines between them, circles and lines of a box to itself included."""
    boxes = {f"b{number}": draw(SIZES) for number in range(draw(st.integers(1, 8)))}
    ends = st.sampled_from(list(boxes))
    return boxes, draw(st.lists(st.builds(Joint, ends, ends, LABELS), max_size=14))


def apart(one: tuple[Point, Size], other: tuple[Point, Size]) -> bool:
    """Whether two rectangles, each by its middle and size, do not overlap."""
    (a, b), (c, d) = one, other
    return abs(a.x - c.x) >= (b.width + d.width) / 2 - 0.01 or abs(a.y - c.y) >= (b.height + d.height) / 2 - 0.01


@given(graphs())
def test_nothing_covers_anything(graph: tuple[dict[str, Size], list[Joint]]) -> None:
    """Neither boxes nor labels overlap, and everything is inside of the sheet."""
    boxes, joints = graph
    layout = lay(boxes, joints)
    placed = [(layout.boxes[box], size) for box, size in boxes.items()]
    placed += [
        (laid.label, joint.label)
        for laid, joint in zip(layout.lines, joints, strict=True)
        if laid.label is not None and joint.label is not None
    ]
    assert all(apart(*pair) for pair in combinations(placed, 2))
    for point, size in placed:
        assert point.x - size.width / 2 >= -0.01
        assert point.x + size.width / 2 <= layout.size.width + 0.01
        assert point.y - size.height / 2 >= 0
        assert point.y + size.height / 2 <= layout.size.height + 0.01


@given(graphs())
def test_lines_lead_down_or_close_a_circle(graph: tuple[dict[str, Size], list[Joint]]) -> None:
    """Every line goes one way only, from the box it starts at to the one it ends at."""
    boxes, joints = graph
    layout = lay(boxes, joints)
    for joint, laid in zip(joints, layout.lines, strict=True):
        if joint.start == joint.end:
            assert laid.points == ()
            continue
        heights = [point.y for point in laid.points]
        assert heights == sorted(heights, reverse=laid.upward)
        start, end = layout.boxes[joint.start], layout.boxes[joint.end]
        assert (start.y > end.y) is laid.upward
        if joint.label is not None:
            assert laid.label is not None


def crossings(lines: Sequence[tuple[int, int]]) -> int:
    """How many pairs of lines between two layers cross."""
    return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(lines, 2))


def test_lines_that_need_not_cross_do_not() -> None:
    """Boxes of a layer are ordered by what they are joined to."""
    boxes = dict.fromkeys(["top", *(f"a{each}" for each in range(4)), *(f"b{each}" for each in range(4))], Size(50, 20))
    joints = [Joint("top", f"a{each}") for each in range(4)]
    joints += [Joint(f"a{each}", f"b{3 - each}") for each in range(4)]
    layout = lay(boxes, joints)
    order = {box: round(point.x) for box, point in layout.boxes.items()}
    assert crossings([(order[f"a{each}"], order[f"b{3 - each}"]) for each in range(4)]) == 0


def test_a_row_of_steps_is_straight() -> None:
    """What follows one another stands nearly below one another, and a line past a step goes beside it."""
    boxes = {name: Size(100, 40) for name in "abc"}
    layout = lay(boxes, [Joint("a", "b"), Joint("b", "c"), Joint("a", "c")])
    assert [layout.boxes[each].y for each in "abc"] == sorted(layout.boxes[each].y for each in "abc")
    assert abs(layout.boxes["a"].x - layout.boxes["c"].x) < 20
    past = layout.lines[2].points
    beside = [point for point in past if abs(point.y - layout.boxes["b"].y) <= 20]
    assert beside
    assert all(abs(point.x - layout.boxes["b"].x) >= 50 for point in beside)


def test_a_single_box() -> None:
    """Nothing to lay out is no trouble."""
    layout = lay({"a": Size(100, 40)}, [])
    assert layout.boxes["a"] == Point(50, 20)
