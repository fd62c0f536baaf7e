"""Flows made for measuring, as YAML: the peers' six questions, a conversation without end, and fifty long flows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from bot.flow.extract import needs_translation
from bot.flow.loader import load
from bot.flow.model import Flow
from bot.flow.program import Program
from bot.flow.reader import read
from bot.flow.understanding import understood
from tests.bench.peers.questions import CLOSING, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_WORD: Final = re.compile("(?<=[a-z])(?= )")
"""Where a word of a sentence ends."""

SIX_QUESTIONS = "six_questions"
ENDLESS = "endless"

ENDLESS_YAML = f"""
flow: {ENDLESS}
version: 1
title: Round and round
slots:
  topic: {{type: choice, ask_again: true, label: Topic}}
  detail: {{type: text, ask_again: true, label: Detail}}
  orders: {{type: number, ask_again: true, label: Orders}}
  sure: {{type: yes_no, ask_again: true, label: Sure}}
steps:
  - id: topic
    collect: topic
    prompt: "**What is it about?**"
    hint: You can choose or type.
    choices:
      - {{id: payments, label: Payments, synonyms: [paying, checkout]}}
      - {{id: refunds, label: Refunds, synonyms: [refund, money back]}}
      - {{id: orders, label: Order statuses, synonyms: [status]}}
  - id: detail
    collect: detail
    prompt: What happens?
  - id: orders
    collect: orders
    prompt: How many orders are affected?
  - id: sure
    collect: sure
    prompt: Is there anything else?
    next: topic
"""
"""Four questions that are asked for ever: every answer leaves a way back, so the session grows as far as it can."""


def flows(text: str) -> list[Flow]:
    """The flows of a YAML text; raises ValueError if it is not sound YAML."""
    reading = read(text.encode(), "bench.yaml")
    if reading.problems:
        raise ValueError(str(reading.problems))
    return [understood(Flow, tree.data) for tree in reading.documents]


def six_questions() -> str:
    """The peers' questions as a flow."""
    lines = [f"flow: {SIX_QUESTIONS}", "version: 1", "title: Six questions", "slots:"]
    lines += [f"  {question.id}: {{type: choice}}" for question in QUESTIONS]
    lines.append("steps:")
    for question in QUESTIONS:
        lines += [f"  - id: {question.id}", f"    collect: {question.id}", f"    prompt: {json.dumps(question.prompt)}"]
        lines.append("    choices:")
        for choice in question.choices:
            synonyms = f", synonyms: {json.dumps(choice.synonyms)}" if choice.synonyms else ""
            lines.append(f'      - {{id: "{choice.id}", label: {json.dumps(choice.label)}{synonyms}}}')
    lines += ["  - id: closing", f"    say: {json.dumps(CLOSING)}", "  - id: over", "    end: done"]
    return "\n".join(lines) + "\n"


def write_many(folder: Path, files: int, steps: int) -> None:
    """Write `files` flows of `steps` steps each, all different; a quarter of the steps has a condition of its own."""
    for number in range(files):
        (folder / f"generated_{number:02}.yaml").write_text(_generated(number, steps), "utf-8")


def write_catalogs(folder: Path, flows: Path, languages: Iterable[str]) -> None:
    """Write catalogs with a translation of every text of the flows in `flows`: one of its words is another one."""
    texts = [text for source in load([flows]).sources for text in Program(source.flow).texts if needs_translation(text)]
    for language in languages:
        file = folder / language / "LC_MESSAGES" / "messages.po"
        file.parent.mkdir(parents=True)
        messages = [
            f"msgctxt {_quoted(text.context)}\nmsgid {_quoted(text.source)}\n"
            f"msgstr {_quoted(_WORD.sub(language, text.source, count=1))}\n\n"
            for text in texts
        ]
        file.write_text("".join(messages), "utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _generated(number: int, steps: int) -> str:
    slots = "\n".join(f"  a{place}: {{type: {_slot(place)}, label: Answer {place}}}" for place in range(steps))
    head = f"flow: generated_{number:02}\nversion: 1\ntitle: Generated flow {number}\nslots:\n{slots}\nsteps:\n"
    last = "  - id: hand_over\n    handoff: {queue: integrations}\n"
    return head + "".join(line + "\n" for place in range(steps - 1) for line in _step(number, place, steps)) + last


def _slot(place: int) -> str:
    """The type of the slot that the step at `place` fills, if it fills one."""
    return ("choice", "text", "choice", "version", "text", "date", "yes_no", "text", "text", "number")[place % 10]


def _step(number: int, place: int, steps: int) -> Iterator[str]:
    """The lines of one step. Kinds alternate with a period of ten, conditions with a period of eight."""
    yield f"  - id: s{place}"
    if place % 8 == 3:
        yield f"    when: \"slots.a{place - 1} != 'c{number}' and slots.a{place - 2} is not none\""
    if place % 8 == 6:
        onward = min(place + 2, steps - 1)
        target = f"s{onward}" if onward < steps - 1 else "hand_over"
        yield "    next:"
        condition = f"slots.a{place - 1} == 'c{number}' or slots.a{place - 3} in ['x', 'y']"
        yield f'      - {{if: "{condition}", then: {target}}}'
        yield f"      - {{else: {f's{place + 1}' if place + 1 < steps - 1 else 'hand_over'}}}"
    yield from _body(number, place)


def _body(number: int, place: int) -> Iterator[str]:
    matter = f"matter {number}.{place}"
    match place % 10:
        case 1:
            yield "    say: |"
            yield f"      Thank you, {{{{ user.first_name }}}}. About **{matter}** we need to know a little more:"
            yield ""
            yield "      - what you **did** before it happened,"
            yield f"      - what you expected of [part {place}](https://docs.example.com/{number}/{place}),"
            yield "      - and what happened *instead*."
        case 4:
            yield f"    rule: rule_{place}"
            yield "    text: |"
            yield f"      **Rule {place}: {matter}**\n\n      We look into it in a *test environment* only."
            yield "    accept: Understood"
            yield "    decline: {label: I would rather not}"
        case 7:
            yield f"    set: {{a{place}: \"{{{{ slots.a{place - 1} ~ '-{number}' }}}}\"}}"
        case 8:
            yield f"    say: You said {{{{ slots.a{place - 2} }}}} and {{{{ slots.a{place - 3} }}}} about {matter}."
        case _:
            yield f"    collect: a{place}"
            yield "    prompt: |"
            yield f"      **Question {place}: what about {matter}?**\n\n      Take your time; `/why` says more."
            yield f"    hint: For example the number {number + place}."
            yield f"    why: Because {matter} often has a cause of its own."
            yield "    unsure: true"
            if _slot(place) == "choice":
                yield "    choices:"
                yield from (
                    f"      - {{id: c{each}, label: Option {each} of {matter}, synonyms: [o{each}, way {each}]}}"
                    for each in range(4)
                )
