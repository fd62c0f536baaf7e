"""What each kind of step does when a flow comes to it, one module per kind.

Every module has `enter(run, frame, step) -> bool`: true when the run goes on, false when it waits or is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.engine.steps import action, call, collect, end, form, goto, handoff, rule, say, set_
from bot.flow import model

if TYPE_CHECKING:
    from collections.abc import Mapping

ENTER: Final[Mapping[type[model.Step], Any]] = {
    model.Say: say.enter,
    model.Collect: collect.enter,
    model.Form: form.enter,
    model.Rule: rule.enter,
    model.Set: set_.enter,
    model.Call: call.enter,
    model.Goto: goto.enter,
    model.Action: action.enter,
    model.Handoff: handoff.enter,
    model.End: end.enter,
}
