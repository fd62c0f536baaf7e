"""The platform's side, a process of its own: posts at a rate, however slowly it is answered (an open loop).

What is measured is the time from the moment at which a request was due, not from that at which it could be sent: who is
slow makes those behind it late, and is not spared.

    python -m tests.bench.web.load PLATFORM PORT RATE COUNT MERCHANTS    prints the waits, in seconds, as JSON
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from typing import TYPE_CHECKING, Final, get_args

from tests.bench.web.payloads import Platform, request

if TYPE_CHECKING:
    from collections.abc import Sequence

    Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

SEED: Final = 7


class Client:
    """Posts to a port; connections are kept and used again, the last one first."""

    def __init__(self, port: int) -> None:
        """Connect to nothing yet."""
        self._port = port
        self._idle: list[Connection] = []

    async def post(self, data: bytes) -> int:
        """The status of the answer to a whole request."""
        if self._idle:
            connection = self._idle.pop()
            try:
                return await self._exchange(connection, data)
            except (asyncio.IncompleteReadError, ConnectionError):
                connection[1].close()  # it had been idle for too long
        return await self._exchange(await asyncio.open_connection("127.0.0.1", self._port), data)

    async def _exchange(self, connection: Connection, data: bytes) -> int:
        reader, writer = connection
        writer.write(data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        _, _, length = head.partition("content-length:")
        if length:
            await reader.readexactly(int(length.splitlines()[0]))
        if "connection: close" in head:
            writer.close()
        else:
            self._idle.append(connection)
        return int(head.split(None, 2)[1])

    def close(self) -> None:
        """Hang up."""
        for _, writer in self._idle:
            writer.close()


async def pour(platform: Platform, port: int, rate: float, count: int, merchants: int) -> list[float]:
    """Post `count` requests at `rate` a second, in turn of as many merchants; raises RuntimeError for a refusal."""
    loop, chance, client = asyncio.get_running_loop(), random.Random(SEED), Client(port)  # noqa: S311

    async def bring(number: int, due: float) -> float:
        place, merchant = divmod(number, merchants)
        status = await client.post(request(platform, merchant, place))
        if status != 200:
            raise RuntimeError(f"answered {status}")
        return loop.time() - due

    tasks: list[asyncio.Task[float]] = []
    due = loop.time()
    for number in range(count):
        due += chance.expovariate(rate)
        await asyncio.sleep(due - loop.time())
        tasks.append(loop.create_task(bring(number, due)))
    waits = await asyncio.gather(*tasks)
    client.close()
    return waits


def main(arguments: Sequence[str]) -> None:
    """Pour, and print how long each waited."""
    platform, port, rate, count, merchants = arguments
    if platform not in get_args(Platform):
        raise SystemExit(f"{platform} is none of {', '.join(get_args(Platform))}")
    found = asyncio.run(pour(platform, int(port), float(rate), int(count), int(merchants)))  # type: ignore[arg-type]
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
