"""What people write with formatting: a text, and which stretches of it are written how.

The text is what everything reads that looks at words: the guard, the engine, the log. A stretch says nothing of its
own; the address of a link is the text that it covers. So whatever the stretches are, the rich text says what the text
says, and can neither mention anybody nor hide where a link leads.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from bot.text.nodes import CodeBlock, Link, List, Paragraph, Quote, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.text.nodes import Block, Document, Inline

Kind = Literal["bold", "italic", "strike", "code", "link", "pre", "quote", "item"]

MOST: Final = 200
"""Stretches of a text that are heeded; Telegram has 100 at most."""
LONGEST_LINK: Final = 2_048
"""Code points."""

_BLOCKS: Final = frozenset({"pre", "quote", "item"})
_LINK: Final = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::\d{1,5})?(?:[/?#][!-~]*)?")
"""No user name and no letters of other alphabets before the path: what it reads like is where it leads."""
_ADDRESS: Final = re.compile(r"\bhttps?://\S+")
_BEHIND: Final = ".,;:!?)'\""
"""What may stand behind an address in a sentence."""
_MARKER: Final = re.compile(r"(?:-|(\d{1,9})\.) ")


class Style(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A stretch of a text, `start:end` in code points, and how it is written.

    An `item` is one of a list, with the `- ` or `1. ` that it begins with.
    """

    kind: Kind
    start: int
    end: int


def document(text: str, styles: Sequence[Style] = ()) -> Document:
    """The text as rich text; nothing for an empty one. Stretches that make no sense change nothing."""
    blocks: list[Block] = []
    at = 0
    for each in _apart(text, styles):
        _paragraph(blocks, text, at, each.start, styles)
        at = each.end
        inside = _inlines(text, each.start, each.end, styles)
        if each.kind == "pre":
            blocks.append(CodeBlock((Text(text[each.start : each.end]),)))
        elif each.kind == "quote":
            blocks.append(Quote((inside,)))
        else:
            _item(blocks, text, each, styles)
    _paragraph(blocks, text, at, len(text), styles)
    return tuple(blocks)


def linked(text: str) -> Document:
    """The text with the web addresses in it as links."""
    found = [(each.start(), each.start() + len(each[0].rstrip(_BEHIND))) for each in _ADDRESS.finditer(text)]
    return document(text, [Style("link", *each) for each in found])


def moved(styles: Iterable[Style], edits: Sequence[tuple[int, int, int]]) -> tuple[Style, ...]:
    """The stretches after parts of their text gave way to others: (start, end, new length), in reading order."""

    def shifted(position: int, *, ends: bool) -> int:
        shift = 0
        for start, end, length in edits:
            if position <= start:
                break
            if position < end:  # in the middle: what is left of the stretch begins behind it, or ends before it
                return start + shift if ends else start + shift + length
            shift += length - (end - start)
        return position + shift

    found = (Style(each.kind, shifted(each.start, ends=False), shifted(each.end, ends=True)) for each in styles)
    return tuple(each for each in found if each.start < each.end)


def followed(styles: Sequence[Style], before: str, after: str) -> tuple[Style, ...]:
    """The stretches of `before` on `after`, which lacks some of its characters and may have others replaced."""
    if before == after or not styles:
        return tuple(styles)
    edits: list[tuple[int, int, int]] = []
    at = 0
    for position, character in enumerate(before):
        if at < len(after) and (character == after[at] or (after[at] in "\n\ufffd" and not character.isprintable())):
            at += 1
        else:
            begun = edits.pop()[0] if edits and edits[-1][1] == position else position
            edits.append((begun, position + 1, 0))
    return moved(styles, edits)


class Writing:
    """A text as it is put together, run by run."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._parts: list[str] = []
        self._styles: list[Style] = []
        self._at = 0

    def add(self, text: str, *kinds: Kind) -> None:
        """A run in these styles."""
        self._styles += [Style(kind, self._at, self._at + len(text)) for kind in kinds if text]
        self._parts.append(text)
        self._at += len(text)

    def block(self, kind: Kind, write: Callable[[], None]) -> None:
        """What `write` adds is one block."""
        start = self._at
        write()
        if self._at > start:
            self._styles.append(Style(kind, start, self._at))

    def more(self, write: Callable[[], None]) -> None:
        """What `write` adds goes on with the block before it."""
        write()
        last = next(at for at in reversed(range(len(self._styles))) if self._styles[at].kind in _BLOCKS)
        self._styles[last] = msgspec.structs.replace(self._styles[last], end=self._at)

    def newline(self) -> None:
        """What follows begins a line."""
        if self._parts and not self._parts[-1].endswith("\n"):
            self.add("\n")

    def ended(self) -> tuple[str, tuple[Style, ...]]:
        """The text without outer white space, and its styles."""
        text = "".join(self._parts)
        lead = len(text) - len(text.lstrip())
        return text.strip(), moved(self._styles, [(0, lead, 0)] if lead else ())


def _apart(text: str, styles: Sequence[Style]) -> list[Style]:
    """The blocks in reading order, none in another one."""
    found: list[Style] = []
    for each in sorted(styles[:MOST], key=lambda style: (style.start, -style.end)):
        start, end = max(0, each.start), min(each.end, len(text))
        if each.kind in _BLOCKS and (found[-1].end if found else 0) <= start < end and text[start:end].strip():
            found.append(Style(each.kind, start, end))
    return found


def _paragraph(blocks: list[Block], text: str, start: int, end: int, styles: Sequence[Style]) -> None:
    """What stands between two blocks, without the line breaks that part it from them."""
    while start < end and text[start] == "\n":
        start += 1
    while start < end and text[end - 1] == "\n":
        end -= 1
    if text[start:end].strip():
        blocks.append(Paragraph(_inlines(text, start, end, styles)))


def _item(blocks: list[Block], text: str, item: Style, styles: Sequence[Style]) -> None:
    """An item goes into the list before it if it goes on with it."""
    marker = _MARKER.match(text, item.start, item.end)
    children = _inlines(text, marker.end() if marker else item.start, item.end, styles)
    if marker is None or not children:
        _paragraph(blocks, text, item.start, item.end, styles)
        return
    number = None if marker[1] is None else int(marker[1])
    last = blocks[-1] if blocks else None
    following = None if not isinstance(last, List) or last.start is None else last.start + len(last.items)
    if isinstance(last, List) and following == number:
        blocks[-1] = List((*last.items, children), last.start)
    else:
        blocks.append(List((children,), number))


def _inlines(text: str, start: int, end: int, styles: Sequence[Style]) -> tuple[Inline, ...]:
    """The runs of a part of the text, its links whole."""
    inside = [each for each in styles[:MOST] if each.kind not in _BLOCKS and each.start < end and each.end > start]
    found: list[Inline] = []
    at = start
    for link in sorted((each for each in inside if each.kind == "link"), key=lambda style: style.start):
        address = text[link.start : link.end]
        whole = at <= link.start and link.end <= end and len(address) <= LONGEST_LINK
        if whole and _LINK.fullmatch(address):
            found += [*_runs(text, at, link.start, inside), Link(address, _runs(text, link.start, link.end, inside))]
            at = link.end
    return (*found, *_runs(text, at, end, inside))


def _runs(text: str, start: int, end: int, styles: Sequence[Style]) -> tuple[Text, ...]:
    cuts = sorted({start, end, *(cut for each in styles for cut in (each.start, each.end) if start < cut < end)})
    found: list[Text] = []
    for first, last in pairwise(cuts):
        kinds = {each.kind for each in styles if each.start <= first and last <= each.end}
        run = Text(text[first:last], "bold" in kinds, "italic" in kinds, "strike" in kinds, "code" in kinds)
        if found and msgspec.structs.replace(found[-1], value=run.value) == run:
            found[-1] = msgspec.structs.replace(run, value=found[-1].value + run.value)
        else:
            found.append(run)
    return tuple(found)
