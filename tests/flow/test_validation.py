"""Validation: what a model refuses, told at its place in words an author understands."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from pydantic_core import ValidationError

from bot.flow.keys import Model
from bot.flow.marks import Read, RefusalError, Within
from bot.flow.model import Flow
from bot.flow.problems import Problem, in_order
from bot.flow.reader import read
from bot.flow.understanding import understood
from bot.flow.validation import problems_of

HEAD = "flow: a\nversion: 1\ntitle: A\n"


def problems(text: str, model: type[Model] = Flow) -> tuple[Problem, ...]:
    """The problems of a file that is well-formed YAML."""
    reading = read(text.encode(), "a.yaml")
    assert reading.problems == ()
    (tree,) = reading.documents
    with pytest.raises(ValidationError) as caught:
        understood(model, tree.data)
    return in_order(problems_of(caught.value, tree, model))


def told(text: str, model: type[Model] = Flow) -> list[tuple[str, int, int, str, str]]:
    """Code, line, column, message and hint of each problem."""
    return [(each.code, each.line, each.column, each.message, each.hint) for each in problems(text, model)]


STEP = HEAD + "steps:\n  - id: a\n    collect: x\n    prompt: X\n"
"""Seven lines; a line more belongs to the step."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            STEP + "    prmopt: Y\n",
            ("unknown-key", 8, 5, "`prmopt` is no key of a collect step", "did you mean `prompt`?"),
        ),
        (
            STEP + "    choices: [{id: a, label: A, xyz: b}]\n",
            ("unknown-key", 8, 33, "`xyz` is no key of a choice", "it can have id, label, synonyms, next"),
        ),
        (
            STEP + "    choices: [{id: a, label: Other, or none}]\n",
            (
                *("unknown-key", 8, 37, "`or none` is no key of a choice"),
                (
                    "if it belongs to a text, put that in quotes, for in { } a comma ends it; "
                    "otherwise it can have id, label, synonyms, next"
                ),
            ),
        ),
        (
            STEP + "-slots: {}\n",
            ("unknown-key", 8, 1, "`-slots` is no key of a flow", "put a space after the dash"),
        ),
        (
            STEP + "  - handoff: {queu: b}\n    id: b\n",
            ("unknown-key", 8, 15, "`queu` is no key of a case", "did you mean `queue`?"),
        ),
        (
            STEP + "    timeout: {after: 1d}\n",
            ("missing-key", 8, 14, "`then` is missing: a timeout needs it", ""),
        ),
        (STEP + "  - say: b\n", ("missing-key", 8, 5, "`id` is missing: a say step needs it", "")),
        (
            STEP.replace("version: 1", 'version: "1"'),
            ("wrong-type", 2, 10, "`version` must be a whole number, not text", "write it without quotes"),
        ),
        (
            STEP.replace("title: A", "title: 1.10"),
            ("wrong-type", 3, 8, "`title` must be text, not a number", "put it in quotes"),
        ),
        (
            STEP.replace("title: A", "title: true"),
            ("wrong-type", 3, 8, "`title` must be text, not `true` or `false`", "put it in quotes"),
        ),
        (STEP.replace("title: A", "title:"), ("wrong-type", 3, 7, "`title` is empty; it must be text", "")),
        (STEP.replace("title: A", "title: [A]"), ("wrong-type", 3, 8, "`title` must be text, not a list", "")),
        (
            STEP + "    max_attempts: 1.5\n",
            ("wrong-type", 8, 19, "`max_attempts` must be a whole number, not a fraction", ""),
        ),
        (
            STEP + "    max_attempts: three\n",
            ("wrong-type", 8, 19, "`max_attempts` must be a whole number, not text", ""),
        ),
        (
            STEP + "    reprompt: 5\n",
            ("wrong-type", 8, 15, "`reprompt` must be text, not a number", "put it in quotes"),
        ),
        (
            STEP + "    reprompt: [A, 5]\n",
            ("wrong-type", 8, 19, "item 2 of `reprompt` must be text, not a number", "put it in quotes"),
        ),
        (
            STEP + "    choices: A\n",
            ("wrong-type", 8, 14, "`choices` must be a list, not text", "start each item with `- `"),
        ),
        (
            STEP + "    choices: -A\n",
            ("wrong-type", 8, 14, "`choices` must be a list, not text", "put a space after the dash"),
        ),
        (
            STEP + "  - id:b\n",
            (
                "wrong-type",
                8,
                5,
                "item 2 of `steps` must be a mapping (`key: value`), not text",
                "put a space after the colon",
            ),
        ),
        (
            STEP + "    interruptions: 7\n",
            ("wrong-type", 8, 20, "`interruptions` must be `true` or `false` or a list, not a number", ""),
        ),
        (
            STEP + "    interruptions: [a, B b]\n",
            (
                "bad-value",
                8,
                24,
                "`B b` is no id: an id starts with a letter and has lower-case letters, digits and `_`",
                "write `b_b`",
            ),
        ),
        (
            STEP + "slots:\n  a: {type: text}\n  1: {type: text}\n",
            (
                "bad-value",
                10,
                3,
                "`1` is no id: an id starts with a letter and has lower-case letters, digits and `_`",
                "",
            ),
        ),
        (
            STEP + "slots: {a: {type: text, also: txt}}\n",
            ("bad-value", 8, 31, "`txt` is not possible for `also`: use 'text'", "did you mean `text`?"),
        ),
        (STEP + "    max_attempts: 0\n", ("bad-value", 8, 19, "`max_attempts` must be at least 1", "")),
        (STEP + "    max_attempts: 99\n", ("bad-value", 8, 19, "`max_attempts` must be at most 20", "")),
        (HEAD + "steps: []\n", ("bad-value", 4, 8, "`steps` must hold at least 1", "")),
        (
            STEP + "expire_after: soon\n",
            ("bad-duration", 8, 15, "a duration is a number and a unit: 30m, 25h, 7d", ""),
        ),
    ],
)
def test_a_refusal_is_told_in_plain_words(text: str, expected: tuple[str, int, int, str, str]) -> None:
    """One mistake, one problem: its code, its place, what is wrong and what would mend it."""
    assert told(text) == [expected]


def test_a_misspelt_kind_of_step_is_recognised() -> None:
    """The problem is at the key that was meant to say what the step does."""
    (problem,) = problems(STEP.replace("collect", "colect"))
    assert (problem.code, problem.line, problem.column) == ("step-kind", 6, 5)
    assert problem.hint == "did you mean `collect`?"


def test_a_step_of_two_kinds_names_both() -> None:
    """The author sees which keys exclude each other."""
    (problem,) = problems(STEP + "    goto: b\n")
    assert (problem.code, problem.line, problem.column) == ("step-kind", 5, 5)
    assert problem.hint == "this one has collect and goto"


def test_a_step_of_no_kind_is_told_without_a_guess() -> None:
    """Nothing in it is close to a kind."""
    (problem,) = problems(HEAD + "steps:\n  - id: b\n")
    assert (problem.code, problem.line, problem.hint) == ("step-kind", 5, "")


def test_a_list_is_not_called_short_because_its_items_are_wrong() -> None:
    """Only the items' own problems are told."""
    text = HEAD + "steps:\n  - {id: a, form: b, title: T, submit: S, fields: [{collect: x, prompt: 1}]}\n"
    assert [code for code, *_ in told(text)] == ["wrong-type"]


def test_all_refusals_of_a_file_are_told_at_once() -> None:
    """Nothing waits for another run."""
    text = STEP.replace("version: 1", "version: x").replace("prompt: X", "prmpt: X") + "  - id: B\n    say: {}\n"
    assert [(code, line) for code, line, *_ in told(text)] == [
        *(("wrong-type", 2), ("unknown-key", 7), ("bad-value", 8), ("wrong-type", 9)),
    ]


def luckless(value: object) -> object:
    """Refuse what is no number."""
    if isinstance(value, str):
        raise RefusalError("no-luck", f"{value} brings no luck")
    return value


def plain(value: object) -> object:
    """Refuse as Python does."""
    raise ValueError(f"{value}, that: neither, nor")


class Strict(Model, frozen=True, kw_only=True):
    """A model with marks of every kind."""

    own: Annotated[int, Read(luckless, {})] = 0
    plain: Annotated[str, Read(plain, {})] = ""
    short: Annotated[str, Within(min_length=3, max_length=5)] = ""
    shape: Annotated[str, Within(pattern="^x+$")] = ""
    many: Annotated[list[int], Within(max_length=2)] = msgspec.field(default_factory=list)
    sure: bool = False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("own: 'yes'", ("no-luck", 1, 6, "yes brings no luck", "")),
        ("plain: a", ("bad-value", 1, 8, "a, that: neither, nor", "")),
        ("short: a", ("bad-value", 1, 8, "`short` must have at least 3 characters", "")),
        ("short: abcdef", ("bad-value", 1, 8, "`short` must have at most 5 characters", "")),
        ("shape: a", ("bad-value", 1, 8, "`shape`: string should match pattern '^x+$'", "")),
        ("many: [1, 2, 3]", ("bad-value", 1, 7, "`many` must hold at most 2", "")),
        ("sure: maybe", ("wrong-type", 1, 7, "`sure` must be `true` or `false`, not text", "")),
        ("many: {}", ("wrong-type", 1, 7, "`many` must be a list, not a mapping", "start each item with `- `")),
    ],
)
def test_errors_of_validators_keep_their_words(text: str, expected: tuple[str, int, int, str, str]) -> None:
    """A code with a hyphen is ours and kept with its hint; anything else is a bad value."""
    assert told(text, Strict) == [expected]


class Two(Model, frozen=True, kw_only=True):
    """A model that looks at itself as a whole."""

    a: int
    b: int

    def __post_init__(self) -> None:
        """Refuse nothing of both."""
        if not self.a and not self.b:
            raise RefusalError("no-luck", "one of them brings luck")


def test_a_whole_document_can_be_refused() -> None:
    """The place is its start."""
    assert told("# first\na: 0\nb: 0\n", Two) == [
        ("no-luck", 2, 1, "one of them brings luck", ""),
    ]
