"""The standard streams: bytes that are no text stop nothing, and neither does a reader that has seen enough."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        # what is left in the buffer would fail again when the interpreter ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
