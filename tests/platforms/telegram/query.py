"""A button that somebody pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.platforms.news import News


@dataclass
class Query:
    """A press, and what the bot made of it."""

    id: str
    at: float
    news: News
    done: bool = False
    notice: str = ""
    """What the app shows on top of the chat, or as an alert."""
    alert: bool = False

    def answer(self, notice: str, *, alert: bool) -> None:
        """The spinner stops."""
        self.done, self.notice, self.alert = True, notice, alert

    async def answered(self) -> str:
        """The notice of the bot's answer, empty when it has none; waits for the answer."""
        await self.news.until(lambda: self.done, "the bot answers the button press")
        return self.notice
