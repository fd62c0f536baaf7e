"""The six questions with sismic: one state per question of a statechart in YAML.

Written after the library's documentation: the statechart is imported once, each conversation has an `Interpreter` of
its own, guards and actions are code in the chart, and what they need from outside comes by `initial_context`. The
library keeps compiled code per interpreter, so each conversation compiles the chart's code anew.

In the library's favour: no persistence, translation, rich text, way back or checks, and `ignore_contract`, because
the chart has no contracts to check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sismic.interpreter import Interpreter  # type: ignore[import-untyped]
from sismic.io import import_from_yaml  # type: ignore[import-untyped]

from .questions import CLOSING, QUESTION_BY_ID, Transcript, scripts

if TYPE_CHECKING:
    from collections.abc import Sequence

# A reply that no guard lets through takes the transition of low priority: it enters its state anew and asks again.
CHART = import_from_yaml("""
statechart:
  name: basics
  preamble: |
    answers = {}
    texts = []
  root state:
    name: conversation
    initial: platform
    states:
    - name: platform
      on entry: |
        question = questions["platform"]
        texts.append(question.text())
      transitions:
      - target: environment
        event: answer
        guard: question.match(event.text) is not None
        action: answers[question.id] = question.match(event.text)
      - target: platform
        event: answer
        priority: low
    - name: environment
      on entry: |
        question = questions["environment"]
        texts.append(question.text())
      transitions:
      - target: plugin_core
        event: answer
        guard: question.match(event.text) is not None
        action: answers[question.id] = question.match(event.text)
      - target: environment
        event: answer
        priority: low
    - name: plugin_core
      on entry: |
        question = questions["plugin_core"]
        texts.append(question.text())
      transitions:
      - target: payment_core
        event: answer
        guard: question.match(event.text) is not None
        action: answers[question.id] = question.match(event.text)
      - target: plugin_core
        event: answer
        priority: low
    - name: payment_core
      on entry: |
        question = questions["payment_core"]
        texts.append(question.text())
      transitions:
      - target: recent_update
        event: answer
        guard: question.match(event.text) is not None
        action: answers[question.id] = question.match(event.text)
      - target: payment_core
        event: answer
        priority: low
    - name: recent_update
      on entry: |
        question = questions["recent_update"]
        texts.append(question.text())
      transitions:
      - target: reproducible
        event: answer
        guard: question.match(event.text) is not None
        action: answers[question.id] = question.match(event.text)
      - target: recent_update
        event: answer
        priority: low
    - name: reproducible
      on entry: |
        question = questions["reproducible"]
        texts.append(question.text())
      transitions:
      - target: done
        event: answer
        guard: question.match(event.text) is not None
        action: answers[question.id] = question.match(event.text)
      - target: reproducible
        event: answer
        priority: low
    - name: done
      type: final
      on entry: texts.append(closing)
""")


def converse(replies: Sequence[str]) -> Transcript:
    """Have one conversation."""
    context = {"questions": QUESTION_BY_ID, "closing": CLOSING}
    interpreter = Interpreter(CHART, initial_context=context, ignore_contract=True)
    interpreter.execute_once()
    for reply in replies:
        interpreter.queue("answer", text=reply)
        interpreter.execute_once()
    return Transcript(interpreter.context["answers"], interpreter.context["texts"])


def walk(n: int) -> int:
    """Have `n` conversations and return the number of answers they took."""
    return sum(len(converse(script.replies).answers) for script in scripts(n))
