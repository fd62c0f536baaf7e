"""A process that has everything loaded, and forks a process from itself for every line it reads: a start costs nothing.

It answers with a line for each process that started, and one for each that ended. When its input ends, it ends all.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import select
import signal
import traceback
from typing import Final, NoReturn

import msgspec

from tests.crash.rehearsal import rehearse, starts_at
from tests.crash.serve import Config, work

LATE: Final = ("bot.store.migrating", "bot.store.sqlite.store", "bot.store.postgres.store", "alembic.autogenerate")
"""Modules that the product loads when it comes to use them."""


class Started(msgspec.Struct, frozen=True, tag="started"):
    """A process runs."""

    name: str
    pid: int


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """A process is gone; `code` as of `os.waitstatus_to_exitcode`."""

    pid: int
    code: int


def main() -> None:
    """Serve standard input."""
    for each in LATE:
        importlib.import_module(each)
    rehearse(0, starts_at(0))  # what is compiled on first use
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    children: set[int] = set()
    rest = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _reap(children)
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                break
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                config = msgspec.json.decode(line, type=Config)
                pid = os.fork()
                if not pid:
                    os.close(wake)
                    _live(config)
                children.add(pid)
                _say(Started(config.name, pid))
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _reap(children: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            children.discard(pid)
            _say(Ended(pid, os.waitstatus_to_exitcode(status)))


def _say(news: Started | Ended) -> None:
    os.write(1, msgspec.json.encode(news) + b"\n")


def _live(config: Config) -> NoReturn:
    """Be that process, with a log of its own for whatever it has to say."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(config.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        code = work(config)
    except BaseException:  # noqa: BLE001  (a process that fails is found in its log)
        traceback.print_exc()
        code = 1
    os._exit(code)


if __name__ == "__main__":
    main()
