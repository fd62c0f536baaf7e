"""Composing: each rule of the dialect, the caps, and that both parsers agree."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.nodes import MAX_ALIASES, MAX_DEPTH, MAX_NODES, Composer
from bot.flow.places import Place, find
from bot.flow.source import Source, TooMuch


def compose(text: str, loader: Any = None) -> tuple[list[Any], list[tuple[str, int, int]]]:
    """The documents' data, and code, line and column of each problem."""
    source = Source(text, "a.yaml")
    composer = Composer(source, loader) if loader else Composer(source)
    documents = []
    with contextlib.suppress(TooMuch):
        documents = [data for data, _ in composer.documents()]
    return documents, [(each.code, each.line, each.column) for each in source.problems]


def places(text: str) -> Place:
    """The places of the first document."""
    return next(iter(Composer(Source(text, "a.yaml")).documents()))[1]


def test_quoted_text_is_text() -> None:
    """Only plain words are resolved; block texts keep their line breaks."""
    documents, problems = compose("a: '1'\nb: \"true\"\nc: null\nd: |\n  no\n  12\ne: >-\n  1\n")
    assert documents == [{"a": "1", "b": "true", "c": None, "d": "no\n12\n", "e": "1"}]
    assert problems == []


def test_keys_are_what_was_typed() -> None:
    """A choice id `no`, a locale `no`, a key `1` and a key `null` are texts."""
    assert compose("no: a\n1: b\nnull: c\n2026-01-05: d\n'<<': e\n~: f\n")[0] == [
        {"no": "a", "1": "b", "null": "c", "2026-01-05": "d", "<<": "e", "~": "f"}
    ]


def test_a_file_may_hold_several_documents() -> None:
    """Each with names of its own."""
    documents, problems = compose("a: &x 1\n---\nb: 2\n--- \nc: *x\n")
    assert documents == [{"a": 1}, {"b": 2}, {"c": None}]
    assert problems == [("unknown-alias", 5, 4)]


def test_a_key_that_stands_twice_keeps_its_first_value() -> None:
    """The second is reported, names the line of the first, and its own problems are still found."""
    source = Source("a: 1\nb: 2\na: {c: 1, c: 2}\n", "a.yaml")
    assert [data for data, _ in Composer(source).documents()] == [{"a": 1, "b": 2}]
    assert [(each.code, each.line, each.column) for each in source.problems] == [
        ("duplicate-key", 3, 1),
        ("duplicate-key", 3, 11),
    ]
    assert "line 1" in source.problems[0].message


def test_keys_of_different_mappings_may_be_equal() -> None:
    """Only one mapping's own keys are compared; `1` and `'1'` are the same key."""
    assert compose("a: {a: {a: 1}}\nb: [{a: 1}, {a: 2}]\n")[1] == []
    assert compose("1: a\n'1': b\n")[1] == [("duplicate-key", 2, 1)]


def test_merge_keys_are_refused() -> None:
    """`<<` hides what a mapping holds; what else it has is kept."""
    documents, problems = compose("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n")
    assert documents == [{"a": {"x": 1}, "b": {"y": 2}}]
    assert problems == [("merge-key", 3, 3)]


@pytest.mark.parametrize(
    ("text", "data", "column"),
    [
        ("a: !!str 1", "1", 4),
        ("a: !foo x", "x", 4),
        ("a: !!python/object/apply:os.system [x]", ["x"], 4),
        ("a: !!map {b: c}", {"b": "c"}, 4),
        ("a: &x !foo x", "x", 7),
        ("a: !important note", "note", 4),
        ("a: ! x", "x", 4),
    ],
)
def test_tags_are_refused(text: str, data: object, column: int) -> None:
    """No tag, not even a harmless one; the value without it is kept."""
    assert compose(text) == ([{"a": data}], [("yaml-tag", 1, column)])


def test_a_tagged_key_is_refused() -> None:
    """The key without its tag is kept."""
    assert compose("!!str a: 1") == ([{"a": 1}], [("yaml-tag", 1, 1)])
    assert compose("! a: 1") == ([{"a": 1}], [("yaml-tag", 1, 1)])


@pytest.mark.parametrize("text", ["? [a, b]\n: 1\nc: 2\n", "? {a: b}\n: {d: e}\nc: 2\n", "x: &x 1\n*x : 1\nc: 2\n"])
def test_a_key_must_be_a_word(text: str) -> None:
    """Lists, mappings and aliases are no keys; the others of the mapping are kept."""
    (data,), problems = compose(text)
    assert data["c"] == 2
    assert [code for code, *_ in problems] == ["bad-key"]


def test_an_unquoted_template_is_read_as_its_text() -> None:
    """`{{ x }}` is two mappings to YAML; the author meant a text, and later checks see that text."""
    documents, problems = compose("a: {{ x }}\nb: [{{ y | default('z') }}, c]\n{{ k }}: d\n")
    assert documents == [{"a": "{{ x }}", "b": ["{{ y | default('z') }}", "c"]}]
    assert problems == [("unquoted-template", 1, 4), ("unquoted-template", 2, 5), ("unquoted-template", 3, 1)]


def test_a_number_out_of_range_is_refused() -> None:
    """Its digits are kept as text."""
    assert compose("a: 123456789012345678901") == ([{"a": "123456789012345678901"}], [("number-range", 1, 4)])


@pytest.mark.parametrize("escape", [r"\0", r"\e", r"\x9b"])
def test_escapes_cannot_smuggle_controls(escape: str) -> None:
    """A database and a terminal would both mind; a line break or tab by escape is fine."""
    assert compose(f'a: "x{escape}"')[1] == [("control-character", 1, 4)]
    assert compose(f'"x{escape}": a')[1] == [("control-character", 1, 1)]
    assert compose(r'a: "\n\t\x41"') == ([{"a": "\n\tA"}], [])


def test_aliases_stand_for_whole_values() -> None:
    """The value is the same; the place is the alias's, its parts' places are where they were written."""
    text = "a: &a {x: [1, 2]}\nb: *a\nc: &c word\nd: *c\n&k key: *k\n"
    documents, problems = compose(text)
    assert problems == []
    assert documents == [{"a": {"x": [1, 2]}, "b": {"x": [1, 2]}, "c": "word", "d": "word", "key": "key"}]
    tree = places(text)
    assert find(tree, ("b",), key=False) == text.index("*a")
    assert find(tree, ("b", "x", 1), key=False) == text.index("2")
    assert find(tree, ("d",), key=False) == text.index("*c")


@pytest.mark.parametrize("text", ["a: *b\n", "a: &b [*b ]\n"])
def test_an_alias_needs_a_value_that_ended_before_it(text: str) -> None:
    """Neither an unknown name nor a value inside itself."""
    assert [code for code, *_ in compose(text)[1]] == ["unknown-alias"]


def test_aliases_are_counted() -> None:
    """The first beyond the cap is reported, once."""
    text = "a: &a 1\n" + "".join(f"b{number}: *a\n" for number in range(MAX_ALIASES + 5))
    assert compose(text)[1] == [("too-many-aliases", MAX_ALIASES + 2, 6 if MAX_ALIASES > 9 else 5)]
    assert compose(text.replace("*a", "1"))[1] == []


def test_values_behind_aliases_count_each_time() -> None:
    """A billion laughs ends at the cap although its nodes are few."""
    laughs = "a0: &a0 [" + "x, " * 2000 + "]\n"
    laughs += "".join(f"a{number}: &a{number} [{f'*a{number - 1} , ' * 6}]\n" for number in range(1, 5))
    documents, problems = compose(laughs)
    assert documents == []
    assert [code for code, *_ in problems] == ["too-many-nodes"]


def test_nesting_behind_aliases_counts_as_written_out() -> None:
    """A chain of aliases, each one level deeper, ends at the cap on depth."""
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1} ]\n" for n in range(1, MAX_DEPTH))
    assert [code for code, *_ in compose(chain)[1]] == ["too-deep"]
    assert compose(chain.rpartition("a31:")[0])[1] == []


def test_nesting_is_capped() -> None:
    """The mapping of the document is the first level."""
    deepest = "a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert compose(deepest)[1] == []
    assert compose(deepest.replace("[]", "[[]]"))[1] == [("too-deep", 1, 3 + MAX_DEPTH)]
    assert [code for code, *_ in compose("? " * 100)[1]] == ["bad-key", "too-deep"]


def test_nodes_are_capped() -> None:
    """A long list ends where the cap is passed."""
    assert [code for code, *_ in compose("a: [" + "1," * (MAX_NODES + 1))[1]] == ["too-many-nodes"]


def test_every_problem_is_found_at_once() -> None:
    """One run tells all."""
    _, problems = compose("a: 1\na: 2\n<<: 3\nb: !!str x\nc: *d\n? [x]\n: 1\ne: 99999999999999999999\nf: {{ g }}\n")
    assert [code for code, *_ in problems] == [
        *("duplicate-key", "merge-key", "yaml-tag", "unknown-alias", "bad-key", "number-range", "unquoted-template"),
    ]


WORDS = st.sampled_from(
    [
        *(
            "a",
            "b:",
            "- ",
            "-",
            ": ",
            "\n",
            "\n  ",
            "\n    ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "&a ",
            "*a",
            "!t ",
            "<<",
            "'",
            '"',
        ),
        *("#", "| ", "1", "no", "é", "\r\n", "---\n"),
    ]
)


@given(st.lists(WORDS, max_size=30).map("".join))
def test_both_parsers_agree(text: str) -> None:
    """Where both can read a text, libyaml and the parser in Python give the same data, problems and places."""
    try:
        fast = compose(text)
        slow = compose(text, yaml.BaseLoader)
    except yaml.YAMLError:
        return
    assert fast == slow


@given(st.dictionaries(st.text("ab", min_size=1), st.lists(st.text("cdé👍\u2028", min_size=1), min_size=1), max_size=5))
def test_places_are_those_of_the_text(data: dict[str, list[str]]) -> None:
    """Each key and value starts where its text stands, whatever characters and line breaks came before it."""
    text = "".join(f"{key}:\r\n" + "".join(f"  - '{item}'\n" for item in items) for key, items in data.items())
    if not data:
        return
    tree = places(text)
    for key, items in data.items():
        assert text.startswith(f"{key}:", find(tree, (key,), key=True))
        for number, item in enumerate(items):
            assert text.startswith(f"'{item}'", find(tree, (key, number), key=False))
