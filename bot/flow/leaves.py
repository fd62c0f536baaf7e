"""The texts and expressions of a flow, each with its place in the file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from bot.flow.expressions import Expression
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
    if isinstance(value, BaseModel):
        keys = _keys(type(value))
        for name, each in vars(value).items():
            if each and type(each) not in BARREN:
                _gather(each, (*path, keys[name]), found)
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


@cache
def _keys(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model, each with its key in the file."""
    return {name: field.alias or name for name, field in model.model_fields.items()}
