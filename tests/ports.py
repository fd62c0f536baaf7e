"""Ports for servers that have to be told theirs."""

from __future__ import annotations

import itertools
import os
import socket
from typing import Final

_FIRST: Final = 10_000
_COUNT: Final = 6_000
"""Below what a system gives to connections, and to whoever asks for any port: 16,000, 32,768 or 49,152 and upwards."""

_NUMBERS: Final = itertools.count(os.getpid() * 101)


def free_port() -> int:
    """A port that nobody listens on now, nor before who has asked for it does.

    Another one each time, and others in each process: no test takes that of one whose server is about to start.
    """
    for number in itertools.islice(_NUMBERS, _COUNT):
        try:
            with socket.create_server(("127.0.0.1", _FIRST + number % _COUNT)) as probe:
                port: int = probe.getsockname()[1]
                return port
        except OSError:
            continue
    raise AssertionError("no port is free")
