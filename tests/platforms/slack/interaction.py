"""Something a person did that the app has to acknowledge within three seconds, once: Slack does not repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

    from tests.platforms.news import News
    from tests.platforms.slack.delivery import Answer
    from tests.platforms.wire import Json


class Interaction:
    """A press, a choice, a shortcut, a command or a modal sent."""

    def __init__(self, news: News, payload: Json, delivered: asyncio.Task[Answer]) -> None:
        self.payload = payload
        self._news = news
        self._delivered = delivered

    @property
    def done(self) -> bool:
        """Whether the app answered, or its time is over."""
        return self._delivered.done()

    async def answered(self) -> str:
        """The text of the answer, often empty. AssertionError when the app did not take it: a warning would show."""
        answer = await self.answer()
        assert answer.taken, f"the app did not acknowledge: {answer.reason} {answer.body or ''}"
        return str(answer.body.get("text", "")) if isinstance(answer.body, dict) else answer.body or ""

    async def answer(self) -> Answer:
        """The app's answer, whatever it is."""
        await self._news.until(lambda: self.done, "the app answers an interaction")
        return self._delivered.result()

    @property
    def body(self) -> Any:
        """What the app answered with."""
        return self._delivered.result().body
