"""A linked flow: the model plus what follows from it: step order, text contexts, hashes, short names for buttons."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import asdict

from bot.flow.expressions import Expression
from bot.flow.keys import Model, defaults_of
from bot.flow.linked import Linked
from bot.flow.model import Collect, Else, Form, Question, Rule
from bot.flow.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.model import Flow, Step
    from bot.flow.slots import Slot

_TRANSPARENT: Final = frozenset({"steps", "choices", "fields"})
"""Containers whose name does not stand in a text's path: their members are known by their ids."""

_WITHOUT_TEXTS: Final = frozenset({str, int, float, bool, type(None), Expression})

_WORDING: Final = frozenset(
    {
        "title",
        "description",
        "budget",
        "version",
        "triggers",
        "migrate",
        "lint",
        "texts",
        "staff_label",
        "label",
        "synonyms",
        "why",
        "hint",
        "reprompt",
        "invalid",
    }
)
"""Keys that a running session does not depend on, whether or not they are there."""


class Program:
    """A flow ready to run. `steps` holds a form's fields as steps of their own, right after the form."""

    def __init__(self, flow: Flow) -> None:
        """Link `flow`. The flow should be free of problems; unresolved targets surface in the checks."""
        self.flow = flow
        self.id = flow.flow
        self.version = flow.version
        self.expires_after = timedelta(seconds=flow.expire_after)
        self.slots: dict[str, Slot] = flow.slots
        self.steps: dict[str, Step] = {}
        self.following: dict[str, str] = {}
        """The step that comes next in the file; "" after the last one."""
        self.form_of: dict[str, str] = {}
        """Field step to the form it belongs to."""
        self._order()
        self.first = next(iter(self.steps), "")
        self.linked = {step.id: self._link(step) for step in self.steps.values()}
        """The steps as they run, by id."""
        texts: list[Text] = []
        _contexts(flow, flow.flow, texts)
        self.texts = tuple(texts)

    def _order(self) -> None:
        flat: list[Step] = []
        for step in self.flow.steps:
            flat.append(step)
            if isinstance(step, Form):
                fields = [_asked_alone(step, field) for field in step.fields]
                # the last field leads where the form leads; the form itself leads to its first field
                fields[-1] = msgspec.structs.replace(fields[-1], next=step.next)
                self.form_of |= {field.id: step.id for field in fields}
                flat += fields
        for number, each in enumerate(flat):
            self.steps[each.id] = each
            self.following[each.id] = flat[number + 1].id if number + 1 < len(flat) else ""

    def _link(self, step: Step) -> Linked:
        name = step.collect if isinstance(step, Collect) else ""
        # a form's condition is asked once: an answer to one of its questions leaves out none of the others
        when = step.when if step.id not in self.form_of else None
        following = self.following[step.id]
        skip = self.after(step.id) if isinstance(step, Form) else following
        return Linked(step, self.slots.get(name), self.labels.get(name, {}), when, skip, following)

    @cached_property
    def hash(self) -> str:
        """A fingerprint of the structure, which sessions are pinned to; 16 hexadecimal digits."""
        return _digest(_structure(self.flow))

    @cached_property
    def text_hash(self) -> str:
        """A fingerprint of the texts; 16 hexadecimal digits."""
        return _digest([(text.context, text.source) for text in self.texts])

    @cached_property
    def labels(self) -> dict[str, dict[str, Text]]:
        """By slot: what its choices are called."""
        found: dict[str, dict[str, Text]] = {}
        for step in self.steps.values():
            if isinstance(step, Collect) and step.choices:
                found.setdefault(step.collect, {}).update({choice.id: choice.label for choice in step.choices})
        return found

    @cached_property
    def answers(self) -> list[tuple[str, Slot, dict[str, Text]]]:
        """What can be answered, in the file's order: each slot by its name, and what its choices are called."""
        return [(name, slot, self.labels.get(name, {})) for name, slot in self.slots.items()]

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """The slots whose answers are nobody's business."""
        return frozenset(name for name, slot in self.slots.items() if slot.sensitive)

    def after(self, form: str) -> str:
        """The step that follows a form and its fields in the file."""
        last = [field for field, owner in self.form_of.items() if owner == form][-1]
        return self.following[last]

    def targets(self, step: Step) -> Iterator[str]:
        """Every step that `step` names as a target, in the order of the file."""
        if isinstance(step.next, str):
            yield step.next
        elif step.next is not None:
            for arm in step.next:
                yield arm.else_ if isinstance(arm, Else) else arm.then
        if isinstance(step, Collect):
            yield from (choice.next for choice in step.choices if choice.next)
            if step.on_max_attempts:
                yield step.on_max_attempts
            if step.timeout and step.timeout.then != "nudge":
                yield step.timeout.then
        elif isinstance(step, Rule) and step.decline and step.decline.next:
            yield step.decline.next
        elif (on_error := getattr(step, "on_error", None)) is not None:
            yield on_error


def _asked_alone(form: Form, field: Question) -> Collect:
    """A field of a form as a step of its own."""
    return Collect(**asdict(field), id=f"{form.id}.{field.collect}", when=form.when, lint=form.lint)


def _contexts(model: Model, path: str, found: list[Text]) -> None:
    """Give every text below `model` its path, and add it to `found`."""
    for name, value in asdict(model).items():
        kind = type(value)
        if kind is Text:
            value.context = f"{path}.{name}"
            found.append(value)
        elif kind not in _WITHOUT_TEXTS and value:
            _texts(value, path if name in _TRANSPARENT else f"{path}.{name}", found)


def _texts(value: Any, path: str, found: list[Text]) -> None:
    if isinstance(value, Text):
        value.context = path
        found.append(value)
    elif isinstance(value, Model):
        _contexts(value, path, found)
    elif isinstance(value, dict):
        for key, item in value.items():
            _texts(item, f"{path}.{key}", found)
    elif isinstance(value, tuple) and value and not isinstance(value[0], str):
        for number, item in enumerate(value, 1):
            name = getattr(item, "id", None) or getattr(item, "collect", None) or str(number)
            _texts(item, f"{path}.{name}", found)


def _structure(value: Any) -> Any:
    """The flow without its wording, and without what it leaves as it is: what a running session depends on.

    So a key of a later version changes no hash by existing.
    """
    if isinstance(value, Text):
        return True
    if isinstance(value, Expression):
        return value.source
    if isinstance(value, Model):
        defaults = defaults_of(type(value))
        return {
            name: _structure(item)
            for name, item in asdict(value).items()
            if name not in _WORDING and not (name in defaults and defaults[name] == item)
        }
    if isinstance(value, dict):
        return {key: _structure(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_structure(item) for item in value]
    return value


def _digest(value: Any) -> str:
    return blake2b(msgspec.json.encode(value), digest_size=8).hexdigest()
