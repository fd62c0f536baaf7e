"""A way to the server that can be cut at the worst moment."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

Moment = Literal["before", "after"]
"""Of a commit: the server never hears of it, or the client never hears of its end."""
WRITES: Final = b"INSERT INTO events"
"""In the one statement that is a transaction by itself, and commits a batch of events."""


class Proxy:
    """Passes everything on, but cuts the connection at the next commit if told so, or all while it is `shut`."""

    def __init__(self, upstream: str) -> None:
        """Nobody is connected."""
        self._parts = urlsplit(upstream)
        self._writers: set[asyncio.StreamWriter] = set()
        self._at_work: set[asyncio.Task[None]] = set()
        self.cut: Moment | None = None
        self.shut = False
        self.shuts = False
        """Whether a cut also shuts it."""
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        """What happens between a cut and the next connection."""
        self.answers = asyncio.Event()
        """Answers pass while it is set."""
        self.answers.set()
        self.commits = 0

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Listen; the URL to use instead."""
        server = await asyncio.start_server(self._begin, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        login = self._parts.netloc.rpartition("@")[0]
        yield f"postgresql://{login}@127.0.0.1:{port}{self._parts.path}"
        server.close()
        self.answers.set()
        self.drop()
        await asyncio.gather(*self._at_work)

    def drop(self) -> None:
        """Cut all connections."""
        for writer in self._writers:
            writer.transport.abort()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.shut:
            writer.transport.abort()
            return
        folder = parse_qs(self._parts.query).get("host")
        port = self._parts.port or 5432
        if folder:
            there = await asyncio.open_unix_connection(f"{folder[0]}/.s.PGSQL.{port}")
        else:
            there = await asyncio.open_connection(self._parts.hostname, port)
        self._writers |= {writer, there[1]}
        with contextlib.suppress(OSError):
            await asyncio.gather(self._requests(reader, there[1]), self._answers(there[0], writer))
        for each in (writer, there[1]):
            each.transport.abort()
            self._writers.discard(each)

    async def _requests(self, reader: asyncio.StreamReader, there: asyncio.StreamWriter) -> None:
        prepared: set[bytes] = set()
        while data := await reader.read(65536):
            kind, names = data[:1], data[5:].split(b"\0", 2)
            if kind == b"P" and WRITES in data:
                prepared.add(names[0])
            if b"COMMIT;" in data or (kind == b"B" and names[1] in prepared):
                self.commits += 1
                if self.cut == "before":
                    await self._cut()
                    return
            there.write(data)
        there.transport.abort()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self.cut == "after" and (b"COMMIT\0" in data or b"INSERT 0 " in data):
                await self._cut()
                return
            await self.answers.wait()
            writer.write(data)
        writer.transport.abort()

    async def _cut(self) -> None:
        self.cut = None
        self.shut = self.shuts
        if self.meanwhile is not None:
            await self.meanwhile()
        self.drop()
