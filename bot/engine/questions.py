"""Putting a question: its options, its wording, its buttons."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from bot.chat.effects import Ask, Button
from bot.engine import summary, timers, tokens, undo
from bot.engine.session import Wait
from bot.flow.linked import short_name
from bot.flow.menu import NO, SKIP, UNSURE, YES, Option
from bot.flow.model import Collect, Form

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Former, Frame, Session
    from bot.flow.linked import Linked
    from bot.flow.menu import Menu
    from bot.text.nodes import Document

DONE: Final = "done"
KEEP: Final = "keep"
CHANGE: Final = "change"
"""Alone: the button that changes an answer. With `.` and a step's id behind it: an option that changes that answer."""

_CHANGED: Final = short_name(CHANGE)

NONE: Final = ".none"
"""None of the options, or days, that were offered."""


def menu(run: Run, frame: Frame, step: Linked) -> Menu:
    """What can be chosen at the question a frame stands at, in the order it is shown."""
    session, wait = run.session, frame.wait
    locale, limit = session.locale, session.channel.label_limit
    # most questions have no other options than those that always stand there
    if step.corrects or session.former or (wait is not None and (wait.files or wait.chosen)):
        passing = _passing(run, frame, step) if step.kind is Collect else ()
        if passing:
            return run.library.menu(step, locale, limit, passing, partial(_more, run, passing))
    return step.menus.get((locale, limit)) or run.library.menu(step, locale, limit)


def _passing(run: Run, frame: Frame, step: Linked) -> tuple[str, ...]:
    """What tells the options that depend on the conversation: their names, or the places of answers to correct."""
    found: list[str] = []
    wait = frame.wait
    if wait is not None and (wait.files or wait.chosen):
        found.append(DONE)
    if run.session.former and step.id == frame.step and not step.leads:
        former = remembered(run, frame)
        if former is not None and former.answer is not None:
            found.append(KEEP)
    if step.corrects:
        found += undo.places(run.session)
    return tuple(found)


def _more(run: Run, passing: tuple[str, ...]) -> tuple[Option, ...]:
    """The options that `passing` stands for."""
    named = run.library.named
    beside = [Option(name, named(name), named(f"{name}_synonyms")) for name in (DONE, KEEP) if name in passing]
    return (*beside, *_corrections(run, [place for place in passing if place not in {DONE, KEEP}]))


def _corrections(run: Run, places: list[str]) -> list[Option]:
    """One option for each answer that can be changed, oldest first."""
    found: dict[str, Option] = {}
    prefix = run.library.word("change", run.session.locale)
    running = {frame.flow: run.program(frame) for frame in run.session.stack}
    for place in places:
        flow, _, name = place.partition(":")
        flow = flow or run.session.flow
        program = running.get(flow) or run.library.programs.get(flow)
        step = program.linked.get(name) if program is not None else None
        label = None
        if step is not None:
            label = step.slot.label if step.kind is Collect else step.model.title if step.kind is Form else None
        if label is not None:
            found.pop(name, None)  # answered again later: it stands where it was answered last
            found[name] = Option(f"{CHANGE}.{name}", label, None, None, prefix)
    return list(found.values())


def key(run: Run, frame: Frame, step: str = "") -> str:
    """How an answer of the step where a frame stands (or of another one) is remembered when it is taken back."""
    path = ""
    for each in run.session.stack:
        if each is frame:
            break
        path += f"{each.flow}.{each.step}/"
    return f"{path}{frame.flow}.{step or frame.step}"


def remembered(run: Run, frame: Frame) -> Former | None:
    """The answer that the question had before it was taken back."""
    return run.session.former.get(key(run, frame)) if run.session.former else None


def recalled(run: Run, frame: Frame) -> Former | None:
    """The same, if the question is to be answered so again without being put."""
    recall = run.session.recall
    if not recall or (name := key(run, frame)) not in recall:
        return None
    _no_more(run.session, name)
    return run.session.former.get(name)


def _no_more(session: Session, name: str) -> None:
    """An answer is not given again by itself any more; each is so at most once."""
    at = session.recall.index(name)
    session.recall = session.recall[:at] + session.recall[at + 1 :]


def forget(run: Run, frame: Frame) -> None:
    """The question has an answer: the one it had before no longer matters."""
    session = run.session
    if session.former and (name := key(run, frame)) in session.former:
        session.former = {**session.former}
        del session.former[name]
        if name in session.recall:
            _no_more(session, name)


def wait(run: Run, frame: Frame) -> Wait:
    """Have the frame wait for an answer; the question keeps the number it had before."""
    if frame.wait is None:
        former = remembered(run, frame) if run.session.former else None
        if former is None:
            run.session.revision += 1
        frame.wait = Wait(run.session.revision if former is None else former.asked)
    return frame.wait


def put(run: Run, frame: Frame, step: Linked, lead: Document = ()) -> None:
    """Put, or put again, the question of `step`, at which the frame stands, below `lead`."""
    waiting = wait(run, frame)
    if step.timeout and not waiting.nudged:
        timers.ensure(run, waiting, step.timeout)
    shown_menu = menu(run, frame, step)
    document = shown_menu.document if shown_menu.document is not None else _worded(run, step)
    if lead:
        document = lead + document
    former = remembered(run, frame) if run.session.former and step.kind is Collect else None
    if former is not None:
        document += run.word("former_answer", answer=shown(run, step, former.answer))
    asked = tokens.reference(run.session.id, waiting.asked)
    labels = shown_menu.labels
    if waiting.chosen:
        named = zip(shown_menu.options, labels, strict=True)
        labels = tuple(f"✓ {label}" if each.id in waiting.chosen else label for each, label in named)
    buttons = tuple(map(Button, asked.join(shown_menu.ends).split(), labels))
    run.ask(Ask(asked, document, buttons, step.expects))


def _worded(run: Run, step: Linked) -> Document:
    """The question in words that depend on the conversation."""
    model = step.model
    texts = [model.prompt, *filter(None, [model.hint])] if step.kind is Collect else [model.text]
    return tuple(block for text in texts for block in run.render(text))


def again(run: Run, frame: Frame, step: Linked, lead: Document = ()) -> None:
    """Put the question once more, or what was asked back about a reply to it."""
    wait = frame.wait
    if wait is not None and wait.offered:
        offer(run, frame, step, wait.offered, lead)
    elif wait is not None and wait.dates:
        offer_dates(run, frame, step, wait.typed, wait.dates, lead)
    else:
        put(run, frame, step, lead)


def offer(run: Run, frame: Frame, step: Linked, ids: tuple[str, ...], lead: Document = ()) -> None:
    """Ask whether one of these options was meant."""
    wait = frame.wait
    assert wait is not None  # noqa: S101  (a reply is only read while the question waits)
    wait = frame.wait = replace(wait, offered=ids)
    shown_menu = menu(run, frame, step)
    labels = [shown_menu.label(each) for each in ids]
    document = lead + run.word("did_you_mean" if len(ids) == 1 else "which_one", label=labels[0])
    _ask_which(run, wait, step, document, dict(zip(ids, labels, strict=True)))


def offer_dates(run: Run, frame: Frame, step: Linked, typed: str, dates: tuple[str, ...], lead: Document = ()) -> None:
    """Ask which date was meant."""
    wait = frame.wait
    assert wait is not None  # noqa: S101  (as above)
    wait = frame.wait = replace(wait, dates=dates, typed=typed)
    _ask_which(run, wait, step, lead + run.word("which_date", typed=typed), {date: date for date in dates})


def _ask_which(run: Run, wait: Wait, step: Linked, document: Document, labels: dict[str, str]) -> None:
    labels = {**labels, NONE: run.library.word("none_of_these", run.session.locale)}
    asked = tokens.reference(run.session.id, wait.asked)
    buttons = [Button(tokens.make(asked, step.id, each), label) for each, label in labels.items()]
    run.ask(Ask(asked, document, tuple(buttons), "choice"))


def shown(run: Run, step: Linked, value: Any) -> str:
    """An answer to `step` as the merchant reads it."""
    return summary.shown(run.library, run.session.locale, step.slot, step.labels, value)


def known(run: Run, frame: Frame, step: Linked, asked: int) -> None:
    """Say that the answer is already known, with a button that changes it; `asked` is the question's number."""
    answer = shown(run, step, frame.slots[step.collect])
    button = change_button(run, step, tokens.reference(run.session.id, asked))
    run.say(run.word("already_known", answer=answer), (button,))


def chosen(run: Run, step: Linked, value: Any) -> Document:
    """What stands in place of the buttons of a question that was answered."""
    label = run.library.named(SKIP) if value is None else None
    if isinstance(value, str) and not step.sensitive:
        label = step.labels.get(value)
        if label is None and (value == UNSURE or (value in {YES, NO} and step.expects == "yes_no")):
            label = run.library.named(value)
    if label is None:
        return run.word("you_chose", answer=shown(run, step, value))
    return run.library.chosen(label, run.session.locale)


def change_button(run: Run, step: Linked, asked: str) -> Button:
    """The button that changes the answer of the question that is named so."""
    return Button(f"{asked}.{step.short}.{_CHANGED}", run.library.word("change", run.session.locale))
