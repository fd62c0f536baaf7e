"""`rule`: shows a rule, waits for its acknowledgement and records who acknowledged which wording, when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.engine import answering, questions, undo
from bot.engine.replies import Trouble
from bot.engine.session import Acceptance
from bot.flow.menu import ACCEPT

if TYPE_CHECKING:
    from bot.chat.events import Message
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked


def enter(run: Run, frame: Frame, step: Linked) -> bool:
    """Show the rule, unless it was acknowledged already."""
    standing = run.session.rules.get(step.rule)
    if standing is not None and standing.accepted:
        run.leave(frame, step)
        return True
    former = questions.recalled(run, frame) if run.session.recall else None
    acceptance = _acceptance(former.answer) if former is not None else None
    if former is not None and acceptance is not None:
        run.recalled()
        _take(run, frame, step, acceptance, asked=former.asked)
        return True
    run.record("step_entered", {"flow": frame.flow, "step": step.id})
    questions.put(run, frame, step)
    return False


def reply(run: Run, frame: Frame, step: Linked, message: Message) -> None:
    """Act on a written reply to the rule."""
    if message.kind != "text":
        answering.trouble(run, frame, step, Trouble("wrong_kind", message.kind))
    elif not message.text:
        answering.trouble(run, frame, step, Trouble("empty"))
    else:
        match = questions.menu(run, frame, step).matcher.match(message.text)
        if len(match.ids) == 1 and match.sure:
            choose(run, frame, step, match.ids[0], match.rung or "")
        else:
            answering.trouble(run, frame, step, Trouble("unrecognised"))


def choose(run: Run, frame: Frame, step: Linked, option: str, how: str = "") -> None:
    """Accept or decline, and run on; `how` the option was typed is the matcher's rung."""
    accepted = option == ACCEPT
    model, locale = step.model, run.session.locale
    wording = run.library.digest(model.text, locale, run.render(model.text))
    label = model.accept if accepted or model.decline is None else model.decline.label
    answering.settle(run, frame, step, run.library.chosen(label, locale))
    _take(run, frame, step, Acceptance(run.now, wording, locale, accepted), how)
    run.proceed()


def _acceptance(answer: Any) -> Acceptance | None:
    """A remembered acknowledgement; None where another version of the flow had a question of another kind."""
    try:
        return msgspec.convert(answer, Acceptance)
    except msgspec.ValidationError:
        return None


def _take(
    run: Run, frame: Frame, step: Linked, acceptance: Acceptance, how: str = "", asked: int | None = None
) -> None:
    """Record it and stand at the next step; `asked` is the number of the question where it is not put."""
    undo.note(run, acceptance.accepted, asked)
    if run.session.former:
        questions.forget(run, frame)
    undo.rule(run, step.rule)
    run.session.rules = {**run.session.rules, step.rule: acceptance}
    told = {
        "rule": step.rule,
        "step": step.id,
        "flow": frame.flow,
        "wording": acceptance.wording,
        "locale": acceptance.locale,
        "user": run.session.user.id,
    }
    if how:
        told["how"] = how
    run.record("rule_accepted" if acceptance.accepted else "rule_declined", told)
    decline = None if acceptance.accepted else step.model.decline
    target = decline.next if decline is not None else None
    frame.step, frame.wait = target or (run.onward(step) if step.arms else step.onward), None
