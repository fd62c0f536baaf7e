"""Going back: each answered question leaves the difference that takes the conversation to just before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from bot.engine import limits
from bot.engine.session import Acceptance, Frame, Undo, again, copy, pack, ruled, same, short, unpack
from bot.flow.model import Collect, Form, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.engine.run import Run
    from bot.engine.session import Session
    from bot.flow.linked import Linked
    from bot.flow.program import Program

_ABSENT: Final = object()

_BLOCK: Final = 10
"""Entries that are kept in one text."""


class Noticed(msgspec.Struct, gc=False):
    """An answer of a turn, until it is known where it led."""

    asked: int
    frames: list[tuple[Frame, str]]
    """The stack before the answer: each frame and the step it stood at."""
    answer: Any
    slots: dict[tuple[int, str], Any]
    """By frame and name: what the slots that changed held before the answer."""
    known: bool = False
    """Nothing was answered now."""
    passed: bool = False
    rules: dict[str, Acceptance | None] = {}


def pass_by(run: Run) -> None:
    """The flow on top is about to go on from where it waits, without an answer."""
    note(run, None).passed = True


def note(run: Run, answer: Any, asked: int | None = None, name: str = "") -> Noticed:
    """The question on top is about to be answered with `answer`.

    `asked`: the number of a question that is not put. `name`: the slot that the answer is for.
    """
    if run.noticed is not None:
        close(run)
    session = run.session
    stack = session.stack
    top = stack[-1]
    if asked is None and top.wait is not None:
        asked = top.wait.asked
    elif asked is None:
        session.revision += 1
        asked = session.revision
    frames = [(top, top.step)] if len(stack) == 1 else [(frame, frame.step) for frame in stack]
    before = {(top.id, name): top.slots.get(name, _ABSENT)} if name else {}
    noticed = run.noticed = Noticed(asked, frames, answer, before)
    return noticed


def slot(run: Run, frame: Frame, name: str) -> None:
    """A slot is about to change."""
    if run.noticed is not None:
        run.noticed.slots.setdefault((frame.id, name), frame.slots.get(name, _ABSENT))


def rule(run: Run, name: str) -> None:
    """The acknowledgement of a rule is about to change."""
    if run.noticed is not None:
        run.noticed.rules.setdefault(name, run.session.rules.get(name))


def close(run: Run) -> None:
    """Write the way back from the last noticed answer: it is known by now where that led."""
    noticed = run.noticed
    if noticed is None:
        return
    run.noticed = None
    session = run.session
    stack, slots, rules = session.stack, noticed.slots, noticed.rules
    frame, step = noticed.frames[-1]
    flow = "" if frame.flow == session.flow else frame.flow
    alone = len(noticed.frames) == 1 and stack and stack[0] is frame
    ordinary = alone and len(slots) + len(rules) == 1 and not (noticed.known or noticed.passed)
    if ordinary and (frame.id, step) in slots:
        entry = _answered(noticed.asked, flow, step, slots[frame.id, step], frame.slots.get(step, _ABSENT))
    elif ordinary and rules.get(step, _ABSENT) is None:
        entry = ruled(noticed.asked, flow, step)
    else:
        entry = pack(_entry(noticed, session), flow)
    _add(session, entry)


def _answered(asked: int, flow: str, step: str, held: Any, holds: Any) -> str:
    """The entry of an ordinary answer, by what its slot held before and holds now."""
    if held is _ABSENT:
        return short(asked, flow, step)
    # compared as JSON, for which 1 and true are two things
    if holds is not _ABSENT and msgspec.json.encode(holds) == msgspec.json.encode(held):
        return same(asked, flow, step)
    return again(asked, flow, step, held)


def _entry(noticed: Noticed, session: Session) -> Undo:
    kept: list[tuple[str, dict[str, Any], list[str]]] = []
    for (frame, step), now in zip(noticed.frames, session.stack, strict=False):
        if frame.id != now.id:
            break
        restore: dict[str, Any] = {}
        remove: list[str] = []
        for (number, name), value in noticed.slots.items():
            if number == frame.id and value is _ABSENT:
                remove.append(name)
            elif number == frame.id:
                restore[name] = value
        kept.append((step, restore, remove))
    dropped = [_before(noticed, frame, step) for frame, step in noticed.frames[len(kept) :]]
    answer = noticed.answer if dropped else None
    return Undo(noticed.asked, kept, noticed.known, dropped, noticed.rules, answer, noticed.passed)


def _before(noticed: Noticed, frame: Frame, step: str) -> Frame:
    """A frame that the answer ended, as it was before."""
    slots = {**frame.slots, **{name: value for (number, name), value in noticed.slots.items() if number == frame.id}}
    remembered = {name: value for name, value in slots.items() if value is not _ABSENT}
    return msgspec.structs.replace(frame, step=step, slots=remembered, wait=None)


def _add(session: Session, packed: str) -> None:
    """Keep an entry. Only the last block is touched, so that a long conversation costs no more than a short one."""
    blocks = session.undo
    if blocks and blocks[-1].count(" ") < _BLOCK - 1:
        session.undo = (*blocks[:-1], f"{blocks[-1]} {packed}")
    else:
        session.undo = (*blocks[1 - limits.UNDO_ENTRIES // _BLOCK :], packed)


def entries(session: Session) -> Iterator[Undo]:
    """The undo entries, newest first, each unpacked when it is its turn."""
    for block in session.undo[::-1]:
        yield from map(unpack, block.split(" ")[::-1])


def keep(session: Session, newest: int) -> None:
    """Forget all entries but the newest."""
    packed = [entry for block in session.undo for entry in block.split(" ")]
    session.undo = ()
    for entry in packed[len(packed) - newest :]:
        _add(session, entry)


def places(session: Session) -> list[str]:
    """`flow:step` of every entry, oldest first, without unpacking one; the session's own flow is left out."""
    return [entry.rpartition(":")[0] for block in session.undo for entry in block.split(" ")]


def answered(session: Session) -> int:
    """How many questions were answered and could be taken back; a rule that was acknowledged is no question."""
    return sum(entry.is_answer and not entry.rules for entry in entries(session))


class Past(NamedTuple):
    """A question of the past: its way back, the frame as it stood there, its step, and the answer it got."""

    entry: Undo
    frame: Frame
    step: Linked
    answer: Any


def trail(
    session: Session, program: Callable[[Frame], Program], last: Callable[[Undo, Linked], bool]
) -> list[tuple[Undo, Frame, Linked]]:
    """The ways back, newest first, each with the frame and the step that asked, up to the one that is the `last`.

    It ends before that where a flow is gone: `program` finds what a frame runs on or raises LookupError. Of the frame
    only the flow and version are as then.
    """
    found: list[tuple[Undo, Frame, Linked]] = []
    frames = session.stack
    for entry in entries(session):
        height = len(entry.kept)
        if len(frames) < height:
            break
        if entry.dropped or len(frames) > height:
            frames = [*frames[:height], *entry.dropped]
        try:
            step = program(frames[-1]).linked[entry.step]
        except LookupError:
            break
        found.append((entry, frames[-1], step))
        if last(entry, step):
            break
    return found


def past(session: Session, program: Callable[[Frame], Program], last: Callable[[Undo, Linked], bool]) -> list[Past]:
    """The same with the answers that the questions got. `session` is not changed."""
    scratch = copy(session)
    found: list[Past] = []
    for entry, _, step in trail(session, program, last):
        answer = answered_with(scratch, entry, step)
        found.append(Past(entry, take_back(scratch, entry), step, answer))
    return found


def answered_with(session: Session, entry: Undo, step: Linked) -> Any:
    """What the newest entry says was answered at `step`, in plain values; None if nothing was."""
    kind = step.kind
    if kind is Rule:
        return msgspec.to_builtins(session.rules.get(step.rule))
    if entry.dropped:
        return entry.answer
    slots = session.stack[len(entry.kept) - 1].slots
    if kind is Form:
        return {field.collect: slots.get(field.collect) for field in step.model.fields}
    return slots.get(step.collect) if kind is Collect else None


def take_back(session: Session, entry: Undo) -> Frame:
    """Undo the newest entry, which is `entry`; the frame that asks again, without a wait."""
    stack = session.stack
    del stack[len(entry.kept) :]
    for frame, (step, restore, remove) in zip(stack, entry.kept, strict=True):
        frame.step = step
        if restore:
            frame.slots.update(restore)
        for name in remove:
            frame.slots.pop(name, None)
    for frame in entry.dropped:  # copied, because the entry may be taken back in a trial first
        stack.append(msgspec.structs.replace(frame, slots=dict(frame.slots)))
    if entry.rules:
        rules = {**session.rules, **entry.rules}
        session.rules = {name: acceptance for name, acceptance in rules.items() if acceptance is not None}
    before = session.undo[-1].rpartition(" ")[0]
    session.undo = (*session.undo[:-1], before) if before else session.undo[:-1]
    stack[-1].wait = None
    return stack[-1]
