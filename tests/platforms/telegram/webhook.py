"""Delivery by webhook as the real server does it (tdlib/telegram-bot-api, WebhookActor.cpp)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from tests.platforms.loopback import Loopback
    from tests.platforms.telegram.updates import Updates, Waiting
    from tests.platforms.wire import Json

PATIENCE = 60.0
"""Seconds until a request without an answer counts as failed."""
LONGEST_PAUSE = 90.0
LONGEST_RETRY_AFTER = 3600
SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """One address that gets every update: several at once, but one at a time of each key."""

    def __init__(self, server: Loopback, updates: Updates, arguments: Json) -> None:
        """`arguments` are those of setWebhook."""
        self._server = server
        self._updates = updates
        self.url: str = arguments["url"]
        self._secret: str = arguments.get("secret_token", "")
        self._max = int(arguments.get("max_connections", 40))
        self._busy: dict[int, asyncio.Task[None]] = {}
        self.last_error: tuple[int, str] | None = None

    async def run(self) -> None:
        """Deliver whatever waits, until cancelled."""
        try:
            while True:
                self._start()
                await self._updates.arrival()
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def info(self) -> Json:
        """The Bot API's WebhookInfo."""
        found: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting()),
            "max_connections": self._max,
            "ip_address": "127.0.0.1",
        }
        if self.last_error is not None:
            found |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        if (allowed := self._updates.allowed()) is not None:
            found["allowed_updates"] = allowed
        return found

    def _start(self) -> None:
        heads: dict[int, Waiting] = {}
        for update in self._updates.waiting():
            heads.setdefault(update.key, update)
        for key, update in heads.items():
            if key not in self._busy and len(self._busy) < self._max:
                self._busy[key] = asyncio.create_task(self._deliver(update))

    async def _deliver(self, update: Waiting) -> None:
        """Until taken or too old: the first retry at once, then after 2, 4, 8 … seconds or what the bot asks for."""
        pause = 0.0
        try:
            while update.expires > self._server.clock.now():
                tries = [self._post(update) for _ in range(self._server.faults.copies())]
                taken, retry_after = max(await asyncio.gather(*tries))
                if taken:
                    break
                await self._server.clock.sleep(retry_after or pause)
                pause = min(pause * 2 or 2.0, LONGEST_PAUSE)
            self._updates.done(update)
        finally:
            del self._busy[update.key]
            self._updates.wake()

    async def _post(self, update: Waiting) -> tuple[bool, int]:
        """Whether the bot took it, and after how many seconds it wants it again (0: it did not say)."""
        headers = {SECRET: self._secret} if self._secret else {}
        body = update.json()
        try:
            status, text, retry_after = await self._server.clock.within(PATIENCE, self._request(body, headers))
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            status, text, retry_after = 0, "", 0
            reason = "Read timeout expired" if isinstance(error, TimeoutError) else "Connection refused"
            self.last_error = (int(self._server.clock.now()), reason)
        self._server.record("delivery", update.kind, body, status, text)
        taken = 200 <= status < 300
        if status and not taken:
            self.last_error = (int(self._server.clock.now()), f"Wrong response from the webhook: {status}")
        return taken, min(retry_after, LONGEST_RETRY_AFTER)

    async def _request(self, body: Json, headers: dict[str, str]) -> tuple[int, str, int]:
        async with self._server.http.post(self.url, json=body, headers=headers, allow_redirects=False) as response:
            asked = response.headers.get("Retry-After", "")
            return response.status, await response.text(), int(asked) if asked.isdecimal() else 0
