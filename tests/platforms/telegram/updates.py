"""The updates that wait for the bot, one queue for polling and webhook alike (tdlib/telegram-bot-api, Client.cpp)."""

from __future__ import annotations

import asyncio
import copy
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.platforms.telegram.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, WEBHOOK_SET, Refusal, conflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.platforms.clock import Clock
    from tests.platforms.faults import Faults
    from tests.platforms.wire import Json

MESSAGE_LIFE = 24 * 3600
CALLBACK_LIFE = 150
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50

# what is delivered in order with what: chat for messages, person for button presses, so that these can overtake those
MESSAGE_KINDS = frozenset({"message", "edited_message", "channel_post", "edited_channel_post"})
CALLBACK_KEY = 3 << 33
OTHER_KEYS = {"my_chat_member": 5 << 33, "chat_member": 6 << 33, "message_reaction": 8 << 33}


@dataclass(frozen=True)
class Waiting:
    """An update that the bot has not confirmed."""

    id: int
    kind: str
    key: int
    """Updates of one key are delivered one after the other by webhook."""
    expires: float
    payload: Json

    def json(self) -> Json:
        """The Bot API's Update."""
        return {"update_id": self.id, self.kind: self.payload}


class Updates:
    """The queue, and who reads it."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._ids = itertools.count(800_000_001)
        self._waiting: list[Waiting] = []
        self._allowed: frozenset[str] | None = None
        self._arrived = asyncio.Event()
        self._poller: asyncio.Future[Refusal] | None = None
        self.webhook_active = False
        self.expired: list[Waiting] = []
        """What nobody fetched in time; the real server drops it without a word."""

    def add(self, kind: str, payload: Json, *, chat: int, person: int) -> None:
        """Queue an update, unless the bot does not want its kind; the payload stays as it is now."""
        wanted = kind not in NOT_BY_DEFAULT if self._allowed is None else kind in self._allowed
        if not wanted:
            return
        life = CALLBACK_LIFE if kind == "callback_query" else MESSAGE_LIFE
        key = chat if kind in MESSAGE_KINDS else person + CALLBACK_KEY
        if kind in OTHER_KEYS:
            key = chat + OTHER_KEYS[kind]
        expires = self._clock.now() + life
        self._waiting.append(Waiting(next(self._ids), kind, key, expires, copy.deepcopy(payload)))
        self.wake()

    def add_raw(self, update: Json) -> None:
        """Queue an update of any shape, such as one of a newer Bot API; it gets the next id."""
        kind, payload = next(iter(update.items()))
        self._waiting.append(Waiting(next(self._ids), kind, 0, self._clock.now() + MESSAGE_LIFE, payload))
        self.wake()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """What setWebhook or getUpdates named; None leaves it as it was, an empty list means the default."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    def allowed(self) -> list[str] | None:
        """What the bot wants; None for the default."""
        return None if self._allowed is None else sorted(self._allowed)

    def waiting(self) -> list[Waiting]:
        """What is neither confirmed nor too old, oldest first."""
        now = self._clock.now()
        self.expired += [each for each in self._waiting if each.expires <= now]
        self._waiting = [each for each in self._waiting if each.expires > now]
        return list(self._waiting)

    def done(self, update: Waiting) -> None:
        """The webhook took an update."""
        self._waiting = [each for each in self._waiting if each.id != update.id]

    def drop(self) -> None:
        """Forget everything that waits."""
        self._waiting = []

    def wake(self) -> None:
        """Let readers look again."""
        self._arrived.set()
        self._arrived = asyncio.Event()

    async def arrival(self) -> None:
        """Until something may have arrived."""
        await self._arrived.wait()

    def end_poll(self, reason: str) -> None:
        """End the poll under way with a conflict."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(conflict(reason))

    def webhook_set(self, *, active: bool) -> None:
        """A webhook was set or deleted."""
        self.webhook_active = active
        if active:
            self.end_poll(WEBHOOK_SET)
        self.wake()

    @property
    def polled(self) -> bool:
        """Whether a poll waits."""
        return self._poller is not None and not self._poller.done()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 — Telegram's word
        """getUpdates: confirm what is before `offset`, wait for something, and never beside another poll."""
        if self.webhook_active:
            raise conflict(WEBHOOK_ACTIVE)
        self.end_poll(OTHER_POLLER)
        self._poller = mine = asyncio.get_running_loop().create_future()
        if offset < 0:
            offset = min([each.id for each in self.waiting()][offset:], default=0)
        self._waiting = [each for each in self._waiting if each.id >= offset]
        deadline = self._clock.now() + min(timeout, LONGEST_POLL)
        while not (found := self.waiting()) and (left := deadline - self._clock.now()) > 0:
            sleeping = asyncio.create_task(self._clock.sleep(left))
            arriving = asyncio.create_task(self._arrived.wait())
            try:
                await asyncio.wait({sleeping, arriving, mine}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sleeping.cancel()
                arriving.cancel()
            if mine.done():
                raise mine.result()
        batch = found[: max(1, min(limit, 100))]
        if batch and (held := self._faults.held()) and len(batch) >= held:
            batch.reverse()
        return [each.json() for each in batch for _ in range(self._faults.copies())]
