"""Where pydantic's `loc` points: the way through the data, and the model in charge there.

A `loc` also names the members of the unions it went through. They cannot be told from keys by looking at the data (a
step `{handoff: …}` is tagged `handoff`), so the model's annotations are followed along.
"""

from __future__ import annotations

import re
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, Union, get_args, get_origin

from bot.flow.keys import Model, keys_of
from bot.flow.marks import OneOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    model: type[Model] | None
    owner: str
    key: bool
    tags: tuple[str, ...]
    union: Path | None
    kind: Any


def known_keys(model: type[Model] | None) -> tuple[str, ...]:
    """The keys that a model's mapping may have, as they are written in the file."""
    return tuple(keys_of(model)) if model else ()


def locate(model: type[Model], loc: tuple[int | str, ...], data: Any) -> Location:
    """Follow `loc` from `model` through its annotations; `data` is what was validated.

    The path ends where the data ends, but for one part: the key that a model misses.
    """
    key = loc[-1:] == (_KEY,)
    kind: Any = model
    path: list[str | int] = []
    holder, owner, tag = None, "this", ""
    union: Path | None = None
    for part in loc[:-1] if key else loc:
        if part in (tags := _tags(kind)):
            tag, kind = str(part), tags[str(part)]
            continue
        kind = bare(kind)
        if members := _members(kind):
            union = tuple(path) if union is None else union
            kind = next((each for each in members if label(each) == part), None)
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
    return Location(tuple(path), holder, owner, key, tuple(_tags(kind)), union, bare(kind))


def bare(kind: Any) -> Any:
    """An annotation without its metadata and without `| None`."""
    *_, last = _layers(kind)
    return last


def _layers(kind: Any) -> Iterator[Any]:
    """An annotation, and what is left of it as one after another is taken off: its metadata, `| None`."""
    yield kind
    while get_origin(kind) is Annotated or len(_members(kind)) == 1:
        kind = get_args(kind)[0] if get_origin(kind) is Annotated else _members(kind)[0]
        yield kind


def _members(kind: Any) -> list[Any]:
    """The members of a union but for None; empty for anything else."""
    union = get_args(kind) if get_origin(kind) in {Union, UnionType} else ()
    return [each for each in union if each is not NoneType]


def _tags(kind: Any) -> Mapping[str, Any]:
    """The members of a union that has tags, by these; empty for anything else."""
    marked = (get_args(each) for each in _layers(kind) if get_origin(each) is Annotated)
    return next((mark.kinds for _, *marks in marked for mark in marks if isinstance(mark, OneOf)), {})


def label(member: Any) -> str:
    """What a union's member is called in a `loc`: `Slot`, `bool`, `tuple`."""
    kind = bare(member)
    return str(getattr(get_origin(kind) or kind, "__name__", ""))


def _model(kind: Any) -> type[Model] | None:
    return kind if isinstance(kind, type) and issubclass(kind, Model) else None


def _inside(kind: Any, part: str | int) -> tuple[Any, bool]:
    """The annotation of a part of `kind`, and whether `kind` is known to have parts."""
    if model := _model(kind):
        found = keys_of(model).get(str(part))
        return found and found.type, True
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


def _called(model: type[Model], path: Sequence[str | int], tag: str) -> str:
    """What a message calls a mapping: "a collect step" for a tagged member of `steps`, otherwise after its model."""
    name = re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
    if tag and len(path) > 1 and isinstance(path[-1], int) and str(path[-2]).endswith("s"):
        name = f"{tag} {str(path[-2])[:-1]}"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
