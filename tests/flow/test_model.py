"""The flow language key by key: what a file may say, what it must, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import asdict
from pydantic_core import ValidationError

from bot.flow import model
from bot.flow.expressions import Expression
from bot.flow.keys import Model, defaults_of, keys_of
from bot.flow.model import Branch, Collect, Else, Flow, Form, Set, StepBase
from bot.flow.texts import Text
from bot.flow.understanding import understood
from tests.flow.made import at, changed, complete, data, places, shipped, without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.flow.made import Data

ABSTRACT = {Model, StepBase}
MODELS = {
    each for each in vars(model).values() if isinstance(each, type) and issubclass(each, Model) and each not in ABSTRACT
}
MINIMAL = {"flow": "f", "version": 1, "title": "F", "steps": [{"id": "a", "say": "A"}]}
FIELD = {"collect": "x", "prompt": "X?"}


def refused(source: Data) -> list[str]:
    """The type of everything that is wrong with a flow; a list is not called too short because its items are wrong."""
    try:
        understood(Flow, source)
    except ValidationError as error:
        return [each["type"] for each in error.errors() if not (each["type"] == "too_short" and each["input"])]
    return []


def step(**keys: Any) -> Data:
    """A flow of one step."""
    return {**MINIMAL, "steps": [{"id": "a", **keys}]}


def question(**keys: Any) -> Data:
    """A flow with one question."""
    return step(**FIELD, **keys)


def models(value: Any) -> Iterator[Model]:
    """Every model in a validated flow."""
    if isinstance(value, Model):
        yield value
        value = asdict(value).values()
    if isinstance(value, dict):
        value = value.values()
    if not isinstance(value, (str, Text, Expression)) and hasattr(value, "__iter__"):
        for each in value:
            yield from models(each)


def said(each: Model) -> set[str]:
    """The attributes that are not what they are when they are left out."""
    defaults = defaults_of(type(each))
    return {name for name, value in asdict(each).items() if name not in defaults or value != defaults[name]}


def test_every_key_of_the_language_is_accepted() -> None:
    """The flow that has every key of every mapping is sound, and every key of every class says something there.

    None has only the value that it has when it is left out, so a test that takes it away changes the flow.
    """
    used: dict[type[Model], set[str]] = {}
    for each in models(understood(Flow, complete())):
        used.setdefault(type(each), set()).update(said(each))
    assert used == {each: {key.name for key in keys_of(each).values()} for each in MODELS}


def test_the_shipped_flows_are_sound() -> None:
    """What the product comes with is the first thing the model must accept."""
    assert [refused(each) for each in shipped()] == [[]] * len(shipped())


CHOSEN_KEYS = {"slots", "texts", "set", "with", "into", "rename", "map"}
"""Mappings whose keys the author chooses."""


@pytest.mark.parametrize(
    "path", [each for each in places(complete()) if isinstance(at(complete(), each), dict)], ids=str
)
def test_an_unknown_key_is_refused_everywhere(path: tuple[str | int, ...]) -> None:
    """In each mapping of the language, one by one; where the author names the keys, they must be ids."""
    source = changed(complete(), (*path, "Surprise"), "one")
    if path[-2:] == ("map", "shop"):
        assert refused(source) == []  # ids of choices of old versions may be anything
    elif path[-1:] and (path[-1] in CHOSEN_KEYS or path[-1] == "steps"):
        assert "string_pattern_mismatch" in refused(source)
    else:
        assert refused(source) == ["extra_forbidden"]


REQUIRED = {
    "Action": {"id", "action"},
    "Branch": {"if_", "then"},
    "Call": {"id", "call"},
    "Case": set(),
    "Choice": {"id", "label"},
    "Collect": {"id", "collect", "prompt"},
    "Decline": {"label"},
    "Else": {"else_"},
    "End": {"id", "end"},
    "Flow": {"flow", "version", "title", "steps"},
    "Form": {"id", "form", "title", "submit", "fields"},
    "Goto": {"id", "goto"},
    "Handoff": {"id", "handoff"},
    "Lint": {"allow", "why"},
    "Migration": {"from_"},
    "Question": {"collect", "prompt"},
    "Rejection": {"if_", "say"},
    "Rule": {"id", "rule", "text", "accept"},
    "Say": {"id", "say"},
    "Set": {"id", "set"},
    "Slot": {"type"},
    "Timeout": {"after", "then"},
    "Trigger": set(),
}


def test_what_must_be_said() -> None:
    """These keys are needed, and no others."""
    needed = {each.__name__: {key.name for key in keys_of(each).values() if key.required} for each in MODELS}
    assert needed == REQUIRED


@pytest.mark.parametrize("path", [("title",), ("slots", "since", "type"), ("steps", 1, "prompt"), ("steps", 0, "id")])
def test_a_missing_key_is_refused(path: tuple[str | int, ...]) -> None:
    """What must be said is asked for, wherever it is missing."""
    assert refused(without(complete(), path)) == ["missing"]


@pytest.mark.parametrize("kind", model.KINDS)
def test_each_kind_of_step_has_a_class_of_its_own(kind: str) -> None:
    """The one key that a step must have says what it becomes."""
    written = [kind in each for each in complete()["steps"]]
    made = [type(each) is model.KINDS[kind] for each in understood(Flow, complete()).steps]
    assert made == written
    assert any(made)


@pytest.mark.parametrize("keys", [{}, {"say": "A", "end": "done"}, {"collect": "x", "prompt": "X?", "rule": "r"}])
def test_a_step_is_of_exactly_one_kind(keys: Data) -> None:
    """None of the keys, or two of them, is refused as one problem."""
    assert refused(step(**keys)) == ["step-kind"]


def test_all_problems_are_told_at_once() -> None:
    """One wrong value hides no other."""
    source = {
        **MINIMAL,
        "version": "1",
        "steps": [{"id": "A", "say": 3}, {"id": "b"}, {"id": "c", "end": "done", "x": 1}],
    }
    assert sorted(refused(source)) == [
        "extra_forbidden",
        "int_type",
        "step-kind",
        "string_pattern_mismatch",
        "string_type",
    ]


FLAGS = [
    ("slots", "shop", "sensitive"),
    ("slots", "shop", "ask_again"),
    ("steps", 1, "unsure"),
    ("steps", 1, "optional"),
    ("steps", 1, "barrier"),
    ("steps", 1, "corrections"),
    ("steps", 2, "fields", 0, "unsure"),
]


@pytest.mark.parametrize("path", FLAGS, ids=str)
def test_flags_are_booleans(path: tuple[str | int, ...]) -> None:
    """`true` and `false`, and no word or number that means the same elsewhere."""
    for good in (True, False):
        assert refused(changed(complete(), path, good)) == []
    not_flags: list[object] = ["true", "yes", "on", 1, 0, None, []]
    for bad in not_flags:
        assert refused(changed(complete(), path, bad)) == ["bool_type"]


@pytest.mark.parametrize("value", ["yes", 1, None, ["Other"], "other_flow"])
def test_interruptions_are_a_flag_or_ids(value: object) -> None:
    """A list of flows may interrupt, or all, or none; a lone word is neither."""
    path = ("steps", 1, "interruptions")
    assert refused(changed(complete(), path, value))
    for good in (True, False, [], ["other_flow"]):
        assert refused(changed(complete(), path, good)) == []


def test_words_of_yaml_are_ids() -> None:
    """`no`, `yes`, `on` and their like stay words: choices, steps and slots may be called so."""
    words = ["no", "yes", "on", "off", "y", "n", "none"]
    choices = "".join(f"      - {{id: {word}, label: {word}}}\n" for word in words)
    (source,) = data(
        f"flow: on\nversion: 1\ntitle: no\nslots: {{no: {{type: choice}}}}\nsteps:\n"
        f"  - id: yes\n    collect: no\n    prompt: on\n    choices:\n{choices}    next: off\n"
        "  - {id: off, end: no}\n"
    )
    found = understood(Flow, source)
    assert isinstance(found.steps[0], Collect)
    assert [choice.id for choice in found.steps[0].choices] == words
    assert [choice.label.source for choice in found.steps[0].choices] == words
    assert found.steps[0].next == "off"


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"max_attempts": 0}, "greater_than_equal"),
        ({"max_attempts": 21}, "less_than_equal"),
        ({"max_attempts": 2.0}, "int_type"),
        ({"timeout": {"after": "1 day", "then": "nudge"}}, "bad-duration"),
        ({"timeout": {"after": "1d", "then": "Nudge"}}, "string_pattern_mismatch"),
        ({"reprompt": []}, "too_short"),
        ({"lint": {"allow": "x", "why": "because"}}, "string_too_short"),
        ({"lint": {"allow": [3], "why": "for a good reason"}}, "string_type"),
        ({"choices": [{"id": "a b", "label": "A"}]}, "string_pattern_mismatch"),
        ({"choices": [{"id": "a", "label": "A", "synonyms": []}]}, "string_too_short"),
        ({"choices": {"id": "a", "label": "A"}}, "tuple_type"),
        ({"rejections": [{"if": "nobody", "say": "A"}]}, "bad-expression"),
        ({"when": "slots.x =="}, "bad-expression"),
        ({"next": 3}, "string_type"),
        ({"next": [{"then": "b"}]}, "missing"),
        ({"next": [{"else": "b", "then": "c"}]}, "extra_forbidden"),
        ({"next": {"else": "b"}}, "string_type"),
    ],
)
def test_questions_that_make_no_sense_are_refused(keys: Data, problem: str) -> None:
    """Each for its own reason."""
    assert refused(question(**keys)) == [problem]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ({**MINIMAL, "steps": []}, "too_short"),
        ({**MINIMAL, "version": 0}, "greater_than_equal"),
        ({**MINIMAL, "version": True}, "int_type"),
        ({**MINIMAL, "flow": "Flow"}, "string_pattern_mismatch"),
        ({**MINIMAL, "flow": "f\n"}, "string_pattern_mismatch"),
        ({**MINIMAL, "flow": "f" * 65}, "string_too_long"),
        ({**MINIMAL, "triggers": [{}]}, "missing-key"),
        ({**MINIMAL, "triggers": [{"command": "/start"}]}, "string_pattern_mismatch"),
        ({**MINIMAL, "texts": {"hello": ""}}, "string_too_short"),
        (step(form="g", title="G", submit="S", fields=[]), "too_short"),
        (step(form="g", title="G", submit="S", fields=[FIELD] * 21), "too_long"),
        (step(set={}), "too_short"),
        (step(set={"X": 1}), "string_pattern_mismatch"),
        (step(set={"x": {"deep": 1}}), "bad-value"),
        (step(call="g", into={"x": "a b"}), "string_pattern_mismatch"),
        (step(goto="g", into={"x": "y"}), "extra_forbidden"),
        (step(action="hook", timeout=30), "bad-duration"),
        (step(handoff={"queue": "a b"}), "string_pattern_mismatch"),
        (step(handoff={"priority": "{{ nobody }}"}), "bad-expression"),
        (step(handoff=None), "dict_type"),
        (step(say="# Heading"), "bad-markup"),
        (step(say="{{ nobody }}"), "bad-expression"),
        (step(say=3), "string_type"),
    ],
)
def test_flows_that_make_no_sense_are_refused(source: Data, problem: str) -> None:
    """Each for its own reason."""
    assert refused(source) == [problem]


def test_branches() -> None:
    """`next:` is a step, or arms in their order, each of which is told from its keys."""
    found = understood(Flow, complete()).steps[1].next
    assert isinstance(found, list)
    assert [type(arm) for arm in found] == [Branch, Branch, Else]
    assert [arm.else_ if isinstance(arm, Else) else arm.then for arm in found] == ["code", "details", "orders"]


def test_what_is_left_out() -> None:
    """The values of keys that are not there: a week until a conversation expires, three attempts, half a minute."""
    found = understood(Flow, {**MINIMAL, "steps": [{"id": "a", **FIELD}, {"id": "b", "action": "hook"}]})
    assert found.expire_after == 7 * 86400
    assert isinstance(found.steps[0], Collect)
    assert (found.steps[0].max_attempts, found.steps[0].interruptions) == (3, True)
    assert isinstance(found.steps[1], model.Action)
    assert found.steps[1].timeout == 30


def test_values_are_literals_or_expressions() -> None:
    """What a `set` assigns is parsed once, when the flow is read."""
    (found,) = [each for each in understood(Flow, complete()).steps if isinstance(each, Set)]
    assert isinstance(found.set["shop"], Expression)
    assert {name: value for name, value in found.set.items() if name != "shop"} == {
        "orders": 3,
        "code": ["one", "two"],
        "since": None,
        "sure": True,
    }


def test_a_flow_does_not_change() -> None:
    """A model is shared by every conversation: nobody may write to it."""
    (form,) = [each for each in understood(Flow, complete()).steps if isinstance(each, Form)]
    with pytest.raises(AttributeError):
        form.title = Text("Another")  # type: ignore[misc]
