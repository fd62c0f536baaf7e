"""The stand-in platform: chats that people write in, a socket that processes listen on, and calls to send and to find.

It speaks JSON, a line each, over TCP on loopback. A process connects and says `listen`: then events come, each until it
is acknowledged, some twice, some late. Or it says `send` or `find`, one after the other, and gets an answer to each. In
between the platform is as unreliable as real ones are; `Manners` says how much.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from tests.crash.truth import Posted, Shown, Truth

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from bot.service.step import Received

RETRY_AFTER_S: Final = 1.5
"""An event that is not acknowledged for so long is brought again."""
BUSY_S: Final = 0.2
HANG_S: Final = 0.1


class Manners(NamedTuple):
    """Out of a thousand: how often an event comes `twice` or `late`; how a call goes wrong.

    `slow`: 429 with a time to wait; `broken`: 5xx; `silent`: taken, but the connection closes without an answer;
    `dropped`: closed without being taken.
    """

    twice: int = 0
    late: int = 0
    slow: int = 0
    broken: int = 0
    silent: int = 0
    dropped: int = 0


CALM: Final = Manners()
ROUGH: Final = Manners(twice=100, late=50, slow=20, broken=15, silent=10, dropped=10)


class Platform:
    """A platform in this process; `truth` is what happened on it."""

    def __init__(self, manners: Manners, random: Random) -> None:
        """An empty platform."""
        self.truth = Truth()
        self.manners = manners
        self._random = random
        self._waiting: dict[int, asyncio.Event] = {}
        """By number of the posted event: set when it is acknowledged."""
        self._listeners: list[asyncio.StreamWriter] = []
        self._progress = asyncio.Event()
        self.gate = asyncio.Event()
        """Unless it is set, what people say waits here before it is brought for the first time."""
        self.gate.set()
        self.most_listeners = 0
        """How many processes listened at the same time."""
        self._listening = asyncio.Event()
        self._processes: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        """By name: set when that process has begun to listen."""
        self._places: dict[str, list[Shown]] = defaultdict(list)
        self._found: dict[int, list[str]] = defaultdict(list)
        self._news: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.threads: dict[str, str] = {}
        """By session the message that opened its case."""
        self.marks: dict[str, str] = {}
        """By message of staff what was last shown on it."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Begin to listen; the port."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Hang up on everybody."""
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._listeners:
            writer.close()

    # --- people ---------------------------------------------------------------------------------------------------

    async def post(self, address: str, received: Received, thread: str = "") -> None:
        """Bring an event to the bot, until it is acknowledged; what staff do, with the thread that they do it in."""
        number = len(self.truth.posted)
        event = Posted(address, received.event.key, msgspec.json.encode(received).decode(), thread)
        self.truth.posted.append(event)
        self._waiting[number] = asyncio.Event()
        self._start(self._bring(number, event))
        if self._odd(self.manners.twice):
            self._start(self._again(number, event))
        await self._waiting[number].wait()

    def seen(self, place: str) -> list[Shown]:
        """What stands in a place, in the order in which it came."""
        return self._places[place]

    async def until(self, subject: str, what: Callable[[], object]) -> None:
        """Wait for something that can come with news of a place, a session's case or a message of staff."""
        while not what():
            self._news[subject].clear()
            await self._news[subject].wait()

    async def working(self, process: str) -> None:
        """Wait until the process of that name listens."""
        await self._processes[process].wait()

    async def acknowledged(self, events: int) -> None:
        """Wait until so many events have been."""
        while len(self.truth.posted) - self.unacknowledged < events:
            self._progress.clear()
            await self._progress.wait()

    @property
    def unacknowledged(self) -> int:
        """Events that were not acknowledged yet."""
        return sum(not each.results for each in self.truth.posted)

    # --- events to processes ----------------------------------------------------------------------------------------

    async def _bring(self, number: int, event: Posted) -> None:
        if self._odd(self.manners.late):
            await asyncio.sleep(self._random.random() / 2)
        await self.gate.wait()
        while not event.results:
            before = event.tries
            await self._write(number, event)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._waiting[number].wait(), RETRY_AFTER_S if event.tries > before else BUSY_S)

    async def _again(self, number: int, event: Posted) -> None:
        """Bring an event once more, whatever became of it."""
        self._count("duplicates_brought")
        await asyncio.sleep(self._random.random() ** 3 * 3)
        await self._write(number, event)

    async def _write(self, number: int, event: Posted) -> None:
        await self._listening.wait()
        writer = self._random.choice(self._listeners)
        if writer.is_closing():
            return
        event.tries += 1
        line = {
            "number": number,
            "address": event.address,
            "key": event.key,
            "received": event.received,
            "thread": event.thread,
        }
        with contextlib.suppress(OSError):
            writer.write(msgspec.json.encode(line) + b"\n")
            await writer.drain()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._listeners.append(writer)
        self.most_listeners = max(self.most_listeners, len(self._listeners))
        self._listening.set()
        try:
            while line := await reader.readline():
                said = msgspec.json.decode(line)
                if said["result"] in {"busy", "unavailable"}:
                    self._count(f"answered_{said['result']}")
                    continue  # it is brought again
                self.truth.posted[said["number"]].results.append(said["result"])
                self._waiting[said["number"]].set()
                self._progress.set()
        finally:
            self._listeners.remove(writer)
            if not self._listeners:
                self._listening.clear()

    # --- calls of processes -----------------------------------------------------------------------------------------

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while (line := await reader.readline()).endswith(b"\n"):
                said = msgspec.json.decode(line)
                if said["do"] == "listen":
                    self._processes[said["process"]].set()
                    return await self._listen(reader, writer)
                answer = await self._answer(said)
                if answer is None:
                    return None
                writer.write(msgspec.json.encode(answer) + b"\n")
        except (OSError, asyncio.CancelledError):
            pass  # the process was killed, or the run is over
        finally:
            self._tasks.discard(task)
            writer.close()
        return None

    async def _answer(self, said: dict[str, Any]) -> dict[str, Any] | None:
        if said["do"] == "send":
            return await self._sent(said)
        if said["do"] == "find":
            if self._odd(self.manners.broken):
                return {"later": "503", "after": 0}
            return {"natives": self._found.get(said["id"])}
        return None

    async def _sent(self, call: dict[str, Any]) -> dict[str, Any] | None:
        manners = self.manners
        if refuses(call["place"], call["kind"]):
            self._count("refused")
            return {"refused": "message_not_modifiable"}
        if self._odd(manners.slow):
            self._count("slowed_down")
            return {"later": "429", "after": self._random.randint(500, 3_000)}
        if self._odd(manners.broken):
            self._count("broken")
            return {"later": "502", "after": 0}
        if self._odd(manners.dropped):
            self._count("dropped")
            return None
        silent = self._odd(manners.silent)
        natives = [self._show(call, answered=not silent)]
        if silent:
            self._count("silent")
            await asyncio.sleep(HANG_S)
            return None
        return {"natives": natives}

    def _show(self, call: dict[str, Any], *, answered: bool) -> str:
        native = call["target"][0] if call["target"] else f"m{len(self.truth.shown)}"
        shown = Shown(
            process=call["process"],
            outbox=call["id"],
            place=call["place"],
            kind=call["kind"],
            payload=call["payload"],
            native=native,
            target=tuple(call["target"]),
            answered=answered,
        )
        self.truth.shown.append(shown)
        self._places[shown.place].append(shown)
        self._found[shown.outbox].append(native)
        self._news[shown.place].set()
        if shown.kind in {"open_case", "mark"}:
            said = msgspec.json.decode(shown.payload)
            if shown.kind == "mark":
                self.marks[said["origin"]] = said["state"]
            else:
                self.threads[said["session"]] = native
            self._news[said.get("origin") or said["session"]].set()
        return native

    # --- small change ---------------------------------------------------------------------------------------------

    def _odd(self, of_thousand: int) -> bool:
        return self._random.random() * 1000 < of_thousand

    def _count(self, what: str) -> None:
        self.truth.counts[what] = self.truth.counts.get(what, 0) + 1

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def refuses(place: str, kind: str) -> bool:
    """Whether this platform never takes such a message there: some chats allow no edits, some no words of people."""
    return (kind == "edit" and place.endswith(("3:", "8:"))) or (kind == "relay" and place.endswith("9:"))
