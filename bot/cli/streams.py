"""The standard streams: bytes that are no text stop nothing, and neither does a reader that has seen enough.

Where nothing can be written, whoever waits for the output is told why.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a disk says that takes no more."""


@contextlib.contextmanager
def at_hand() -> Iterator[None]:
    """For what is done inside, streams that are closed (`>&-`) lead nowhere, and a full disk ends it with a word."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _write_nowhere()
        sys.exit(f"The output cannot be written: {error.strerror}. What was written of it is not whole.")


def prepare() -> None:
    """Take any byte in (so that a path can be opened again), and write `?` for what the terminal cannot show."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace"), (sys.stderr, "replace")):
        if isinstance(stream, io.TextIOWrapper) and stream.errors != errors:  # it cannot be changed once it was read
            stream.reconfigure(errors=errors)


@contextlib.contextmanager
def until_closed() -> Iterator[None]:
    """End what is done inside, quietly, when nobody reads the output any more (`| head`)."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _write_nowhere() -> None:
    # what is left in the buffer would fail again when the interpreter ends
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
