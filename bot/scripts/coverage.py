"""What scripts reach of a flow: its steps, every choice of a question, both sides of every condition, every language.

Choices are told by the log. The log says nothing of conditions, so they are listened to: a `Coverage` makes a library
of the same flows whose conditions report what they evaluate to, and each step without one gets one that is always true.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from bot.flow.expressions import Expression
from bot.flow.library import PATTERN, Library
from bot.flow.menu import ACCEPT, DECLINE, NO, SKIP, UNSURE, YES
from bot.flow.model import Collect, Else, Form, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.engine.session import Record
    from bot.flow.expressions import Scope
    from bot.flow.loader import Source
    from bot.flow.model import Flow, Question, Step
    from bot.flow.reader import Path
    from bot.text.catalogs import Catalogs


class Point(NamedTuple):
    """Something that can be reached.

    `name` is a choice's id, an arm's condition, what a `when` came to, or the language of a flow (which is no step).
    """

    flow: str
    step: str
    kind: Literal["step", "choice", "arm", "when", "language"] = "step"
    name: str = ""

    def __str__(self) -> str:
        """The point in words."""
        what = {
            "step": "was never reached",
            "choice": f"`{self.name}` was never chosen",
            "arm": f"never went the way of `{self.name}`",
            "when": f"its `when` was never {self.name}",
            "language": f"was never played in `{self.name}`",
        }
        return f"{'.'.join(filter(None, (self.flow, self.step)))}: {what[self.kind]}"


class Place(NamedTuple):
    """Where a point is written."""

    file: str
    line: int


class Coverage:
    """Counts what is reached, over any number of conversations. `places` are all points and where they are written."""

    def __init__(self, sources: Iterable[Source], languages: Iterable[str] = ()) -> None:
        """Look at these flows, each but the repair patterns in all `languages`; nothing has been reached yet."""
        self._sources = tuple(sources)
        self.places: dict[Point, Place] = {}
        for source in self._sources:
            spoken = [] if source.flow.flow.startswith(PATTERN) else languages
            points = [(Point(source.flow.flow, "", "language", each), ("flow",)) for each in spoken]
            for point, path in (*points, *_points(source.flow)):
                self.places[point] = Place(source.file, source.tree.position(path)[0])
        self.reached: Counter[Point] = Counter()
        """How often each point was."""
        self._heard: set[str] = set()
        """The flows of which something was reached since a language was told."""

    @property
    def missing(self) -> dict[Point, Place]:
        """The points that were never reached, in the order of the files."""
        return {point: place for point, place in self.places.items() if not self.reached[point]}

    def library(self, catalogs: Catalogs) -> Library:
        """The flows with conditions that are listened to; conversations to be counted must run on it."""
        return Library([_listening(source.flow, self._reach) for source in self._sources], catalogs)

    def notice(self, log: Iterable[Record], locale: str = "") -> None:
        """Count what the log of a turn tells, which was held in the language `locale`."""
        for record in log:
            for point in _logged(record):
                self._reach(point)
        heard, self._heard = self._heard, set()
        for flow in heard:
            self._reach(Point(flow, "", "language", locale))

    def _reach(self, point: Point) -> None:
        self._heard.add(point.flow)
        if point in self.places:
            self.reached[point] += 1


# --- What there is to reach -------------------------------------------------------------------------------------------


def _points(flow: Flow) -> Iterator[tuple[Point, Path]]:
    """Every point of a flow and the way to it in the file."""
    for number, step in enumerate(flow.steps):
        path: Path = ("steps", number)
        yield Point(flow.flow, step.id), path
        if step.when is not None:
            for outcome in ("true", "false"):
                yield Point(flow.flow, step.id, "when", outcome), (*path, "when")
        if isinstance(step.next, list):
            for place, arm in enumerate(step.next):
                yield Point(flow.flow, step.id, "arm", _arm(arm)), (*path, "next", place)
        for name, where in _choices(flow, step):
            yield Point(flow.flow, step.id, "choice", name), (*path, *where)
        if isinstance(step, Form):
            for place, field in enumerate(step.fields):
                for name, where in _choices(flow, field):
                    yield (
                        Point(flow.flow, f"{step.id}.{field.collect}", "choice", name),
                        (*path, "fields", place, *where),
                    )


def _choices(flow: Flow, step: Step | Question) -> Iterator[tuple[str, Path]]:
    """Every answer by choosing that a step offers."""
    if isinstance(step, Rule):
        yield ACCEPT, ("accept",)
        if step.decline is not None:
            yield DECLINE, ("decline",)
    elif hasattr(step, "collect"):
        question: Any = step
        for number, choice in enumerate(question.choices):
            yield choice.id, ("choices", number)
        if flow.slots[question.collect].type == "yes_no" and not question.choices:
            yield from ((each, ("collect",)) for each in (YES, NO))
        if question.unsure:
            yield UNSURE, ("unsure",)
        if question.optional:
            yield SKIP, ("optional",)


def _arm(arm: Any) -> str:
    return "else" if isinstance(arm, Else) else arm.if_.source


# --- What was reached -------------------------------------------------------------------------------------------------


def _logged(record: Record) -> Iterator[Point]:
    data = record.data
    match record.kind:
        case "step_entered":
            # a form is also reached where its questions (`form.slot`) are asked one by one
            yield Point(data["flow"], data["step"].partition(".")[0])
        case "rule_accepted" | "rule_declined":
            yield Point(data["flow"], data["step"], "choice", ACCEPT if record.kind == "rule_accepted" else DECLINE)
        case "answer_accepted":
            for value in data["value"] if isinstance(data["value"], list) else [data["value"]]:
                for step in (data["step"], f"{data['step']}.{data['slot']}"):
                    yield Point(data["flow"], step, "choice", SKIP if value is None else str(value))


class _Listening(Expression):
    """A condition that tells what it came to, each time."""

    def __init__(self, source: str, tell: Callable[[bool], None]) -> None:
        super().__init__(source)
        self.of_slots = None  # no short way past the one that tells
        self._tell = tell

    def evaluate(self, scope: Scope) -> Any:
        value = super().evaluate(scope)
        self._tell(bool(value))
        return value


def _listening(flow: Flow, reach: Callable[[Point], None]) -> Flow:
    return msgspec.structs.replace(flow, steps=tuple(_heard(flow.flow, step, reach) for step in flow.steps))


def _heard(flow: str, step: Step, reach: Callable[[Point], None]) -> Step:
    """A step whose condition and arms are listened to."""
    asks = isinstance(step, (Collect, Rule, Form))

    def stood(outcome: bool) -> None:  # noqa: FBT001  (a listener is told one thing)
        if step.when is not None:
            reach(Point(flow, step.id, "when", "true" if outcome else "false"))
        if outcome and not asks:  # a question is reached when it is asked, and the log says so
            reach(Point(flow, step.id))

    update: dict[str, Any] = {"when": _Listening(step.when.source if step.when is not None else "true", stood)}
    if isinstance(step.next, list):
        update["next"] = [
            arm
            if isinstance(arm, Else)
            else msgspec.structs.replace(arm, if_=_Listening(arm.if_.source, _chosen(flow, step, number, reach)))
            for number, arm in enumerate(step.next)
        ]
    return msgspec.structs.replace(step, **update)


def _chosen(flow: str, step: Step, number: int, reach: Callable[[Point], None]) -> Callable[[bool], None]:
    """The listener of an arm. Arms are tried in their order, so an `else` is taken when the one before it was not."""

    def chosen(outcome: bool) -> None:  # noqa: FBT001  (as above)
        taken = step.next[number if outcome else number + 1 :] if isinstance(step.next, list) else []
        if taken and (outcome or isinstance(taken[0], Else)):
            reach(Point(flow, step.id, "arm", _arm(taken[0])))

    return chosen
