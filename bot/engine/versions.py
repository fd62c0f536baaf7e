"""Which structure of a flow a session runs on. It is pinned; it moves only where it cannot be stranded.

New texts apply at once, since the structural hash leaves them out. A new structure takes a session over when its
author's `migrate:` says how, or when the present step still exists and asks for the same slot; otherwise the session
finishes on the old structure, which the store keeps. Nothing is ever wiped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec.structs import replace

from bot.engine import undo
from bot.flow.graph import waits
from bot.flow.model import Collect

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.library import Library
    from bot.flow.model import Migration
    from bot.flow.program import Program


def adopt(run: Run) -> bool:
    """Settle the version of every frame; false when a frame had to be sent back to the start of its flow."""
    intact = True
    for depth, frame in enumerate(run.session.stack):
        program = run.library.programs.get(frame.flow)
        if program is not None and program.hash == frame.hash:
            run.running[frame.hash] = program
            continue
        before = frame.hash
        if program is not None and moves(run.library, frame, program):
            run.record(
                "version_adopted", {"flow": frame.flow, "before": before, "after": frame.hash, "version": frame.version}
            )
            _keep_ways_back(run, depth, program)
        elif run.library.pinned(frame.flow, frame.hash) is None:
            if program is None:
                raise LookupError(frame.flow)
            _from_the_start(frame, program)
            del run.session.stack[depth + 1 :]  # they would return to a step that no longer waits for them
            intact = False
            run.record("version_lost", {"flow": frame.flow, "before": before, "after": frame.hash})
            _keep_ways_back(run, depth, program)
    return intact


def _keep_ways_back(run: Run, depth: int, program: Program) -> None:
    """Forget the ways back that lead through steps or slots which the frame's new structure does not have."""
    good = 0
    for entry in undo.entries(run.session):
        if not depth < len(entry.kept) <= len(run.session.stack):
            break  # it reaches back to before this frame was made, or into a flow that is gone
        step, restored, removed = entry.kept[depth]
        if step not in program.steps or not program.slots.keys() >= {*restored, *removed}:
            break
        good += 1
    undo.keep(run.session, good)


class Obstacle(NamedTuple):
    """Why a frame cannot move to another structure: which step, slot or choice (`name`) of its own is in the way.

    "step": it is gone. "kind": it does something else now. "slot": it asks for another one. "type": the slot has
    another type. "choice": it is not offered any more. "answer": there is no slot for it any more.
    """

    reason: Literal["step", "kind", "slot", "type", "choice", "answer"]
    name: str


def obstacle(library: Library, frame: Frame, program: Program) -> Obstacle | None:
    """Why `frame` cannot move to `program` without stranding somebody; None if it can."""
    plan = _plan(frame, program)
    if plan is not None:
        step = plan.steps.get(frame.step, frame.step)
        return Obstacle("step", step) if step and step not in program.steps else None
    if frame.step:
        found = _other_question(library.pinned(frame.flow, frame.hash), program, frame.step)
        if found is not None:
            return found
    gone = next((name for name in frame.slots if name not in program.slots), None)
    return Obstacle("answer", gone) if gone is not None else None


def _plan(frame: Frame, program: Program) -> Migration | None:
    return next((each for each in program.flow.migrate if each.from_ == frame.version), None)


def moves(library: Library, frame: Frame, program: Program) -> bool:
    """Move `frame` to `program` if that strands nobody."""
    if obstacle(library, frame, program) is not None:
        return False
    plan = _plan(frame, program)
    if plan is not None:
        step = plan.steps.get(frame.step, frame.step)
        old = library.pinned(frame.flow, frame.hash)
        if frame.wait is not None:
            alike = _asks_alike(old, frame.step, program, step)
            frame.wait = replace(frame.wait, offered=(), dates=(), chosen=()) if alike else None
        frame.slots = _migrated(frame.slots, plan)
        frame.step = step
    frame.hash, frame.version = program.hash, program.version
    return True


def _migrated(slots: dict[str, Any], plan: Migration) -> dict[str, Any]:
    moved = {plan.rename.get(name, name): value for name, value in slots.items() if name not in plan.drop}
    for name, values in plan.map.items():
        if isinstance(moved.get(name), str):
            moved[name] = values.get(moved[name], moved[name])
    return moved


def _other_question(old: Program | None, new: Program, step: str) -> Obstacle | None:
    """What of a step is not as it was; of an old structure that is gone, it must have been a question."""
    there = new.steps.get(step)
    if there is None:
        return Obstacle("step", step)
    here = old.steps.get(step) if old is not None else None
    if here is None or old is None:
        return None if isinstance(there, Collect) else Obstacle("kind", step)
    if type(here) is not type(there):
        return Obstacle("kind", step)
    if not isinstance(here, Collect) or not isinstance(there, Collect):
        return None
    if here.collect != there.collect:
        return Obstacle("slot", here.collect)
    if old.slots[here.collect].type != new.slots[there.collect].type:
        return Obstacle("type", here.collect)
    offered = {choice.id for choice in there.choices}
    gone = next((choice.id for choice in here.choices if choice.id not in offered), None)
    return Obstacle("choice", gone) if gone is not None else None


def _asks_alike(old: Program | None, before: str, new: Program, after: str) -> bool:
    """Whether a reply to the step `before` can be read as one to the step `after`."""
    here, there = old.steps.get(before) if old is not None else None, new.steps[after]
    if old is None or here is None:
        return before == after and waits(there)
    if isinstance(here, Collect) and isinstance(there, Collect):
        return old.slots[here.collect].type == new.slots[there.collect].type
    return type(here) is type(there)


def _from_the_start(frame: Frame, program: Program) -> None:
    """The old structure is gone: begin anew, keeping every answer that still has its slot."""
    frame.slots = {name: value for name, value in frame.slots.items() if name in program.slots}
    frame.step, frame.wait = program.first, None
    frame.hash, frame.version = program.hash, program.version
