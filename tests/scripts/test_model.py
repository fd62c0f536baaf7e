"""Script files are read strictly, with the place of every problem."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.scripts.model import DEFAULT_CLOCK, PLATFORMS, Handoff, read_script
from tests.scripts.sample import sheet

CASE = "{case: c, flow: f, turns: [{user: x}]}"
WHOLE = """\
cases:
  - case: everything that can be said
    flow: shop
    locale: pt_br
    name: Ana
    channels: [telegram]
    clock: 2026-03-12T10:00:00+01:00
    turns:
      - user: [/start, no]
        bot: Which colour?
        at: colour
      - {tap: red, slots: {colour: red, size: ~}, handoff: {queue: shop}}
      - files: [a.png]
        user: here
      - wait: 25h
      - duplicate: true
  - case: the least
    flow: shop
    turns: [{kind: sticker}]
"""


def test_a_script_says_what_it_says() -> None:
    """Every key lands in the model: several messages, words that look like booleans, a zone, a duration."""
    first, second = sheet(WHOLE).script.cases
    assert (first.locale, first.channels, first.clock) == ("pt-BR", ("telegram",), datetime(2026, 3, 12, 9, tzinfo=UTC))
    assert [turn.action for turn in first.turns] == ["user", "tap", "user", "wait", "duplicate"]
    assert first.turns[0].user == ("/start", "no")
    assert first.turns[1].handoff == Handoff(queue="shop")
    assert first.turns[3].wait == 25 * 3600
    assert (second.locale, second.channels, second.clock, second.name) == ("en", PLATFORMS, DEFAULT_CLOCK, "")


def test_expectations_are_those_that_are_written() -> None:
    """A null is an expectation, a key that is not written is none."""
    turn = sheet("cases: [{case: c, flow: f, turns: [{user: x, at: ~, slots: {a: ~}}]}]").script.cases[0].turns[0]
    assert turn.expected == ("at", "slots")


def test_the_lines_of_cases_and_turns_are_known() -> None:
    """A failure can be shown where it is written."""
    written = sheet(WHOLE)
    assert (written.line(0), written.line(0, 1), written.line(1), written.line(1, 0)) == (2, 12, 17, 19)


def in_turn(turn: str) -> str:
    """A script of one turn, which stands in line 4 from column 9 on."""
    return f"cases:\n  - case: c\n    flow: f\n    turns: [{turn}]\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "empty-document", 1, 1),
        ("cases: []", "bad-value", 1, 8),
        ("cases: [{case: c}]", "missing-key", 1, 9),
        ("cases: [\n", "yaml-syntax", 2, 1),
        ("case: [{case: c}]", "unknown-key", 1, 1),
        ("cases: [{case: c, flow: f, turns: []}]", "bad-value", 1, 35),
        (in_turn("{user: x, slotz: {}}"), "unknown-key", 4, 23),
        (in_turn("{user: 2}"), "wrong-type", 4, 20),
        (in_turn("{bot: x}"), "turn-action", 4, 13),
        (in_turn("{tap: x, wait: 1d}"), "turn-action", 4, 13),
        (in_turn("{files: [a], user: [x, y]}"), "turn-action", 4, 13),
        (in_turn("{user: []}"), "turn-action", 4, 13),
        (in_turn("{wait: soon}"), "bad-duration", 4, 20),
        (in_turn("{duplicate: false}"), "bad-value", 4, 25),
        (in_turn("{kind: smell}"), "bad-value", 4, 20),
        (in_turn("{user: x, attempts: -1}"), "bad-value", 4, 33),
        (in_turn("{user: x, handoff: {que: a}}"), "unknown-key", 4, 33),
        (in_turn("{user: x, status: busy}"), "bad-value", 4, 31),
        ("cases: [{case: c, flow: f, clock: 2026-01-05, turns: [{user: x}]}]", "bad-clock", 1, 35),
        ("cases: [{case: c, flow: f, locale: klingon!, turns: [{user: x}]}]", "bad-locale", 1, 36),
        ("cases: [{case: c, flow: f, channels: [fax], turns: [{user: x}]}]", "bad-value", 1, 39),
        (f"cases: [{CASE}, {CASE}]", "duplicate-case", 1, 1),
        (f"cases: [{CASE}]\n---\ncases: [{CASE}]", "several-documents", 3, 1),
    ],
)  # fmt: skip
def test_a_problem_has_a_code_and_a_place(text: str, code: str, line: int, column: int) -> None:
    """What is wrong is told with file, line and column, and no script comes of it."""
    found, problems = read_script(text.encode(), "a.flowtest.yaml")
    assert found is None
    assert code in {each.code for each in problems}
    place = next((each.file, each.line, each.column) for each in problems if each.code == code)
    assert place == ("a.flowtest.yaml", line, column)


def test_all_problems_are_told_at_once() -> None:
    """One reading is enough to mend a file."""
    _, problems = read_script(in_turn("{user: 2, statuz: x}, {wait: soon}").encode(), "a.flowtest.yaml")
    assert [each.code for each in problems] == ["wrong-type", "unknown-key", "bad-duration"]
