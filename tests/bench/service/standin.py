"""A platform on loopback with the lightest protocol there is: a line in, a line back. What remains is our own work."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Final

from bot.service.port import Lost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.addresses import Address
    from bot.chat.effects import Effect
    from bot.service.port import Rate
    from bot.store.rows import Delivery
    from tests.bench.starting import Start

_LINE: Final = 1 << 20


class Platform:
    """A process that takes messages, one a line (`NUMBER DESTINATION PAYLOAD`), and answers each with its number."""

    def __init__(self, start: Start) -> None:
        """Start it with `start`."""
        self._start = start

    def __enter__(self) -> int:
        """Listen; the port."""
        self._process = self._start("tests.bench.service.standin")
        return int(self._process.line())

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._process.kill()


async def listen() -> None:
    """Answer whoever connects, for good; the port is printed first."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            number, _, _ = line.partition(b" ")
            writer.write(number + b"\n")

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=_LINE)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Line:
    """A channel to the platform over one connection."""

    def __init__(self, carrier: str) -> None:
        """Connect with `connect`."""
        self.carrier = carrier
        self._numbers = count(1)
        self._waiting: dict[bytes, asyncio.Future[tuple[str, ...]]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def connect(self, port: int) -> None:
        """Reach the platform on loopback."""
        reader, self._writer = await asyncio.open_connection("127.0.0.1", port, limit=_LINE)
        self._listener = asyncio.create_task(self._listen(reader))

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None and self._listener is not None:
            self._writer.close()
            await self._listener

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            number = line.rstrip()
            self._waiting.pop(number).set_result((number.decode(),))

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """See `Channel.parts`."""
        return (effect,)

    def rates(self, destination: Address) -> Sequence[Rate]:  # noqa: ARG002
        """No limit: what is measured is how fast messages could leave."""
        return ()

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """See `Channel.send`."""
        if self._writer is None:
            raise Lost
        number = str(next(self._numbers)).encode()
        answer: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._writer.write(b"%b %b %b\n" % (number, delivery.destination.encode(), delivery.payload.encode()))
        return await answer

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:  # noqa: ARG002
        """See `Channel.find`."""
        return None

    def repeats(self, delivery: Delivery) -> bool:  # noqa: ARG002
        """See `Channel.repeats`."""
        return True


if __name__ == "__main__":
    asyncio.run(listen())
