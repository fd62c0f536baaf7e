"""A turn under way: the session it may change, the effects and log lines it has made, and how it moves on.

The step kinds (`bot.engine.steps`) and the repair patterns work on this object; nothing outside a turn ever sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.chat.effects import Ask, Effect, Say
from bot.engine import limits, summary, undo
from bot.engine.ids import Ids
from bot.engine.session import Frame, Record, Session
from bot.engine.undo import Noticed
from bot.flow.expressions import Roots, Scope, Slots
from bot.flow.library import PATTERN, Library
from bot.flow.model import Step
from bot.flow.program import Program
from bot.text.nodes import Block

if TYPE_CHECKING:
    from bot.chat.effects import Button
    from bot.flow.expressions import Expression
    from bot.flow.linked import Linked
    from bot.flow.texts import Text
    from bot.text.nodes import Document

    Enter = Callable[["Run", Frame, Linked], bool]


class LimitReached(Exception):  # noqa: N818  (an event of the conversation, not a defect)
    """A limit of `bot.engine.limits` was passed; the argument is its name in lower case."""


class Run(msgspec.Struct, gc=False):
    """One turn under way. `enter` and `settle` are what the step kinds and the patterns bring."""

    library: Library
    session: Session
    """The turn's own copy."""
    now: datetime
    ids: Ids
    enter: Mapping[type[Step], Enter]
    settle: Callable[[Run, Frame, str], bool]
    effects: list[Effect] = []
    log: list[Record] = []
    answered: bool = False
    """Whether the merchant hears something in this turn."""
    noticed: Noticed | None = None
    """The last answer of the turn, until its way back is written."""
    pending: list[Effect] = []
    """Texts since the last recalled answer: they lead to a question that may not need asking."""
    steps: int = 0
    running: dict[str, Program] = {}
    """By their hashes, the programs that frames of this turn were found to run on."""

    # --- where we are ---------------------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The frame on top of the stack."""
        return self.session.stack[-1]

    def program(self, frame: Frame) -> Program:
        """The program a frame runs on. Versions were settled at the start of the turn, so it exists."""
        program = self.running.get(frame.hash) or self.library.pinned(frame.flow, frame.hash)
        if program is None:
            raise LookupError(frame.flow)
        self.running[frame.hash] = program
        return program

    def step(self, frame: Frame) -> Linked:
        """The step a frame stands at."""
        program = self.running.get(frame.hash) or self.program(frame)
        return program.linked[frame.step]

    # --- values and texts -----------------------------------------------------------------------------------------

    def scope(self, **more: Any) -> Scope:
        """What expressions see from the frame on top."""
        if self.session.stack:
            more["slots"] = Slots(self.session.stack[-1].slots)  # what nearly every expression reads
        return Scope(Roots(_ROOTS, self, more))

    def evaluate(self, expression: Expression, **more: Any) -> Any:
        """The value of an expression; raises EvaluationError."""
        return expression.evaluate(self.scope(**more))

    def holds(self, condition: Expression) -> bool:
        """Whether a condition is true in the frame on top; raises EvaluationError."""
        of_slots = condition.of_slots
        if of_slots is not None:
            try:
                return bool(of_slots(self.session.stack[-1].slots))
            except TypeError:
                pass  # evaluated as usual it says what is wrong
        return bool(condition.evaluate(self.scope()))

    def value(self, value: Any) -> Any:
        """A literal of the flow file, or what its expression gives."""
        return value.evaluate(self.scope()) if hasattr(value, "evaluate") else value

    def render(self, text: Text) -> Document:
        """A text in the conversation's language, filled."""
        wording = self.library.wording(text, self.session.locale)
        if not wording.expressions:
            return wording.document
        more: dict[str, Any] = {}
        for each in wording.expressions:
            if ("summary", "") in each.references:
                more["summary"] = summary.answers(self.library, self.session)
            if ("rules", "") in each.references:
                more["rules"] = summary.rules(self.library, self.session)
        return wording.render(self.scope(**more))

    def word(self, name: str, **values: Any) -> Document:
        """A wording of the engine itself; its places read `pattern`."""
        wording = self.library.wording(self.library.named(name), self.session.locale)
        return wording.render(Scope({"pattern": values}))

    def assign(self, frame: Frame, slot: str, value: Any) -> None:
        """Give a slot its value."""
        undo.slot(self, frame, slot)
        frame.slots[slot] = value

    # --- what goes out --------------------------------------------------------------------------------------------

    def record(self, kind: str, data: dict[str, Any] | None = None) -> None:
        """Write a line of the log."""
        self.log.append(Record(kind, self.now, data or {}))

    def say(self, document: Document, buttons: tuple[Button, ...] = ()) -> None:
        """Send a text. While answers are being recalled it waits to see whether it leads to a question."""
        self.answered = True
        (self.pending if self.session.recall else self.effects).append(Say(document, buttons))

    def ask(self, question: Ask) -> None:
        """Put a question."""
        self.answered = True
        if self.pending:
            self.flush()
        self.effects.append(question)

    def flush(self) -> None:
        """Send the texts that were held back."""
        self.effects += self.pending
        self.pending = []

    def recalled(self) -> None:
        """An answer was given again by itself: the texts before it led to no question, and no circle was run."""
        self.pending = []
        self.steps = 0

    # --- moving on ------------------------------------------------------------------------------------------------

    def move(self, frame: Frame, target: str) -> None:
        """Stand at `target` ("" to end the flow); whatever was awaited is no longer."""
        frame.step = target
        frame.wait = None

    def leave(self, frame: Frame, step: Linked) -> None:
        """Go where `step` leads."""
        frame.step = self.onward(step) if step.arms else step.onward
        frame.wait = None

    def onward(self, step: Linked) -> str:
        """The step that comes after a step that is done."""
        for condition, target in step.arms:
            if self.holds(condition):
                return target
        return step.onward

    def push(self, flow: str, slots: dict[str, Any], into: dict[str, str] | None = None, **values: Any) -> Frame:
        """Start `flow` in a frame of its own; raises LimitReached."""
        if flow.startswith(PATTERN):
            self._clear(flow)
        elif len(self.session.stack) >= limits.FRAMES:
            raise LimitReached("frames")
        program = self.library.programs[flow]
        self.running[program.hash] = program
        self.session.frames += 1
        frame = Frame(
            id=self.session.frames,
            flow=flow,
            hash=program.hash,
            version=program.version,
            step=program.first,
            slots=slots,
            into=into or {},
            values=values,
        )
        self.session.stack.append(frame)
        return frame

    def pattern(self, name: str, *, quiet: bool = False, **values: Any) -> None:
        """Run a repair pattern above the question that waits; `values` are what it reads as `pattern`."""
        frame = self.push(f"pattern_{name}", {}, **values)
        frame.aside, frame.quiet = True, quiet
        self.record("pattern_entered", {"pattern": name})
        self.proceed()

    def _clear(self, pattern: str) -> None:
        """A pattern does not run above itself, however often it is called: it starts anew in its place."""
        stack = self.session.stack
        for depth, frame in enumerate(stack):
            if frame.flow == pattern:
                del stack[depth:]
                break

    def leave_patterns(self) -> None:
        """Drop the repair patterns on top: the merchant has moved on."""
        while self.session.stack and self.session.stack[-1].flow.startswith(PATTERN):
            self.session.stack.pop()

    def uncover(self, frame: Frame) -> None:
        """End what runs above `frame`; going back still leads through it."""
        stack = self.session.stack
        while stack[-1] is not frame and stack[-1].flow.startswith(PATTERN):
            stack.pop()
        if stack[-1] is not frame:
            undo.pass_by(self)
            while stack[-1] is not frame:
                stack.pop()

    def divert(self, frame: Frame, target: str) -> None:
        """Leave the question at which `frame` waits unanswered and go on at `target`."""
        self.uncover(frame)
        undo.pass_by(self)
        self.move(frame, target)
        self.proceed()

    def finish(self, outcome: str) -> bool:
        """End the flow on top; true when the run goes on with the one below."""
        done = self.session.stack.pop()
        self.record("flow_ended", {"flow": done.flow, "outcome": outcome})
        if done.aside:
            return self.settle(self, done, outcome)
        if not self.session.stack:
            self.session.status = "ended"
            self.session.outcome = outcome
            return False
        below = self.session.stack[-1]
        for here, there in done.into.items():
            self.assign(below, here, done.slots.get(there))
        self.leave(below, self.step(below))
        return True

    def proceed(self) -> None:
        """Run to completion: until a question waits, the flow ends, or a person is called; raises LimitReached."""
        while self.session.stack:
            frame = self.session.stack[-1]
            steps = (self.running.get(frame.hash) or self.program(frame)).linked
            at = frame.step
            while at:
                self.steps += 1
                if self.steps > limits.STEPS_PER_TURN:
                    raise LimitReached("steps_per_turn")
                step = steps[at]
                if step.when is None or self.holds(step.when):
                    break
                at = frame.step = step.skip
            if not (self.enter[step.kind](self, frame, step) if at else self.finish("done")):
                return


def _top(run: Run, what: Callable[[Frame], dict[str, Any]]) -> dict[str, Any]:
    return Slots(what(run.frame)) if run.session.stack else {}


def _revived(value: Any) -> Any:
    """A value of a pattern as it was given: blocks that went through JSON are blocks again."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return msgspec.convert(value, tuple[Block, ...])
    return value


_ROOTS: Final[Mapping[str, Callable[[Run], dict[str, Any]]]] = MappingProxyType(
    {
        "slots": lambda run: _top(run, lambda frame: frame.slots),
        "pattern": lambda run: _top(run, lambda frame: {name: _revived(each) for name, each in frame.values.items()}),
        "user": lambda run: {"first_name": run.session.user.first_name},
        "channel": lambda run: {"name": run.session.channel.name},
        "case": lambda run: {"id": run.session.case},
        "now": lambda run: {
            "date": run.now.date().isoformat(),
            "hour": run.now.hour,
            "weekday": run.now.isoweekday(),
        },
    }
)
