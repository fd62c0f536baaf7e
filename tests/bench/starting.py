"""The processes beside a benchmark: each a new interpreter, as everywhere but in the tests.

A test that only looks whether all figures are there forks them from a process that has everything loaded.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

from tests.bench.sample import ROOT
from tests.programs import Program

if TYPE_CHECKING:
    from collections.abc import Mapping


class Process(Protocol):
    """One that was started."""

    @property
    def pid(self) -> int:
        """Its id."""
        ...

    def ended(self) -> bool:
        """Whether it has ended."""
        ...

    def line(self) -> bytes:
        """The next line that it prints."""
        ...

    def output(self) -> bytes:
        """All that it prints until it ends; raises RuntimeError if it fails."""
        ...

    def kill(self) -> None:
        """End it."""
        ...


class Start(Protocol):
    """How to start `python -m MODULE ARGUMENTS`; its environment is that of this process unless it is given one."""

    def __call__(self, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Process:
        """Start it."""
        ...


class Interpreter:
    """A new interpreter."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        """Start it."""
        command = [sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        self.pid = self._process.pid

    def ended(self) -> bool:
        """See `Process`."""
        return self._process.poll() is not None

    def line(self) -> bytes:
        """See `Process`."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def output(self) -> bytes:
        """See `Process`."""
        said, _ = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(f"{self._process.args!r} failed, see above")
        return said

    def kill(self) -> None:
        """See `Process`."""
        self._process.kill()
        self._process.communicate()


class Fork:
    """A process in which most of what is imported is there already. What it prints in all must fit into a pipe."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        """Start it."""
        code = f"import runpy; runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
        self._program = Program(*arguments, environment=environment, code=code)
        self.pid = self._program.pid

    def ended(self) -> bool:
        """See `Process`."""
        return self._program.ended()

    def line(self) -> bytes:
        """See `Process`."""
        return self._program.stdout.readline()

    def output(self) -> bytes:
        """See `Process`."""
        said, complaints = self._program.communicate()
        if complaints:
            raise RuntimeError(complaints.decode())
        return said

    def kill(self) -> None:
        """See `Process`."""
        self._program.close()
