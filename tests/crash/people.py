"""The merchants on the platform: each plays a rehearsed talk, acting only on what stands in the chat."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.events import Tap
from tests.crash.rehearsal import is_of_staff, received

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    from tests.crash.platform import Platform
    from tests.crash.rehearsal import Act, Talk

PATIENCE_S: Final = 900.0
"""Whoever sees nothing new for so long is stuck."""


class Stuck(Exception):  # noqa: N818  (a merchant's state)
    """Somebody waits in vain."""


class Merchant:
    """One merchant, with the colleague of the team who answers them."""

    def __init__(self, platform: Platform, talk: Talk, random: Random, thinks_s: float) -> None:
        """Pauses are about `thinks_s` seconds."""
        self._platform = platform
        self._talk = talk
        self._random = random
        self._thinks_s = thinks_s
        self._asked: set[int] = set()
        """Our ids of the questions that were seen: the same one twice is one question to a reader."""

    async def converse(self, falls_silent: Callable[[], None], later: asyncio.Event) -> None:
        """Play the talk; say so when silence begins, which ends `later`. Notes it down when stuck."""
        try:
            for act in self._talk.acts:
                if act.after_silence:
                    falls_silent()
                    await later.wait()
                    await self._until_closed()
                await asyncio.sleep(self._random.expovariate(1 / self._thinks_s) if self._thinks_s else 0)
                await self._play(act)
        except Stuck as stuck:
            self._platform.truth.stuck.append(f"{self._talk.address}: {stuck}")

    async def _play(self, act: Act) -> None:
        event = act.event
        if isinstance(event, Tap):
            event = msgspec.structs.replace(event, token=self._shown(event.token))
        for origin in act.after:
            marked = self._platform.until(origin, partial(self._is_settled, origin))
            await self._wait(marked, f"what became of {origin}")
        thread = await self._thread() if is_of_staff(event) else ""
        posted = self._platform.post(self._talk.address, received(self._talk, event), thread)
        if not act.asks:
            await self._wait(posted, f"the platform to take {event.key}")
            return
        taken = asyncio.create_task(posted)
        try:
            await self._until_asked(event.key)
        finally:
            if not taken.done():  # the answer can be seen before the acknowledgement
                await self._wait(taken, f"the platform to take {event.key}")

    def _is_settled(self, origin: str) -> bool:
        return self._platform.marks.get(origin, "queued") != "queued"

    async def _thread(self) -> str:
        """The message that opened the merchant's case, once it is there."""
        seen = self._platform.seen(self._talk.address)
        session = next(msgspec.json.decode(each.payload)["ref"] for each in seen if each.kind == "ask").partition(".")[
            0
        ]
        threads = self._platform.threads
        await self._wait(self._platform.until(session, lambda: session in threads), "the case to be opened")
        return threads[session]

    def _shown(self, wanted: str) -> str:
        """The token of a button that is to be seen, the same but for its session."""
        mark = wanted.partition(".")[2]
        for shown in reversed(self._platform.seen(self._talk.address)):
            for button in msgspec.json.decode(shown.payload).get("buttons", ()):
                if button["token"].partition(".")[2] == mark:
                    return str(button["token"])
        raise Stuck(f"there is no button {mark}")

    async def _until_asked(self, key: str) -> None:
        """Wait for a question that was not there before."""
        place = self._talk.address

        def asked() -> set[int]:
            return {shown.outbox for shown in self._platform.seen(place) if shown.kind == "ask"}

        await self._wait(self._platform.until(place, lambda: asked() - self._asked), f"a question after {key}")
        self._asked = asked()

    async def _until_closed(self) -> None:
        """Wait until the bot has closed for now, which is a message after the last question."""
        place = self._talk.address
        closed = self._platform.until(place, lambda: self._platform.seen(place)[-1].kind == "say")
        await self._wait(closed, "the bot to close for now")

    async def _wait(self, what: Awaitable[None], name: str) -> None:
        try:
            await asyncio.wait_for(what, PATIENCE_S)
        except TimeoutError:
            raise Stuck(f"waits for {name}") from None
