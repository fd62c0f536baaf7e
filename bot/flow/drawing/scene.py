"""What a picture of a flow shows: its steps as boxes, and the ways between them with what must be so to take them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bot.flow.expressions import Expression
from bot.flow.model import (
    KINDS,
    Action,
    Branch,
    Call,
    Collect,
    Else,
    End,
    Form,
    Goto,
    Handoff,
    Rule,
    Say,
    Set,
)
from bot.flow.problems import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.flow.model import Question, Step
    from bot.flow.program import Program
    from bot.flow.texts import Text
    from bot.flow.visits import Visits

START: Final = "(start)"
OVER: Final = "(over)"
"""Ids of the two boxes that are no steps: how the flow is started, and its end behind the last step."""

_SKIPPED: Final = "if skipped"
"""The way past a step whose condition is false, where it does not lead where the step leads anyway."""

_GIVEN_BACK: Final = "if the person gives it back"
"""A hand-off is where the flow arrives; what stands behind it is for afterwards."""

_NAMED: Final = 3
"""Choices that a way names; the others are counted."""

_SPAN: Final = ((604800, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))

_CONDITION: Final = (
    (re.compile(r"\bslots\."), ""),
    (re.compile(r"\bis not none\b"), "is known"),
    (re.compile(r"\bis none\b"), "is not known"),
    (re.compile(r"\bnot in\b"), "is none of"),
    (re.compile(r"\bin\b(?= *\[)"), "is one of"),
    (re.compile(r" == "), " is "),
    (re.compile(r" != "), " is not "),
    (re.compile(r" \| (\w+)"), r" (\1)"),
    (re.compile(r"'([^']*)'|\"([^\"]*)\""), r"“\1\2”"),
    (re.compile(r"[\[\]]"), ""),
)
"""What is written otherwise where a condition is read and not run."""


class Box(NamedTuple):
    """A step. `kind` is its key in the file, `text` how it begins, `options` the choices that are named inside it.

    `visits` are told where they were counted.
    """

    id: str
    kind: str
    text: str = ""
    when: str = ""
    options: tuple[str, ...] = ()
    visits: Visits | None = None


class Line(NamedTuple):
    """A way from a box to another. "instead" is what follows silence, too many attempts, a refusal or a failure."""

    start: str
    end: str
    label: str = ""
    kind: Literal["on", "instead"] = "on"


class Scene(NamedTuple):
    """A flow as boxes and lines, both in the order of the file; `note` says what was counted, if anything was."""

    title: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    note: str = ""


def scene(program: Program, say: Callable[[Text], str]) -> Scene:
    """The picture of a flow; `say` gives a text in the language of the picture. Unknown targets are left out."""
    steps = program.flow.steps
    order = [step.id for step in steps]
    followers = dict(zip(order, [*order[1:], OVER], strict=True))
    drawer = _Drawer(program, say, followers)
    started = ", ".join(f"/{each.command}" for each in program.flow.triggers if each.command)
    boxes = [Box(START, "start", started or program.id), *map(drawer.box, steps)]
    lines = [Line(START, order[0]), *(line for step in steps for line in drawer.lines(step))]
    if any(line.end == OVER for line in lines):
        boxes.append(Box(OVER, "over", "the flow is over"))
    known = {box.id for box in boxes}
    merged = dict.fromkeys(line for line in lines if line.end in known)
    return Scene(say(program.flow.title), tuple(boxes), tuple(merged))


def readable(condition: str) -> str:
    """A condition as somebody reads it who writes none: `slots.x != 'a'` is `x is not “a”`."""
    for pattern, words in _CONDITION:
        condition = pattern.sub(words, condition)
    return condition


def span(seconds: int) -> str:
    """A duration in words: `1 day`, `25 hours`."""
    size, unit = next(each for each in _SPAN if seconds % each[0] == 0)
    return quantity(seconds // size, unit)


def _value(value: object) -> str:
    """A value that a step sets, as it is read."""
    if isinstance(value, Expression):
        return readable(value.source)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return "nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def counted(scene: Scene, visits: Mapping[str, Visits], note: str) -> Scene:
    """The same picture with what became of the conversations that came to each step."""
    boxes = tuple(box._replace(visits=visits.get(box.id)) for box in scene.boxes)
    return scene._replace(boxes=boxes, note=note)


class _Drawer:
    def __init__(self, program: Program, say: Callable[[Text], str], followers: dict[str, str]) -> None:
        self._program, self._say, self._followers = program, say, followers

    def box(self, step: Step) -> Box:
        kind = next(kind for kind, model in KINDS.items() if isinstance(step, model))
        when = readable(step.when.source) if step.when is not None else ""
        first = self._text(step).partition("\n\n")[0]
        return Box(step.id, kind, " ".join(first.split()), when, tuple(self._options(step)))

    def _text(self, step: Step) -> str:
        match step:
            case Say():
                return self._say(step.say)
            case Collect():
                return self._say(step.prompt)
            case Form():
                return self._say(step.title)
            case Rule():
                return self._say(step.text)
            case Set():
                return ", ".join(f"{slot}: {_value(value)}" for slot, value in step.set.items())
            case Call() | Goto():
                return step.call if isinstance(step, Call) else step.goto
            case Action():
                return step.action
            case Handoff():
                return step.handoff.queue
            case End():
                return step.end

    def _options(self, step: Step) -> Iterator[str]:
        """What can be chosen, or filled in."""
        if isinstance(step, Form):
            yield from (self._say(field.prompt) for field in step.fields)
        elif isinstance(step, Rule):
            yield self._say(step.accept)
            if step.decline is not None:
                yield self._say(step.decline.label)
        elif isinstance(step, Collect):
            yield from (self._say(choice.label) for choice in step.choices)
            slot = self._program.slots.get(step.collect)
            if slot is not None and slot.type not in {"choice", "choices", "yes_no"}:
                yield f"({slot.type})"
            elif slot is not None and slot.also:
                yield "(or words)"

    def lines(self, step: Step) -> Iterator[Line]:
        if isinstance(step, (End, Goto)):
            if step.when is not None:
                yield Line(step.id, self._followers[step.id], _SKIPPED)
            return
        follower = self._followers[step.id]
        if isinstance(step, Handoff):
            yield Line(step.id, step.next if isinstance(step.next, str) else follower, _GIVEN_BACK, "instead")
            return
        onward = list(self._onward(step, follower))
        if isinstance(step, Collect):
            onward = [*self._chosen(step.id, step), *self._unless_chosen(step, onward)]
        elif isinstance(step, Form):
            onward = [*(line for field in step.fields for line in self._chosen(step.id, field)), *onward]
        yield from onward
        yield from self._instead(step)
        if step.when is not None and follower not in {line.end for line in onward if not line.label}:
            yield Line(step.id, follower, _SKIPPED)

    def _onward(self, step: Step, follower: str) -> Iterator[Line]:
        """Where `next:` leads, or the file's order."""
        if isinstance(step.next, list):
            for arm in step.next:
                if isinstance(arm, Branch):
                    yield Line(step.id, arm.then, f"if {readable(arm.if_.source)}")
                else:
                    yield Line(step.id, arm.else_, "otherwise")
            if not any(isinstance(arm, Else) for arm in step.next):
                yield Line(step.id, follower, "otherwise")
        else:
            yield Line(step.id, step.next or follower)

    def _chosen(self, start: str, question: Question) -> Iterator[Line]:
        """Where single choices lead, those with one target together."""
        by_target: dict[str, list[str]] = {}
        for choice in question.choices:
            if choice.next:
                by_target.setdefault(choice.next, []).append(self._say(choice.label))
        for target, labels in by_target.items():
            more = len(labels) - _NAMED
            yield Line(start, target, ", ".join(labels[:_NAMED]) + (f" and {more} more" if more > 0 else ""))

    def _unless_chosen(self, step: Collect, onward: list[Line]) -> list[Line]:
        """The ways of all other answers; none if every choice leads elsewhere and there are no others."""
        leading = [choice for choice in step.choices if choice.next]
        if not leading:
            return onward
        slot = self._program.slots.get(step.collect)
        closed = slot is not None and slot.type == "choice" and not (slot.also or step.unsure or step.optional)
        if closed and len(leading) == len(step.choices):
            return []
        return [line._replace(label=line.label or "otherwise") for line in onward]

    def _instead(self, step: Step) -> Iterator[Line]:
        if isinstance(step, Collect):
            if step.on_max_attempts:
                yield Line(step.id, step.on_max_attempts, f"after {quantity(step.max_attempts, 'attempt')}", "instead")
            if step.timeout and step.timeout.then != "nudge":
                yield Line(step.id, step.timeout.then, f"after {span(step.timeout.after)} of silence", "instead")
        elif isinstance(step, Rule) and step.decline and step.decline.next:
            yield Line(step.id, step.decline.next, self._say(step.decline.label), "instead")
        elif isinstance(step, Action) and step.on_error:
            yield Line(step.id, step.on_error, "if it fails", "instead")
