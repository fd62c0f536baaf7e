"""The texts and expressions of a flow, each with its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import astuple

from bot.flow.expressions import Expression
from bot.flow.keys import Model, keys_of
from bot.flow.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.flow.reader import Path


Leaf = tuple["Text | Expression", "Path"]

BARREN: Final = frozenset({str, int, float, bool, type(None)})
"""Types of values that hold neither texts nor expressions."""


def leaves(value: Any, path: Path = ()) -> list[Leaf]:
    """Every text and expression below `value`, which stands at `path`, in the order of the model."""
    found: list[Leaf] = []
    _gather(value, path, found)
    return found


def _gather(value: Any, path: Path, found: list[Leaf]) -> None:
    """Add them to `found`: a generator in each of a flow's many values would take twice as long."""
    if isinstance(value, (Text, Expression)):
        found.append((value, path))
        return
    if isinstance(value, Model):
        for name, each in zip(keys_of(type(value)), astuple(value), strict=True):
            if each and type(each) not in BARREN:
                _gather(each, (*path, name), found)
        return
    below: Iterable[tuple[str | int, Any]]
    if isinstance(value, dict):
        below = value.items()
    elif isinstance(value, (tuple, list)):
        below = enumerate(value)
    else:
        return
    for key, each in below:
        if type(each) not in BARREN:
            _gather(each, (*path, key), found)
