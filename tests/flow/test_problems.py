"""Problems: how they read, where their caret stands, what they suggest."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.problems import (
    EXCERPT,
    FlowError,
    Problem,
    excerpt,
    format_text,
    in_order,
    quantity,
    quoted,
    suggest,
)


def problem(line: int = 1, column: int = 1, code: str = "bad-value", file: str = "a.yaml", **more: str) -> Problem:
    """A problem with as little as possible said about it."""
    return Problem(code, "error", "no", file, line, column, **more)


def test_a_problem_reads_like_a_compiler_message() -> None:
    """Headline, line with its number, caret, hint."""
    shown = format_text(
        Problem(
            "unknown-key",
            "error",
            "`prmopt` is no key of a collect step",
            "flows/x.yaml",
            12,
            5,
            "    prmopt: Which platform?",
            "did you mean `prompt`?",
        )
    )
    assert shown == (
        "flows/x.yaml:12:5: error[unknown-key]: `prmopt` is no key of a collect step\n"
        "   12 |     prmopt: Which platform?\n"
        "      |     ^\n"
        "      = hint: did you mean `prompt`?"
    )


def test_a_problem_without_a_line_or_hint_is_its_headline() -> None:
    """Nothing is drawn for what is not known."""
    assert format_text(problem()) == "a.yaml:1:1: error[bad-value]: no"


@pytest.mark.parametrize("before", ["", "abc: ", "日本語: ", "e\N{COMBINING ACUTE ACCENT}: ", "👍 ok: "])
def test_the_caret_stands_below_its_column(before: str) -> None:
    """Wide and combining characters take the room they take on a terminal."""
    _, line, caret = format_text(problem(column=len(before) + 1, excerpt=before + "x")).splitlines()

    def cells(text: str) -> int:
        wide = sum(unicodedata.east_asian_width(each) == "W" for each in text)
        return len(text) + wide - sum(unicodedata.combining(each) > 0 for each in text)

    assert cells(caret.partition("^")[0]) == cells(line.partition("x")[0])


@given(st.integers(0, 600), st.integers(0, 600))
def test_the_caret_finds_its_character_in_a_line_of_any_length(before: int, after: int) -> None:
    """However a long line is cut, the marked character is kept and the caret stands below it."""
    line = "." * before + "X" + "." * after
    shown = excerpt(line, before + 1)
    assert len(shown) <= EXCERPT
    assert shown.startswith("…") or line.startswith(shown.rstrip("…"))
    _, drawn, caret = format_text(problem(column=before + 1, excerpt=shown)).splitlines()
    assert drawn.index("X") == caret.index("^")


def test_tabs_and_controls_keep_their_width_and_lose_their_power() -> None:
    """A quoted line cannot steer the terminal or turn the reading direction."""
    assert excerpt("\ta\x1b[2Jb\u202ec", 1) == " a\ufffd[2Jb\ufffdc"
    assert "\x1b" not in format_text(Problem("bad-value", "error", "\x1b[2J", "a\x1b.yaml", 1, 1, hint="\n\x1b"))


def test_words_of_the_file_are_shortened_in_messages() -> None:
    """A whole paragraph in the place of a word does not fill the screen."""
    assert quoted("id") == "`id`"
    assert len(quoted("x" * 1000)) == 42
    assert quoted("a\nb") == "`a b`"


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("prmopt", ["prompt", "hint"], "did you mean `prompt`?"),
        ("Prompt", ["prompt", "hint"], "did you mean `prompt`?"),
        ("staff-label", ["label", "staff_label"], "did you mean `staff_label`?"),
        ("attempts", ["max_attempts", "timeout"], "did you mean `max_attempts`?"),
        ("if", ["id", "of"], ""),
        ("colour", ["prompt", "hint"], ""),
        ("", ["prompt"], ""),
        ("x", [], ""),
    ],
)
def test_a_suggestion_is_close_or_absent(word: str, known: list[str], expected: str) -> None:
    """Typing slips are recognised; a wild guess is worse than silence."""
    assert suggest(word, known) == expected


def test_a_suggestion_does_not_depend_on_the_order_of_the_words() -> None:
    """Two words that are equally close: always the same one."""
    assert suggest("sax", ["say", "sad"]) == suggest("sax", ["sad", "say"])


def test_problems_are_ordered_by_place_and_told_once() -> None:
    """File, line, column, code; an equal problem found twice stands once."""
    ordered = [problem(1, 2), problem(1, 2, "wrong-type"), problem(1, 10), problem(2, 1), problem(file="b.yaml")]
    assert in_order([*reversed(ordered), problem(2, 1)]) == tuple(ordered)


def test_a_flow_error_shows_all_its_problems() -> None:
    """What a caller prints is complete and in order."""
    error = FlowError([problem(2), problem(1)])
    assert error.problems == (problem(1), problem(2))
    assert str(error).splitlines() == ["a.yaml:1:1: error[bad-value]: no", "a.yaml:2:1: error[bad-value]: no"]


def test_a_quantity_has_a_singular() -> None:
    """One of a thing, and any other number of them."""
    assert [quantity(number, "open case") for number in range(3)] == ["0 open cases", "1 open case", "2 open cases"]
