"""The texts and expressions of a flow, each with its place in the file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bot.flow.expressions import Expression
from bot.flow.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.reader import Path


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Text | Expression, Path]]:
    """Every text and expression below `value`, which stands at `path`, in the order of the model."""
    if isinstance(value, (Text, Expression)):
        yield value, path
    elif isinstance(value, BaseModel):
        for name, key in _keys(type(value)):
            if (below := getattr(value, name)) is not None:
                yield from leaves(below, (*path, key))
    elif isinstance(value, dict):
        for each, below in value.items():
            yield from leaves(below, (*path, each))
    elif isinstance(value, (tuple, list)):
        for number, below in enumerate(value):
            yield from leaves(below, (*path, number))


@cache
def _keys(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields of a model, each with its key in the file."""
    return tuple((name, field.alias or name) for name, field in model.model_fields.items())
