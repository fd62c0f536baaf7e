"""Buttons and forms: what a token means now. A button of the past offers to change the answer it stood under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.engine import answering, changes, control, questions, replies, waiting
from bot.engine.questions import CHANGE, NONE
from bot.engine.steps import form, rule
from bot.engine.tokens import read
from bot.flow.linked import short_name
from bot.flow.model import Collect, Form, Rule

if TYPE_CHECKING:
    from bot.chat.events import Submit
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.engine.tokens import Token
    from bot.flow.linked import Linked


def tap(run: Run, token: Token | None) -> None:
    """Act on a pressed button; `token` is None where its token is none."""
    session = run.session
    waits = session.status == "active" or control.beside(run)
    if not waits or token is None or token.session != session.id:
        _elsewhere(run, token)
    elif not _answers(run, token):
        _past(run, token)


def _elsewhere(run: Run, token: Token | None) -> None:
    """A button that is not of a question beside the conversation."""
    session = run.session
    if session.status == "handed_off":
        run.pattern("with_person", relayed=False)
    elif token is None or token.session != session.id or session.status in {"idle", "ended"}:
        run.pattern("stale", reason="other_conversation")
    elif session.status == "cancelled":
        run.pattern("resume")
    else:
        control.wake(run)
        if not _answers(run, token):
            _past(run, token)


def _past(run: Run, token: Token) -> None:
    """A button of a question that no longer waits."""
    run.leave_patterns()
    if run.session.status != "active":
        _elsewhere(run, token)
        return
    past = changes.find(run, token.asked, token.step)
    if past is None:
        run.pattern("stale", reason="too_old")
    elif token.choice == short_name(CHANGE):
        changes.change(run, token.asked, token.step, "")
    else:
        answer = questions.shown(run, past.step, past.answer) if past.step.collect else ""
        run.pattern("change", asked=token.asked, step=token.step, choice=token.choice, answer=answer)


def _answers(run: Run, token: Token) -> bool:
    """Act on a button of a question that still waits, be it below others; false if there is none."""
    session = run.session
    for frame in session.stack if session.status == "active" else control.answerable(run):
        if frame.wait is not None and token.asked == frame.wait.asked:
            step = run.step(frame)
            if token.step != step.short:
                return False
            if frame is not run.session.stack[-1]:
                run.uncover(frame)
            if step.kind is Collect or step.kind is Rule:
                _choose(run, frame, step, token)
            else:
                waiting.again(run)
            return True
    return False


def _choose(run: Run, frame: Frame, step: Linked, token: Token) -> None:
    menu = questions.menu(run, frame, step)
    option = menu.by_mark.get(token.choice)
    if option is not None:
        chosen: str | None = option.id
    else:
        others = [*(frame.wait.dates if frame.wait else ()), NONE]
        chosen = next((each for each in others if short_name(each) == token.choice), None)
    if chosen is None:
        waiting.again(run)
    elif step.kind is Rule:
        rule.choose(run, frame, step, chosen)
    elif frame.wait is not None and chosen in frame.wait.dates:
        value = {"typed": frame.wait.typed, "date": chosen}
        answering.follow(run, frame, step, replies.checked(run, step, value))
    elif option is None:
        answering.follow(run, frame, step, replies.Chosen(chosen))
    else:
        changes.follow(run, frame, step, replies.choose(run, frame, step, menu, chosen))


def submit(run: Run, event: Submit) -> None:
    """Act on a form that was sent, also if its questions are being asked one by one by now."""
    token = read(event.token)
    if token is not None and token.session == run.session.id:
        if run.session.status == "expired":
            run.leave_patterns()
            control.wake(run)
        for frame in control.answerable(run):
            if step := _form_of(run, frame, token):
                run.uncover(frame)
                if frame.step != step.id:
                    run.move(frame, step.id)
                form.submit(run, frame, step, event)
                return
    tap(run, token)


def _form_of(run: Run, frame: Frame, token: Token) -> Linked | None:
    """The form of `token`, if the frame waits for it or for one of its questions."""
    wait = frame.wait
    if wait is None:
        return None
    program = run.program(frame)
    owner = program.form_of.get(frame.step)
    if owner is None and token.asked != wait.asked:
        return None
    step = program.linked[owner or frame.step]
    return step if step.kind is Form and token.step == step.short else None
