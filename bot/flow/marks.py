"""Marks of the model: what an annotation says of a value beside its type, for `bot.flow.understanding`."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class RefusalError(ValueError):
    """A value that means nothing: the code of its problem, the reason in words for the author, what may mend it."""

    def __init__(self, code: str, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.hint = hint


class Within:
    """Limits of a value, as pydantic-core calls them: `strict`, `pattern`, `min_length`, `max_length`, `ge`, `le`.

    It stands right behind the type, before a `Read`.
    """

    __slots__ = ("limits",)

    def __init__(self, **limits: Any) -> None:
        self.limits = limits


class Checked(msgspec.Struct, frozen=True, eq=False):
    """What else must be right about a value of its type: `check` gives it back, or raises RefusalError."""

    check: Callable[[Any], Any]


class Read(msgspec.Struct, frozen=True, eq=False):
    """How a value is read before it is of its type, its form as JSON Schema tells it, and how it is written again.

    `read` raises RefusalError.
    """

    read: Callable[[Any], Any]
    form: Mapping[str, Any] | None = None
    write: Callable[[Any], Any] | None = None


class OneOf(msgspec.Struct, frozen=True, eq=False):
    """What tells apart the kinds that a value may be of: `tag` names one of `kinds` by the plain value.

    `code` and `reason` are of the problem that a value is if it is of no kind.
    """

    kinds: Mapping[str, Any]
    tag: Callable[[Any], str | None]
    code: str | None = None
    reason: str | None = None
