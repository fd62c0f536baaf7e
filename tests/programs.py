"""Programs of their own that begin at once, such as `triage`: forked from a process that has everything loaded.

Signals, streams, environment and exit codes are those of any process. Only the seconds that Python takes to import what
all of them need are spent once, instead of by each.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import signal
    from collections.abc import Mapping
    from typing import BinaryIO

ROOT: Final = Path(__file__).parent.parent
_FORKING: Final = multiprocessing.get_context("forkserver")


class Program:
    """A `triage`, or other `code`, with these arguments: it reads `stdin`, and writes `stdout` and `stderr`.

    Its environment is that of the test, unless it is given another one. Whoever starts it waits for its end.
    """

    def __init__(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        folder: Path = ROOT,
        code: str = "from bot.cli import main; main()",
    ) -> None:
        """Start it."""
        _FORKING.set_forkserver_preload(["tests.loaded"])
        pipes = [os.pipe() for _ in range(3)]
        theirs = [_Descriptor(each[index > 0]) for index, each in enumerate(pipes)]
        ours = [os.fdopen(each[index == 0], "rb" if index else "wb") for index, each in enumerate(pipes)]
        self.stdin: BinaryIO = ours[0]
        self.stdout: BinaryIO = ours[1]
        self.stderr: BinaryIO = ours[2]
        told = dict(os.environ if environment is None else environment)
        self._process = _FORKING.Process(target=_be, args=(code, arguments, told, str(folder), theirs))
        with contextlib.chdir(ROOT):  # the server begins where the first of them does, and finds what it loads there
            self._process.start()
        for each in theirs:
            os.close(each.number)
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def ended(self) -> bool:
        """Whether it has ended."""
        return not self._process.is_alive()

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if not self.ended():
            os.kill(self.pid, number)

    def wait(self, patience_s: float = 60) -> int:
        """Its exit code, once it has ended."""
        self._process.join(patience_s)
        assert self._process.exitcode is not None, "it does not end"
        return self._process.exitcode

    def communicate(self, written: bytes = b"") -> tuple[bytes, bytes]:
        """Write to it, and read all that it writes before it ends. It is little: a pipe holds 64 KiB."""
        self.stdin.write(written)
        self.stdin.close()
        said = self.stdout.read(), self.stderr.read()
        self.wait()
        self.close()
        return said

    def close(self) -> None:
        """Leave nothing of it."""
        self._process.kill()
        self._process.join()
        for each in (self.stdin, self.stdout, self.stderr):
            each.close()


class _Descriptor:
    """A file descriptor that goes along to a process which is being started."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __getstate__(self) -> Any:
        return DupFd(self.number)

    def __setstate__(self, handed: Any) -> None:
        self.number = handed.detach()


def _be(
    code: str, arguments: tuple[str, ...], environment: dict[str, str], folder: str, streams: list[_Descriptor]
) -> None:
    """Be that program."""
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, each in enumerate(streams):
        os.dup2(each.number, number)
        os.close(each.number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  (as Python opens them)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["-c", *arguments]
    exec(code, {"__name__": "__main__"})  # noqa: S102  (of a test)
