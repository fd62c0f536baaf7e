"""What is known, as rich text: the merchant's summary, the rules, and the card a person of the team receives.

Answers are stored as ids and values, so each of these can be made in any language at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.engine.ahead import slots_ahead
from bot.flow.expressions import EvaluationError, Scope
from bot.flow.library import PATTERN
from bot.flow.menu import UNSURE
from bot.flow.model import Rule
from bot.text.locales import LANGUAGES
from bot.text.markdown import render
from bot.text.nodes import Divider, List, Paragraph, paragraph
from bot.text.nodes import Text as Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.engine.session import Session
    from bot.flow.library import Library
    from bot.flow.slots import Slot
    from bot.flow.texts import Text
    from bot.text.nodes import Block, Document, Inline


def answers(library: Library, session: Session) -> Document:
    """Every answer so far that has a label, for the merchant, in their language."""
    locale = session.locale
    items: list[tuple[Inline, ...]] = []
    for _, slot, labels, value in _known(library, session):
        if slot.label is None:
            continue
        choice = labels.get(value) if type(value) is str and value != UNSURE and not slot.sensitive else None
        if choice is not None:
            items.append(library.line(slot.label, choice, locale))
        else:
            answer = shown(library, locale, slot, labels, value)
            items.append((library.heading(slot.label, locale), Run(f" {answer}")))
    return (List(tuple(items)),) if items else library.wording(library.named("nothing_yet"), locale).document


def rules(library: Library, session: Session) -> Document:
    """Every rule of the conversation's flow and the flows it calls, in their order.

    What a rule says of an answer that nobody has given here is left open ("…").
    """
    blocks: list[Block] = []
    known = Scope({"user": {"first_name": session.user.first_name}, "channel": {"name": session.channel.name}})
    for rule in _rules(library, session.flow, set()):
        if blocks:
            blocks.append(Divider())
        wording = library.wording(rule.text, session.locale)
        try:
            blocks += wording.render(known)
        except EvaluationError:
            blocks += render(wording.document, ["…"] * len(wording.expressions))
    return tuple(blocks)


def card(library: Library, session: Session, locale: str, only: tuple[str, ...] = ()) -> Document:
    """The case as a member of staff with the language `locale` reads it.

    `only` are the slots of the hand-off's `summary` (`OpenCase.slots`); without them every slot with a staff label.
    """

    def word(name: str) -> str:
        return library.word(name, locale)

    language = LANGUAGES.get(session.locale)
    facts = [
        _line(word("card_merchant"), session.user.first_name or session.user.id),
        _line(word("card_language"), f"{language.native} ({session.locale})" if language else session.locale),
    ]
    unknown: list[str] = []
    for name, slot, labels, value in _known(library, session):
        if slot.staff_label is not None and (not only or name in only):
            answer = shown(library, locale, slot, labels, value)
            facts.append(_line(library.plain(slot.staff_label, locale), answer))
            if value is None or value == UNSURE:
                unknown.append(library.plain(slot.staff_label, locale))
    if beside := _beside(session):
        facts.append(_line(word("card_files"), ", ".join(beside)))
    if session.exposed:
        facts.append(_line(word("card_attention"), word("card_exposed")))
    blocks: list[Block] = [paragraph(f"{word('card_title')} {session.case}".strip(), bold=True), List(tuple(facts))]
    open_slots = [library.plain(label, locale) for label in _unasked(library, session)]
    if unknown or open_slots:
        blocks.append(Paragraph(_line(word("card_missing"), ", ".join([*unknown, *open_slots]))))
    staff = {rule.rule: rule.staff_label for rule in _rules(library, session.flow, set())}
    names = {name: library.plain(label, locale) if label else name for name, label in staff.items()}
    for heading, accepted in (("card_rules", True), ("card_declined", False)):
        found = [names.get(name, name) for name, each in session.rules.items() if each.accepted is accepted]
        if found:
            blocks.append(Paragraph(_line(word(heading), ", ".join(found))))
    return tuple(blocks)


def shown(library: Library, locale: str, slot: Slot, labels: Mapping[str, Text], value: Any) -> str:
    """A stored answer as one reads it in `locale`; `labels` are those of the choices."""
    if value is None:
        return "–"
    if slot.sensitive:
        return "•••"
    if value == UNSURE:
        return library.word("unsure", locale)
    if isinstance(value, str):
        label = labels.get(value)
        if label is not None:
            return library.plain(label, locale)
        named = slot.type == "yes_no" and value in {"yes", "no"} and not labels
        return library.word(value, locale) if named else value
    if isinstance(value, list):
        return ", ".join(shown(library, locale, slot, labels, each) for each in value)
    if isinstance(value, dict) and slot.type == "files" and isinstance(value.get("files"), list):
        names = [file["name"] for file in value["files"] if isinstance(file, dict) and "name" in file]
        return " · ".join(filter(None, [", ".join(names), value.get("text", "")]))
    if isinstance(value, dict) and slot.type == "date" and "typed" in value:
        typed, date = value["typed"], value.get("date")
        return typed if date is None or typed == date else f"{typed} ({date})"
    return str(value)


def _line(label: str, value: str) -> tuple[Inline, ...]:
    return (Run(f"{label}:", bold=True), Run(f" {value}"))


def _known(library: Library, session: Session) -> list[tuple[str, Slot, Mapping[str, Text], Any]]:
    """The answered slots of every frame that is no repair pattern: name, slot, labels of its choices, and value."""
    found: list[tuple[str, Slot, Mapping[str, Text], Any]] = []
    for frame in session.stack:
        program = library.pinned(frame.flow, frame.hash)
        if program is None or frame.flow.startswith(PATTERN):
            continue
        answers = frame.slots
        found += [(name, slot, labels, answers[name]) for name, slot, labels in program.answers if name in answers]
    return found


def _beside(session: Session) -> list[str]:
    """The files that are in none of the answers."""
    if not session.files:
        return []
    answers = [value for frame in session.stack for value in frame.slots.values() if isinstance(value, dict)]
    answered = {each["id"] for value in answers for each in value.get("files", ())}
    left = [each for each in session.files if each["id"] not in answered]
    return [each["name"] for each in left]


def _unasked(library: Library, session: Session) -> Iterator[Text]:
    """The staff's labels of the questions that were still to come."""
    for frame in session.stack:
        program = library.pinned(frame.flow, frame.hash)
        if program is None or frame.flow.startswith(PATTERN):
            continue
        for name in slots_ahead(program, frame):
            label = program.slots[name].staff_label
            if label is not None:
                yield label


def _rules(library: Library, flow: str, visited: set[str]) -> Iterator[Rule]:
    program = library.programs.get(flow)
    if program is None or flow in visited:
        return
    visited.add(flow)
    for step in program.steps.values():
        if isinstance(step, Rule):
            yield step
        called = getattr(step, "call", None) or getattr(step, "goto", None)
        if called:
            yield from _rules(library, called, visited)
