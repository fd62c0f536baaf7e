"""Splitting a document into messages that each stay within a channel's limit."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, Final, cast

import msgspec

from bot.text.nodes import Block, CodeBlock, Divider, Document, Inline, List, Paragraph, Quote, Text
from bot.text.plain import plain, plain_inlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Fits = Callable[[Document], bool]
    Inlines = tuple[Inline, ...]
    Wrap = Callable[[Inlines], Block]

MIN_LIMIT: Final = 16
"""Smallest limit: a list number of nine digits, its mark-up and a few characters."""

_JOINER: Final = "\u200d"
_EXTENDING: Final = frozenset({"Mn", "Mc", "Me"})


def code_points(text: str) -> int:
    """How long `text` is in Unicode code points, as Slack counts."""
    return len(text)


def utf16_units(text: str) -> int:
    """How long `text` is in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(document: Document, limit: int, measure: Callable[[str], int]) -> list[Document]:
    """Cut `document` into pieces whose plain text measures at most `limit`; raises ValueError below `MIN_LIMIT`.

    Cuts fall between blocks, else between list items or the paragraphs of a quote, else between inline nodes, else at
    white space, else between characters. No text is lost and none added, but a piece of nothing but white space is left
    out. The rest of a cut list item goes on as a paragraph, the next item with its own number. A link that no piece can
    hold becomes its plain text. `measure` counts at least 1 for each code point.
    """
    if limit < MIN_LIMIT:
        raise ValueError(f"a limit of {limit} is too small: it must be at least {MIN_LIMIT}")

    def fits(candidate: Document) -> bool:
        return measure(plain(candidate)) <= limit

    if fits(document):
        pieces = [document]
    else:
        pieces = _packed([part for block in document for part in _parts(block, fits, limit)], limit, measure)
    return [piece for piece in pieces if plain(piece).strip()]


def _packed(blocks: Sequence[Block], limit: int, measure: Callable[[str], int]) -> list[Document]:
    """As many of `blocks` in each piece as fit."""
    pieces: list[Document] = []
    piece: Document = ()
    text = ""
    for block in blocks:
        added = plain((block,))
        text = f"{text}\n\n{added}"  # as `plain` joins them
        if piece and measure(text) > limit:
            pieces.append(piece)
            piece = ()
        if not piece:
            text = added
        piece = (*piece, block)
    return [*pieces, piece]


def _parts(block: Block, fits: Fits, limit: int) -> Iterator[Block]:
    """`block` as blocks that each fit."""
    if isinstance(block, Divider) or fits((block,)):
        yield block
    elif isinstance(block, Paragraph):
        yield from map(Paragraph, _groups(block.children, Paragraph, fits, limit))
    elif isinstance(block, CodeBlock):
        # No link goes in, so none comes out.
        wrap = cast("Wrap", CodeBlock)
        yield from map(wrap, _groups(block.children, wrap, fits, limit))
    elif isinstance(block, Quote):
        yield from _quote_parts(block, fits, limit)
    else:
        yield from _list_parts(block, fits, limit)


def _quote_parts(quote: Quote, fits: Fits, limit: int) -> Iterator[Block]:
    kept: tuple[Inlines, ...] = ()
    for paragraph in quote.paragraphs:
        if fits((Quote((*kept, paragraph)),)):
            kept = (*kept, paragraph)
            continue
        if kept:
            yield Quote(kept)
        *full, last = _groups(paragraph, lambda group: Quote((group,)), fits, limit)
        yield from (Quote((group,)) for group in full)
        kept = (last,)
    yield Quote(kept)


def _list_parts(block: List, fits: Fits, limit: int) -> Iterator[Block]:
    kept: tuple[Inlines, ...] = ()
    start = block.start
    for position, item in enumerate(block.items):
        if fits((List((*kept, item), start),)):
            kept = (*kept, item)
            continue
        if kept:
            yield List(kept, start)
        number = None if block.start is None else block.start + position

        def wrap(group: Inlines, number: int | None = number) -> Block:
            return List((group,), number)

        first, *others = _groups(item, wrap, fits, limit, after=Paragraph)
        if others:
            yield List((first,), number)
            yield from map(Paragraph, others)
        kept = () if others else (first,)
        start = number if not others or number is None else number + 1
    if kept:
        yield List(kept, start)


def _groups(children: Inlines, wrap: Wrap, fits: Fits, limit: int, after: Wrap | None = None) -> list[Inlines]:
    """`children` in groups that each fit when wrapped, those `after` the first in another way; at least one group."""
    groups: list[Inlines] = []
    group: Inlines = ()

    def group_fits(*nodes: Inline) -> bool:
        return fits(((after if after and groups else wrap)(nodes),))

    for child in children:
        rest: Inline | None = child
        while rest is not None:
            if group_fits(*group, rest):
                group = (*group, rest)
                break
            whole, rest = rest, None
            if group_fits(whole):
                rest = whole
            else:
                # It must be cut anyway, so what is left of this group is used up before the next one starts.
                text = whole if isinstance(whole, Text) else Text(plain_inlines((whole,)))
                head, rest = _cut(text, partial(group_fits, *group), limit, forced=not group)
                group = (*group, *head)
            if plain_inlines(group).strip():
                groups.append(group)
            group = ()
    return [*groups, group] if group or not groups else groups


def _cut(text: Text, fits: Callable[[Text], bool], limit: int, *, forced: bool) -> tuple[tuple[Text, ...], Text | None]:
    """The longest head of `text` that fits, and the rest; without `forced`, only a head that ends at white space."""
    value = text.value

    def too_long(size: int) -> bool:
        return not fits(msgspec.structs.replace(text, value=value[:size]))

    room = bisect_left(range(1, min(len(value), limit + 1)), True, key=too_long)  # noqa: FBT003
    size = _white_space(value, room)
    if not size and forced:
        size = _boundary(value, max(room, 1))
    head = (msgspec.structs.replace(text, value=value[:size]),) if size else ()
    return head, msgspec.structs.replace(text, value=value[size:]) if size < len(value) else None


def _white_space(value: str, room: int) -> int:
    """The best length of at most `room` that ends in white space: a late line break, else any; 0 if there is none.

    White space before the first word does not count: it would be a piece of nothing.
    """
    indent = len(value) - len(value.lstrip())
    line = value.rfind("\n", max(room // 2, indent), room) + 1
    if line:
        return line
    return next((size for size in range(room, indent, -1) if value[size - 1].isspace()), 0)


def _boundary(value: str, room: int) -> int:
    """The longest length of at most `room` that does not tear a character from its marks; `room` if there is none."""
    return next((size for size in range(room, 0, -1) if not _joined(value, size)), room)


def _joined(value: str, size: int) -> bool:
    """Whether the code points around `size` are shown as one character."""
    before, after = value[size - 1], value[size : size + 1]
    if not after:
        return False
    if _JOINER in {before, after} or unicodedata.category(after) in _EXTENDING:
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    return _is_flag_letter(after) and _flag_letters(value, size) % 2 == 1


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters(value: str, end: int) -> int:
    """How many flag letters stand right before `end`: they pair from the left."""
    start = end
    while start and _is_flag_letter(value[start - 1]):
        start -= 1
    return end - start
