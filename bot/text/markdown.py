"""The Markdown subset authors write, and filling its places with values.

The subset: paragraphs (a line break stays one), `**bold**`, `*italic*`, `~~strike~~`, `` `code` ``, links to `https:`,
`http:` and `mailto:`, flat lists, `>` quotes, fenced code and `---`. A backslash makes the next character literal.
HTML and HTML entities are literal text. Everything else raises, so that an author learns of it and not a merchant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.text import quick
from bot.text.nodes import Block, CodeBlock, Document, Inline, Link, List, Paragraph, Quote, Text, Var
from bot.text.places import MarkdownError, cut
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MarkdownError", "Parsed", "Value", "parse", "render"]

Value = str | Document
"""What fills a place: literal text, or blocks."""

_Node = TypeVar("_Node", Text | Var, Inline)


class Parsed(msgspec.Struct, frozen=True):
    """A parsed text. `Var(index)` in `document` is the place of `expressions[index]` (source, stripped)."""

    document: Document
    expressions: tuple[str, ...] = ()


def parse(source: str) -> Parsed:
    """Parse an author's Markdown; raises MarkdownError with the line inside `source`."""
    if quick.is_words(source):
        return Parsed((Paragraph((Text(source),)),))
    cut_out = cut(source)
    text = cut_out.text.strip("\n")
    if not text:
        return Parsed(())
    document = quick.read(text)
    if document is not None:
        return Parsed(document, cut_out.expressions)
    # The parser takes longer to import than this room and is not needed where all texts are simple.
    from bot.text.commonmark import read  # noqa: PLC0415

    try:
        return Parsed(read(cut_out.text), cut_out.expressions)
    except MarkdownError as error:
        raise MarkdownError(error.message, cut_out.source_line(error.line)) from None


def render(document: Document, values: Sequence[Value]) -> Document:
    """Fill the places of `document`: `values[index]` goes where `Var(index)` stands; raises IndexError without one.

    A value is literal text. Blocks are spliced in where their place is alone in a paragraph, and are put in as their
    plain text elsewhere. What a value leaves blank (a paragraph, a list item) vanishes. Blocks without places are
    shared.
    """
    blocks: list[Block] = []
    for block in document:
        if type(block) is Paragraph and len(block.children) == 1:
            place = block.children[0]
            if type(place) is Var and not isinstance(value := values[place.index], str):
                blocks += value
                continue
        filled = _filled_block(block, values)
        if filled:
            blocks.append(filled)
    return tuple(blocks)


def _filled_block(block: Block, values: Sequence[Value]) -> Block | None:
    """`block` itself if it has no place; None if only blanks are left."""
    if type(block) is Paragraph:
        children = _filled(block.children, values)
        if children is block.children:
            return block
        return Paragraph(children) if children else None
    if type(block) is List:
        items = _filled_parts(block.items, values)
        if items is block.items:
            return block
        return List(items, block.start) if items else None
    if type(block) is Quote:
        paragraphs = _filled_parts(block.paragraphs, values)
        if paragraphs is block.paragraphs:
            return block
        return Quote(paragraphs) if paragraphs else None
    if type(block) is CodeBlock:
        code = _filled(block.children, values)
        if code is block.children:
            return block
        return CodeBlock(code) if code else None
    return block


def _filled(children: tuple[_Node, ...], values: Sequence[Value]) -> tuple[_Node, ...]:
    """`children` themselves if they have no place; nothing if only blanks are left."""
    filled: list[_Node] = []
    changed = False
    for child in children:
        if type(child) is Var:
            changed = True
            value = values[child.index]
            text = value if isinstance(value, str) else plain(value)
            if text:
                filled.append(Text(text, child.bold, child.italic, child.strike, child.code))
        elif type(child) is Link:
            label = _filled(child.children, values)
            if label is child.children:
                filled.append(child)
            else:
                changed = True
                filled.append(Link(child.url, label or (Text(child.url),)))
        else:
            filled.append(child)
    if not changed:
        return children
    if all(type(child) is Text and not child.value.strip() for child in filled):
        return ()
    return tuple(filled)


def _filled_parts(parts: tuple[tuple[Inline, ...], ...], values: Sequence[Value]) -> tuple[tuple[Inline, ...], ...]:
    """`parts` themselves if they have no place, else those that are not blank."""
    filled = tuple(_filled(part, values) for part in parts)
    if all(new is old for new, old in zip(filled, parts, strict=True)):
        return parts
    return tuple(part for part in filled if part)
