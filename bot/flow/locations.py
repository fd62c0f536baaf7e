"""Where pydantic's `loc` points: the way through the data, and the model in charge there.

A `loc` also names the members of the unions it went through. They cannot be told from keys by looking at the data (a
step `{handoff: …}` is tagged `handoff`), so the model's annotations are followed along.
"""

from __future__ import annotations

import re
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, Tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flow.reader import Path

_KEY: Final = "[key]"
"""Closes the `loc` of an error in a mapping's key."""


class Location(NamedTuple):
    """A place in the data.

    `model` is in charge of the mapping that holds the last part of `path` (None if no model is), and `owner` is what
    messages call that mapping ("a collect step"). `key`: the key is meant, not its value. `tags` are the members' names
    where a tagged union stands. `union` is the way to the outermost union without tags that was passed, if any. `kind`
    is the annotation of what stands at `path`.
    """

    path: Path
    model: type[BaseModel] | None
    owner: str
    key: bool
    tags: tuple[str, ...]
    union: Path | None
    kind: Any


def known_keys(model: type[BaseModel] | None) -> tuple[str, ...]:
    """The keys that a model's mapping may have, as they are written in the file."""
    return tuple(field.alias or name for name, field in model.model_fields.items()) if model else ()


def locate(model: type[BaseModel], loc: tuple[int | str, ...], data: Any) -> Location:
    """Follow `loc` from `model` through its annotations; `data` is what was validated.

    The path ends where the data ends, but for one part: the key that a model misses.
    """
    key = loc[-1:] == (_KEY,)
    kind: Any = model
    path: list[str | int] = []
    holder, owner, tag = None, "this", ""
    union: Path | None = None
    for part in loc[:-1] if key else loc:
        kind = bare(kind)
        if members := _members(kind):
            tags = _tags(members)
            if part in tags:
                tag, kind = str(part), tags[str(part)]
            else:
                union = tuple(path) if union is None else union
                kind = next((each for each in members if _is_called(each, part)), None)
            continue
        inside, known = _inside(kind, part)
        if not known and not _held(data, [*path, part]):
            continue
        holder = _model(kind)
        owner = _called(holder, path, tag) if holder else "this"
        path.append(part)
        kind, tag = inside, ""
    held = next(end for end in range(len(path), -1, -1) if _held(data, path[:end]))
    if not (holder and held == len(path) - 1):
        path = path[:held]
    kind = bare(kind)
    return Location(tuple(path), holder, owner, key, tuple(_tags(_members(kind))), union, kind)


def bare(kind: Any) -> Any:
    """An annotation without its metadata and without `| None`."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in {Union, UnionType} and len(_some(kind)) == 1:
            kind = _some(kind)[0]
        else:
            return kind


def _some(union: Any) -> list[Any]:
    return [each for each in get_args(union) if each is not NoneType]


def _members(kind: Any) -> list[Any]:
    """The members of a union; empty for anything else."""
    return _some(kind) if get_origin(kind) in {Union, UnionType} else []


def _tags(members: Sequence[Any]) -> dict[str, Any]:
    return {
        mark.tag: each
        for each in members
        if get_origin(each) is Annotated
        for mark in get_args(each)[1:]
        if isinstance(mark, Tag)
    }


def _is_called(member: Any, part: str | int) -> bool:
    """Whether pydantic calls a union's member so: `Slot`, `bool`, `tuple[constrained-str, ...]`."""
    kind = bare(member)
    name = getattr(get_origin(kind) or kind, "__name__", "")
    return isinstance(part, str) and (part == name or part.startswith(f"{name}["))


def _model(kind: Any) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _inside(kind: Any, part: str | int) -> tuple[Any, bool]:
    """The annotation of a part of `kind`, and whether `kind` is known to have parts."""
    if model := _model(kind):
        found = (field.annotation for name, field in model.model_fields.items() if part in {name, field.alias})
        return next(found, None), True
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is dict:
        return arguments[1], True
    if origin in {list, tuple, set, frozenset}:
        fixed = origin is tuple and Ellipsis not in arguments and isinstance(part, int) and part < len(arguments)
        return arguments[int(part) if fixed else 0], True
    return None, False


def _held(data: Any, path: Sequence[str | int]) -> bool:
    for part in path:
        inside = part in data if isinstance(data, dict) else isinstance(data, list) and part in range(len(data))
        if not inside:
            return False
        data = data[part]
    return True


def _called(model: type[BaseModel], path: Sequence[str | int], tag: str) -> str:
    """What a message calls a mapping: "a collect step" for a tagged member of `steps`, otherwise after its model."""
    name = re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
    if tag and len(path) > 1 and isinstance(path[-1], int) and str(path[-2]).endswith("s"):
        name = f"{tag} {str(path[-2])[:-1]}"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
