"""The six questions with python-statemachine: one state per question of a `StateChart`.

Written after the library's README: the class declares the chart once, a guard picks between moving on and asking
again, callbacks get the reply by name. Each conversation is an instance of its own.

In the library's favour: no persistence, translation, rich text, way back or checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from statemachine import State, StateChart

from .questions import CLOSING, QUESTION_BY_ID, Transcript, scripts

if TYPE_CHECKING:
    from collections.abc import Sequence


class Basics(StateChart[Any]):
    """One merchant's conversation; `answer(text=...)` takes a reply."""

    # By default the chart turns an exception into an event; a mistake in the benchmark must be seen.
    catch_errors_as_events = False

    platform = State(initial=True)
    environment = State()
    plugin_core = State()
    payment_core = State()
    recent_update = State()
    reproducible = State()
    done = State(final=True)

    answer = (
        platform.to(environment, cond="recognised", on="store")
        | environment.to(plugin_core, cond="recognised", on="store")
        | plugin_core.to(payment_core, cond="recognised", on="store")
        | payment_core.to(recent_update, cond="recognised", on="store")
        | recent_update.to(reproducible, cond="recognised", on="store")
        | reproducible.to(done, cond="recognised", on="store")
        # What no guard lets through comes back to its question and, by entering it, asks it again.
        | platform.to(platform)
        | environment.to(environment)
        | plugin_core.to(plugin_core)
        | payment_core.to(payment_core)
        | recent_update.to(recent_update)
        | reproducible.to(reproducible)
    )

    def __init__(self) -> None:
        """Start the conversation, which asks the first question."""
        self.answers: dict[str, str] = {}
        self.texts: list[str] = []
        super().__init__()

    def recognised(self, text: str, source: State) -> bool:
        """Tell whether the reply names a choice of the present question."""
        return QUESTION_BY_ID[source.id].match(text) is not None

    def store(self, text: str, source: State) -> None:
        """Store the choice that the reply names."""
        choice = QUESTION_BY_ID[source.id].match(text)
        if choice is not None:
            self.answers[source.id] = choice

    def on_enter_state(self, target: State) -> None:
        """Compose the question of the state that is entered, or the closing text."""
        self.texts.append(CLOSING if target.final else QUESTION_BY_ID[target.id].text())


def converse(replies: Sequence[str]) -> Transcript:
    """Have one conversation."""
    chart = Basics()
    for reply in replies:
        chart.answer(text=reply)
    return Transcript(chart.answers, chart.texts)


def walk(n: int) -> int:
    """Have `n` conversations and return the number of answers they took."""
    return sum(len(converse(script.replies).answers) for script in scripts(n))
