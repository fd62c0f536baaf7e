"""What a thread shows while an answer takes its time. Slack takes it away with the answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from bot.channels.slack.failures import NOT_DONE, reason
from bot.chat.addresses import parse
from bot.store.port import Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.service.recall import Recall

    Clients = Callable[[str], Awaitable[AsyncWebClient]]

SLOW_S: Final = 1.5
"""How long an answer may take without a word."""
_LONGEST: Final = 200
"""Characters of a status."""

_LOG: Final = structlog.get_logger(__name__)


class Working:
    """The threads that wait for an answer."""

    def __init__(self, client_for: Clients, recall: Recall, *, slow_s: float = SLOW_S) -> None:
        """See `SlackChannel`."""
        self._client_for = client_for
        self._recall = recall
        self._slow_s = slow_s
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def begin(self, address: str) -> None:
        """Somebody said something there; a place that is no thread shows nothing."""
        if parse(address).thread and address not in self._waiting:
            task = asyncio.create_task(self._show(address))
            self._waiting[address] = task
            task.add_done_callback(lambda _: self._waiting.pop(address, None))

    def end(self, address: str) -> None:
        """An answer is there."""
        if (task := self._waiting.get(address)) is not None:
            task.cancel()

    async def _show(self, address: str) -> None:
        await asyncio.sleep(self._slow_s)
        place = parse(address)
        try:
            client = await self._client_for(place.account)
            words = await self._recall.word(address, "working")
            await client.assistant_threads_setStatus(
                channel_id=place.chat, thread_ts=place.thread, status="…", loading_messages=[words[:_LONGEST]]
            )
        except (*NOT_DONE, Unavailable) as error:
            _LOG.info("status_not_shown", error=reason(error) or type(error).__name__)
