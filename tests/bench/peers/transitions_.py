"""The six questions with transitions: one state per question of a `Machine` that all conversations share.

Written after the library's README: states and transitions are given once, the machine has no model of its own, each
conversation is a model added to it and removed again, and `auto_transitions` is off because nothing uses them.

In the library's favour: no persistence, translation, rich text, way back or checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transitions import Machine

from .questions import CLOSING, QUESTION_BY_ID, QUESTIONS, Transcript, scripts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Merchant:
    """One conversation: a plain model, to which the machine adds `state` and the trigger `answer`."""

    state: str
    answer: Callable[[str], bool]

    def __init__(self) -> None:
        """Start with nothing answered and nothing asked."""
        self.answers: dict[str, str] = {}
        self.texts: list[str] = []

    def recognised(self, text: str) -> bool:
        """Tell whether the reply names a choice of the present question."""
        return QUESTION_BY_ID[self.state].match(text) is not None

    def store(self, text: str) -> None:
        """Store the choice that the reply names."""
        choice = QUESTION_BY_ID[self.state].match(text)
        if choice is not None:
            self.answers[self.state] = choice

    def ask(self, _text: str = "") -> None:
        """Compose the question of the present state, or the closing text."""
        self.texts.append(CLOSING if self.state == "done" else QUESTION_BY_ID[self.state].text())


def _machine() -> Machine:
    """Define the six states in a row; an answer that is recognised moves to the next one."""
    machine = Machine(
        model=None,
        states=[*(question.id for question in QUESTIONS), "done"],
        initial=QUESTIONS[0].id,
        auto_transitions=False,
    )
    machine.add_ordered_transitions(
        trigger="answer", loop=False, conditions="recognised", before="store", after="ask"
    )  # fmt: skip
    return machine


MACHINE = _machine()


def converse(replies: Sequence[str]) -> Transcript:
    """Have one conversation."""
    merchant = Merchant()
    MACHINE.add_model(merchant)
    merchant.ask()
    for reply in replies:
        if not merchant.answer(reply):
            merchant.ask()
    MACHINE.remove_model(merchant)
    return Transcript(merchant.answers, merchant.texts)


def walk(n: int) -> int:
    """Have `n` conversations and return the number of answers they took."""
    return sum(len(converse(script.replies).answers) for script in scripts(n))
