"""`action`: a named hook that the service performs; once per key, however often the step is passed."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.chat.effects import Perform
from bot.engine import timers, undo
from bot.engine.session import Wait

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked

FAILED: Final = ".error"
"""The key under which a result says that the hook failed; no hook can name a value so in a flow."""


def enter(run: Run, frame: Frame, step: Linked) -> bool:
    """Ask for the hook to be performed and wait, or use the result it already has.

    The key holds the arguments: going back and forward with the same ones does not perform the hook again, a corrected
    answer does.
    """
    arguments = {name: run.value(value) for name, value in step.model.with_.items()}
    key = action_key(run, step, arguments)
    result = run.session.done.get(key)
    if result is not None and FAILED not in result:
        _take(run, frame, step, result)
        return True
    run.session.revision += 1
    frame.wait = Wait(asked=run.session.revision, typed=key)
    run.say(run.word("working"))
    run.flush()
    run.effects.append(Perform(key, step.model.action, arguments))
    timers.ensure(run, frame.wait, step.model.timeout)
    run.record("action_requested", {"flow": frame.flow, "step": step.id, "action": step.model.action, "key": key})
    return False


def again(run: Run, frame: Frame, step: Linked) -> None:
    """Go on if the hook has reported while something else was asked; else say that it is under way."""
    wait = frame.wait
    if wait is not None and wait.typed in run.session.done:
        resume(run, frame, step, run.session.done[wait.typed])
    elif wait is not None and timers.owner(run, run.session.timer) is not frame:
        frame.wait = None  # the conversation had been put aside: the hook may have been forgotten
        run.proceed()
    else:
        run.say(run.word("working"))


def resume(run: Run, frame: Frame, step: Linked, result: dict[str, Any]) -> None:
    """The hook that the flow waits for has reported: run on. What failed may be tried again another time."""
    wait = frame.wait
    if wait is not None and FAILED in result:
        run.session.done = {key: done for key, done in run.session.done.items() if key != wait.typed}
    undo.pass_by(run)
    _take(run, frame, step, result)
    run.proceed()


def action_key(run: Run, step: Linked, arguments: dict[str, Any]) -> str:
    """Where on the stack the action stands, with which arguments, in which session."""
    path = "/".join(f"{below.flow}.{below.step}" for below in run.session.stack)
    digest = blake2b(msgspec.json.encode([path, step.model.action, arguments]), digest_size=8).hexdigest()
    return f"{run.session.id}.{digest}"


def _take(run: Run, frame: Frame, step: Linked, result: dict[str, Any]) -> None:
    """Take over the result and stand at the next step; a failure leads to `on_error`, or on with the slots unset."""
    failed = FAILED in result
    run.record(
        "action_failed" if failed else "action_done", {"flow": frame.flow, "step": step.id, "action": step.model.action}
    )
    if not failed:
        for slot, name in step.model.into.items():
            run.assign(frame, slot, result.get(name))
    if failed and step.model.on_error:
        run.move(frame, step.model.on_error)
    else:
        run.leave(frame, step)
