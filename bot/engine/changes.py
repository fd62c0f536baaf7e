"""Correcting answers: one question back, or any earlier answer; the later ones are given again where they still fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.engine import answering, limits, questions, replies, undo, waiting
from bot.engine.session import Former, Wait
from bot.engine.steps import rule
from bot.flow.model import Collect, Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.chat.events import Message
    from bot.engine.replies import Reading
    from bot.engine.run import Run
    from bot.engine.session import Frame, Session, Undo
    from bot.engine.undo import Past
    from bot.flow.linked import Linked


def past(run: Run, is_meant: Callable[[Undo, Linked], bool]) -> list[Past]:
    """The answered questions, newest first, down to the one that `is_meant`; none if no such was answered."""
    found = undo.past(run.session, run.program, is_meant)
    return found if found and is_meant(found[-1].entry, found[-1].step) else []


def find(run: Run, asked: int, step: str) -> Past | None:
    """The question that was put as number `asked`, at the step with this short name."""
    found = past(run, lambda entry, then: entry.asked == asked and then.short == step)
    return found[-1] if found else None


def back(run: Run) -> None:
    """Take back the last answered question and put it again, or say why that cannot be."""
    session = run.session
    if session.stack and session.stack[-1].flow.startswith("pattern_"):
        run.leave_patterns()
        if session.status == "active":
            waiting.again(run)
            return
    reason = _obstacle(run)
    if reason:
        run.pattern("back", reason=reason)
        return
    for entry, _, step in undo.trail(session, run.program, _is_answer):
        _take_back(run, entry, step)
    waiting.again(run)


def _obstacle(run: Run) -> str:
    if run.session.status != "active":
        return "person" if run.session.status == "handed_off" else "over"
    way = undo.trail(run.session, run.program, _is_answer)
    if any(_barrier(entry, step) for entry, _, step in way):
        return "barrier"
    return "" if way and way[-1][0].is_answer else "first"


def _is_answer(entry: Undo, _: Linked) -> bool:
    return entry.is_answer


def _barrier(entry: Undo, step: Linked) -> bool:
    return step.kind is Collect and step.model.barrier and not entry.passed


def _take_back(run: Run, entry: Undo, step: Linked) -> str:
    """Undo the newest answer and remember it; the key it is remembered under, "" if the merchant gave none."""
    answer = undo.answered_with(run.session, entry, step)
    frame = undo.take_back(run.session, entry)
    run.record("step_undone", {"flow": frame.flow, "step": step.id})
    if entry.passed:
        return ""
    key = questions.key(run, frame)
    run.session.former = {**run.session.former, key: Former(answer, entry.asked)}
    return key if entry.is_answer else ""


def change(run: Run, asked: int, step: str, choice: str) -> None:
    """Go back to an earlier question and answer it with `choice` (short name), or put it again.

    Later answers are given again by themselves where the new path still asks for them.
    """
    if not _change(run, lambda entry, then: entry.asked == asked and then.short == step, choice):
        run.pattern("back", reason="first")


def _change(run: Run, is_meant: Callable[[Undo, Linked], bool], choice: str) -> bool:
    """The same for the newest question that `is_meant`, by its way back and step; false if there is none."""
    way = undo.trail(run.session, run.program, is_meant)
    if not way or not is_meant(way[-1][0], way[-1][2]):
        return False
    if any(_barrier(entry, step) for entry, _, step in way):
        run.pattern("back", reason="barrier")
        return True
    keys = [_take_back(run, entry, step) for entry, _, step in way]
    run.session.recall = tuple(key for key in dict.fromkeys(keys[:-1]) if key)
    if not _choose(run, way[-1][0].asked, choice):
        waiting.again(run)
    return True


def answered_by(session: Session, origin: str, asked: int) -> None:
    """The message `origin` gave the answer to the question number `asked`, which no other one gives any more."""
    before = [(each, number) for each, number in session.said.items() if number != asked]
    session.said = {**dict(before[1 - limits.MESSAGES_REMEMBERED :]), origin: asked}


def correct(run: Run, message: Message) -> bool:
    """Take the new words of a message for the answer that it gave; false where it is not clear that they are one."""
    asked = run.session.said.get(message.origin)
    way = past(run, lambda entry, _: entry.asked == asked) if asked is not None else []
    if not way or any(_barrier(each.entry, each.step) for each in way):
        return False
    then, step = way[-1], way[-1].step
    if step.kind is not Collect or step.expects == "files":
        return False
    frame = msgspec.structs.replace(then.frame, wait=Wait(then.entry.asked))
    reading = replies.read(run, frame, step, message)
    if type(reading) is not replies.Taken or reading.value == then.answer:
        return False
    run.record("answer_corrected", {"flow": frame.flow, "step": step.id})
    run.say(run.word("answer_changed", answer=questions.shown(run, step, reading.value)))
    keys = [_take_back(run, each.entry, each.step) for each in way]
    run.session.recall = tuple(key for key in dict.fromkeys(keys[:-1]) if key)
    run.frame.wait = Wait(then.entry.asked)
    answering.follow(run, run.frame, step, reading)
    answered_by(run.session, message.origin, then.entry.asked)
    return True


def follow(run: Run, frame: Frame, step: Linked, reading: Reading) -> None:
    """Act on what a reply meant; it may have picked an answer for correction."""
    if not (type(reading) is replies.Chosen and reading.id.startswith(questions.CHANGE + ".")):
        answering.follow(run, frame, step, reading)
        return
    picked = reading.id.partition(".")[2]
    if not _change(run, lambda _, then: then.id == picked, ""):
        waiting.again(run)


def _choose(run: Run, asked: int, choice: str) -> bool:
    """Answer the question on top with `choice` without putting it, if that is one of its options."""
    frame = run.frame
    step = run.step(frame)
    if step.kind not in {Collect, Rule}:
        return False
    menu = questions.menu(run, frame, step)
    chosen = menu.by_mark.get(choice)
    if chosen is None or chosen.id == questions.KEEP:
        return False
    frame.wait = Wait(asked)
    if step.kind is Rule:
        rule.choose(run, frame, step, chosen.id)
    else:
        answering.follow(run, frame, step, replies.choose(run, frame, step, menu, chosen.id))
    return True
