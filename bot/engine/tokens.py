"""Button tokens: which session, which putting of which question, which choice; at most 64 bytes of ASCII."""

from __future__ import annotations

from functools import cache
from typing import Final

import msgspec

from bot.flow.linked import short_name

_PARTS: Final = 4

MAX_BYTES: Final = 64
"""What the narrowest channel carries in a button."""


class Token(msgspec.Struct, frozen=True, gc=False):
    """A token taken apart. `step` and `choice` are short names."""

    session: str
    asked: int
    step: str
    choice: str


@cache  # no more than the questions of the longest session
def number(asked: int) -> str:
    """The number of a question, in as few characters as can be read again."""
    return f"{asked:x}"


def reference(session: str, asked: int) -> str:
    """The name of the putting of a question: what its tokens begin with."""
    return f"{session}.{number(asked)}"


def make(reference: str, step: str, choice: str) -> str:
    """The token of a choice (by id) of a question that is named so, and put by a step (by id)."""
    return f"{reference}.{short_name(step)}.{short_name(choice)}"


def read(token: str) -> Token | None:
    """The parts of a token; None for anything that is none."""
    parts = token.split(".")
    if len(parts) != _PARTS or len(token) > MAX_BYTES:
        return None
    try:
        return Token(parts[0], int(parts[1], 16), parts[2], parts[3])
    except ValueError:
        return None
