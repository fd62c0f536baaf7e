"""YAML events into plain data and, beside it, a tree of the places where each value was written.

Data and places are built in one pass over the parser's events; nothing recurses, so no nesting can exhaust the stack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from bot.flow.places import Listed, Mapped, Place, aliased
from bot.flow.problems import quoted, suggest
from bot.flow.scalars import MAY_MEAN, RangeError, plain
from bot.flow.source import TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.source import Source

MAX_DEPTH: Final = 32
MAX_NODES: Final = 200_000
"""Keys and values of a file, those behind each alias counted again."""
MAX_ALIASES: Final = 32

LOADER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml where PyYAML was built with it, otherwise the same parser in Python, about ten times slower."""

UNQUOTED: Final = "a text that starts with `{{` is not in quotes", "put the whole text in double quotes"

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class _Named(NamedTuple):
    """What an anchor names: nodes and height are those of the value with every alias in it written out."""

    value: Any
    place: Place
    nodes: int
    height: int


_ITEM: Final[Any] = object()
"""Stands for the key while a list waits for its next item."""
_DROPPED: Final[Any] = object()
"""Stands for a key that cannot be used: its value is read for its problems and then let go."""


class _Open:
    """A mapping or list that is still being read. `key` is None while a mapping waits for its next key."""

    __slots__ = ("anchor", "before", "data", "height", "key", "place")

    def __init__(self, anchor: str | None, data: Any, place: Any, key: Any, before: int) -> None:
        self.anchor = anchor
        self.data = data
        self.place = place
        self.key = key
        self.before = before
        self.height = 1

    def add(self, value: Any, place: Place) -> None:
        key = self.key
        if key is _ITEM:
            self.data.append(value)
            self.place.items.append(place)
            return
        if key is not _DROPPED:
            self.data[key] = value
            self.place.values[key] = place
        self.key = None


class Composer:
    """Reads the documents of one source and reports to it; `nodes` and aliases count over all its documents."""

    def __init__(self, source: Source, loader: Any = LOADER) -> None:
        """`loader` is a PyYAML loader class."""
        self._source = source
        self._next: Any = loader(source.text).get_event
        self._nodes = 0
        self._aliases = 0
        self._anchors: dict[str, _Named] = {}

    def documents(self) -> Iterator[tuple[Any, Place]]:
        """Each document's data and places; raises yaml.YAMLError where the syntax breaks and TooMuch beyond a cap."""
        while (event := self._next()) is not None:
            kind = type(event)
            if kind is yaml.DocumentStartEvent:
                self._count(event.start_mark.index)
                self._anchors = {}
                yield self._document()

    def _document(self) -> tuple[Any, Place]:
        following, scalar = self._next, yaml.ScalarEvent
        frame = root = _Open(None, [], Listed(0, []), _ITEM, 0)
        stack: list[_Open] = []
        while True:
            event = following()
            kind = type(event)
            if kind is scalar:
                # four of five events come here, so most of them are done with in these lines, without a call
                self._nodes += 1
                index = event.start_mark.index
                if self._nodes > MAX_NODES:
                    self._too_many(index)
                word = event.value
                simple = event.implicit[0] and event.anchor is None and event.tag is None
                if frame.key is None:
                    keys = frame.place.keys
                    if simple and word not in keys and word != "<<":
                        keys[word] = index
                        frame.key = word
                    else:
                        frame.key = self._key(event, index, frame.place)
                else:
                    frame.add(word if simple and word[:1] not in MAY_MEAN else self._scalar(event, index), index)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                opened = self._open(event, frame, len(stack) + 1)
                if opened is not None:
                    stack.append(frame)
                    frame = opened
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                closed, frame = frame, stack.pop()
                self._close(closed, frame)
            elif kind is yaml.AliasEvent:
                self._alias(event, frame, len(stack))
            else:
                return root.data[0], root.place.items[0]

    def _open(self, event: Any, frame: _Open, depth: int) -> _Open | None:
        """The mapping or list that starts here; None if it cannot be what it is and was read to its end."""
        index = event.start_mark.index
        mapping = type(event) is yaml.MappingStartEvent
        before = self._nodes
        self._count(index)
        if depth > MAX_DEPTH:
            self._too_deep(index)
        if event.tag is not None:
            self._tag(index)
        if mapping and self._source.text.startswith("{{", index):
            self._source.report("unquoted-template", index, *UNQUOTED)
            text = self._source.text[index : self._skip()]
            if frame.key is None:
                frame.key = _DROPPED
            else:
                frame.add(text, index)
            return None
        if frame.key is None:
            self._bad_key(index)
            self._skip()
            frame.key = _DROPPED
            return None
        if mapping:
            return _Open(event.anchor, {}, Mapped(index, {}, {}), None, before)
        return _Open(event.anchor, [], Listed(index, []), _ITEM, before)

    def _close(self, closed: _Open, frame: _Open) -> None:
        if closed.anchor is not None:
            self._anchors[closed.anchor] = _Named(closed.data, closed.place, self._nodes - closed.before, closed.height)
        if frame.height <= closed.height:
            frame.height = closed.height + 1
        frame.add(closed.data, closed.place)

    def _scalar(self, event: Any, index: int) -> Any:
        value = event.value
        if event.tag is not None:
            self._tag(index)
        elif event.implicit[0]:
            try:
                value = plain(value)
            except RangeError:
                message = f"{quoted(value)} is too large for a number"
                self._source.report("number-range", index, message, "put it in quotes")
        elif event.style == '"':
            self._escapes(value, index)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Named(value, index, 1, 0)
        return value

    def _key(self, event: Any, index: int, place: Mapped) -> Any:
        """The key as text, or `_DROPPED` if its value must not be kept."""
        key: str = event.value
        if event.tag is not None:
            self._tag(index)
        elif event.style == '"':
            self._escapes(key, index)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Named(key, index, 1, 0)
        if key == "<<" and event.implicit[0]:
            self._source.report(
                "merge-key",
                index,
                "`<<` does not merge mappings here",
                "write the keys out; an alias (`*name`) may stand for one whole value",
            )
            return _DROPPED
        first = place.keys.setdefault(key, index)
        if first != index:
            line, _ = self._source.position(first)
            message = f"{quoted(key)} stands here a second time; the first is in line {line}"
            self._source.report("duplicate-key", index, message, "keep one of them")
            return _DROPPED
        return key

    def _alias(self, event: Any, frame: _Open, depth: int) -> None:
        index = event.start_mark.index
        self._aliases += 1
        if self._aliases == MAX_ALIASES + 1:
            message = f"a file may use {MAX_ALIASES} aliases"
            self._source.report("too-many-aliases", index, message, "write this value out")
        if frame.key is None:
            self._count(index)
            self._bad_key(index)
            frame.key = _DROPPED
            return
        named = self._anchors.get(event.anchor)
        if named is None:
            self._count(index)
            hint = suggest(event.anchor, self._anchors) or f"name a value with `&{event.anchor}` before this line"
            message = f"no value that ends before this is named {quoted('&' + event.anchor)}"
            self._source.report("unknown-alias", index, message, hint)
            frame.add(None, index)
            return
        self._count(index, named.nodes)
        if depth + named.height > MAX_DEPTH:
            self._too_deep(index)
        if frame.height <= named.height:
            frame.height = named.height + 1
        frame.add(named.value, aliased(index, named.place))

    def _skip(self) -> int:
        """Pass over the rest of a collection; the index where it ends."""
        depth = 1
        while depth:
            event = self._next()
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            else:
                self._count(event.start_mark.index)
                depth += isinstance(event, yaml.CollectionStartEvent)
                if depth > MAX_DEPTH:
                    self._too_deep(event.start_mark.index)
        end: int = event.end_mark.index
        return end

    def _count(self, index: int, nodes: int = 1) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._too_many(index)

    def _too_many(self, index: int) -> None:
        message = f"a file may hold {MAX_NODES:,} keys and values, those behind an alias counted each time"
        self._source.report("too-many-nodes", index, message, "split it into several files")
        raise TooMuch

    def _too_deep(self, index: int) -> None:
        self._source.report("too-deep", index, f"values may be nested {MAX_DEPTH} deep")
        raise TooMuch

    def _tag(self, index: int) -> None:
        text = self._source.text
        index = text.index("!", index)
        message = f"the tag {quoted(text[index : index + 80].split()[0])} is not allowed"
        self._source.report("yaml-tag", index, message, "take it out; a text that starts with `!` goes in quotes")

    def _escapes(self, text: str, index: int) -> None:
        if found := _CONTROL.search(text):
            message = f"this text holds the control character U+{ord(found[0]):04X}"
            hint = "take the escape out, or use single quotes to mean the backslash itself"
            self._source.report("control-character", index, message, hint)

    def _bad_key(self, index: int) -> None:
        hint = "a text that contains `{`, `[` or `*` goes in quotes"
        self._source.report("bad-key", index, "a key is a word, not a list, a mapping or an alias", hint)
