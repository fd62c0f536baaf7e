"""Putting a question: its options, its wording, its buttons."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.chat.effects import Ask, Button, Schedule
from bot.engine import summary, tokens, undo
from bot.engine.session import Wait
from bot.flow.menu import NO, Option
from bot.flow.model import Collect, Form

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.menu import Menu
    from bot.flow.model import Rule
    from bot.text.nodes import Document

DONE: Final = "done"
KEEP: Final = "keep"
CHANGE: Final = "change"
"""Alone: the button that changes an answer. With `.` and a step's id behind it: an option that changes that answer."""


def menu(run: Run, frame: Frame, step: Collect | Rule) -> Menu:
    """What can be chosen at the question a frame stands at, in the order it is shown."""
    more = _more(run, frame, step) if isinstance(step, Collect) else ()
    return run.library.menu(run.program(frame), step, run.locale, run.session.channel.label_limit, more)


def _more(run: Run, frame: Frame, step: Collect) -> tuple[Option, ...]:
    """The options that depend on the conversation."""
    found: list[Option] = []
    wait, named = frame.wait, run.library.named
    if wait is not None and (wait.files or wait.chosen):
        found.append(Option(DONE, named("done"), named("done_synonyms")))
    if run.session.former and not step.choices and run.session.former.get(key(frame)) is not None:
        found.append(Option(KEEP, named("keep"), named("keep_synonyms")))
    if step.corrections:
        found += _corrections(run)
    return tuple(found)


def _corrections(run: Run) -> list[Option]:
    """One option for each answer that can be changed, oldest first."""
    found: dict[str, Option] = {}
    prefix = run.library.word("change", run.locale)
    for entry, frame in undo.trail(run.session):
        program = run.program(frame)
        step = program.steps[entry.step]
        if isinstance(step, Collect):
            label = program.slots[step.collect].label
        else:
            label = step.title if isinstance(step, Form) else None
        if label is not None:
            found[step.id] = Option(f"{CHANGE}.{step.id}", label, None, None, prefix)
    return list(reversed(found.values()))


def key(frame: Frame) -> str:
    """How an answer that was taken back is remembered."""
    return f"{frame.flow}.{frame.step}"


def put(run: Run, frame: Frame, lead: Document = ()) -> None:
    """Put, or put again, the question the frame stands at, below `lead`."""
    step, session = run.step(frame), run.session
    if frame.wait is None:
        session.revision += 1
        frame.wait = Wait(asked=session.revision)
        _schedule(run, frame, step)
    wait = frame.wait
    shown_menu = menu(run, frame, step)
    if isinstance(step, Collect):
        document = lead + run.render(step.prompt)
        expects: str = run.program(frame).slots[step.collect].type
        if step.hint is not None:
            document += run.render(step.hint)
        if session.former and key(frame) in session.former:
            document += _former(run, frame, step)
    else:
        document, expects = lead + run.render(step.text), "rule"
    asked = reference(run, wait)
    buttons = [Button(asked + mark, label) for mark, label in zip(shown_menu.marks, shown_menu.labels, strict=True)]
    if wait.chosen:
        ticked = {shown_menu.marks[number] for number, each in enumerate(shown_menu.options) if each.id in wait.chosen}
        buttons = [Button(b.token, f"✓ {b.label}") if b.token[len(asked) :] in ticked else b for b in buttons]
    run.ask(Ask(asked, document, tuple(buttons), expects))


def offer(run: Run, frame: Frame, ids: tuple[str, ...]) -> None:
    """Ask whether one of these options was meant."""
    step, wait = run.step(frame), frame.wait
    assert wait is not None  # noqa: S101  (a reply is only read while the question waits)
    wait.offered = list(ids)
    shown_menu = menu(run, frame, step)
    labels = [shown_menu.label(each) for each in ids]
    document = run.word("did_you_mean" if len(ids) == 1 else "which_one", label=labels[0])
    _ask_which(run, wait, step.id, document, dict(zip(ids, labels, strict=True)))


def offer_dates(run: Run, frame: Frame, typed: str, dates: tuple[str, ...]) -> None:
    """Ask which date was meant."""
    wait = frame.wait
    assert wait is not None  # noqa: S101  (as above)
    wait.dates, wait.typed = list(dates), typed
    _ask_which(run, wait, frame.step, run.word("which_date", typed=typed), {date: date for date in dates})


def _ask_which(run: Run, wait: Wait, step: str, document: Document, labels: dict[str, str]) -> None:
    labels = {**labels, NO: run.library.word("none_of_these", run.locale)}
    buttons = [Button(tokens.make(run.session.id, wait.asked, step, each), label) for each, label in labels.items()]
    run.ask(Ask(reference(run, wait), document, tuple(buttons), "choice"))


def _former(run: Run, frame: Frame, step: Collect) -> Document:
    """A line with the answer that was given before."""
    return run.word("former_answer", answer=shown(run, frame, step.collect, run.session.former[key(frame)]))


def shown(run: Run, frame: Frame, slot: str, value: Any) -> str:
    """An answer as the merchant reads it."""
    program = run.program(frame)
    return summary.shown(run.library, run.locale, program.slots[slot], program.labels.get(slot, {}), value)


def known(run: Run, frame: Frame, step: Collect) -> None:
    """Say that the answer is already known, with a button that changes it."""
    answer = shown(run, frame, step.collect, frame.slots[step.collect])
    token = tokens.make(run.session.id, run.session.revision, step.id, CHANGE)
    run.say(run.word("already_known", answer=answer), (Button(token, run.library.word("change", run.locale)),))


def reference(run: Run, wait: Wait) -> str:
    """How later effects, and the tokens of its buttons, name the question."""
    return tokens.reference(run.session.id, wait.asked)


def _schedule(run: Run, frame: Frame, step: Any) -> None:
    """Set the step's own timer."""
    if isinstance(step, Collect) and step.timeout is not None and frame.wait is not None:
        run.session.timer = reference(run, frame.wait)
        run.effects.append(Schedule(run.session.timer, run.now + timedelta(seconds=step.timeout.after)))
