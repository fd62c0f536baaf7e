"""Names that must exist: targets, flows, slots, and what expressions read."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.flow.checks.reads import reads
from bot.flow.checks.view import Finding
from bot.flow.model import Action, Branch, Call, Collect, Form, Goto, Handoff, Rule, Set
from bot.flow.problems import quoted, suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bot.flow.checks.view import Use, View, World
    from bot.flow.model import Question, Step
    from bot.flow.reader import Path

NAMES: Final = MappingProxyType(
    {
        "user": ("first_name",),
        "channel": ("name",),
        "case": ("id",),
        "now": ("date", "hour", "weekday"),
    }
)
"""What can be read of each root that is the same for every flow."""

_BLOCKS: Final = frozenset({"summary", "rules"})
"""Roots that are blocks of text and have no parts."""


def targets(view: View, _: World) -> Iterator[Finding]:
    """Every step that is named as a target exists."""
    known = {step.id for step in view.flow.steps}
    for path, target in _targets(view):
        if target not in known:
            message = f"there is no step {quoted(target)} in this flow"
            yield Finding("unresolved-target", path, message, suggest(target, known))


def _targets(view: View) -> Iterator[tuple[Path, str]]:
    for number, step in enumerate(view.flow.steps):
        yield from ((("steps", number, *path), target) for path, target in _targets_of(step))
    for number, plan in enumerate(view.flow.migrate):
        yield from ((("migrate", number, "steps", old), new) for old, new in plan.steps.items())


def _targets_of(step: Step) -> Iterator[tuple[Path, str]]:
    if isinstance(step.next, str):
        yield ("next",), step.next
    else:
        for number, arm in enumerate(step.next or ()):
            if isinstance(arm, Branch):
                yield ("next", number, "then"), arm.then
            else:
                yield ("next", number, "else"), arm.else_
    yield from _own_targets(step)


def _own_targets(step: Step) -> Iterator[tuple[Path, str]]:
    """What steps of one kind alone name as targets."""
    if isinstance(step, Collect):
        yield from _of_choices(step)
        if step.on_max_attempts:
            yield ("on_max_attempts",), step.on_max_attempts
        if step.timeout and step.timeout.then != "nudge":
            yield ("timeout", "then"), step.timeout.then
    elif isinstance(step, Form):
        for number, field in enumerate(step.fields):
            yield from ((("fields", number, *path), target) for path, target in _of_choices(field))
    elif isinstance(step, Rule) and step.decline and step.decline.next:
        yield ("decline", "next"), step.decline.next
    elif isinstance(step, Action) and step.on_error:
        yield ("on_error",), step.on_error


def _of_choices(question: Question) -> Iterator[tuple[Path, str]]:
    for number, choice in enumerate(question.choices):
        if choice.next:
            yield ("choices", number, "next"), choice.next


def flows(view: View, world: World) -> Iterator[Finding]:
    """Every flow that is called, gone over to or allowed to interrupt exists."""
    for number, step in enumerate(view.flow.steps):
        named: list[tuple[Path, str]] = []
        if isinstance(step, Call):
            named.append((("call",), step.call))
        elif isinstance(step, Goto):
            named.append((("goto",), step.goto))
        elif isinstance(step, Collect) and isinstance(step.interruptions, tuple):
            named += ((("interruptions", place), flow) for place, flow in enumerate(step.interruptions))
        for path, flow in named:
            if flow not in world.views:
                message = f"there is no flow {quoted(flow)}"
                yield Finding("unknown-flow", ("steps", number, *path), message, suggest(flow, world.views))


def slots(view: View, world: World) -> Iterator[Finding]:
    """Every slot that a step names is declared, in the flow whose slot it is."""
    for number, step in enumerate(view.flow.steps):
        for path, slot, owner, key in _slots_of(step, view.program.id):
            there = world.views.get(owner)
            if there is not None and slot not in there.flow.slots:
                yield _undeclared(slot, there, ("steps", number, *path), key=key)
    for number, plan in enumerate(view.flow.migrate):
        for old, new in plan.rename.items():
            if new not in view.flow.slots:
                yield _undeclared(new, view, ("migrate", number, "rename", old))
        for slot in plan.map:
            if slot not in view.flow.slots:
                yield _undeclared(slot, view, ("migrate", number, "map", slot), key=True)


def _slots_of(step: Step, here: str) -> Iterator[tuple[Path, str, str, bool]]:
    """Path, slot, the flow whose slot it is, and whether the slot is a key of the file."""
    if isinstance(step, Collect):
        yield ("collect",), step.collect, here, False
    elif isinstance(step, Form):
        for number, field in enumerate(step.fields):
            yield ("fields", number, "collect"), field.collect, here, False
    elif isinstance(step, Set):
        yield from _keys(("set",), step.set, here)
    elif isinstance(step, (Call, Goto)):
        there = step.call if isinstance(step, Call) else step.goto
        yield from _keys(("with",), step.with_, there)
        if isinstance(step, Call):
            yield from _keys(("into",), step.into, here)
            yield from ((("into", ours), theirs, there, False) for ours, theirs in step.into.items())
    elif isinstance(step, Action):
        yield from _keys(("into",), step.into, here)
    elif isinstance(step, Handoff):
        for number, slot in enumerate(step.handoff.summary or ()):
            yield ("handoff", "summary", number), slot, here, False


def _keys(path: Path, names: Iterable[str], flow: str) -> Iterator[tuple[Path, str, str, bool]]:
    yield from (((*path, slot), slot, flow, True) for slot in names)


def _undeclared(slot: str, view: View, path: Path, *, key: bool = False) -> Finding:
    declared = view.flow.slots
    hint = suggest(slot, declared) or f"declare it below `slots:` of {quoted(view.program.id)}"
    message = f"the flow {quoted(view.program.id)} has no slot {quoted(slot)}"
    return Finding("unknown-slot", path, message, hint, key=key)


def expressions(view: View, _: World) -> Iterator[Finding]:
    """What expressions read exists where they stand."""
    for use in view.uses:
        if all(_exists(view, use, *reference) for reference in use.expression.references):
            continue
        for root, name in dict.fromkeys((read.root, read.name) for read in reads(use.expression.tree)):
            if root == "slots" and name:
                if name not in view.flow.slots:
                    yield _undeclared(name, view, use.path)
                continue
            reason, hint = _misread(view, use, root, name)
            if reason:
                yield Finding("unknown-name", use.path, f"`{use.expression.source}`: {reason}", hint)


def _exists(view: View, use: Use, root: str, name: str) -> bool:
    if root == "slots" and name:
        return name in view.flow.slots
    return not _misread(view, use, root, name)[0]


def _misread(view: View, use: Use, root: str, name: str) -> tuple[str, str]:
    """Why `root` (or `root.name`) cannot be read here, and a hint; empty if it can."""
    shown = quoted(f"{root}.{name}" if name else root)
    if root == "value":
        fits = "rejections" in use.path and not use.shown
        return ("", "") if fits else (f"{shown} is only known in the `if:` of a rejection", "")
    if root in _BLOCKS:
        if use.shown and not name:
            return "", ""
        return f"{quoted(root)} is a block of text: only a text can show it, as a whole", ""
    if root == "pattern":
        if not view.is_pattern:
            return f"{shown} is only known in a repair pattern, a flow whose id starts with `pattern_`", ""
        return ("", "") if name else (f"{shown} cannot be read as a whole", "name what you need of it")
    known: Collection[str] = NAMES.get(root, ())
    if name in known:
        return "", ""
    if not name:
        example = known or ("platform",)
        return f"{shown} cannot be read as a whole", f"name what you need of it, such as `{root}.{next(iter(example))}`"
    return f"there is no {shown}", suggest(name, known) or f"there is {', '.join(f'`{root}.{each}`' for each in known)}"
