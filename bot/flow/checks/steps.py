"""Steps one by one: ids that stand once, closed branches, choices that fit their slot, labels without values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flow.checks.view import Finding
from bot.flow.linked import short_name
from bot.flow.menu import SKIP, UNSURE
from bot.flow.model import Collect, Else, Form
from bot.flow.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.flow.checks.view import View, World
    from bot.flow.model import Question
    from bot.flow.reader import Path

_CHOICE_TYPES: Final = frozenset({"choice", "choices", "yes_no"})
_LABELS: Final = frozenset({"accept", "label", "staff_label", "submit", "synonyms", "title", "words"})
"""Keys of texts that are shown where no value can be filled in: buttons, headings, lists of words."""


def questions(view: View) -> Iterator[tuple[Path, Question]]:
    """Every question of a flow and its place, fields of forms included."""
    for number, step in enumerate(view.flow.steps):
        if isinstance(step, Collect):
            yield ("steps", number), step
        elif isinstance(step, Form):
            yield from ((("steps", number, "fields", place), field) for place, field in enumerate(step.fields))


def ids(view: View, _: World) -> Iterator[Finding]:
    """No step, field or choice has the id of another one."""
    steps = [(("steps", number, "id"), step.id) for number, step in enumerate(view.flow.steps)]
    yield from _twice("duplicate-step", "step", steps, view)
    for number, step in enumerate(view.flow.steps):
        if isinstance(step, Form):
            place: Path = ("steps", number, "fields")
            fields = [((*place, position, "collect"), each.collect) for position, each in enumerate(step.fields)]
            yield from _twice("duplicate-step", "field of this form", fields, view)
    for path, question in questions(view):
        choices = [((*path, "choices", place, "id"), choice.id) for place, choice in enumerate(question.choices)]
        if question.unsure:
            choices.insert(0, ((*path, "unsure"), UNSURE))
        if question.optional:
            choices.insert(0, ((*path, "optional"), SKIP))
        yield from _twice("duplicate-choice", "choice of this question", choices, view)


def _twice(code: str, what: str, found: Iterable[tuple[Path, str]], view: View) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for path, name in found:
        if first.setdefault(name, path) is not path:
            line, _ = view.source.tree.position(first[name])
            message = f"{quoted(name)} is already the id of a {what}, in line {line}"
            yield Finding(code, path, message, "give one of them another id")


def tokens(view: View, _: World) -> Iterator[Finding]:
    """No two steps, and no two choices of a question, have the same name in a button's token."""
    yield from _same_token("step", [(path, step) for step, path in view.places.items()])
    for path, question in questions(view):
        choices = [((*path, "choices", place, "id"), choice.id) for place, choice in enumerate(question.choices)]
        yield from _same_token("choice", choices)


def _same_token(what: str, found: Iterable[tuple[Path, str]]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for path, name in found:
        if (twin := first.setdefault(short_name(name), name)) != name:
            message = f"by chance, buttons cannot tell the {what} {quoted(name)} from {quoted(twin)}"
            yield Finding("token-collision", path, message, "give one of them another id")


def branches(view: View, _: World) -> Iterator[Finding]:
    """A `next:` list is closed by its only `else`."""
    for number, step in enumerate(view.flow.steps):
        if not isinstance(step.next, list):
            continue
        path = ("steps", number, "next")
        if not any(isinstance(arm, Else) for arm in step.next):
            message = "this list does not say where to go when none of its conditions is true"
            yield Finding("missing-else", path, message, "close it with `- {else: …}`", key=True)
        for place, arm in enumerate(step.next[:-1]):
            if isinstance(arm, Else):
                message = "what stands below an `else` is never reached"
                yield Finding("else-not-last", (*path, place), message, "move the `else` to the end of the list")


def choices(view: View, _: World) -> Iterator[Finding]:
    """Choices are given where, and only where, the slot's type asks for them."""
    for path, question in questions(view):
        slot = view.flow.slots.get(question.collect)
        if slot is None:
            continue
        if question.choices and slot.type not in _CHOICE_TYPES:
            message = f"the slot {quoted(question.collect)} is of the type {slot.type}, which has no choices"
            hint = "give the slot the type choice, with `also: text` if free text is an answer too"
            yield Finding("choice-mismatch", (*path, "choices"), message, hint, key=True)
        elif not question.choices and slot.type in {"choice", "choices"}:
            message = f"the slot {quoted(question.collect)} is of the type {slot.type}, but there are no choices"
            hint = "add `choices:`, or give the slot another type"
            yield Finding("choice-mismatch", (*path, "collect"), message, hint)


def labels(view: View, _: World) -> Iterator[Finding]:
    """Buttons, headings and synonyms have no places for values."""
    for text, path in view.texts.items():
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        if key in _LABELS and text.wording.expressions and path[0] != "texts":
            shown = text.wording.expressions[0].source
            message = f"{quoted(key)} cannot show {{{{ {shown} }}}}: no value is filled in here"
            yield Finding("label-with-value", path, message, "show the value in the prompt or text instead")
