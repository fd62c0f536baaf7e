"""A process that takes steps for another one, as long as that lives: `python -m bot.service.worker`.

It is told on its standard input what steps go by (`Grounds`), and then which to take; it answers on its standard output
with what each came to. Each is its length in four bytes, and its bytes. It draws neither the time nor seeds.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import pickle
import signal
import struct
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

import bot
from bot.flow.library import Library
from bot.flow.snapshots import revive, snapshot
from bot.service.step import Grounds, Received, Recent, moment, step
from bot.store.rows import Arrival, Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.text.catalogs import Catalogs

LENGTH: Final = struct.Struct("<I")
"""Of a message, before it."""
GROUNDS: Final = b"G"
STEPS: Final = b"S"
"""What a question is, in a byte before its length."""
FAILED: Final = b""
"""The answer if one of the steps raised anything: whoever asked takes them again, and learns what."""
ROOM: Final = 1 << 20
"""Bytes that fit between the two processes, where that can be said: a batch."""


class Job(msgspec.Struct, array_like=True):
    """A step to be taken; `document` is that of the conversation, None for a new one."""

    address: str
    key: str
    origin: str
    received: Received
    document: bytes | None
    seeds: tuple[str, ...]


class Jobs(msgspec.Struct, array_like=True):
    """Steps to be taken, in the form in which they are asked for."""

    now: int
    jobs: list[Job]


class Done(msgspec.Struct, array_like=True):
    """What they came to, and how many seconds each took."""

    changes: list[Change | None]
    seconds: list[float]


def pack(grounds: Grounds) -> bytes:
    """What steps go by, to be sent. Raises pickle.PicklingError and AttributeError for what is no module's own."""
    file = io.BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(grounds)
    return file.getvalue()


class _Pickler(pickle.Pickler):
    """Flows go as their snapshots: what is compiled of them is compiled again."""

    def reducer_override(self, it: object) -> Any:
        """See `pickle.Pickler.reducer_override`."""
        if isinstance(it, Library):
            flows = [snapshot(each.flow) for each in it.programs.values()]
            return _library, (flows, it.catalogs, [snapshot(each.flow) for each in it.kept])
        return (_read_only, (dict(it),)) if isinstance(it, MappingProxyType) else NotImplemented


def _library(flows: Sequence[bytes], catalogs: Catalogs, kept: Sequence[bytes]) -> Library:
    return Library(map(revive, flows), catalogs, map(revive, kept))


def _read_only(mapping: dict[object, object]) -> Mapping[object, object]:
    return MappingProxyType(mapping)


def main() -> None:
    """Take steps until nobody asks any more."""
    bot.collect_seldom()
    for each in ("SIGINT", "SIGTERM", "SIGHUP"):  # whoever asks hears them as well, and lets this one go
        if hasattr(signal, each):
            signal.signal(getattr(signal, each), signal.SIG_IGN)
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    with contextlib.suppress(ImportError, AttributeError, OSError):  # not everywhere can it be said
        import fcntl  # noqa: PLC0415

        fcntl.fcntl(answers, fcntl.F_SETPIPE_SZ, ROOM)
    with contextlib.suppress(BrokenPipeError, EOFError):
        _serve(asked, answers)


def _serve(asked: BinaryIO, answers: BinaryIO) -> None:
    decode, encode = msgspec.msgpack.Decoder(Jobs).decode, msgspec.msgpack.Encoder().encode
    grounds: Grounds | None = None
    recent = Recent()
    while True:
        kind, message = asked.read(1), _read(asked)
        if kind == GROUNDS:
            grounds = pickle.loads(message)  # noqa: S301  (it comes from whoever started this)
            gc.collect()
            gc.freeze()  # they stay: to go through them again and again would hold steps up
            answer = b""
        else:
            assert grounds is not None  # noqa: S101  (they are told first)
            try:
                answer = encode(_take(grounds, decode(message), recent))
            except Exception:  # noqa: BLE001  (whoever asked learns what it is; its text may hold what somebody wrote)
                answer = FAILED
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _take(grounds: Grounds, asked: Jobs, recent: Recent) -> Done:
    done, now = Done([], []), moment(asked.now)
    for job in asked.jobs:
        began = time.perf_counter()
        seeds = iter(job.seeds)
        arrival = Arrival(job.address, job.key, job.received, job.origin)
        done.changes.append(step(grounds, arrival, job.document, now, seeds.__next__, recent))
        done.seconds.append(time.perf_counter() - began)
    return done


def _read(asked: BinaryIO) -> bytes:
    """A message. Raises EOFError."""
    head = asked.read(LENGTH.size)
    length = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 0
    message = asked.read(length)
    if not message or len(message) < length:  # whoever asked died in the middle of it
        raise EOFError
    return message


if __name__ == "__main__":
    main()
