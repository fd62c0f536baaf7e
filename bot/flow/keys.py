"""The classes of the model: frozen records, each of whose attributes is a key of a mapping in a file.

They need no reader to exist: what only takes turns imports none, and reads their attributes as fast as any. How plain
data becomes them is a matter of `bot.flow.understanding`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    Key = msgspec.structs.FieldInfo
    """A key: its attribute's `name` and `type`, whether it is `required`."""


class Model(msgspec.Struct, frozen=True, rename=lambda name: name.removesuffix("_")):
    """A mapping of a file. An attribute's trailing underscore is Python's (`if_`): its key has none."""


@cache
def keys_of(model: type[Model]) -> Mapping[str, Key]:
    """The keys that a model's mapping may have, as they are written in the file, in their order."""
    return {each.encode_name: each for each in msgspec.structs.fields(model)}


@cache
def defaults_of(model: type[Model]) -> Mapping[str, Any]:
    """What a model's attributes are when their keys are left out; those of required keys are not among them."""
    return {
        each.name: each.default if each.default_factory is msgspec.NODEFAULT else each.default_factory()
        for each in keys_of(model).values()
        if not each.required
    }
