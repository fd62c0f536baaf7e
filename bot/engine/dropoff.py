"""The drop-off of a flow, from the logs of conversations: who came to each step, and what became of them there.

A conversation counts once at a step, by what became of it there last; what was taken back counts as if it had not been.
Only steps that the log names can be counted: what asks, calls a flow or a person, or performs something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.flow.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.engine.session import Record

_Outcome = Literal["went_on", "left", "called", "waiting"]

_ANSWERED = frozenset({"answer_accepted", "answer_recalled", "rule_accepted", "rule_declined"})
_ENTERED = frozenset({"step_entered", "flow_called", "action_requested"})
_PASSED = frozenset({"action_done", "action_failed", "case_opened", "flow_left"})
_ENDED: dict[str, _Outcome] = {
    "session_cancelled": "left",
    "session_expired": "left",
    "session_restarted": "left",
    "case_opened": "called",
    "session_resumed": "waiting",
    "control_returned": "waiting",
}
"""Records after which whoever has not answered yet has left, has a person, or is there again."""


class _Walk:
    """One session's way through the flow; `end` is what becomes of a step that it does not leave."""

    def __init__(self) -> None:
        self.steps: dict[str, _Outcome] = {}
        self.end: _Outcome = "waiting"

    def enter(self, step: str) -> None:
        self.go_on()
        self.steps[step] = self.end = "waiting"

    def go_on(self) -> None:
        """Whatever waited does so no longer."""
        self.steps |= {step: "went_on" for step, outcome in self.steps.items() if outcome == "waiting"}

    def take_back(self, step: str) -> None:
        """Stand at a step again, as if nothing behind it had been put."""
        self.steps = {each: outcome for each, outcome in self.steps.items() if outcome != "waiting"}
        self.steps[step] = "waiting"


class DropOff:
    """Counts for one flow. `sessions` is how many came to it, `since` and `until` when the first and the last did."""

    def __init__(self, flow: str) -> None:
        """Begin with none."""
        self._flow = flow
        self._walks: dict[int, _Walk] = {}
        self._counts: dict[str, dict[_Outcome, int]] = {}
        self.sessions = 0
        self.since: datetime | None = None
        self.until: datetime | None = None

    def read(self, conversation: int, records: Iterable[Record]) -> None:
        """Count what comes next in the log of a conversation; those of several may alternate."""
        for record in records:
            walk = self._walks.setdefault(conversation, _Walk())
            if record.kind == "session_started":
                self._finish(walk)
                self._walks[conversation] = _Walk()
            elif record.data.get("flow") == self._flow:
                self._walk(walk, record)
            if record.kind in _ENDED:
                walk.end = _ENDED[record.kind]

    def _walk(self, walk: _Walk, record: Record) -> None:
        step = record.data.get("step", "").partition(".")[0]  # a form's questions are the form's
        if step:
            self.since, self.until = self.since or record.at, record.at
        if record.kind in _ENTERED:
            walk.enter(step)
        elif record.kind in _ANSWERED:
            walk.steps[step] = "went_on"
        elif record.kind in _PASSED:
            walk.enter(step)
            walk.go_on()
        elif record.kind == "step_undone":
            walk.take_back(step)
        elif record.kind == "flow_ended":
            walk.go_on()

    def visits(self) -> dict[str, Visits]:
        """By step: what became of all that were read; nothing can be read afterwards."""
        for walk in self._walks.values():
            self._finish(walk)
        self._walks = {}
        return {step: Visits(**counts) for step, counts in self._counts.items()}

    def _finish(self, walk: _Walk) -> None:
        self.sessions += bool(walk.steps)
        for step, outcome in walk.steps.items():
            counts = self._counts.setdefault(step, {})
            became = walk.end if outcome == "waiting" else outcome
            counts[became] = counts.get(became, 0) + 1
