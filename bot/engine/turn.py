"""`advance`: one event, run to completion. The whole of what the bot does is behind this function."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.chat.effects import Effect, Schedule, Unschedule
from bot.chat.events import (
    Command,
    Delivered,
    Dropped,
    Due,
    Forgetting,
    Joined,
    Message,
    Performed,
    Reacted,
    Returned,
    Submit,
    Tap,
    Written,
)
from bot.engine import exposure, limits, timers, tokens, undo, versions, waiting
from bot.engine.commands import called
from bot.engine.dispatch import HANDLERS
from bot.engine.patterns import settle
from bot.engine.run import LimitReached, Run
from bot.engine.session import MASK, Record, Session, copy
from bot.engine.steps import ENTER
from bot.flow.expressions import EvaluationError
from bot.flow.model import Form, Question
from bot.guard.redact import redact
from bot.text.normal import clean
from bot.text.styles import followed, moved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.chat.events import AnyEvent, Event
    from bot.engine.ids import Ids
    from bot.flow.library import Library
    from bot.flow.program import Program
    from bot.text.styles import Style

_EXPIRES_AFTER: Final = timedelta(days=7)
"""Of a flow that is gone."""

HARMLESS = frozenset({"test_card"})
"""Findings of the guard that are labelled, not removed."""


class Turn(msgspec.Struct, frozen=True, gc=False):
    """What came of an event: the session after it, what goes out in this order, and what the log says."""

    session: Session
    effects: tuple[Effect, ...] = ()
    log: tuple[Record, ...] = ()


def advance(library: Library, session: Session, event: Event, now: datetime, ids: Ids) -> Turn:
    """Apply one event to a session; the same arguments give the same turn. `session` is not changed.

    Never raises for anything a user or a flow's values can cause: a failure is logged, the session stays where it was,
    and the merchant is told.
    """
    if event.key in session.seen:
        return Turn(session)
    event = guarded(event, session.id.encode())
    run = _run(library, session, event, now, ids)
    try:
        HANDLERS[type(event)](run, event)
        if not run.answered:
            _answer(run, event)
    except (LimitReached, EvaluationError, LookupError) as failure:
        run = _run(library, session, event, now, ids)
        _fail(run, failure)
    return _turn(run, session, event)


def guarded(event: Event, salt: bytes) -> Event:
    """The event with text that can be stored and shown; it says which kinds of secrets were taken out."""
    # asked by type where the answer is mostly no: for these classes `isinstance` would take ten times as long to say so
    if type(event) is Tap:
        token = event.token
        return event if token.isascii() and len(token) <= tokens.MAX_BYTES else msgspec.structs.replace(event, token="")
    if isinstance(event, Message):
        text, kinds = _guarded(event.text, salt)
        if text == event.text and not event.files:
            return event
        files = tuple(msgspec.structs.replace(each, name=clean(each.name, limits.NAME_CHARS)) for each in event.files)
        styles = restyled(event.text, event.styles, salt) if event.styles else ()
        return msgspec.structs.replace(
            event,
            text=text,
            styles=styles,
            files=files,
            removed=(*event.removed, *kinds),
            cut=event.cut or len(event.text.strip()) > limits.MESSAGE_CHARS,
        )
    if isinstance(event, Submit):
        values: dict[str, str | list[str]] = {}
        removed = event.removed
        for slot, value in event.values.items():
            found = [_guarded(each, salt) for each in (value if isinstance(value, list) else [value])]
            values[clean(slot, limits.NAME_CHARS)] = (
                [text for text, _ in found] if isinstance(value, list) else found[0][0]
            )
            removed += tuple(kind for _, kinds in found for kind in kinds)
        return msgspec.structs.replace(event, token=_token(event.token), values=values, removed=removed)
    return event


def safe(event: AnyEvent, salt: bytes) -> AnyEvent:
    """The event with text that can be stored and shown; it says which kinds of secrets were taken out."""
    if isinstance(event, Written):
        words = guarded(Message("", event.text, event.files, styles=event.styles), salt)
        assert isinstance(words, Message)  # noqa: S101  (what goes in comes out)
        return msgspec.structs.replace(
            event,
            text=words.text,
            files=words.files,
            removed=words.removed,
            styles=words.styles,
            cut=event.cut or words.cut,
        )
    if isinstance(event, Command):
        found = {name: guarded(Message("", value), salt) for name, value in event.arguments.items()}
        said = {name: each for name, each in found.items() if isinstance(each, Message)}
        arguments = {name: each.text for name, each in said.items()}
        removed = tuple(kind for each in said.values() for kind in each.removed)
        cut = event.cut or any(each.cut for each in said.values())
        return msgspec.structs.replace(event, arguments=arguments, removed=removed, cut=cut)
    if isinstance(event, (Delivered, Reacted, Dropped, Joined, Forgetting)):
        return event
    return guarded(event, salt)


def _token(token: str) -> str:
    """A token that can be stored: whoever presses a button may have made it up."""
    return token if token.isascii() and len(token) <= tokens.MAX_BYTES else ""


def _guarded(text: str, salt: bytes) -> tuple[str, tuple[str, ...]]:
    found = redact(clean(text, limits.MESSAGE_CHARS), salt)
    if not found.findings:
        return found.text, ()
    return found.text, tuple(dict.fromkeys(each.kind for each in found.findings if each.kind not in HARMLESS))


def restyled(text: str, styles: Sequence[Style], salt: bytes) -> tuple[Style, ...]:
    """How the text is written that `guarded` makes of a text written like that."""
    cleaned = clean(text, limits.MESSAGE_CHARS)
    return moved(followed(styles, text, cleaned), redact(cleaned, salt).edits)


def _run(library: Library, session: Session, event: Event, now: datetime, ids: Ids) -> Run:
    run = Run(library, copy(session), now, ids, ENTER, settle)
    changed = run.session
    changed.seen = (*changed.seen[1 - limits.SEEN_KEYS :], event.key)
    changed.turns += 1
    kept = logged(library, changed, event) if library.sensitive else event
    run.record("event_received", {"event": kept, "ids": ids.seed})
    if type(event) is not Tap and isinstance(event, (Message, Submit)) and event.removed:
        run.record("secret_removed", {"kinds": list(event.removed)})
        changed.exposed = exposure.kinds(changed, event)
        run.effects += exposure.effects(changed, event)
    return run


def logged(library: Library, session: Session, event: Event) -> Any:
    """The event as the log keeps it: without what is, or may be, an answer to a sensitive slot."""
    if type(event) is Tap or not isinstance(event, (Message, Submit)):
        return event
    for frame in session.stack:
        program = library.pinned(frame.flow, frame.hash)
        if program is None or not program.sensitive:
            continue
        if isinstance(event, Submit):
            values = {slot: MASK if slot in program.sensitive else value for slot, value in event.values.items()}
            event = msgspec.structs.replace(event, values=values)
        elif frame.wait is not None and _asks_for(program, frame.step) & program.sensitive:
            is_command = called(library, session.flow, event.text, session.locale)[0] is not None
            return event if is_command else msgspec.structs.replace(event, text=MASK, styles=())
    return event


def _asks_for(program: Program, step: str) -> set[str]:
    """The slots that a step asks for."""
    asking = program.steps.get(step)
    fields = asking.fields if isinstance(asking, Form) else [asking]
    return {each.collect for each in fields if isinstance(each, Question)}


def _answer(run: Run, event: Event) -> None:
    """See to it that whoever wrote or pressed something hears something."""
    if type(event) in {Due, Performed, Returned}:
        return
    if run.session.status == "active" and run.session.stack:
        waiting.again(run)
    elif run.session.status == "handed_off":
        run.pattern("with_person", relayed=False)
    else:
        run.pattern("ended")


def _fail(run: Run, failure: Exception) -> None:
    """Nothing of the turn stands but that it was tried; the merchant gets an answer."""
    limit = str(failure) if isinstance(failure, LimitReached) else ""
    run.record("limit_reached" if limit else "turn_failed", {"reason": limit or f"{type(failure).__name__}: {failure}"})
    name = "limit" if limit else "error"
    height = len(run.session.stack)
    try:
        versions.adopt(run)
        run.pattern(name, limit=limit)
    except (LimitReached, EvaluationError, LookupError) as again:
        del run.session.stack[height:]
        # the pattern itself is at fault, or there is no room for it: its plainest form
        run.record("turn_failed", {"reason": f"pattern_{name}: {type(again).__name__}: {again}"})
        run.say(run.word("failed"))


def _turn(run: Run, before: Session, event: Event) -> Turn:
    session = run.session
    if run.pending:
        run.flush()
    undo.close(run)
    if session.timer:
        timers.settle(run)
    if session.status == "active" and session.stack:
        if type(event) is Performed or (type(event) is Due and event.timer != timers.expiry(session.id)):
            return Turn(session, tuple(run.effects), tuple(run.log))  # silence is counted from what the merchant did
        program = run.library.programs.get(session.flow)
        after = program.expires_after if program is not None else _EXPIRES_AFTER
        run.effects.append(Schedule(timers.expiry(session.id), run.now + after))
    elif before.status == "active" and before.id == session.id:
        run.effects.append(Unschedule(timers.expiry(session.id)))
    return Turn(session, tuple(run.effects), tuple(run.log))
