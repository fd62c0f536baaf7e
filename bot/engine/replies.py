"""Reading a reply: what a message means to the question that waits. Nothing here changes the conversation.

The order is the language's: the options (id, label, synonyms, number, prefix, a likely typo), then the slot's type.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.engine import limits, questions
from bot.engine.answers.reading import Unreadable
from bot.engine.questions import DONE, KEEP, NONE
from bot.flow.menu import NO, SKIP, UNSURE, YES, split_words
from bot.flow.texts import Text
from bot.text.matching import MOST_SHOWN
from bot.text.normal import normalise

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.chat.events import Message
    from bot.engine.answers.dates import DateReading
    from bot.engine.run import Run
    from bot.engine.session import Frame, Wait
    from bot.flow.linked import Linked
    from bot.flow.menu import Menu
    from bot.flow.slots import Slot
    from bot.text.matching import Match


_DIGITS: Final = 2
"""Digits of a typed position."""

_SEVERAL: Final = 2
_LABEL: Final = "[removed: "
"""What the labels of secrets begin with."""
_BARE_WORDS: Final = 5
"""Words that commonly stand before a secret ("mon mot de passe est") and are no answer by themselves."""


class Taken(msgspec.Struct, frozen=True, gc=False):
    """The answer; `next` is where its choice leads, if it says so.

    `how` it was understood, where something was chosen by typing: the matcher's rung, `several` names at once, or the
    `offer` of what may have been meant.
    """

    value: Any
    next: str | None = None
    how: str = ""


class Chosen(msgspec.Struct, frozen=True, gc=False):
    """An option that is not itself an answer was chosen (done, keep, change, none of these)."""

    id: str


class Trouble(msgspec.Struct, frozen=True, gc=False):
    """No answer. `kind` is the counter: unrecognised, invalid, empty or wrong_kind; `say` an author's own words."""

    kind: str
    reason: str = ""
    say: Text | None = None


class Offer(msgspec.Struct, frozen=True, gc=False):
    """One of these options may have been meant; `how` is the matcher's rung, or `several` names at once."""

    ids: tuple[str, ...]
    how: str = ""


class Dates(msgspec.Struct, frozen=True, gc=False):
    """What was typed may be one of these ISO dates."""

    typed: str
    dates: tuple[str, ...]


class More(msgspec.Struct, frozen=True, gc=False):
    """Part of an answer: files, or ticks of a several-choice question."""

    files: list[dict[str, Any]]
    chosen: list[str]
    typed: str = ""


Reading = Taken | Chosen | Trouble | Offer | Dates | More


def read(run: Run, frame: Frame, step: Linked, message: Message) -> Reading:
    """What `message` means to `step`, at which `frame` waits."""
    slot = step.slot
    text = message.text
    if message.files and slot.type == "files":
        return _files(frame, slot, message)
    if message.kind != "text" or (message.files and not text):
        return Trouble("wrong_kind", message.kind if message.kind != "text" else "files")
    if not text:
        return Trouble("empty")
    wait = frame.wait
    if wait is not None and (wait.offered or wait.dates) and (settled := _settle(run, frame, step, wait, text)):
        return settled
    menu = questions.menu(run, frame, step)
    if step.expects in {"choice", "choices", "yes_no"}:
        return _chosen(run, frame, step, menu, text)
    if menu.options and (match := menu.matcher.exact(text)).ids:
        return _matched(run, frame, step, menu, match)
    return _typed(run, frame, step, text)


def _chosen(run: Run, frame: Frame, step: Linked, menu: Menu, text: str) -> Reading:
    """A reply to a question with choices."""
    slot = step.slot
    if step.expects == "choices" and (several := _several(run, frame, step, menu, text)):
        return several
    match = menu.matcher.firm(text) if slot.also else menu.matcher.match(text)
    if slot.also and not match.sure:
        return checked(run, step, text) if len(text) <= slot.max_chars else Trouble("invalid", "too_long")
    return _matched(run, frame, step, menu, match) if match.ids else Trouble("unrecognised")


def _matched(run: Run, frame: Frame, step: Linked, menu: Menu, match: Match) -> Reading:
    """What follows from what the matcher says, if it says anything."""
    how = match.rung or ""
    return choose(run, frame, step, menu, match.ids[0], how) if match.sure else Offer(match.ids, how)


def _several(run: Run, frame: Frame, step: Linked, menu: Menu, text: str) -> Reading | None:
    """An enumeration, which completes what is ticked; None if the text is none."""
    several = menu.matcher.match_many(text)
    if len(several.ids) < _SEVERAL or several.unmatched or several.unsure:
        return None
    own = list(step.leads)
    if not {DONE, *own}.issuperset(several.ids):
        return Offer(several.ids[:MOST_SHOWN], "several")  # "iDEAL, I don't know": one or the other
    ticked = {*several.ids, *(frame.wait.chosen if frame.wait else ())}
    return allowed(run, step, Taken([each for each in own if each in ticked], how="several"))


def _files(frame: Frame, slot: Slot, message: Message) -> Reading:
    wait = frame.wait
    sent = [*(wait.files if wait else ()), *({"id": f.id, "name": f.name, "size": f.size} for f in message.files)]
    if len(sent) > limits.FILES_PER_ANSWER:
        return Trouble("invalid", "too_many_files")
    words = "\n".join(filter(None, [wait.typed if wait else "", message.text]))
    return More(sent, [], words) if len(words) <= slot.max_chars else Trouble("invalid", "too_long")


def _settle(run: Run, frame: Frame, step: Linked, wait: Wait, text: str) -> Reading | None:
    """The reply to "Did you mean …?" or "Which date?"; None when it is a fresh answer."""
    ids = [*wait.offered, *wait.dates]
    plain = normalise(text)
    said = {each for each in (YES, NO) for word in _words(run, each) if normalise(word) == plain}
    position = int(plain) if plain.isdigit() and plain.isascii() and len(plain) <= _DIGITS else 0
    if said == {YES} and len(ids) == 1:
        position = 1
    elif said == {NO} or plain == normalise(run.library.word("none_of_these", run.session.locale)):
        return Chosen(NONE)
    elif wait.dates and text.strip() in wait.dates:
        position = ids.index(text.strip()) + 1
    if not 0 < position <= len(ids):
        return Chosen(NONE) if position == len(ids) + 1 and wait.offered else None
    chosen = ids[position - 1]
    if wait.dates:
        return checked(run, step, {"typed": wait.typed, "date": chosen})
    return choose(run, frame, step, questions.menu(run, frame, step), chosen, "offer")


def _words(run: Run, name: str) -> list[str]:
    """What yes or no is called in the conversation's language."""
    return [
        run.library.word(name, run.session.locale),
        *split_words(run.library.word(f"{name}_synonyms", run.session.locale)),
    ]


def choose(run: Run, frame: Frame, step: Linked, menu: Menu, chosen: str, how: str = "") -> Reading:
    """What choosing the option `chosen` means, `how` ever it was typed.

    An author's choice may have the id of an option of the engine's.
    """
    wait = frame.wait
    if chosen not in step.leads:
        if chosen == SKIP:
            return Taken(None, how=how)
        if chosen == UNSURE:
            return Taken(UNSURE, how=how)
        if chosen == DONE and wait is not None:
            value: Any = list(wait.chosen)
            if step.expects != "choices":
                value = {"files": list(wait.files), "text": wait.typed}
            return allowed(run, step, Taken(value, how=how))
        if chosen == KEEP or chosen.startswith(questions.CHANGE + "."):
            return Chosen(chosen)
    if step.expects == "choices":
        ticked = wait.chosen if wait else ()
        return More([], [each for each in ticked if each != chosen] if chosen in ticked else [*ticked, chosen])
    taken = Taken(chosen, menu.by_id[chosen].next, how)
    return allowed(run, step, taken) if step.rejections else taken


def _typed(run: Run, frame: Frame, step: Linked, text: str) -> Reading:
    """A typed answer, read as the slot's type."""
    slot = step.slot
    if slot.type in {"text", "files"} and len(text) > slot.max_chars:
        return Trouble("invalid", "too_long")
    if slot.type == "text":
        return checked(run, step, text)
    if slot.type == "files":
        sent = list(frame.wait.files) if frame.wait else []
        if not slot.also and not sent:
            return Trouble("wrong_kind", "text")
        words = "\n".join(filter(None, [frame.wait.typed if frame.wait else "", text]))
        if len(words) > slot.max_chars:
            return Trouble("invalid", "too_long")
        return allowed(run, step, Taken({"files": sent, "text": words}))
    try:
        if slot.type == "date":
            found = _dates()(text, run.session.locale, run.now)
            if found.candidates:
                return Dates(found.typed, found.candidates)
            return checked(run, step, {"typed": found.typed, "date": found.date})
        return checked(run, step, _value(run, slot, text))
    except Unreadable as trouble:
        if slot.also and len(text) <= slot.max_chars and trouble.reason in {"no_date", "too_long"}:
            return checked(run, step, {"typed": text, "date": None})
        return Trouble("invalid", trouble.reason)


@cache
def _dates() -> Callable[[str, str, datetime], DateReading]:
    """What reads dates: many expressions to compile, for a few questions."""
    from bot.engine.answers.dates import read  # noqa: PLC0415

    return read


def _value(run: Run, slot: Slot, text: str) -> str | int | float:
    """A number, version, URL or email address; raises Unreadable."""
    if slot.type == "number":
        return _numbers()(text, run.session.locale, slot.min, slot.max)
    return _reader(slot.type)(text)


@cache
def _numbers() -> Callable[[str, str, float | None, float | None], int | float]:
    """What reads numbers: importing it takes as long as many turns, like all that reads one type of slot."""
    from bot.engine.answers.numbers import read  # noqa: PLC0415

    return read


@cache
def _reader(kind: str) -> Callable[[str], str]:
    """What reads a version, a URL or an email address."""
    if kind == "version":
        from bot.engine.answers.versions import read  # noqa: PLC0415
    elif kind == "url":
        from bot.engine.answers.urls import read  # noqa: PLC0415
    else:
        from bot.engine.answers.emails import read  # noqa: PLC0415
    return read


def checked(run: Run, step: Linked, value: Any) -> Reading:
    """The answer, unless the slot's pattern or one of the step's rejections refuses it."""
    slot = step.slot
    if slot.pattern is not None and re.fullmatch(slot.pattern, str(value)) is None:
        return Trouble("invalid", "pattern")
    return allowed(run, step, Taken(value)) if step.rejections else Taken(value)


def allowed(run: Run, step: Linked, taken: Taken) -> Reading:
    """The answer, unless one of the step's rejections refuses it."""
    for rejection in step.rejections:
        if run.evaluate(rejection.if_, value=taken.value):
            return Trouble("invalid", "rejected", rejection.say)
    return taken


def only_secret(text: str) -> bool:
    """Whether a text says nothing beside the labels of what was taken out of it."""
    outside = " ".join(part.partition("]")[2] if number else part for number, part in enumerate(text.split("[")))
    words = [word for word in outside.split() if any(map(str.isalnum, word))]
    return _LABEL in text and len(words) <= _BARE_WORDS


def fits(run: Run, step: Linked, value: Any) -> bool:
    """Whether a former answer is still one: a choice may no longer be offered, or make no sense any more."""
    if value is None:
        return bool(step.model.optional)
    if value == UNSURE:
        return bool(step.model.unsure)
    own = step.leads
    if own and not step.slot.also and any(each not in own for each in (value if isinstance(value, list) else [value])):
        return False
    return isinstance(allowed(run, step, Taken(value)), Taken)
