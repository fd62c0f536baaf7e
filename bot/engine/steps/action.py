"""`action`: a named hook that the service performs; once per key, however often the step is passed."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from bot.chat.effects import Perform, Schedule
from bot.engine.session import Wait

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.model import Action

FAILED = "error"
"""The key under which a result says that the hook failed."""


def enter(run: Run, frame: Frame, step: Action) -> bool:
    """Ask for the hook to be performed and wait, or use the result it already has.

    The key holds the arguments: going back and forward with the same ones does not perform the hook again, a corrected
    answer does.
    """
    arguments = {name: run.value(value) for name, value in step.with_.items()}
    key = action_key(run, step, arguments)
    if key in run.session.done:
        return resume(run, frame, step, run.session.done[key])
    run.session.revision += 1
    frame.wait = Wait(asked=run.session.revision, typed=key)
    run.session.timer = f"{run.session.id}.{run.session.revision}"
    run.say(run.word("working"))
    run.flush()
    run.effects.append(Perform(key, step.action, arguments))
    run.effects.append(Schedule(run.session.timer, run.now + timedelta(seconds=step.timeout)))
    run.record("action_requested", flow=frame.flow, step=step.id, action=step.action, key=key)
    return False


def action_key(run: Run, step: Action, arguments: dict[str, Any]) -> str:
    """Where on the stack the action stands, with which arguments, in which session."""
    path = "/".join(f"{below.flow}.{below.step}" for below in run.session.stack)
    digest = blake2b(msgspec.json.encode([path, step.action, arguments]), digest_size=8).hexdigest()
    return f"{run.session.id}.{digest}"


def resume(run: Run, frame: Frame, step: Action, result: dict[str, Any]) -> bool:
    """Go on with the hook's result; a failed one leads to `on_error`, or on with its slots unset."""
    failed = FAILED in result
    run.record("action_failed" if failed else "action_done", flow=frame.flow, step=step.id, action=step.action)
    if not failed:
        for slot, name in step.into.items():
            run.assign(frame, slot, result.get(name))
    if failed and step.on_error:
        run.move(frame, step.on_error)
    else:
        run.leave(frame, step)
    return True
