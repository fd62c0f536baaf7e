"""Coverage knows what there is to reach, where it is written, and what conversations reached."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.flow.loader import load
from bot.scripts.coverage import Coverage, Point
from bot.scripts.runner import play
from tests.scripts.sample import SHOP, sheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.flow.library import Library

PATTERNS = "flows/patterns.yaml"


class Tour:
    """The sample flow, its coverage, and a way to play turns."""

    def __init__(self, folder: Path) -> None:
        """Nothing was reached yet."""
        self.file = folder / "shop.yaml"
        self.file.write_text(SHOP)
        shipped = Path(__file__).parents[2]
        loaded = load([shipped / PATTERNS, self.file])
        self.coverage = Coverage(loaded.sources)
        self.library: Library = self.coverage.library(loaded.catalogs)

    def play(self, turns: str, channel: str = "console") -> None:
        """Play turns and count."""
        written = sheet(f"cases: [{{case: a case, flow: shop, turns: [{turns}]}}]")
        for each in play(self.library, written.script.cases[0], channel):
            assert each.failures == ()
            self.coverage.notice(each.heard.log)

    def reached(self, step: str) -> set[tuple[str, str]]:
        """What was reached of a step: kind and name."""
        return _named(step, self.coverage.reached)

    def missing(self, step: str) -> set[tuple[str, str]]:
        """What was not."""
        return _named(step, self.coverage.missing)


def _named(step: str, points: Iterable[Point]) -> set[tuple[str, str]]:
    return {(point.kind, point.name) for point in points if (point.flow, point.step) == ("shop", step)}


@pytest.fixture
def tour(tmp_path: Path) -> Tour:
    """A fresh tour."""
    return Tour(tmp_path)


def test_every_point_and_its_line(tour: Tour) -> None:
    """Steps, choices with "I don't know" and skip, rules' buttons, conditions and arms, each at its own line."""
    lines = SHOP.splitlines()
    found = {
        (point.step, point.kind, point.name): lines[place.line - 1].strip()
        for point, place in tour.coverage.places.items()
        if place.file == str(tour.file)
    }
    assert found[("colour", "step", "")] == "- id: colour"
    assert found[("colour", "choice", "red")].startswith("choices:")
    assert found[("colour", "choice", "unsure")] == "unsure: true"
    assert found[("details", "step", "")] == "- id: details"
    assert found[("details.note", "choice", "skip")].startswith("- {collect: note")
    assert found[("blue_rule", "when", "false")] == "when: slots.colour == 'blue'"
    assert found[("blue_rule", "choice", "accept")] == "accept: Fine"
    assert found[("blue_rule", "choice", "decline")].startswith("decline:")
    assert found[("branch", "arm", "slots.size == 2")] == "- {if: slots.size == 2, then: person}"
    assert found[("branch", "arm", "else")] == "- {else: person}"
    assert len(found) == 7 + 4 + 1 + 1 + 2 + 2 + 3


def test_nothing_is_reached_at_first(tour: Tour) -> None:
    """Every point is missing, in the order of the files."""
    assert list(tour.coverage.missing) == list(tour.coverage.places)
    lines = [place.line for place in tour.coverage.missing.values() if place.file == str(tour.file)]
    assert lines == sorted(lines)


@pytest.mark.parametrize("channel", ["slack", "console"])
def test_steps_and_choices(tour: Tour, channel: str) -> None:
    """A question counts when it is asked, a choice when it is taken, in forms as elsewhere."""
    tour.play("{user: x}", channel)
    assert tour.reached("colour") == {("step", "")}
    tour.play("{user: x}, {tap: blue}", channel)
    assert tour.reached("colour") == {("step", ""), ("choice", "blue")}
    rest = "{submit: {size: '3', note: ''}}" if channel == "slack" else "{user: '3'}, {tap: skip}"
    tour.play("{user: x}, {tap: unsure}, " + rest + ", {tap: skip}", channel)
    assert tour.missing("colour") == {("choice", "red"), ("choice", "none")}
    assert tour.missing("details.note") == set()
    assert tour.missing("shots") == set()
    assert tour.missing("details") == set()


def test_rules(tour: Tour) -> None:
    """Accepting and declining are two things."""
    to_rule = "{user: x}, {tap: blue}, {user: ['3', skip, skip]}"
    tour.play(to_rule + ", {tap: accept}")
    assert tour.missing("blue_rule") == {("choice", "decline"), ("when", "false")}
    tour.play(to_rule + ", {tap: decline}")
    assert tour.missing("blue_rule") == {("when", "false")}


def test_conditions_have_two_outcomes(tour: Tour) -> None:
    """A step that was passed over was not reached, but its condition was false."""
    tour.play("{user: x}, {tap: red}, {user: ['3', skip, skip]}")
    assert tour.reached("blue_rule") == {("when", "false")}


@pytest.mark.parametrize(("size", "arm"), [("1", "slots.size == 1"), ("2", "slots.size == 2"), ("3", "else")])
def test_arms(tour: Tour, size: str, arm: str) -> None:
    """Only the arm that was taken counts, the closing one too."""
    tour.play(f"{{user: x}}, {{tap: red}}, {{user: ['{size}', skip, skip]}}")
    assert tour.reached("branch") == {("step", ""), ("arm", arm)}
    assert tour.reached("away" if size == "1" else "person") == {("step", "")}


def test_patterns_are_counted_too(tour: Tour) -> None:
    """The repair patterns are flows like any other."""
    point = Point("pattern_help", "commands")
    assert point in tour.coverage.missing
    tour.play("{user: x}, {user: /help}")
    assert tour.coverage.reached[point] == 1
    assert point not in tour.coverage.missing


def test_what_merchants_write_is_not_kept(tour: Tour) -> None:
    """An answer in words is no choice, and does not show up in what was reached."""
    tour.play("{user: x}, {tap: red}, {user: ['3', my secret note]}")
    assert "my secret note" not in repr(tour.coverage.reached)


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (Point("shop", "colour"), "shop.colour: was never reached"),
        (Point("shop", "colour", "choice", "red"), "shop.colour: `red` was never chosen"),
        (Point("shop", "branch", "arm", "else"), "shop.branch: never went the way of `else`"),
        (Point("shop", "blue_rule", "when", "false"), "shop.blue_rule: its `when` was never false"),
    ],
)
def test_a_missing_point_in_words(point: Point, words: str) -> None:
    """One sentence each, for a list of what is missing."""
    assert str(point) == words


def test_languages_are_those_that_were_spoken(tmp_path: Path) -> None:
    """A flow counts in the language of the conversation, though its steps ask nothing; repair patterns do not."""
    file = tmp_path / "told.yaml"
    file.write_text("flow: told\nversion: 1\ntitle: T\nsteps: [{id: a, say: Hello, next: b}, {id: b, end: done}]\n")
    loaded = load([Path(__file__).parents[2] / PATTERNS, file])
    coverage = Coverage(loaded.sources, ["en", "es"])
    library = coverage.library(loaded.catalogs)
    languages = [Point("told", "", "language", each) for each in ("en", "es")]
    assert [point for point in coverage.missing if point.kind == "language"] == languages
    script = sheet("cases: [{case: a case, flow: told, turns: [{user: Hi}]}]")
    for each in play(library, script.script.cases[0], "console"):
        coverage.notice(each.heard.log, each.heard.session.locale)
    assert [point for point in coverage.missing if point.kind == "language"] == languages[1:]
    assert str(languages[1]) == "told: was never played in `es`"
