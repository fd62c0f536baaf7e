"""The channels of the stand-in platform: one that can look a message up by our id, as Slack, and one that cannot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.service.port import Later, Lost, Rate, Refused
from tests.crash.rehearsal import TEAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.addresses import Address
    from bot.chat.effects import Effect
    from bot.store.rows import Delivery

FINDS: Final = "slack"
"""The carrier whose messages can be looked up by our id."""
BLIND: Final = "telegram"
"""The carrier of which nobody can tell whether a message was taken."""
HARMLESS_TWICE: Final = frozenset({"ask", "edit", "open_case"})
"""What the blind one sends again when nobody can tell: nobody could go on without it. The rest becomes uncertain."""
TIMEOUT_S: Final = 60.0
"""The platform answers or hangs up: whoever waits for so long has lost it."""
EVERYBODYS: Final = (20, 10)
STAFFS: Final = (100, 100)
"""What a chat bears, at once and in a second; all cases share the place of staff."""


class StandIn:
    """One of the two, on the platform at a port."""

    def __init__(self, carrier: str, port: int, process: str) -> None:
        """`process` is told to the platform, for its records."""
        self.carrier = carrier
        self._port = port
        self._process = process
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        """Connections on which nothing is asked."""

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """See `Channel.parts`: everything fits."""
        return (effect,)

    def rates(self, destination: Address) -> Sequence[Rate]:
        """See `Channel.rates`: an account's, and a chat's."""
        return (
            Rate(f"{self.carrier}:account", 400, 300, shared=True),
            Rate(f"{self.carrier}:{destination.chat}", *(STAFFS if destination.chat == TEAM else EVERYBODYS)),
        )

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """See `Channel.send`."""
        return tuple(
            await self._call(
                do="send",
                id=delivery.id,
                place=delivery.destination,
                kind=delivery.kind,
                payload=delivery.payload,
                target=delivery.target,
            )
        )

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:
        """See `Channel.find`."""
        if self.carrier == BLIND:
            raise Lost
        try:
            natives = await self._call(do="find", id=delivery.id)
        except Lost as failure:
            raise Later("no answer") from failure
        return None if natives is None else tuple(natives)

    def repeats(self, delivery: Delivery) -> bool:
        """See `Channel.repeats`."""
        return delivery.kind in HARMLESS_TWICE

    async def _call(self, **said: Any) -> Any:
        try:
            reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
        except OSError as failure:
            raise Later("no connection") from failure
        line = b""
        try:
            writer.write(msgspec.json.encode({**said, "process": self._process}) + b"\n")
            async with asyncio.timeout(TIMEOUT_S):
                line = await reader.readline()
        except (OSError, TimeoutError) as failure:
            raise Lost from failure
        finally:
            if line.endswith(b"\n"):
                self._free.append((reader, writer))
            else:
                writer.close()
        if not line.endswith(b"\n"):
            raise Lost
        answer = msgspec.json.decode(line)
        if "refused" in answer:
            raise Refused(answer["refused"])
        if "later" in answer:
            raise Later(answer["later"], answer["after"])
        return answer["natives"]
