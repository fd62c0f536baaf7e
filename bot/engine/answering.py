"""What follows from a reply: the answer is taken and the flow goes on, or the question is put again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from bot.chat.effects import Edit
from bot.engine import questions, tokens, undo
from bot.engine.replies import Chosen, Dates, More, Offer, Taken, Trouble
from bot.engine.session import MASK
from bot.flow.library import PATTERN
from bot.flow.menu import UNSURE
from bot.flow.model import Collect

if TYPE_CHECKING:
    from bot.engine.replies import Reading
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked
    from bot.text.nodes import Document

MAX_ATTEMPTS: Final = 3
"""Tries at the acknowledgement of a rule before a person is offered; questions say their own number."""


def follow(run: Run, frame: Frame, step: Linked, reading: Reading) -> None:
    """Act on what a reply to `step` meant, and run on."""
    wait = frame.wait
    if wait is None:
        return
    if type(reading) is Taken:  # nearly always; the patterns below take their time
        take(run, frame, step, reading.value, reading.next, reading.how)
        run.proceed()
        return
    if not isinstance(reading, (Offer, Dates)):
        wait = frame.wait = replace(wait, offered=(), dates=())
    match reading:
        case Chosen(questions.KEEP):
            former = questions.remembered(run, frame)
            take(run, frame, step, former.answer if former is not None else None)
            run.proceed()
        case Chosen():
            questions.put(run, frame, step)
        case Offer(ids, how):
            doubt(run, frame, step, ids, how)
            questions.offer(run, frame, step, ids)
        case Dates(typed, dates):
            doubt(run, frame, step, dates, "date")
            questions.offer_dates(run, frame, step, typed, dates)
        case More(files, chosen, typed):
            frame.wait = replace(wait, files=tuple(files), chosen=tuple(chosen), typed=typed)
            questions.put(run, frame, step, run.word("files_so_far", count=len(files)) if files else ())
        case Trouble():
            trouble(run, frame, step, reading)


def take(
    run: Run,
    frame: Frame,
    step: Linked,
    value: Any,
    target: str | None = None,
    how: str = "",
    recalled: int | None = None,
) -> None:
    """The question is answered: store the answer, remember the way back, and stand at the next step.

    `how` a choice was typed. `recalled`: the number of the question, if it is answered as before without being put.
    """
    said = run.session.said
    if said and recalled is None and frame.wait is not None and frame.wait.asked in said.values():
        run.session.said = {origin: asked for origin, asked in said.items() if asked != frame.wait.asked}
    if not frame.flow.startswith(PATTERN):
        undo.note(run, value, recalled, step.collect)
    told = {"flow": frame.flow, "step": step.id, "slot": step.collect, "value": MASK if step.sensitive else value}
    if how:
        told["how"] = how
    run.record("answer_accepted" if recalled is None else "answer_recalled", told)
    if recalled is None and (step.by_choosing or value is None or value == UNSURE):
        settle(run, frame, step, questions.chosen(run, step, value))
    if run.session.former:
        questions.forget(run, frame)
    frame.slots[step.collect] = value
    frame.step, frame.wait = target or onward(run, step, value), None


def doubt(run: Run, frame: Frame, step: Linked, options: tuple[str, ...], how: str) -> None:
    """Record that the merchant is asked which of these was meant."""
    shown = MASK if step.sensitive else list(options)
    run.record("answer_doubted", {"flow": frame.flow, "step": step.id, "options": shown, "how": how})


def onward(run: Run, step: Linked, value: Any) -> str:
    """Where the answer `value` leads."""
    leads = step.leads
    chosen = leads.get(value) if leads and isinstance(value, str) else None
    return chosen or (run.onward(step) if step.arms else step.onward)


def settle(run: Run, frame: Frame, step: Linked, answer: Document) -> None:
    """Have the question that was answered show its answer in place of its buttons."""
    wait = frame.wait
    if wait is None:
        return
    asked = tokens.reference(run.session.id, wait.asked)
    buttons = () if frame.aside else (questions.change_button(run, step, asked),)
    run.effects.append(Edit(asked, answer, buttons))


def trouble(run: Run, frame: Frame, step: Linked, why: Trouble) -> None:
    """Count a reply that was no answer; say what was wrong and put the question again, unless tried too often."""
    wait = frame.wait
    if wait is None:
        return
    times = getattr(wait, why.kind) + 1
    wait = frame.wait = replace(wait, **{why.kind: times})
    run.record(
        "answer_unmatched",
        {"flow": frame.flow, "step": step.id, "kind": why.kind, "reason": why.reason, "times": times},
    )
    question = step.model if step.kind is Collect else None
    tries = question.max_attempts if question is not None else MAX_ATTEMPTS
    if why.kind in {"unrecognised", "invalid"} and (wait.unrecognised + wait.invalid) % tries == 0:
        if question is not None and question.on_max_attempts:
            run.divert(frame, question.on_max_attempts)
        else:
            run.pattern("human", reason="attempts")
        return
    own = (
        {"unrecognised": question.reprompt, "invalid": question.invalid}.get(why.kind) if question is not None else None
    )
    if why.say is not None:
        questions.put(run, frame, step, run.render(why.say))
    elif own:
        questions.put(run, frame, step, run.render(own[min(times, len(own)) - 1]))
    else:
        run.pattern(why.kind, reason=why.reason)
