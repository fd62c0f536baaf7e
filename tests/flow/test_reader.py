"""Reading: any bytes at all become data or problems, at their places."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.problems import format_text
from bot.flow.reader import MAX_BYTES, Reading, read
from bot.flow.scalars import RangeError, plain


def codes(reading: Reading) -> list[tuple[str, int, int]]:
    """Code, line and column of each problem."""
    return [(each.code, each.line, each.column) for each in reading.problems]


def data(reading: Reading) -> list[Any]:
    """The data of each document."""
    return [each.data for each in reading.documents]


def test_a_flow_file_is_read() -> None:
    """Data, documents and places of a file as authors write it, with a byte order mark and CRLF."""
    text = "\ufeffflow: a\r\nsteps:\r\n  - id: no\r\n    say: Café\r\n---\r\nflow: b\r\n"
    reading = read(text.encode(), "flows/a.yaml")
    assert reading.problems == ()
    assert data(reading) == [{"flow": "a", "steps": [{"id": "no", "say": "Café"}]}, {"flow": "b"}]
    first, second = reading.documents
    assert first.position(()) == (1, 1)
    assert first.position(("steps", 0, "say")) == (4, 10)
    assert first.position(("steps", 0, "say"), key=True) == (4, 5)
    assert first.position(("steps", 0)) == (3, 5)
    assert first.position(("steps", 4, "nothing")) == (3, 3)
    assert second.position(("flow",)) == (6, 7)


def test_a_tree_makes_problems_at_its_places() -> None:
    """A later check names a path and gets the file, the place and the line."""
    (tree,) = read("a:\n  b: [x, yé, z]\n".encode(), "flows/a.yaml").documents
    problem = tree.problem("unresolved-target", ("a", "b", 2), "no such step", "did you mean `y`?", "warning")
    assert format_text(problem) == (
        "flows/a.yaml:2:14: warning[unresolved-target]: no such step\n"
        "    2 |   b: [x, yé, z]\n"
        "      |              ^\n"
        "      = hint: did you mean `y`?"
    )
    assert tree.problem("x", ("a", "b"), "no", key=True).column == 3


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing but a remark\n", "---\n", "~", "null\n", "\ufeff"])
def test_an_empty_file_is_a_problem(content: str) -> None:
    """There is nothing in it to run."""
    reading = read(content.encode(), "a.yaml")
    assert [code for code, *_ in codes(reading)] == ["empty-document"]
    assert reading.documents == ()


@pytest.mark.parametrize("content", ["- a\n", "word", "12", "[a]"])
def test_a_document_is_a_mapping(content: str) -> None:
    """A list or a word is reported and left out; other documents of the file are read."""
    reading = read(f"{content}\n---\na: 1\n".encode(), "a.yaml")
    assert codes(reading) == [("not-a-mapping", 1, 1)]
    assert data(reading) == [{"a": 1}]


def test_bytes_that_are_not_utf8_are_all_found() -> None:
    """Each with its place in the text; the rest of the file is read on."""
    reading = read("a: caf\xe9\nb: Stra\xdfe, fa\xe7ade\nc: 1\nc: 2\n".encode("latin-1"), "a.yaml")
    assert codes(reading) == [("not-utf8", 1, 7), ("not-utf8", 2, 8), ("not-utf8", 2, 14), ("duplicate-key", 4, 1)]
    assert "0xE9" in reading.problems[0].message
    assert reading.problems[0].excerpt == "a: caf\ufffd"
    assert data(reading) == [{"a": "caf\ufffd", "b": "Stra\ufffde, fa\ufffdade", "c": 1}]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_named(encoding: str) -> None:
    """What an editor saved as UTF-16 gets one clear sentence or points at its zero bytes, never a guess."""
    reading = read("a: word\n".encode(encoding), "a.yaml")
    assert {code for code, *_ in codes(reading)} & {"not-utf8", "control-character"}


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x9b", "\ufffe"])
def test_control_characters_are_found(character: str) -> None:
    """They are invisible, so their number is told; the text is kept without them."""
    reading = read(f"a: 1\nb: x{character}y\n".encode(), "a.yaml")
    assert codes(reading) == [("control-character", 2, 5)]
    assert f"U+{ord(character):04X}" in reading.problems[0].message
    assert data(reading) == [{"a": 1, "b": "x\ufffdy"}]


@pytest.mark.parametrize("content", [bytes(range(256)) * 10, b"\xff" * 5000, b"\0" * 5000, b"\x89PNG\r\n" * 50])
def test_a_file_that_is_no_text_is_given_up(content: bytes) -> None:
    """A picture gives some problems, not thousands."""
    reading = read(content, "a.yaml")
    assert reading.documents == ()
    assert 1 <= len(reading.problems) <= 50


@pytest.mark.parametrize("content", ["%TAG ! tag:x,2000:\n---\na: 1\n", "%YAML 1.1\n---\na: 1\n"])
def test_directives_are_refused(content: str) -> None:
    """They would change what the file means."""
    assert codes(read(content.encode(), "a.yaml")) == [("yaml-directive", 1, 1)]


def test_a_syntax_error_ends_its_file_but_hides_nothing_before_it() -> None:
    """Problems found before it are told, and documents that ended before it are kept."""
    reading = read(b"a: 1\n---\nb: 1\nb: 2\nc: d: e\n", "a.yaml")
    assert codes(reading) == [("duplicate-key", 4, 1), ("yaml-syntax", 5, 5)]
    assert data(reading) == [{"a": 1}]


def test_an_unquoted_template_with_more_text_is_told_once() -> None:
    """The rule and the parser stumble over the same place."""
    assert codes(read(b"a: {{ b }} c\n", "a.yaml")) == [("unquoted-template", 1, 4)]


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    """The cap is on bytes."""
    assert codes(read(b"a" * (MAX_BYTES + 1), "a.yaml")) == [("too-large", 1, 1)]
    assert codes(read(b"#" * MAX_BYTES, "a.yaml")) == [("empty-document", 1, 1)]


LAUGHS = "a0: &a0 [x, x, x, x, x, x]\n" + "".join(
    f"a{number}: &a{number} [{', '.join([f'*a{number - 1} '] * 5)}]\n" for number in range(1, 7)
)


@pytest.mark.parametrize(
    "content",
    [
        "a" * 10_000_000,
        LAUGHS,
        *("[" * 1_000_000, "{" * 1_000_000, "? " * 500_000, "- " * 500_000, "a: {{" + "{" * 1_000_000),
        *("a: [" + "*b ," * 500_000, "a: [" + "!x 1," * 500_000, "".join(f"%TAG !a{n}! b\n" for n in range(100_000))),
        *("a: 1\n" * 100_000, "---\n" * 100_000, "\n" * 1_000_000, "a: " + "1" * 1_000_000, '"' + "x" * 1_000_000),
    ],
    ids=lambda content: content[:12],
)
def test_bombs_end_soon(content: str) -> None:
    """No file costs more than a moment, however it is made: what explodes takes hours, a slow machine seconds."""
    started = time.process_time()
    read(content.encode(), "bomb.yaml")
    assert time.process_time() - started < 30


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(content: bytes) -> None:
    """Nothing is raised; without problems there is a document."""
    reading = read(content, "a.yaml")
    assert reading.documents or reading.problems


YAMLISH = st.sampled_from(
    [
        *("abn01:-?[]{},&*!|>'\"%@`#~<. \n\t\\"),
        *("\r\n", "- ", ": ", "\n  ", "<<: ", "{{ ", " }}", "---\n", "...\n", "&a ", "*a ", "!!str ", "%TAG "),
        *("\ufeff", "é", "\x85", "\0"),
    ]
)


@given(st.lists(YAMLISH, max_size=60).map("".join) | st.text(max_size=100))
def test_any_text_can_be_read_and_its_problems_shown(text: str) -> None:
    """Text that almost is YAML: nothing is raised, each place exists, each problem can be shown."""
    reading = read(text.encode("utf-8", "surrogatepass"), "a.yaml")
    lines = text.count("\n") + text.count("\r") + 1
    for problem in reading.problems:
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.message
        assert format_text(problem)


def is_number_since_yaml_1_2(word: str) -> bool:
    """Whether PyYAML, which writes YAML 1.1, leaves a word without quotes that is a number here: `1e3`, `08`."""
    try:
        return plain(word) != word and yaml.safe_dump([word], default_flow_style=True) == f"[{word}]\n"
    except RangeError:
        return yaml.safe_dump([word], default_flow_style=True) == f"[{word}]\n"


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12).filter(
    lambda word: not is_number_since_yaml_1_2(word)
)
SCALAR = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | TEXT
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(TEXT, JSON, min_size=1, max_size=4), st.booleans())
def test_what_yaml_writes_is_read_back(value: dict[str, Any], flow: bool) -> None:
    """JSON-like data comes back equal; the exception is a word that is a number in YAML 1.2 alone, left out here."""
    dumped = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow)
    reading = read(dumped.encode(), "a.yaml")
    assert reading.problems == ()
    assert data(reading) == [value]


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[2] / "flows").glob("**/*.yaml")), ids=lambda file: file.name
)
def test_the_shipped_flows_are_well_formed(file: Path) -> None:
    """No problem in any file this repository ships."""
    assert read(file.read_bytes(), str(file)).problems == ()
