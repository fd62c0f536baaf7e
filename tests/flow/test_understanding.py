"""Understanding: annotations mean what they mean to pydantic, which makes such schemas too, only slowly."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ValidationError

from bot.flow.keys import Model
from bot.flow.understanding import understood, written

if TYPE_CHECKING:
    from collections.abc import Callable


class Inner(Model, frozen=True, kw_only=True):
    """A mapping inside another one."""

    if_: int
    b: str | None = None


class Outer(Model, frozen=True, kw_only=True):
    """Annotations of every kind that need no mark."""

    many: tuple[Inner, ...] = ()
    by: dict[str, float] = msgspec.field(default_factory=dict)
    one: Literal["x", "y"] = "x"
    either: bool | list[int] = True
    two: tuple[int, str] | None = None


class Twin(BaseModel):
    """Of `Inner`."""

    model_config = ConfigDict(extra="forbid")

    if_: int = Field(alias="if")
    b: str | None = None


class Twins(BaseModel):
    """Of `Outer`."""

    model_config = ConfigDict(extra="forbid")

    many: tuple[Twin, ...] = ()
    by: dict[str, float] = Field(default_factory=dict)
    one: Literal["x", "y"] = "x"
    either: bool | list[int] = True
    two: tuple[int, str] | None = None


def outcome(read: Callable[[Any], Any], data: object) -> object:
    """What becomes of data; or where what is wrong with it.

    A member of a union has no type's arguments in its name then, and a model is a mapping.
    """
    try:
        return read(data)
    except ValidationError as error:
        return [
            ([str(part).partition("[")[0] for part in each["loc"]], each["type"].replace("model_type", "dict_type"))
            for each in error.errors()
        ]


SCALARS = st.sampled_from([None, True, 0, 7, 1.5, "", "x", "3", "yes"])
VALUES = st.recursive(
    SCALARS,
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["if", "b", "x"]), inside, max_size=3)
    ),
    max_leaves=5,
)
DATA = st.dictionaries(st.sampled_from(["many", "by", "one", "either", "two", "if", "more"]), VALUES, max_size=5)


@given(DATA | SCALARS)
@example({"many": [{"if": 1}, {"if": 2, "b": "x"}], "by": {"a": 1}, "one": "y", "either": [1], "two": [1, "x"]})
@example({"many": [{"if": "x"}, {}, 3], "either": [None], "two": [1]})
def test_annotations_mean_what_they_mean_to_pydantic(data: object) -> None:
    """The same is accepted and becomes the same; else the same is wrong in the same places."""
    found = outcome(partial(understood, Outer), data)
    wanted = outcome(Twins.model_validate, data)
    assert msgspec.to_builtins(found) == (wanted.model_dump(by_alias=True) if isinstance(wanted, Twins) else wanted)
    if isinstance(found, Outer):
        assert understood(Outer, written(found)) == found


def test_only_what_says_something_is_written() -> None:
    """Keys as in a file, without those that are at their defaults."""
    assert written(Outer(many=(Inner(if_=1),), by={}, either=False)) == {"many": [{"if": 1}], "either": False}
