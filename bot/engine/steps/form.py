"""`form`: several questions at once where the channel has forms, one after another elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.chat.effects import Ask, Button, Field
from bot.chat.effects import Form as FormView
from bot.chat.events import Message
from bot.engine import questions, replies, tokens
from bot.engine.replies import Taken, Trouble
from bot.engine.session import MASK, Wait
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.chat.events import Submit
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.model import Collect, Form


def enter(run: Run, frame: Frame, step: Form) -> bool:
    """Show the form, or stand at its first question."""
    fields = _fields(run, frame, step)
    if not run.session.channel.forms or all(_known(frame, field) for field in fields):
        frame.step = fields[0].id
        return True
    run.record("step_entered", flow=frame.flow, step=step.id)
    put(run, frame, step)
    return False


def put(run: Run, frame: Frame, step: Form, errors: dict[str, str] | None = None, lead: Any = ()) -> None:
    """Put the form, with what was wrong with the values it came back with."""
    if frame.wait is None:
        run.session.revision += 1
        frame.wait = Wait(asked=run.session.revision)
    wait = frame.wait
    shown = tuple(_field(run, frame, field) for field in _fields(run, frame, step))
    view = FormView(
        run.library.plain(step.title, run.locale), run.library.plain(step.submit, run.locale), shown, errors or {}
    )
    button = Button(tokens.make(run.session.id, wait.asked, step.id, step.form), view.title)
    run.ask(Ask(questions.reference(run, wait), lead + run.render(step.title), (button,), "form", view))


def submit(run: Run, frame: Frame, step: Form, event: Submit) -> None:
    """Take all values, or none and say what is wrong with which."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in _fields(run, frame, step):
        entered = event.values.get(field.collect, "")
        text = ", ".join(entered) if isinstance(entered, list) else entered
        if not text and field.optional:
            values[field.collect] = None
            continue
        reading = replies.read(run, frame, field, Message(event.key, text))
        if isinstance(reading, Taken):
            values[field.collect] = reading.value
        else:
            errors[field.collect] = _error(run, field, reading)
    if errors:
        run.record("form_refused", flow=frame.flow, step=step.id, slots=sorted(errors))
        put(run, frame, step, errors)
        return
    run.recorder.note(run.session, None)
    slots = run.program(frame).slots
    for slot, value in values.items():
        run.assign(frame, slot, value)
        run.record(
            "answer_accepted", flow=frame.flow, step=step.id, slot=slot, value=MASK if slots[slot].sensitive else value
        )
    last = _fields(run, frame, step)[-1]
    run.move(frame, run.onward(frame, last))
    run.proceed()


def one_by_one(run: Run, frame: Frame, step: Form) -> None:
    """The merchant writes instead of opening the form: ask its questions one after another."""
    run.move(frame, _fields(run, frame, step)[0].id)
    run.proceed()


def _fields(run: Run, frame: Frame, step: Form) -> list[Collect]:
    program = run.program(frame)
    return [program.steps[field] for field, owner in program.form_of.items() if owner == step.id]  # type: ignore[misc]


def _known(frame: Frame, field: Collect) -> bool:
    return frame.slots.get(field.collect) is not None


def _field(run: Run, frame: Frame, field: Collect) -> Field:
    slot = run.program(frame).slots[field.collect]
    menu = questions.menu(run, frame, field)
    choices = tuple((option.id, label) for option, label in zip(menu.options, menu.labels, strict=True))
    value = frame.slots.get(field.collect)
    former = "" if value is None else questions.shown(run, frame, field.collect, value)
    document = run.render(field.prompt) + (run.render(field.hint) if field.hint is not None else ())
    return Field(field.collect, slot.type, document, choices, field.optional, former)


def _error(run: Run, field: Collect, reading: replies.Reading) -> str:
    if isinstance(reading, Trouble):
        if reading.say is not None:
            return plain(run.render(reading.say))
        own = field.invalid if reading.kind == "invalid" else field.reprompt
        if own:
            return plain(run.render(own[0]))
    return run.library.word("field_invalid", run.locale)
