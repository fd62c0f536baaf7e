"""A linked flow: the order of its steps, the paths of its texts, its two hashes, the short names of buttons."""

from __future__ import annotations

from itertools import pairwise
from string import hexdigits
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from bot.flow.leaves import leaves
from bot.flow.linked import short_name
from bot.flow.model import Collect, Flow, Form
from bot.flow.program import Program
from bot.flow.texts import Text
from bot.flow.understanding import understood
from tests.flow.made import at, changed, complete, places, program, shipped, without
from tests.searching import examples

if TYPE_CHECKING:
    from tests.flow.made import Data

Path = tuple[str | int, ...]

FORM = """
    slots: {x: {type: text}, y: {type: text}, z: {type: choice}}
    steps:
      - {id: before, say: B}
      - id: details
        form: details
        title: Details
        submit: Send
        when: now.hour > 3
        next: last
        lint: {allow: a-code, why: because it is so}
        fields:
          - {collect: x, prompt: X?, why: Because., optional: true}
          - {collect: z, prompt: Z?, choices: [{id: one, label: One, next: last}], unsure: true}
          - {collect: y, prompt: Y?}
      - {id: after, say: A}
      - {id: last, end: done}
    """


def test_fields_of_a_form_are_steps() -> None:
    """They stand behind their form, in the order of the file; the last step is followed by the end."""
    made = program(FORM)
    fields = ["details.x", "details.z", "details.y"]
    assert list(made.steps) == ["before", "details", *fields, "after", "last"]
    assert list(made.following.items()) == list(pairwise([*made.steps, ""]))
    assert made.form_of == dict.fromkeys(fields, "details")
    assert made.after("details") == "after"
    assert made.first == "before"


def test_a_field_asked_alone() -> None:
    """It is a question as any other: its own keys, its form's conditions, and what is left out everywhere else."""
    steps = program(FORM).steps
    form, first, chosen, last = (steps[name] for name in ("details", "details.x", "details.z", "details.y"))
    assert isinstance(form, Form)
    for each, field in zip((first, chosen, last), form.fields, strict=True):
        assert isinstance(each, Collect)
        assert each.id == f"details.{field.collect}"
        assert {name: getattr(each, name) for name in asdict(field)} == asdict(field)
        assert (each.when, each.lint) == (form.when, form.lint)
        assert (each.max_attempts, each.on_max_attempts, each.timeout, each.interruptions) == (3, None, None, True)
    assert (first.next, chosen.next, last.next) == (None, None, "last")


def test_two_forms_do_not_meet() -> None:
    """What follows a form is what follows its own last field."""
    text = """
        slots: {x: {type: text}}
        steps:
          - {id: a, form: a, title: A, submit: S, fields: [{collect: x, prompt: X?}]}
          - {id: b, form: b, title: B, submit: S, fields: [{collect: x, prompt: X?}]}
        """
    made = program(text)
    assert (made.after("a"), made.after("b")) == ("b", "")
    assert made.following["a.x"] == "b"


QUESTION = "collect: x, prompt: X?, on_max_attempts: c, timeout: {after: 1d, then: d}"
CHOICES = "choices: [{id: one, label: One, next: b}, {id: two, label: Two}]"


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("say: A", []),
        ("say: A, next: b", ["b"]),
        ("say: A, next: [{if: now.hour > 3, then: b}, {else: c}]", ["b", "c"]),
        (f"{QUESTION}, {CHOICES}, next: e", ["e", "b", "c", "d"]),
        ("collect: x, prompt: X?, timeout: {after: 1d, then: nudge}", []),
        ("rule: r, text: R, accept: Yes, decline: {label: No, next: b}", ["b"]),
        ("rule: r, text: R, accept: Yes, decline: {label: No}", []),
        ("action: hook, on_error: b", ["b"]),
        ("call: g, next: b", ["b"]),
    ],
)
def test_targets(step: str, expected: list[str]) -> None:
    """Every step that a step names, in the order of the file; `nudge` is none."""
    made = program(f"slots: {{x: {{type: choice}}}}\nsteps: [{{id: a, {step}}}]\n")
    assert list(made.targets(made.steps["a"])) == expected


def test_labels_and_what_is_sensitive() -> None:
    """Every name that a choice of a slot has anywhere, by its id, so that an old answer can still be read."""
    made = Program(understood(Flow, complete()))
    assert {slot: {id_: text.source for id_, text in found.items()} for slot, found in made.labels.items()} == {
        "shop": {"own": "Ours", "other": "Another one"}
    }
    assert made.sensitive == {"shop"}


def contexts(source: Data) -> dict[str, str]:
    """The texts of a flow by their path."""
    return {text.context: text.source for text in Program(understood(Flow, source)).texts}


def test_paths_of_texts() -> None:
    """A path names steps, fields and choices by their ids, other members of a list by their number."""
    assert contexts(complete()) == {
        "complete.title": "All of it",
        "complete.triggers.1.words": "begin, let us begin",
        "complete.slots.shop.label": "Shop",
        "complete.slots.shop.staff_label": "Webshop",
        "complete.slots.orders.label": "Orders",
        "complete.slots.code.label": "Code",
        "complete.slots.since.label": "Since",
        "complete.greeting.say": "**Hello** {{ user.first_name }}!",
        "complete.shop.prompt": "Which shop is it?",
        "complete.shop.hint": "For example: the first.",
        "complete.shop.why": "Every shop has its own rules.",
        "complete.shop.own.label": "Our own",
        "complete.shop.own.synonyms": "ours, mine",
        "complete.shop.other.label": "Another one",
        "complete.shop.other.synonyms": "foreign",
        "complete.shop.rejections.1.say": "That cannot be.",
        "complete.shop.reprompt.1": "Please choose one.",
        "complete.shop.reprompt.2": "Please choose one of the two.",
        "complete.shop.invalid.1": "That is no shop.",
        "complete.details.title": "Some details",
        "complete.details.submit": "Send",
        "complete.details.code.prompt": "Which code is it?",
        "complete.details.code.hint": "For example: ABC",
        "complete.details.code.why": "We look it up.",
        "complete.details.code.rejections.1.say": "Not that one.",
        "complete.details.code.reprompt.1": "Three letters.",
        "complete.details.code.reprompt.2": "Only three letters.",
        "complete.details.code.invalid.1": "Those are not three letters.",
        "complete.details.shop.prompt": "Which shop?",
        "complete.details.shop.own.label": "Ours",
        "complete.details.shop.own.synonyms": "us",
        "complete.code.prompt": "Which code?",
        "complete.orders.prompt": "How many orders?",
        "complete.rule.text": "We look at a *test* copy only.",
        "complete.rule.accept": "Understood",
        "complete.rule.decline.label": "I have none",
        "complete.rule.why": "A change on the live shop could do harm.",
        "complete.rule.staff_label": "Staging only",
        "complete.texts.working": "I am on it.",
    }


@pytest.mark.parametrize("source", shipped(), ids=lambda source: source["flow"])
def test_paths_are_unique_and_none_is_missing(source: Data) -> None:
    """Every text of a shipped flow has a path of its own, below the id of its flow."""
    flow = understood(Flow, source)
    made = Program(flow)
    assert [leaf for leaf, _ in leaves(flow) if isinstance(leaf, Text)] == list(made.texts)
    found = [text.context for text in made.texts]
    assert len(set(found)) == len(found)
    assert all(context.startswith(f"{made.id}.") for context in found)


def test_paths_stay_when_steps_move() -> None:
    """A translation is not lost because the order of steps, choices or slots changes, or something is added."""
    source = complete()
    steps = [{"id": "new", "say": "New"}, *reversed(source["steps"])]
    steps[-2] = {**steps[-2], "choices": steps[-2]["choices"][::-1]}
    moved = {**source, "steps": steps, "slots": dict(reversed(source["slots"].items()))}
    assert contexts(moved) == {**contexts(source), "complete.new.say": "New"}


def test_a_field_shares_the_texts_of_its_form() -> None:
    """Asked alone it has the same translations."""
    made = program(FORM)
    (form,) = [step for step in made.steps.values() if isinstance(step, Form)]
    alone = made.steps["details.x"]
    assert isinstance(alone, Collect)
    assert alone.prompt is form.fields[0].prompt
    assert alone.prompt.context == "f.details.x.prompt"


# --- hashes -----------------------------------------------------------------------------------------------------------

WORDING = {"title", "description", "version", "triggers", "migrate", "lint", "texts", "label", "staff_label"} | {
    *("synonyms", "why", "hint", "reprompt", "invalid", "budget")
}
"""What a running session does not depend on, wherever it stands."""

SAID = {"say", "prompt", "text", "accept", "submit"}
"""Texts that are always there: what they say is wording, that they are there is not."""


def is_wording(path: Path) -> bool:
    """Whether the value at `path` is of no concern to a running session."""
    keys = [part for part in path if isinstance(part, str)]
    return any(key in WORDING and not (keys[:1] == ["slots"] and place == 1) for place, key in enumerate(keys))


def texts(flow: Flow) -> list[Path]:
    """Where the texts of a flow stand; those that are written as a list aside."""
    return [path for leaf, path in leaves(flow) if isinstance(leaf, Text) and path[-1] != "synonyms"]


def other(value: Any, path: Path) -> Any:
    """A value that could stand at `path` instead of this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if path[-1] in {"if", "when"}:
        return f"{value} or now.hour == 23"
    if path[-1] in {"after", "timeout", "expire_after"}:
        return "5d"
    if value is None or value.startswith("{{"):
        return "{{ now.hour }}"
    return f"{value}_x"


MUTABLE = [
    path
    for path in places(complete())
    if not isinstance(at(complete(), path), (dict, list)) and path[-1] != "also" and path[2:] != ("type",)
]
"""Every value of the flow that has every key, but for types of slots, with which other values would not go."""


def hashes(source: Data) -> tuple[str, str]:
    """The two hashes of a flow."""
    made = Program(understood(Flow, source))
    return made.hash, made.text_hash


def test_what_a_value_changes() -> None:
    """Another wording changes only the hash of the texts; any other value changes the structure, every single one."""
    structure, _ = hashes(complete())
    wrong = []
    for path in MUTABLE:
        changed_structure, _ = hashes(changed(complete(), path, other(at(complete(), path), path)))
        expected = not (is_wording(path) or path[-1] in SAID)
        if (changed_structure != structure) is not expected:
            wrong.append(path)
    assert wrong == []


def test_what_a_text_changes() -> None:
    """Each text by itself changes the hash of the texts."""
    flow = understood(Flow, complete())
    _, before = hashes(complete())
    assert len(texts(flow)) > 30
    for path in texts(flow):
        assert hashes(changed(complete(), path, "Something else"))[1] != before, path


def test_what_a_key_that_is_left_out_changes() -> None:
    """Taking an optional key away, or a member of a list, changes the structure exactly if it is no wording."""
    structure, _ = hashes(complete())
    removed = 0
    for path in places(complete())[1:]:
        try:
            found, _ = hashes(without(complete(), path))
        except ValueError:
            continue  # the language needs it
        removed += 1
        assert (found != structure) is not is_wording(path), path
    assert removed > 100


def test_what_a_type_changes() -> None:
    """Another type of a slot is another structure."""
    source = without(complete(), ("slots", "shop", "also"))
    assert hashes(changed(source, ("slots", "shop", "type"), "choices"))[0] != hashes(source)[0]


def test_what_an_order_changes() -> None:
    """The order of steps, choices and branches is structure."""
    structure, _ = hashes(complete())
    ordered = [("steps",), ("steps", 1, "choices"), ("steps", 1, "next"), ("steps", 2, "fields")]
    for path in ordered:
        assert hashes(changed(complete(), path, at(complete(), path)[::-1]))[0] != structure


def test_what_is_left_out_may_be_said() -> None:
    """Writing down a value that holds anyway changes nothing: a key that comes with a new release strands nobody."""
    short = {"flow": "f", "version": 1, "title": "F", "steps": [{"id": "a", "collect": "x", "prompt": "X?"}]}
    said = {
        **short,
        "expire_after": "7d",
        "slots": {},
        "texts": {},
        "steps": [{**short["steps"][0], "max_attempts": 3, "barrier": False, "choices": [], "interruptions": True}],  # type: ignore[index]
    }
    assert hashes(short) == hashes(said)


@settings(max_examples=examples(25))
@given(st.data())
def test_the_shipped_flows_keep_their_structure_while_texts_change(data: st.DataObject) -> None:
    """Any texts of any shipped flow may be rewritten under the conversations that run on it."""
    source = data.draw(st.sampled_from(shipped()))
    flow = understood(Flow, source)
    rewritten = source
    for path in data.draw(st.lists(st.sampled_from(texts(flow)), min_size=1, max_size=5)):
        rewritten = changed(rewritten, path, data.draw(st.sampled_from(["Other words", "**More** `words`"])))
    before, after = Program(flow), Program(understood(Flow, rewritten))
    assert after.hash == before.hash
    assert (after.text_hash == before.text_hash) is (contexts(rewritten) == contexts(source))


def test_hashes_are_the_same_everywhere() -> None:
    """They are compared with those of sessions that were stored by other processes and releases."""
    assert hashes({"flow": "f", "version": 1, "title": "F", "steps": [{"id": "a", "say": "A"}]}) == (
        "6be38a3bae1476e2",
        "28067e79be7f66b6",
    )


@given(st.text())
def test_short_names(name: str) -> None:
    """Six characters that any channel carries, and always the same ones."""
    found = short_name(name)
    assert len(found) == 6
    assert set(found) <= set(hexdigits)
    assert found == short_name(str(name))


def test_short_names_differ() -> None:
    """A step and its choices are told apart; where chance has it otherwise, a proof says so."""
    assert short_name("platform") == "1f499e"
    names = [f"step_{number}" for number in range(500)]
    assert len(set(map(short_name, names))) == len(names)
