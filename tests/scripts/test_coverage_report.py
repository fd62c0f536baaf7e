"""What scripts reached, as text and as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.flow.loader import load
from bot.scripts.coverage import Coverage
from bot.scripts.coverage_report import Reached, as_page, as_text, by_file
from bot.scripts.runner import play
from tests.scripts.sample import SHOP, sheet

PATTERNS = Path(__file__).parents[2] / "flows" / "patterns.yaml"
VOID = {"meta"}


class Nesting(HTMLParser):
    """Notes the elements that are open, and complains where one closes another."""

    def __init__(self) -> None:
        """Nothing is open."""
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        assert all(value is not None for _, value in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the last one."""
        assert self.open.pop() == tag


@pytest.fixture
def files(tmp_path: Path) -> dict[str, list[Reached]]:
    """The points of the sample flow, of which a single conversation reached some."""
    (tmp_path / "shop.yaml").write_text(SHOP)
    loaded = load([PATTERNS, tmp_path / "shop.yaml"])
    coverage = Coverage(loaded.sources, ["en", "es", "it"])
    library = coverage.library(loaded.catalogs)
    script = sheet("cases: [{case: a, flow: shop, turns: [{user: x}, {tap: red}]}]")
    for each in play(library, script.script.cases[0], "console"):
        coverage.notice(each.heard.log, "en")
    return {"shop.yaml": by_file([coverage])[str(tmp_path / "shop.yaml")]}


def test_points_by_file_and_line(files: dict[str, list[Reached]]) -> None:
    """In the order of the lines, each with how often it was reached."""
    lines = [each.line for each in files["shop.yaml"]]
    assert lines == sorted(lines)
    times = {(each.point.step, each.point.kind, each.point.name): each.times for each in files["shop.yaml"]}
    assert times["colour", "choice", "red"] == 1
    assert times["colour", "choice", "blue"] == 0
    assert times["", "language", "en"] > 0


def test_what_several_libraries_hold_is_counted_once(tmp_path: Path) -> None:
    """A point has one line in the report, however many sets of flows hold it."""
    (tmp_path / "shop.yaml").write_text(SHOP)
    coverages = [Coverage(load([tmp_path / "shop.yaml"]).sources) for _ in range(2)]
    for coverage in coverages:
        coverage.reached.update(list(coverage.places))
    (points,) = by_file(coverages).values()
    assert len(points) == len(coverages[0].places)
    assert {each.times for each in points} == {2}


def test_the_text_names_all_that_is_missing(files: dict[str, list[Reached]]) -> None:
    """File and line, languages of a flow together, and how much was reached of each kind."""
    lines = as_text(files).splitlines()
    assert "shop.yaml:2: shop: was never played in es, it" in lines
    assert "shop.yaml:15: shop.colour: `blue` was never chosen" in lines
    assert not [line for line in lines if "`red`" in line]
    assert re.fullmatch(
        r"Reached: \d of 7 steps, 1 of \d+ choices, 0 of 3 branches, 0 of 2 conditions, 1 of 3 languages\.", lines[-1]
    )


def test_no_flow_was_loaded() -> None:
    """Where no script was played there is nothing to tell of."""
    assert as_text({}) == "Reached: nothing.\n"


def test_the_page_is_sound_and_shows_every_line(files: dict[str, list[Reached]]) -> None:
    """Elements are closed, the flow's own characters are no markup, each line is there once, nothing is fetched."""
    page = as_page(files, {"shop.yaml": SHOP + "# <script>"})
    nesting = Nesting()
    nesting.feed(page)
    assert nesting.open == []
    assert "<script>" not in page
    assert "# &lt;script&gt;" in page
    assert not re.search(r"https?:|<link|src=", page)
    assert len(re.findall(r"<span class", page)) == len((SHOP + "# <script>").split("\n"))
    assert "<em>shop.colour: `blue` was never chosen" in page
