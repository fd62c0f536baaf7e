"""Sources: places in a text, counted as editors count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.source import MAX_PROBLEMS, Source, TooMuch


@given(st.text(alphabet="ab\n\r\u2028\x85é", max_size=40), st.data())
def test_lines_and_columns_are_those_of_an_editor(text: str, data: st.DataObject) -> None:
    """Lines end at LF, CRLF and CR and nowhere else; columns count code points."""
    index = data.draw(st.integers(0, len(text)))
    line, column = Source(text, "a").position(index)
    if text[index - 1 : index + 1] != "\r\n":
        before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
        assert line == before.count("\n") + 1
        assert column == len(before) - before.rfind("\n")


def test_a_line_comes_without_its_break() -> None:
    """Lines beyond the text are empty, not errors."""
    source = Source("a\r\nb\n", "a")
    assert [source.line(number) for number in (0, 1, 2, 3, 4)] == ["", "a", "b", "", ""]
    assert [source.start(number) for number in (1, 2, 3)] == [0, 3, 5]


def test_a_problem_shows_its_line() -> None:
    """The excerpt is the line of the place."""
    problem = Source("a: 1\nbc: 2\n", "f.yaml").problem("bad-value", 9, "no", "hint", "warning")
    assert (problem.file, problem.line, problem.column, problem.excerpt) == ("f.yaml", 2, 5, "bc: 2")
    assert (problem.severity, problem.hint) == ("warning", "hint")


def test_too_many_problems_end_the_reading() -> None:
    """A file made of mistakes costs a bounded amount of work."""
    source = Source("a", "f.yaml")
    for _ in range(MAX_PROBLEMS):
        source.report("bad-value", 0, "no")
    with pytest.raises(TooMuch):
        source.report("bad-value", 0, "no")
    assert len(source.problems) == MAX_PROBLEMS + 1
    assert source.problems[-1].code == "too-many-problems"
