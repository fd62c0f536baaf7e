"""Where the values of a document were written: a tree beside the data. Places are indexes into the file's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mapped:
    """The place of a mapping, of its keys and of its values."""

    __slots__ = ("index", "keys", "values")

    def __init__(self, index: int, keys: dict[str, int], values: dict[str, Place]) -> None:
        """`index` is where the mapping starts."""
        self.index = index
        self.keys = keys
        self.values = values


class Listed:
    """The place of a list and of its items."""

    __slots__ = ("index", "items")

    def __init__(self, index: int, items: list[Place]) -> None:
        """`index` is where the list starts."""
        self.index = index
        self.items = items


Place = int | Mapped | Listed
"""Where a value starts; a scalar is its index alone, because most places are scalars."""


def start(place: Place) -> int:
    """Where a value starts."""
    return place if isinstance(place, int) else place.index


def aliased(index: int, place: Place) -> Place:
    """The place of an alias: it starts where the alias stands, its parts where they were written."""
    if isinstance(place, Mapped):
        return Mapped(index, place.keys, place.values)
    return Listed(index, place.items) if isinstance(place, Listed) else index


def find(place: Place, path: Sequence[str | int], *, key: bool) -> int:
    """Where the value at `path` below `place` starts, or its key; the nearest ancestor's start if nothing is there."""
    index = start(place)
    for depth, part in enumerate(path):
        following: Place | None = None
        if isinstance(place, Mapped) and isinstance(part, str):
            if key and depth == len(path) - 1:
                return place.keys.get(part, index)
            following = place.values.get(part)
        elif isinstance(place, Listed) and isinstance(part, int) and 0 <= part < len(place.items):
            following = place.items[part]
        if following is None:
            break
        place, index = following, start(following)
    return index


def rename(place: Place, path: Sequence[str | int], name: str) -> None:
    """Let the value at `path`, and its key, be found by another name too."""
    for part in path[:-1]:
        if isinstance(place, Mapped) and part in place.values:
            place = place.values[str(part)]
        elif isinstance(place, Listed) and isinstance(part, int) and part < len(place.items):
            place = place.items[part]
        else:
            return
    key = path[-1]
    if isinstance(place, Mapped) and key in place.values:
        place.values[name], place.keys[name] = place.values[str(key)], place.keys[str(key)]
