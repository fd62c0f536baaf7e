"""A scene as an SVG picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from bot.flow.drawing.scene import Box, Line, Scene, counted
from bot.flow.drawing.svg import svg
from bot.flow.visits import Visits
from tests.flow.drawing.pictures import all_shipped, shop

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"


def drawn(scene: Scene) -> Element:
    """The picture as a tree; what is no XML raises."""
    return ET.fromstring(svg(scene))  # noqa: S314  (our own words)


def groups(picture: Element) -> dict[str, Element]:
    """The boxes by id."""
    return {each.attrib["id"]: each for each in picture.iter(f"{SVG}g") if "id" in each.attrib}


def test_every_box_and_line_is_drawn() -> None:
    """A group for each box, a path for each line, and a label where there is one, in every shipped flow."""
    for scene in (shop(), *all_shipped()):
        picture = drawn(scene)
        assert list(groups(picture)) == [box.id for box in scene.boxes]
        ways = [each for each in picture.iter(f"{SVG}path") if each.attrib.get("class", "").startswith("way")]
        assert len(ways) == len([line for line in scene.lines if line.start != line.end])
        words = " ".join("".join(picture.itertext()).split())
        assert all(line.label.split()[0] in words for line in scene.lines if line.label)


def test_kinds_are_told_apart() -> None:
    """By colour and by form: a rule has two outlines, a person's box eight corners, other answers dashed lines."""
    boxes = groups(drawn(shop()))
    assert len({next(iter(boxes[each])).attrib["fill"] for each in ("hello", "x", "form", "rule", "person")}) == 5
    assert len(boxes["rule"].findall(f"{SVG}rect")) == 2
    polygon = boxes["person"].find(f"{SVG}polygon")
    assert polygon is not None
    assert len(polygon.attrib["points"].split()) == 8
    assert 'class="way instead"' in svg(shop())


def test_the_condition_of_a_step_stands_in_its_box() -> None:
    """So that nobody has to follow a way around it."""
    assert "only if y &gt; 3" in svg(shop())


def test_what_people_write_is_no_markup() -> None:
    """And what XML cannot hold is replaced."""
    picture = svg(
        Scene("a & b", (Box("(start)", "start", "/x"), Box("a", "say", "<b>\x01\x7f")), (Line("(start)", "a"),))
    )
    assert "&lt;b&gt;\N{REPLACEMENT CHARACTER}" in picture
    ET.fromstring(picture)  # noqa: S314  (as above)


def test_the_picture_needs_nothing_else() -> None:
    """No font, script or image is loaded."""
    assert not re.search(r"href|<script|url\((?!#)", svg(shop()))


def test_the_same_flow_gives_the_same_picture() -> None:
    """So that a picture in a repository changes only when the flow does."""
    assert svg(shop()) == svg(shop())


def test_what_became_of_visits_is_drawn_in_proportion() -> None:
    """In words and as a bar, with what was counted and what the colours mean; not where nothing was counted."""
    visits = {"x": Visits(6, 3, 0, 1)}
    box = groups(drawn(counted(shop(), visits, "10 conversations")))["x"]
    assert "10 came: 6 went on, 3 left (30 %), 1 is here now" in " ".join(box.itertext())
    outline, *bar = [float(each.attrib["width"]) for each in box.iter(f"{SVG}rect")]
    assert [round(each / sum(bar), 2) for each in bar] == [0.6, 0.3, 0.1]
    assert sum(bar) < outline
    words = " ".join(drawn(counted(shop(), visits, "10 conversations")).itertext())
    assert "10 conversations" in words
    assert "called a person" in words
    assert "came" not in svg(shop())
