"""Syntax errors: the usual mistakes are named, at the place where they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from bot.flow.nodes import Composer
from bot.flow.source import Source
from bot.flow.syntax import diagnose

if TYPE_CHECKING:
    from bot.flow.problems import Problem

MISTAKES = [
    ("\ta: 1", "tab-indentation", 1, 1, "tab"),
    ("a:\n\tb: 1", "tab-indentation", 2, 1, "tab"),
    ("a:\n  - b\n  \t- c\n", "tab-indentation", 3, 3, "tab"),
    ("a: |\n  x\n\ty: 1\nb: 2", "tab-indentation", 3, 1, "tab"),
    ("a: {{ 'high' if x == 'y' else 'z' }} tail", "unquoted-template", 1, 4, "{{"),
    ("say: {{ name }}, hello", "unquoted-template", 1, 6, "{{"),
    ("a:\n  - {{ name }} hello\n", "unquoted-template", 2, 5, "{{"),
    ("say: Hello: {{ x }}\n", "yaml-syntax", 1, 11, "a colon and a space"),
    ("text: 50% off: yes", "yaml-syntax", 1, 14, "a colon and a space"),
    ("- a: b: c", "yaml-syntax", 1, 7, "a colon and a space"),
    ("a: 1\nb:2\nc: 3", "yaml-syntax", 2, 2, "after the colon"),
    ("why:Fixes\nprompt: a", "yaml-syntax", 1, 4, "after the colon"),
    ("- id:x\n\n  say: y", "yaml-syntax", 1, 5, "after the colon"),
    ("- a\n-b\n", "yaml-syntax", 2, 1, "after the dash"),
    ("steps:\n-id: x\n  say: y", "yaml-syntax", 2, 1, "after the dash"),
    ("steps:\n  - id: x\n  -say: y\n", "yaml-syntax", 3, 3, "after the dash"),
    ("a: 1\nb\nc: 2\n", "yaml-syntax", 2, 1, "was expected here"),
    ("a:\n  b: 1\n   c: 2", "yaml-syntax", 3, 4, "stands deeper"),
    ("a: b\n  c: d\n", "yaml-syntax", 2, 3, "stands deeper"),
    ("a:\n  - b\n c: 3", "yaml-syntax", 3, 2, "does not fit the lines above"),
    ("- a\nb: c", "yaml-syntax", 2, 1, "does not fit the lines above"),
    ("{a: b}\nc: d", "yaml-syntax", 2, 1, "does not fit the lines above"),
    ("a: - b", "yaml-syntax", 1, 4, "a list cannot start"),
    ("a: 'x\nb: y\n", "yaml-syntax", 1, 4, "never closed"),
    ('a: "x\n---\n', "yaml-syntax", 1, 4, "never closed"),
    (r'a: "C:\q"', "yaml-syntax", 1, 7, r"`\q` means nothing"),
    (r'a: "\xZZ"', "yaml-syntax", 1, 5, r"`\x` means nothing"),
    ('key: "abc" def', "yaml-syntax", 1, 12, "after the closing quote"),
    ('a: "b\nc: d\ne: "f"\n', "yaml-syntax", 1, 4, "goes on until line 3"),
    ("a: b\nc: 'd\ne: 'f'\n", "yaml-syntax", 2, 4, "goes on until line 3"),
    ("a: 'It's ok'", "yaml-syntax", 1, 8, "after the closing quote"),
    ("a: [link](url)", "yaml-syntax", 1, 10, "after the closing `]`"),
    ("a: {b: c}} d", "yaml-syntax", 1, 10, "after the closing `}`"),
    ("a: [b, c\n", "yaml-syntax", 1, 4, "this `[` is never closed"),
    ("a: {b: c\n", "yaml-syntax", 1, 4, "this `{` is never closed"),
    ("a: {b: c\nd: e\n", "yaml-syntax", 2, 2, "`{` opened in line 1"),
    ("a: **bold** b", "yaml-syntax", 1, 4, "cannot start with `*`"),
    ("a: & b", "yaml-syntax", 1, 4, "cannot start with `&`"),
    ("a: @you", "yaml-syntax", 1, 4, "cannot start with `@`"),
    ("a: `code`", "yaml-syntax", 1, 4, "cannot start with ```"),
    ("a: ], b", "yaml-syntax", 1, 4, "cannot start with `]`"),
    ("a: |text\n b", "yaml-syntax", 1, 5, "nothing can follow `|`"),
]


def diagnosed(text: str, loader: object) -> Problem:
    """The problem of a text that cannot be parsed."""
    source = Source(text, "a.yaml")
    with pytest.raises(yaml.YAMLError) as caught:
        list(Composer(source, loader).documents())
    return diagnose(source, caught.value)


@pytest.mark.parametrize("loader", [yaml.CBaseLoader, yaml.BaseLoader])
@pytest.mark.parametrize(("text", "code", "line", "column", "words"), MISTAKES)
def test_a_usual_mistake_is_named_where_it_was_made(
    text: str, code: str, line: int, column: int, words: str, loader: object
) -> None:
    """Place, code and words are the same with libyaml and without, and there is always a hint."""
    problem = diagnosed(text, loader)
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert words in problem.message
    assert problem.hint


def test_an_error_without_a_place_is_still_a_problem() -> None:
    """The parser may give up on the bytes themselves."""
    problem = diagnose(Source("a", "a.yaml"), yaml.reader.ReaderError("a", 0, 0, "utf-8", "no"))
    assert (problem.code, problem.line, problem.column) == ("yaml-syntax", 1, 1)
