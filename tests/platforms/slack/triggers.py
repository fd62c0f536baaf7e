"""What an interaction lends to the app for a moment: a trigger for a modal, an address for answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.platforms.slack.refusals import Refusal

if TYPE_CHECKING:
    from tests.platforms.clock import Clock
    from tests.platforms.slack.world import Conversation

TRIGGER_SECONDS = 3
ANSWER_SECONDS, ANSWER_USES = 1800, 5


class Triggers:
    """Triggers live for three seconds and serve once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._live: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def new(self, person: str) -> str:
        """A trigger of that user's interaction."""
        number = f"{secrets.randbelow(10**12):012d}.{secrets.token_hex(8)}"
        self._live[number] = (person, self._clock.now() + TRIGGER_SECONDS)
        return number

    def take(self, number: str) -> str:
        """Whose trigger that is; it serves no more."""
        if number in self._used:
            raise Refusal("exchanged_trigger_id")
        if number not in self._live:
            raise Refusal("invalid_trigger_id")
        person, until = self._live.pop(number)
        if self._clock.now() > until:
            self._live[number] = (person, until)
            raise Refusal("expired_trigger_id")
        self._used.add(number)
        return person


@dataclass
class AnswerUrl:
    """A response_url: five answers within half an hour."""

    workspace: str
    conversation: Conversation
    person: str
    until: float
    source: str | None = None
    """The message with the button that was pressed."""
    uses: int = 0


class AnswerUrls:
    """Every response_url that was given out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, AnswerUrl] = {}

    def new(self, workspace: str, conversation: Conversation, person: str, source: str | None) -> str:
        """The last part of a new address."""
        number = secrets.token_hex(12)
        self._given[number] = AnswerUrl(workspace, conversation, person, self._clock.now() + ANSWER_SECONDS, source)
        return number

    def use(self, number: str) -> AnswerUrl:
        """The address, if it still serves."""
        url = self._given.get(number)
        if url is None or self._clock.now() > url.until:
            raise Refusal("expired_url")
        if url.uses == ANSWER_USES:
            raise Refusal("used_url")
        url.uses += 1
        return url
