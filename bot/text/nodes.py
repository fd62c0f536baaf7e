"""The rich-text AST: what every text is between the flow file and a channel's renderer.

A *document* is a tuple of blocks. Inside blocks stand inline nodes. The tree is immutable and is stored
as JSON in the outbox, so every node is a tagged msgspec struct.

`Var` is the one node that never reaches a channel: it marks where a template's value goes. It is replaced by a
`Text` node *after* the Markdown was parsed, so nothing a user typed can ever become markup.
"""

from __future__ import annotations

import msgspec


class Text(msgspec.Struct, frozen=True, gc=False, tag="t", omit_defaults=True):
    """A run of literal characters in one style. `value` is never markup."""

    value: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False


class Var(msgspec.Struct, frozen=True, gc=False, tag="v", omit_defaults=True):
    """The place of template value number `index` (0-based), in the style it takes."""

    index: int
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False


class Link(msgspec.Struct, frozen=True, gc=False, tag="a", omit_defaults=True):
    """A link with an absolute `https:`, `http:` or `mailto:` URL written by an author (never by a user)."""

    url: str
    children: tuple[Text | Var, ...]


class Moment(msgspec.Struct, frozen=True, gc=False, tag="m", omit_defaults=True):
    """A time, `at` in seconds since 1970 UTC, shown in its reader's time zone; `text` is for where that cannot be."""

    at: int
    text: str


Inline = Text | Var | Link | Moment


class Paragraph(msgspec.Struct, frozen=True, gc=False, tag="p", omit_defaults=True):
    """A paragraph. A line break inside it is a `Text` node whose value holds a newline."""

    children: tuple[Inline, ...]


class List(msgspec.Struct, frozen=True, gc=False, tag="l", omit_defaults=True):
    """A flat list; `start` is the first number of an ordered list, None for bullets."""

    items: tuple[tuple[Inline, ...], ...]
    start: int | None = None


class Quote(msgspec.Struct, frozen=True, gc=False, tag="q", omit_defaults=True):
    """A quotation of one or more paragraphs (each a tuple of inline nodes)."""

    paragraphs: tuple[tuple[Inline, ...], ...]


class CodeBlock(msgspec.Struct, frozen=True, gc=False, tag="c", omit_defaults=True):
    """A preformatted block; may hold template values."""

    children: tuple[Text | Var, ...]


class Divider(msgspec.Struct, frozen=True, gc=False, tag="d", omit_defaults=True):
    """A horizontal rule."""


Block = Paragraph | List | Quote | CodeBlock | Divider
Document = tuple[Block, ...]


def paragraph(value: str, *, bold: bool = False) -> Paragraph:
    """A paragraph of one literal text run."""
    return Paragraph((Text(value, bold=bold),))
