"""Where boxes and lines stand: in layers from top to bottom, with few crossings and straight lines.

The method is Sugiyama's: break circles, put every box on the layer below those that lead to it, give long lines a place
on each layer they pass, order the layers to avoid crossings, and move everything towards what it is joined to. The
label of a line takes a place of its own, so that no label covers anything.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_GAP: Final = 28.0
_LAYER_GAP: Final = 36.0
"""Pixels between neighbours of a layer, and between layers."""

_BESIDE: Final = 26.0
"""Pixels by which the ends of a line that leads upwards stand beside the others."""

_SWEEPS: Final = 12


class Size(NamedTuple):
    """Width and height in pixels."""

    width: float
    height: float


class Point(NamedTuple):
    """Pixels from the left and from the top."""

    x: float
    y: float


class Joint(NamedTuple):
    """A line to be laid: its ends, and the size of its label (none without one)."""

    start: str
    end: str
    label: Size | None = None


class Laid(NamedTuple):
    """A line that was laid: the points it passes from its start to its end, and the middle of its label."""

    points: tuple[Point, ...]
    label: Point | None
    upward: bool


class Layout(NamedTuple):
    """The middle of each box, each line in the order they were given, and the size of the whole."""

    boxes: Mapping[str, Point]
    lines: tuple[Laid, ...]
    size: Size


def lay(boxes: Mapping[str, Size], joints: Sequence[Joint]) -> Layout:
    """Lay out `boxes` (id to size, in the order of the file) and the lines between them. Both ends must be boxes."""
    return _Sheet(boxes, joints).layout()


class _Sheet:
    """Places: every box, and for each layer that a line passes one of its own (`#line#layer`)."""

    def __init__(self, boxes: Mapping[str, Size], joints: Sequence[Joint]) -> None:
        self._sizes = dict(boxes)
        self._heights: dict[str, float] = {}
        """How high each place is in the end: a line that passes a layer is as high as the layer."""
        self._joints = joints
        upward = _upward(boxes, joints)
        self._down = [
            (each.end, each.start) if back else (each.start, each.end) for each, back in _both(joints, upward)
        ]
        self._back = upward
        ranks = _ranks(boxes, self._down)
        self._chains = [self._chain(number, ranks) for number in range(len(joints))]
        # what a line passes comes in the order of the lines, so that the file's order is the first guess
        self._layers: list[list[str]] = [[] for _ in range(2 * max(ranks.values(), default=0) + 1)]
        for box in boxes:
            self._layers[2 * ranks[box]].append(box)
        for number, chain in enumerate(self._chains):
            for place in chain[1:-1]:
                self._layers[int(place.rpartition("#")[2])].append(place)
            if joints[number].start == joints[number].end:
                self._chains[number] = []

    def _chain(self, number: int, ranks: Mapping[str, int]) -> list[str]:
        """The places that a line passes, from the upper box to the lower one."""
        start, end = self._down[number]
        passed = [f"#{number}#{layer}" for layer in range(2 * ranks[start] + 1, 2 * ranks[end])]
        label = self._joints[number].label
        for place in passed:
            self._sizes[place] = Size(0, 0)
        if label is not None and passed:
            self._sizes[passed[-1 if self._back[number] else 0]] = label
        return [start, *passed, end]

    def layout(self) -> Layout:
        above, below = self._neighbours()
        self._order(above, below)
        across = self._across(above, below)
        top = 0.0
        middle: dict[str, Point] = {}
        for layer in self._layers:
            height = max((self._sizes[place].height for place in layer), default=0)
            middle |= {place: Point(across[place], top + height / 2) for place in layer}
            # a line goes straight through a layer, and bends between two of them
            self._heights |= {place: self._sizes[place].height or height for place in layer}
            top += height + (_LAYER_GAP if height else 0)
        left = min((middle[place].x - self._sizes[place].width / 2 for place in middle), default=0)
        middle = {place: Point(point.x - left, point.y) for place, point in middle.items()}
        right = max((middle[place].x + self._sizes[place].width / 2 for place in middle), default=0)
        lines = tuple(self._laid(number, chain, middle) for number, chain in enumerate(self._chains))
        boxes = {place: point for place, point in middle.items() if not place.startswith("#")}
        return Layout(boxes, lines, Size(right, top))

    def _laid(self, number: int, chain: Sequence[str], middle: Mapping[str, Point]) -> Laid:
        if not chain:
            return Laid((), None, upward=False)
        points: list[Point] = []
        for place in chain:
            x, y = middle[place]
            half = self._heights[place] / 2
            points += [Point(x, y - half), Point(x, y + half)] if half else []
        points = points[1:-1]
        if self._back[number]:
            # beside the lines that lead down, so that one sees where it starts and where it arrives
            points[0], points[-1] = _beside(points[0], points[1]), _beside(points[-1], points[-2])
            points.reverse()
        labelled = [place for place in chain[1:-1] if self._sizes[place].width]
        return Laid(tuple(points), middle[labelled[0]] if labelled else None, upward=self._back[number])

    def _neighbours(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        above: dict[str, list[str]] = {place: [] for layer in self._layers for place in layer}
        below: dict[str, list[str]] = {place: [] for layer in self._layers for place in layer}
        for chain in self._chains:
            for upper, lower in pairwise(chain):
                below[upper].append(lower)
                above[lower].append(upper)
        return above, below

    def _order(self, above: Mapping[str, Sequence[str]], below: Mapping[str, Sequence[str]]) -> None:
        """Order every layer by where its neighbours stand, downwards and upwards in turn; keep the best."""
        best, fewest = [list(layer) for layer in self._layers], self._crossings(below)
        for sweep in range(_SWEEPS):
            neighbours = above if sweep % 2 == 0 else below
            for layer in self._layers if sweep % 2 == 0 else reversed(self._layers):
                rank = {place: number for each in self._layers for number, place in enumerate(each)}
                _sort(layer, {place: [rank[each] for each in neighbours[place]] for place in layer})
            crossings = self._crossings(below)
            if crossings < fewest:
                best, fewest = [list(layer) for layer in self._layers], crossings
        self._layers = best

    def _crossings(self, below: Mapping[str, Sequence[str]]) -> int:
        crossings = 0
        for upper, lower in pairwise(self._layers):
            place = {each: number for number, each in enumerate(lower)}
            ends = [sorted(place[each] for each in below[one]) for one in upper]
            passed: list[int] = []
            for each in ends:
                crossings += sum(other > end for end in each for other in passed)
                passed += each
        return crossings

    def _across(self, above: Mapping[str, Sequence[str]], below: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """The middle of every place from the left: near its neighbours, in the layer's order, without touching."""
        across: dict[str, float] = {}
        for layer in self._layers:
            across |= self._spaced(layer, dict.fromkeys(layer, 0.0))
        for sweep in range(2 * _SWEEPS):
            neighbours = above if sweep % 2 == 0 else below
            for layer in self._layers if sweep % 2 == 0 else reversed(self._layers):
                wished = {}
                for place in layer:
                    near = sorted(across[each] for each in neighbours[place])
                    wished[place] = (near[(len(near) - 1) // 2] + near[len(near) // 2]) / 2 if near else across[place]
                across |= self._spaced(layer, wished)
        return across

    def _spaced(self, layer: Sequence[str], wished: Mapping[str, float]) -> dict[str, float]:
        """Places as near as possible to where they are wished: groups that would overlap stand together."""
        offsets: list[float] = []
        reach = 0.0
        for number, place in enumerate(layer):
            half = self._sizes[place].width / 2
            reach += half if number else 0.0
            offsets.append(reach)
            reach += half + _GAP
        groups: list[tuple[float, float, int]] = []  # sum of wishes, weight, members
        for place, offset in zip(layer, offsets, strict=True):
            weight = 1.0 if self._sizes[place].width else 3.0  # a line that bends is worse than a box that moves
            total, heavy, count = weight * (wished[place] - offset), weight, 1
            while groups and groups[-1][0] / groups[-1][1] > total / heavy:
                before = groups.pop()
                total, heavy, count = total + before[0], heavy + before[1], count + before[2]
            groups.append((total, heavy, count))
        starts = [total / heavy for total, heavy, count in groups for _ in range(count)]
        return {place: start + offset for place, start, offset in zip(layer, starts, offsets, strict=True)}


def _beside(end: Point, near: Point) -> Point:
    """The end of a line that leads upwards, on the side from which it comes."""
    return Point(end.x + (_BESIDE if near.x >= end.x else -_BESIDE), end.y)


def _sort(layer: list[str], near: Mapping[str, Sequence[int]]) -> None:
    """Order a layer by the mean of what each place is near to; what is near to nothing keeps its place."""
    means = {place: sum(found) / len(found) for place, found in near.items() if found}
    moving = iter(sorted((place for place in layer if place in means), key=means.__getitem__))
    layer[:] = [next(moving) if place in means else place for place in layer]


def _both(joints: Sequence[Joint], upward: Sequence[bool]) -> Iterable[tuple[Joint, bool]]:
    return zip(joints, upward, strict=True)


def _upward(boxes: Iterable[str], joints: Sequence[Joint]) -> list[bool]:
    """For each line whether it closes a circle, and is therefore drawn upwards."""
    leaving: dict[str, list[int]] = {box: [] for box in boxes}
    for number, joint in enumerate(joints):
        leaving[joint.start].append(number)
    upward = [False] * len(joints)
    state = dict.fromkeys(leaving, "new")
    for box, own in leaving.items():
        stack = [(box, iter(own))] if state[box] == "new" else []
        state[box] = "open" if stack else state[box]
        while stack:
            here, lines = stack[-1]
            line = next(lines, None)
            if line is None:
                state[here] = "done"
                stack.pop()
                continue
            there = joints[line].end
            if state[there] == "open":
                upward[line] = True
            elif state[there] == "new":
                state[there] = "open"
                stack.append((there, iter(leaving[there])))
    return upward


def _ranks(boxes: Iterable[str], lines: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The layer of each box: one below the lowest that leads to it."""
    leading: dict[str, list[str]] = {box: [] for box in boxes}
    waiting = dict.fromkeys(leading, 0)
    for start, end in lines:
        if start != end:
            leading[start].append(end)
            waiting[end] += 1
    ranks = dict.fromkeys(leading, 0)
    ready = [box for box, count in waiting.items() if not count]
    while ready:
        box = ready.pop()
        for end in leading[box]:
            ranks[end] = max(ranks[end], ranks[box] + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    return ranks
