"""`form`: several questions at once where the channel has forms, one after another elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.chat.effects import Ask, Button, Edit, Field
from bot.chat.effects import Form as FormView
from bot.chat.events import Message
from bot.engine import answering, questions, replies, tokens, undo
from bot.engine.replies import More, Taken, Trouble
from bot.engine.session import MASK
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.chat.events import Submit
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked
    from bot.text.nodes import Document


def enter(run: Run, frame: Frame, step: Linked) -> bool:
    """Show the form, or stand at its first question; take its former answers where they are given again."""
    fields = _fields(run, frame, step)
    former = questions.recalled(run, frame)
    if former is not None and _fit(run, fields, former.answer):
        run.recalled()
        _take(run, frame, step, former.answer, recalled=former.asked)
        return True
    if not run.session.channel.forms or _one_by_one(run, frame, fields):
        frame.step = fields[0].id
        return True
    run.record("step_entered", {"flow": frame.flow, "step": step.id})
    put(run, frame, step)
    return False


def put(
    run: Run,
    frame: Frame,
    step: Linked,
    errors: dict[str, str] | None = None,
    entered: dict[str, str] | None = None,
    lead: Document = (),
) -> None:
    """Put the form, with what was wrong with the values it came back with and what was entered."""
    wait = questions.wait(run, frame)
    former = questions.remembered(run, frame)
    values = former.answer if former is not None and isinstance(former.answer, dict) else {}
    shown = tuple(_field(run, frame, field, values, entered or {}) for field in _fields(run, frame, step))
    view = FormView(
        run.library.plain(step.model.title, run.session.locale),
        run.library.plain(step.model.submit, run.session.locale),
        shown,
        errors or {},
    )
    asked = tokens.reference(run.session.id, wait.asked)
    button = Button(tokens.make(asked, step.id, step.model.form), view.title)
    run.ask(Ask(asked, lead + run.render(step.model.title), (button,), "form", view))


def submit(run: Run, frame: Frame, step: Linked, event: Submit) -> None:
    """Take all values, or none and say what is wrong with which."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in _fields(run, frame, step):
        entered = event.values.get(field.collect, "")
        reading = _read(run, frame, field, [entered] if isinstance(entered, str) else entered, event)
        if isinstance(reading, Taken):
            values[field.collect] = reading.value
        else:
            errors[field.collect] = _error(run, field, reading)
    if errors:
        run.record("form_refused", {"flow": frame.flow, "step": step.id, "slots": sorted(errors)})
        put(run, frame, step, errors, _kept(run, frame, event))
        return
    wait = frame.wait
    if wait is not None:
        asked = tokens.reference(run.session.id, wait.asked)
        run.effects.append(Edit(asked, (), (questions.change_button(run, step, asked),)))
    _take(run, frame, step, values)
    run.proceed()


def _read(run: Run, frame: Frame, field: Linked, entered: list[str], event: Submit) -> replies.Reading:
    """What was entered in a field; choices come as ids."""
    entered = [each for each in entered if each]
    text = ", ".join(entered)
    if not text and field.model.optional:
        return Taken(None)
    if event.removed and replies.only_secret(text):
        return Trouble("invalid", "rejected")
    menu = questions.menu(run, frame, field)
    own = list(field.leads)
    if len(entered) > 1 and set(entered) <= set(own):
        return replies.allowed(run, field, Taken([each for each in own if each in entered]))
    if text in menu.by_id:
        reading = replies.choose(run, frame, field, menu, text)
    else:
        reading = replies.read(run, frame, field, Message(event.key, text))
    return replies.allowed(run, field, Taken(reading.chosen)) if isinstance(reading, More) else reading


def _take(run: Run, frame: Frame, step: Linked, values: dict[str, Any], *, recalled: int | None = None) -> None:
    """Store the answers, remember the way back, and stand at the next step."""
    undo.note(run, values, recalled)
    questions.forget(run, frame)
    fields = {field.collect: field for field in _fields(run, frame, step)}
    for slot, value in values.items():
        run.assign(frame, slot, value)
        run.record(
            "answer_accepted" if recalled is None else "answer_recalled",
            {"flow": frame.flow, "step": step.id, "slot": slot, "value": MASK if fields[slot].sensitive else value},
        )
    last = [*fields.values()][-1]
    run.move(frame, answering.onward(run, last, values[last.collect]))


def one_by_one(run: Run, frame: Frame, step: Linked) -> None:
    """The merchant writes instead of opening the form: ask its questions one after another."""
    run.move(frame, _fields(run, frame, step)[0].id)
    run.proceed()


def _fields(run: Run, frame: Frame, step: Linked) -> list[Linked]:
    program = run.program(frame)
    return [program.linked[field] for field, owner in program.form_of.items() if owner == step.id]


def _one_by_one(run: Run, frame: Frame, fields: list[Linked]) -> bool:
    """Whether nothing of the form needs asking, or its answers were given one by one and are given again so."""
    if all(frame.slots.get(field.collect) is not None for field in fields):
        return True
    return any(questions.key(run, frame, field.id) in run.session.recall for field in fields)


def _fit(run: Run, fields: list[Linked], answer: Any) -> bool:
    return isinstance(answer, dict) and all(
        field.collect in answer and replies.fits(run, field, answer[field.collect]) for field in fields
    )


def _field(run: Run, frame: Frame, field: Linked, former: dict[str, Any], entered: dict[str, str]) -> Field:
    menu = questions.menu(run, frame, field)
    choices = tuple((option.id, label) for option, label in zip(menu.options, menu.labels, strict=True))
    before = "" if field.sensitive else _typed(frame.slots.get(field.collect, former.get(field.collect)))
    model = field.model
    document = run.render(model.prompt) + (run.render(model.hint) if model.hint is not None else ())
    return Field(field.collect, field.expects, document, choices, model.optional, entered.get(field.collect, before))


def _typed(value: Any) -> str:
    """A stored answer as it was entered."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return str(value.get("typed", value.get("text", "")))
    return "" if value is None else str(value)


def _kept(run: Run, frame: Frame, event: Submit) -> dict[str, str]:
    """What was entered, to be shown again in the form; sensitive answers are not repeated."""
    sensitive = run.program(frame).sensitive
    return {
        slot: ", ".join([value] if isinstance(value, str) else value)
        for slot, value in event.values.items()
        if slot not in sensitive
    }


def _error(run: Run, field: Linked, reading: replies.Reading) -> str:
    if isinstance(reading, Trouble):
        if reading.say is not None:
            return plain(run.render(reading.say))
        own = field.model.invalid if reading.kind == "invalid" else field.model.reprompt
        if own:
            return plain(run.render(own[0]))
    return run.library.word("field_invalid", run.session.locale)
