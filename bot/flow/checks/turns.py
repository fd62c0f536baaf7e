"""How far one turn runs: which flows can be passed from end to end without a wait, and which call each other in it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bot.flow.graph import EXIT, circles, reachable, round_trip, waits
from bot.flow.model import Call, Goto

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flow.checks.view import View
    from bot.flow.model import Step


class Turns:
    """What a turn may pass. A flow whose graph is not sound, or that does not exist, counts as one that waits."""

    def __init__(self, views: Mapping[str, View]) -> None:
        """Find the flows that can be passed: first those that call no others, then those that call these, and so on.

        Only those that another one leads to are looked at, and for circles only those that lead to another one.
        """
        leading = {flow: {there for _, there, _ in view.departures()} for flow, view in views.items()}
        called = set[str]().union(*leading.values())
        self._views = {flow: views[flow] for flow in views if flow in called and views[flow].is_sound}
        self._leading = {flow: views[flow] for flow in views if leading[flow] and views[flow].is_sound}
        self._passed: set[str] = set()
        more = True
        while more:
            found = {
                flow for flow, view in self._views.items() if flow not in self._passed and EXIT in self._ahead(view)
            }
            self._passed |= found
            more = bool(found)

    def goes_on(self, step: Step) -> bool:
        """Whether a turn that comes to this step may leave it again."""
        if isinstance(step, Call):
            return step.call in self._passed
        if isinstance(step, Goto):
            return step.goto in self._passed
        return not waits(step)

    @cached_property
    def rounds(self) -> Mapping[str, tuple[str, list[str]]]:
        """By flow: a step that starts a circle of flows without a wait, and the flows on the way round."""
        leading: dict[str, dict[str, str]] = {}
        for flow, view in self._leading.items():
            ahead, leading[flow] = self._ahead(view), {}
            for step, there, _ in view.departures():
                if step.id in ahead:
                    leading[flow].setdefault(there, step.id)
        found: dict[str, tuple[str, list[str]]] = {}
        for circle in circles(leading):
            way = round_trip(leading, circle[0])
            found[way[0]] = leading[way[0]][way[1]], way
        return found

    def _ahead(self, view: View) -> set[str]:
        """What a turn that comes to a flow may reach of it: the steps it passes and those where it stops."""
        graph = {
            step: following if self.goes_on(view.program.steps[step]) else []
            for step, following in view.successors.items()
        }
        return reachable(graph, view.program.first)
